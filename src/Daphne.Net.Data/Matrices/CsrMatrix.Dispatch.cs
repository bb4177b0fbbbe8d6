namespace Daphne.Net.Data;

/// <summary>Something to do with a sparse matrix of any storage type.</summary>
public interface ICsrVisitor<TResult>
{
    /// <summary>Does it with this matrix.</summary>
    TResult Visit<T>(CsrMatrix<T> matrix) where T : unmanaged;
}

/// <summary>Sparse matrices whose value type is known only at run time.</summary>
public static class CsrMatrix
{
    /// <summary>True if the matrix is sparse and lies here.</summary>
    public static bool Is(DataObject value) =>
        value is CsrMatrix<double> or CsrMatrix<float> or CsrMatrix<long> or CsrMatrix<ulong> or CsrMatrix<int> or CsrMatrix<uint> or CsrMatrix<sbyte> or CsrMatrix<byte> or CsrMatrix<bool>;

    /// <summary>How many cells a sparse matrix stores.</summary>
    /// <exception cref="ArgumentException">It is not sparse, or lies elsewhere.</exception>
    public static long StoredOf(Matrix matrix) => Dispatch<Count, long>(matrix, default);

    readonly struct Count : ICsrVisitor<long>
    {
        public long Visit<T>(CsrMatrix<T> matrix) where T : unmanaged => matrix.Stored;
    }

    /// <summary>Calls the visitor with the matrix as what it is.</summary>
    /// <exception cref="ArgumentException">It is not sparse, or lies elsewhere.</exception>
    public static TResult Dispatch<TVisitor, TResult>(Matrix matrix, TVisitor visitor) where TVisitor : ICsrVisitor<TResult> => matrix switch
    {
        CsrMatrix<double> m => visitor.Visit(m),
        CsrMatrix<float> m => visitor.Visit(m),
        CsrMatrix<long> m => visitor.Visit(m),
        CsrMatrix<ulong> m => visitor.Visit(m),
        CsrMatrix<int> m => visitor.Visit(m),
        CsrMatrix<uint> m => visitor.Visit(m),
        CsrMatrix<sbyte> m => visitor.Visit(m),
        CsrMatrix<byte> m => visitor.Visit(m),
        CsrMatrix<bool> m => visitor.Visit(m),
        _ => throw new ArgumentException($"{matrix.GetType().Name} is not a sparse matrix", nameof(matrix)),
    };
}
