namespace Daphne.Net.Dialect;

// Decompositions: DPH3550 … DPH3559.
public static partial class Diag
{
    /// <summary>Details: function, shape, row, column, the cell, its mirror image.</summary>
    public static readonly DiagnosticDef NotSymmetric = new("DPH3550", Stage.Execute, "{0} needs a symmetric matrix, but in this {1} one cell [{2}, {3}] is {4} and its mirror image {5}",
        "(A + t(A)) / 2.0 evens out what rounding left; of a matrix of data take t(A) @ A, or svd(A)");

    /// <summary>Details: shape, number of the pivot, its value.</summary>
    public static readonly DiagnosticDef NotPositiveDefinite = new("DPH3551", Stage.Execute, "cholesky: the {0} matrix is not positive definite, pivot {1} is {2}",
        "a small value added to the diagonal often helps; lu(A) takes any matrix");

    /// <summary>Details: function, shape.</summary>
    public static readonly DiagnosticDef NotFinite = new("DPH3552", Stage.Execute, "{0}: the {1} matrix holds nan or inf", "replace(A, nan, 0.0) puts numbers there");

    /// <summary>Details: function, shape.</summary>
    public static readonly DiagnosticDef NoConvergence = new("DPH3553", Stage.Execute, "{0}: the iteration for the {1} matrix did not converge");
}
