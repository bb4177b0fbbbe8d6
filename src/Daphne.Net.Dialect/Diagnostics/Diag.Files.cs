namespace Daphne.Net.Dialect;

public static partial class Diag
{
    /// <summary>A data file without its metadata.</summary>
    public static readonly DiagnosticDef MetaMissing = new("DPH4001", Stage.Compile, "'{0}' does not exist, so nothing is known of '{1}'",
        "describe the data file in JSON beside it, for instance {{\"numRows\": 2, \"numCols\": 3, \"valueType\": \"f64\"}}");

    /// <summary>Metadata that is no JSON.</summary>
    public static readonly DiagnosticDef MetaMalformed = new("DPH4002", Stage.Compile, "'{0}', line {1}, column {2}: {3}",
        "a .meta file is one JSON object with numRows, numCols and valueType or schema");

    /// <summary>A key that metadata must have.</summary>
    public static readonly DiagnosticDef MetaKeyMissing = new("DPH4003", Stage.Compile, "'{0}' has no key \"{1}\"",
        "a .meta file needs numRows, numCols and either valueType (matrix) or schema (frame)");

    /// <summary>A value in metadata that cannot be.</summary>
    public static readonly DiagnosticDef MetaValue = new("DPH4004", Stage.Compile, "'{0}', line {1}: {2} must be {3}");

    /// <summary>A schema whose length is not the number of columns.</summary>
    public static readonly DiagnosticDef MetaSchemaLength = new("DPH4005", Stage.Compile, "'{0}': the schema names {1} columns, but numCols is {2}");

    /// <summary>A file name whose extension names no format.</summary>
    public static readonly DiagnosticDef UnknownExtension = new("DPH4010", Stage.Execute, "'{0}' {1}", "the extension names the format: {2}");

    /// <summary>A file that is not there.</summary>
    public static readonly DiagnosticDef FileMissing = new("DPH4011", Stage.Execute, "'{0}' does not exist", "relative paths start at '{1}'");

    /// <summary>A folder where a file was expected.</summary>
    public static readonly DiagnosticDef FileIsFolder = new("DPH4012", Stage.Execute, "'{0}' is a folder, not a file");

    /// <summary>A file that the system does not let us read.</summary>
    public static readonly DiagnosticDef FileUnreadable = new("DPH4013", Stage.Execute, "'{0}' cannot be read: {1}");

    /// <summary>A file that the system does not let us write.</summary>
    public static readonly DiagnosticDef FileUnwritable = new("DPH4014", Stage.Execute, "'{0}' cannot be written: {1}");

    /// <summary>A value that a file format has no place for.</summary>
    public static readonly DiagnosticDef FileKind = new("DPH4015", Stage.Execute, "{0} cannot be written to '{1}'", "{2}");

    /// <summary>A field that is no number.</summary>
    public static readonly DiagnosticDef CsvNumber = new("DPH4020", Stage.Execute, "{0}:{1}:{2}: '{3}' is not a number of type {4}",
        "correct the field, or read the file with another valueType in its .meta");

    /// <summary>A row with too few or too many fields.</summary>
    public static readonly DiagnosticDef CsvFields = new("DPH4021", Stage.Execute, "{0}:{1}: the row has {2} fields, but the .meta file says {3} columns");

    /// <summary>A file with fewer rows than its metadata says.</summary>
    public static readonly DiagnosticDef CsvRows = new("DPH4022", Stage.Execute, "'{0}' ends after {1} rows, but its .meta file says {2}");

    /// <summary>A quoted field without its end.</summary>
    public static readonly DiagnosticDef CsvQuote = new("DPH4023", Stage.Execute, "{0}:{1}:{2}: the quoted field never ends",
        "a quote inside a quoted field is written twice");

    /// <summary>A row without end.</summary>
    public static readonly DiagnosticDef CsvRowTooLong = new("DPH4024", Stage.Execute, "{0}:{1}: the row is longer than {2} bytes", "is this a CSV file with line ends?");

    /// <summary>A file that is not what its metadata says.</summary>
    public static readonly DiagnosticDef FileContradictsMeta = new("DPH4025", Stage.Execute, "'{0}' holds {1}, but its .meta file says {2}");

    /// <summary>A Matrix Market file that is none.</summary>
    public static readonly DiagnosticDef MatrixMarketMalformed = new("DPH4026", Stage.Execute, "{0}:{1}: {2}");

    /// <summary>Bytes that are no value.</summary>
    public static readonly DiagnosticDef WireMalformed = new("DPH4030", Stage.Execute, "the bytes of the value are malformed: {0}");

    /// <summary>A value that is announced larger than allowed.</summary>
    public static readonly DiagnosticDef WireTooLarge = new("DPH4031", Stage.Execute, "a value of {0}x{1} cells needs {2} bytes, but at most {3} are allowed");

    /// <summary>No memory.</summary>
    public static readonly DiagnosticDef OutOfMemory = new("DPH4040", Stage.Execute, "a value needs {0} bytes, but {1} are available",
        "use smaller matrices, more workers, or a higher memory limit");
}
