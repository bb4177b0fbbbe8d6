namespace Daphne.Net.Dialect;

// Products, solving and the moving of cells: DPH3200 … DPH3299. Shapes that the compiler checks too have one row, in Diag.Compiler.cs.
public static partial class Diag
{
    /// <summary>Details: number of the pivot, shape.</summary>
    public static readonly DiagnosticDef SingularMatrix = new("DPH3220", Stage.Execute,
        "solve: the {1} matrix is singular, pivot {0} is zero", "its rows are linearly dependent; a small value added to the diagonal often helps");

    /// <summary>Details: operation, value type.</summary>
    public static readonly DiagnosticDef FloatMatrixNeeded = new("DPH3221", Stage.Execute, "{0} works on f64 and f32 matrices, not on {1}", "cast with as.f64(...)");

    /// <summary>Details: row or column, position, what it should be in: <c>2x3 matrix</c>.</summary>
    public static readonly DiagnosticDef PositionOutside = new("DPH3213", Stage.Execute, "there is no {0} {1} in a {2}",
        "positions start at 0, and negative ones count from the end");

    /// <summary>Details: operation, shape.</summary>
    public static readonly DiagnosticDef ColumnNeeded = new("DPH3214", Stage.Execute, "{0} needs a column, not a {1} matrix", "t(...) makes a row a column");

    /// <summary>Details: row or column, length of the filter, what it filters: <c>2x3 matrix</c>.</summary>
    public static readonly DiagnosticDef FilterLength = new("DPH3215", Stage.Execute, "a filter of {1} values does not fit the {0}s of a {2}");

    /// <summary>Details: position, value.</summary>
    public static readonly DiagnosticDef FilterValue = new("DPH3216", Stage.Execute, "a filter holds only 0 and 1, but value {0} is {1}", "make one with a comparison, such as X[, 0] > 5");

    /// <summary>Details: row or column, lower bound, upper bound, shape of the target, shape it takes, shape of the source.</summary>
    public static readonly DiagnosticDef InsertShape = new("DPH3217", Stage.Execute, "the {0} range {1}:{2} of a {3} matrix takes a {4} matrix, not a {5} one");

    /// <summary>Details: length of the row coordinates, length of the column coordinates.</summary>
    public static readonly DiagnosticDef CTableLengths = new("DPH3218", Stage.Execute, "ctable needs as many row as column coordinates, but there are {0} and {1}");

    /// <summary>Details: position, value.</summary>
    public static readonly DiagnosticDef CTableCoordinate = new("DPH3219", Stage.Execute, "ctable needs coordinates of at least 0, but coordinate {0} is {1}");

    /// <summary>Details: two numbers, of rows or columns.</summary>
    public static readonly DiagnosticDef TooManyToBind = new("DPH3222", Stage.Execute, "{0} and {1} {2} are more than a matrix can have");
}
