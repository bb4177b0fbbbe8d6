using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>One alternative of a cellwise choice: a matrix, or one value for all cells.</summary>
public readonly struct Arm<T> where T : unmanaged
{
    Arm(DenseMatrix<T>? matrix, T value) => (Matrix, Value) = (matrix, value);

    /// <summary>The matrix; null for one value.</summary>
    public DenseMatrix<T>? Matrix { get; }

    /// <summary>The value, where there is no matrix.</summary>
    public T Value { get; }

    /// <summary>A matrix of alternatives.</summary>
    public static implicit operator Arm<T>(DenseMatrix<T> matrix) => new(matrix, default);

    /// <summary>One value for all cells.</summary>
    public static implicit operator Arm<T>(T value) => new(null, value);
}
