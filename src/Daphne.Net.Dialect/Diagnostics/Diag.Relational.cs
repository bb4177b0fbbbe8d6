namespace Daphne.Net.Dialect;

// Joins, groups and sets of frames: while compiling DPH1670-1679, while executing DPH3400-3439.
public static partial class Diag
{
    /// <summary>Details: the built-in function, the label, the labels there are.</summary>
    public static readonly DiagnosticDef KeyUnknown = new("DPH1670", Stage.Compile, "'{0}': there is no column '{1}'", "the frame has {2}");

    /// <summary>Details: the built-in function.</summary>
    public static readonly DiagnosticDef KeyPairs = new("DPH1671", Stage.Parse, "'{0}' takes two frames, then the key columns of the left one, then as many of the right one", "name at least one column of each, by label or position");

    /// <summary>Details: the built-in function.</summary>
    public static readonly DiagnosticDef GroupKeys = new("DPH1672", Stage.Parse, "'{0}' takes a frame, the labels of at least one key column, and the label of the column to add up");

    /// <summary>Details: the rows there are, the most there may be.</summary>
    public static readonly DiagnosticDef TooManyRows = new("DPH3400", Stage.Execute, "joining, grouping or sorting {0} rows is not possible", "{1} is the most; cut the table into pieces");

    /// <summary>Details: the type of the left column, the type of the right column.</summary>
    public static readonly DiagnosticDef JoinTypes = new("DPH3401", Stage.Execute, "a column of {0} cannot be compared with a column of {1}", "text is compared with text, numbers with numbers");

    /// <summary>Details: the aggregate.</summary>
    public static readonly DiagnosticDef TextAggregate = new("DPH3402", Stage.Execute, "{0} of a column of strings does not exist", "strings have a count, a smallest and a largest one");

    /// <summary>Details: as of <see cref="KeyUnknown"/>.</summary>
    public static readonly DiagnosticDef KeyMissing = new("DPH3403", Stage.Execute, "'{0}': there is no column '{1}'", "the frame has {2}");

    /// <summary>Details: the built-in function, the columns of the left frame, of the right one.</summary>
    public static readonly DiagnosticDef SetColumns = new("DPH3404", Stage.Execute, "'{0}' compares rows of equally many cells, but the frames have {1} and {2} columns");

    /// <summary>Details: the built-in function, the position of the column, its type in the left frame, in the right one.</summary>
    public static readonly DiagnosticDef SetTypes = new("DPH3405", Stage.Execute, "'{0}' compares cells of the same type, but column {1} is {2} in the first frame and {3} in the second", "as.{2}(...) casts all columns of a frame");
}
