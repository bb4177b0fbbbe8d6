using System.Diagnostics;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>Something to do for one storage type; makes generic code reachable from a <see cref="ValueTypeCode"/>.</summary>
public interface IStorageVisitor<TResult>
{
    /// <summary>Does it for cells stored as <typeparamref name="T"/>.</summary>
    TResult Visit<T>() where T : unmanaged;
}

/// <summary>Something to do with a dense matrix of any storage type.</summary>
public interface IMatrixVisitor<TResult>
{
    /// <summary>Does it with this matrix.</summary>
    TResult Visit<T>(DenseMatrix<T> matrix) where T : unmanaged;
}

/// <summary>Dense matrices whose value type is known only at run time.</summary>
public static class DenseMatrix
{
    /// <summary>A new matrix of this value type; see <see cref="DenseMatrix{T}.Allocate"/>. Sizes are stored as ui64.</summary>
    /// <exception cref="ArgumentException">The value type is str: see <see cref="StringMatrix"/>.</exception>
    /// <exception cref="RaisedException">There is no memory for it.</exception>
    public static Matrix Allocate(ValueTypeCode type, long rows, long cols, bool zeroed = false) =>
        Dispatch<Allocation, Matrix>(type, new(rows, cols, zeroed));

    /// <summary>Calls the visitor with the type that stores cells of this value type.</summary>
    /// <exception cref="ArgumentException">The value type is str.</exception>
    public static TResult Dispatch<TVisitor, TResult>(ValueTypeCode type, TVisitor visitor) where TVisitor : IStorageVisitor<TResult> => type switch
    {
        ValueTypeCode.F64 => visitor.Visit<double>(),
        ValueTypeCode.F32 => visitor.Visit<float>(),
        ValueTypeCode.UI64 or ValueTypeCode.Size => visitor.Visit<ulong>(),
        ValueTypeCode.SI64 => visitor.Visit<long>(),
        ValueTypeCode.UI32 => visitor.Visit<uint>(),
        ValueTypeCode.SI32 => visitor.Visit<int>(),
        ValueTypeCode.UI8 => visitor.Visit<byte>(),
        ValueTypeCode.SI8 => visitor.Visit<sbyte>(),
        ValueTypeCode.Bool => visitor.Visit<bool>(),
        ValueTypeCode.Str => throw new ArgumentException("strings are not stored in dense memory", nameof(type)),
        _ => throw new UnreachableException($"value type {type}"),
    };

    /// <summary>True if the value is a dense matrix of numbers or truth values and lies here.</summary>
    public static bool Is(DataObject value) => 
        value is DenseMatrix<double> or DenseMatrix<float> or DenseMatrix<long> or DenseMatrix<ulong> or DenseMatrix<int> or DenseMatrix<uint> or DenseMatrix<sbyte> or DenseMatrix<byte> or DenseMatrix<bool>;

    /// <summary>Calls the visitor with the matrix as what it is.</summary>
    /// <exception cref="ArgumentException">It is not dense, or lies elsewhere.</exception>
    public static TResult Dispatch<TVisitor, TResult>(Matrix matrix, TVisitor visitor) where TVisitor : IMatrixVisitor<TResult> => matrix switch
    {
        DenseMatrix<double> m => visitor.Visit(m),
        DenseMatrix<float> m => visitor.Visit(m),
        DenseMatrix<long> m => visitor.Visit(m),
        DenseMatrix<ulong> m => visitor.Visit(m),
        DenseMatrix<int> m => visitor.Visit(m),
        DenseMatrix<uint> m => visitor.Visit(m),
        DenseMatrix<sbyte> m => visitor.Visit(m),
        DenseMatrix<byte> m => visitor.Visit(m),
        DenseMatrix<bool> m => visitor.Visit(m),
        _ => throw new ArgumentException($"{matrix.GetType().Name} is not a dense matrix", nameof(matrix)),
    };

    readonly struct Allocation(long rows, long cols, bool zeroed) : IStorageVisitor<Matrix>
    {
        public Matrix Visit<T>() where T : unmanaged => DenseMatrix<T>.Allocate(rows, cols, zeroed);
    }
}
