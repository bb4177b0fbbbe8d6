namespace Daphne.Net.Dialect;

// File formats beyond CSV: while compiling DPH1720-1729, while executing DPH3700-3799.
public static partial class Diag
{
    /// <summary>Details: the file, its columns, the most there may be.</summary>
    public static readonly DiagnosticDef FrameTooWide = new("DPH1720", Stage.Compile, "'{0}' has {1} columns, but a frame has at most {2}", "read it with readMatrix");

    /// <summary>Details: the cell, the type it should have.</summary>
    public static readonly DiagnosticDef CellDoesNotFit = new("DPH3700", Stage.Execute, "{0} is not a number of type {1}", "read it with a more general valueType in the .meta file");

    /// <summary>Details: the type cells should have.</summary>
    public static readonly DiagnosticDef CellsAreText = new("DPH3701", Stage.Execute, "a column of text cannot be read as numbers of type {0}",
        "the .meta file must say valueType str for it");

    /// <summary>Details: the file, what is wrong.</summary>
    public static readonly DiagnosticDef DbdfMalformed = new("DPH3710", Stage.Execute, "'{0}' is no valid .dbdf file: {1}");

    /// <summary>Details: the file, what is wrong.</summary>
    public static readonly DiagnosticDef ParquetMalformed = new("DPH3720", Stage.Execute, "'{0}' is no valid Parquet file: {1}");

    /// <summary>Details: the file, what of it is not known here.</summary>
    public static readonly DiagnosticDef ParquetUnsupported = new("DPH3721", Stage.Execute, "'{0}': {1} cannot be read",
        "write it with flat columns of numbers, truth values or strings, plain or with a dictionary, uncompressed or with Snappy");

    /// <summary>Details: the file, the column, the row.</summary>
    public static readonly DiagnosticDef ParquetNull = new("DPH3722", Stage.Execute, "'{0}': column '{1}' has no value in row {2}",
        "a .meta file that says valueType f64 for the column makes it nan");
}
