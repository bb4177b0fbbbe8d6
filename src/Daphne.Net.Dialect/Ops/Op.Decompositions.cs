namespace Daphne.Net.Dialect;

public static partial class Op
{
    static OpDef Decomposition(string name, string builtin, int results, string doc, string result, string example) =>
        Row(new(name, 1, TypeRule.Own, ShapeRule.Own, OpTraits.Pure, doc)
        {
            Results = results,
            Builtins = [new(builtin, P("arg", ParameterKind.Matrix)) { Result = result, Example = example }],
        });

#pragma warning disable CS1591 // each row carries its own line of documentation
    // Names and results of lu, qr and svd are those that the original's dialect plans; integers become f64.
    public static readonly OpDef Eigen = Decomposition("eigenCal", "eigen", 2, "Eigenvalues and orthonormal eigenvectors of a symmetric matrix, not sorted.",
        "two: the n values as a column, and n x n with the vector of each value in its column", "values, vectors = eigen([2.0, 1.0, 1.0, 2.0](2, 2));\nprint(values);");
    public static readonly OpDef Lu = Decomposition("lu", "lu", 3, "P @ A = L @ U by partial pivoting: a permutation matrix, a lower triangle with ones on its diagonal, an upper triangle.",
        "three, P, L and U: for an m x n matrix and k = min(m, n) m x m, m x k and k x n", "P, L, U = lu([1.0, 2.0, 4.0, 4.0](2, 2));\nprint(P);\nprint(L);\nprint(U);");
    public static readonly OpDef Qr = Decomposition("qr", "qr", 2, "A = Q @ R by Householder reflectors: orthonormal columns and an upper triangle, whose diagonal has the signs that LAPACK gives it.",
        "two, Q and R: for an m x n matrix and k = min(m, n) m x k and k x n", "Q, R = qr([3.0, 4.0](2, 1));\nprint(R);");
    public static readonly OpDef Svd = Decomposition("svd", "svd", 3, "A = U @ diagMatrix(s) @ t(V): orthonormal columns U and V, and the singular values, largest first.",
        "three, U, s and V: for an m x n matrix and k = min(m, n) m x k, the k values as a column, and n x k", "U, s, V = svd([3.0, 0.0, 0.0, 4.0](2, 2));\nprint(s);");
    public static readonly OpDef Cholesky = Decomposition("cholesky", "cholesky", 1, "A = L @ t(L) for a symmetric positive definite matrix.",
        "the lower triangle L, of the shape of the argument", "print(cholesky([4.0, 2.0, 2.0, 5.0](2, 2)));");
#pragma warning restore CS1591
}
