using System.Numerics;
using System.Runtime.Intrinsics;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>One row of a sparse times a dense matrix: <see cref="ProductSum{T}"/> for all columns at once. One per thread.</summary>
sealed unsafe class ProductRow<T>(long cols) : IDisposable where T : unmanaged, INumber<T>
{
    readonly DenseMatrix<T> sums = DenseMatrix<T>.Allocate(2, cols);

    /// <summary>total = row <paramref name="row"/> of a @ b.</summary>
    public void Compute(CsrMatrix<T> a, long row, T* b, T* total)
    {
        Clear(total);
        long at = a.Offsets[row], end = a.Offsets[row + 1];
        while (at < end)
        {
            long stop = at + 1;
            while (stop < end && a.Columns[stop] / RowStrips.Rows == a.Columns[at] / RowStrips.Rows) stop++;
            // Alone in its strip: nothing to add up before it is added to the rest.
            if (stop == at + 1) AddProduct(a.Values[at], b + a.Columns[at] * cols, total);
            else
            {
                T* strip = sums.Cell0;
                Strip(a, at, stop, b, strip);
                Add(strip, total);
            }
            at = stop;
        }
    }

    void Strip(CsrMatrix<T> a, long at, long end, T* b, T* strip)
    {
        Clear(strip);
        while (at < end)
        {
            long stop = at + 1;
            while (stop < end && a.Columns[stop] / PackedProduct.BlockDepth == a.Columns[at] / PackedProduct.BlockDepth) stop++;
            if (stop == at + 1) AddProduct(a.Values[at], b + a.Columns[at] * cols, strip);
            else
            {
                T* block = strip + cols;
                Clear(block);
                for (; at < stop; at++) MultiplyAdd(a.Values[at], b + a.Columns[at] * cols, block);
                Add(block, strip);
            }
            at = stop;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => sums.Release();

    void Clear(T* cells) => System.Runtime.InteropServices.NativeMemory.Clear(cells, (nuint)(cols * sizeof(T)));

    // Rounded twice, as the fused step and the addition to zero that it stands for.
    void AddProduct(T factor, T* x, T* sum)
    {
        long i = 0;
        var factors = Vector256.Create(factor);
        for (; i <= cols - Vector256<T>.Count; i += Vector256<T>.Count) Vector256.Store(Vector256.Load(sum + i) + factors * Vector256.Load(x + i), sum + i);
        for (; i < cols; i++) sum[i] += factor * x[i];
    }

    void Add(T* x, T* sum)
    {
        long i = 0;
        for (; i <= cols - Vector256<T>.Count; i += Vector256<T>.Count) Vector256.Store(Vector256.Load(sum + i) + Vector256.Load(x + i), sum + i);
        for (; i < cols; i++) sum[i] += x[i];
    }

    void MultiplyAdd(T factor, T* x, T* sum)
    {
        long i = 0;
        if (typeof(T) == typeof(double))
        {
            var factors = Vector256.Create((double)(object)factor);
            for (; i <= cols - Vector256<double>.Count; i += Vector256<double>.Count) Vector256.Store(Vector256.FusedMultiplyAdd(factors, Vector256.Load((double*)x + i), Vector256.Load((double*)sum + i)), (double*)sum + i);
        }
        else if (typeof(T) == typeof(float))
        {
            var factors = Vector256.Create((float)(object)factor);
            for (; i <= cols - Vector256<float>.Count; i += Vector256<float>.Count) Vector256.Store(Vector256.FusedMultiplyAdd(factors, Vector256.Load((float*)x + i), Vector256.Load((float*)sum + i)), (float*)sum + i);
        }
        for (; i < cols; i++) sum[i] = ProductSum<T>.MultiplyAdd(factor, x[i], sum[i]);
    }
}
