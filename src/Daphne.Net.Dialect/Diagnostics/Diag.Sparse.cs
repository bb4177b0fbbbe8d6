namespace Daphne.Net.Dialect;

// Sparse matrices: while executing DPH3480-3499.
public static partial class Diag
{
#pragma warning disable CS1591 // each row carries its message
    public static readonly DiagnosticDef TooManySparseColumns = new("DPH3480", Stage.Execute, "a {0}x{1} matrix has too many columns for the sparse representation, which ends at 2147483647", "run the script without --select-matrix-repr, or compute with the transpose");
#pragma warning restore CS1591
}
