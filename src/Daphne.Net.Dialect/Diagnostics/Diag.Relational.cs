namespace Daphne.Net.Dialect;

// Joins, groups and sets of frames: while compiling DPH1670-1679, while executing DPH3400-3439.
public static partial class Diag
{
    /// <summary>Details: the rows there are, the most there may be.</summary>
    public static readonly DiagnosticDef TooManyRows = new("DPH3400", Stage.Execute, "joining, grouping or sorting {0} rows is not possible", "{1} is the most; cut the table into pieces");

    /// <summary>Details: the type of the left column, the type of the right column.</summary>
    public static readonly DiagnosticDef JoinTypes = new("DPH3401", Stage.Execute, "a column of {0} cannot be compared with a column of {1}", "text is compared with text, numbers with numbers");

    /// <summary>Details: the aggregate.</summary>
    public static readonly DiagnosticDef TextAggregate = new("DPH3402", Stage.Execute, "{0} of a column of strings does not exist", "strings have a count, a smallest and a largest one");
}
