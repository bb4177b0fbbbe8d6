namespace Daphne.Net.Dialect;

// Raised by the loops over cells, DPH3100-3199.
public static partial class Diag
{
    /// <summary>Operands of a cell-by-cell operation whose shapes do not fit.</summary>
    public static readonly DiagnosticDef ShapesDoNotFit = new("DPH3101", Stage.Execute, "a {0} matrix and a {1} one do not fit together cell by cell",
        "the right operand may be of the same shape, one row of as many columns, one column of as many rows, or a scalar: as.scalar(...) makes one of a 1x1 matrix");

    /// <summary>An integer divided by zero.</summary>
    public static readonly DiagnosticDef IntegerDivisionByZero = new("DPH3102", Stage.Execute, "{0} {1} 0: an integer has no quotient by zero{2}",
        "of floats the result would be inf or nan: as.f64(...)");

    /// <summary>A function's argument outside its domain.</summary>
    public static readonly DiagnosticDef OutsideDomain = new("DPH3103", Stage.Execute, "{0}({1}) has no result{2}", "{0} takes {3}");

    /// <summary>An outer operation whose operands are not a column and a row.</summary>
    public static readonly DiagnosticDef NotColumnAndRow = new("DPH3104", Stage.Execute, "an outer operation takes a column and a row, but the operands are {0} and {1}",
        "t(...) makes a row of a column");

    /// <summary>A cellwise choice between matrices of another shape than the condition.</summary>
    public static readonly DiagnosticDef AlternativeOfOtherShape = new("DPH3105", Stage.Execute, "the condition is a {0} matrix, an alternative a {1} one",
        "both have one shape; an alternative may also be a scalar");
}
