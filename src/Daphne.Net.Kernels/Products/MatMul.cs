using System.Numerics;
using System.Runtime.Intrinsics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// Matrix products. Any range of rows of the result can be computed by itself, on any thread, and has the same bits as in the whole: see
/// <see cref="PackedProduct"/> for the law that every cell follows. Integers wrap.
/// </summary>
public static unsafe class MatMul
{
    // Multiply-adds below which handing out tasks does not pay; half a millisecond. With a vector each of them waits for memory.
    const long SmallestJob = 1 << 24, SmallestVectorJob = 1 << 20;

    /// <summary>a @ b, each turned first where its flag says so. With <paramref name="run"/> in tasks, which changes no bit.</summary>
    /// <exception cref="RaisedException">The inner dimensions differ.</exception>
    public static DenseMatrix<T> Apply<T>(DenseMatrix<T> a, DenseMatrix<T> b, bool turnA = false, bool turnB = false, TaskRunner? run = null) where T : unmanaged, INumber<T>
    {
        var result = AllocateResult(a, b, turnA, turnB);
        long m = result.Rows, n = result.Cols, k = turnA ? a.Rows : a.Cols;
        if (run is null || m * n == 0 || k < (m == 1 || n == 1 ? SmallestVectorJob : SmallestJob) / m / n) Rows(a, b, turnA, turnB, result, 0, m);
        else InTasks(Operand<T>.Of(a, turnA), Operand<T>.Of(b, turnB), result.Cell0, m, n, k, run);
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        return result;
    }

    static void InTasks<T>(Operand<T> a, Operand<T> b, T* c, long m, long n, long k, TaskRunner run) where T : unmanaged, INumber<T>
    {
        bool floats = typeof(T) == typeof(double) || typeof(T) == typeof(float);
        if (m > 1 && n > 1 && floats) Product(a, b, c, n, m, n, k, run: run);
        else if (m == 1) Ranges(n, k, run, (first, count) => Product(a, b.From(0, first), c + first, n, 1, count, k));
        else Ranges(m, k * n, run, (first, count) => Product(a.From(first, 0), b, c + first * n, n, count, n, k));
    }

    // Ranges of whole cache lines.
    static void Ranges(long count, long work, TaskRunner run, Action<long, long> kernel)
    {
        const long line = 64;
        long each = (SmallestVectorJob / 4 / Math.Max(1, work) + line) / line * line;
        run(checked((int)((count + each - 1) / each)), task => kernel(task * each, Math.Min(each, count - task * each)));
    }

    /// <summary>An uninitialised matrix of the shape of the product.</summary>
    /// <exception cref="RaisedException">The inner dimensions differ.</exception>
    public static DenseMatrix<T> AllocateResult<T>(DenseMatrix<T> a, DenseMatrix<T> b, bool turnA, bool turnB) where T : unmanaged
    {
        long inner = turnA ? a.Rows : a.Cols;
        if (inner != (turnB ? b.Cols : b.Rows))
            throw Diag.InnerDimensions.Raise("'@'", turnA ? Shapes.Text(a.Cols, a.Rows) : a.Shape(), turnB ? Shapes.Text(b.Cols, b.Rows) : b.Shape());
        return DenseMatrix<T>.Allocate(turnA ? a.Cols : a.Rows, turnB ? b.Rows : b.Cols);
    }

    /// <summary>Computes rows first … first + count - 1 of the result only.</summary>
    public static void Rows<T>(DenseMatrix<T> a, DenseMatrix<T> b, bool turnA, bool turnB, DenseMatrix<T> result, long first, long count) where T : unmanaged, INumber<T>
    {
        long k = turnA ? a.Rows : a.Cols;
        var left = Operand<T>.Of(a, turnA).From(first, 0);
        Product(left, Operand<T>.Of(b, turnB), result.Cell0 + first * result.Cols, result.Cols, count, result.Cols, k);
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(result);
    }

    /// <summary>c = a @ b, or c += a @ b for floats, on memory.</summary>
    internal static void Product<T>(Operand<T> a, Operand<T> b, T* c, long cStride, long m, long n, long k, bool add = false, TaskRunner? run = null) where T : unmanaged, INumber<T>
    {
        if (m == 0 || n == 0) return;
        if (typeof(T) != typeof(double) && typeof(T) != typeof(float)) Integers(a, b, c, cStride, m, n, k);
        else if (k == 0 && !add) Zero(c, cStride, m, n);
        else if (k == 0) return;
        else if (Wide.Use512) Floats<T, Vector512<T>, Lanes512<T>>(a, b, c, cStride, m, n, k, add, run);
        else if (Vector256.IsHardwareAccelerated) Floats<T, Vector256<T>, Lanes256<T>>(a, b, c, cStride, m, n, k, add, run);
        else Floats<T, Vector128<T>, Lanes128<T>>(a, b, c, cStride, m, n, k, add, run);
    }

    /// <summary>The product of floats with registers of a given width, which tests choose.</summary>
    internal static void Floats<T, V, L>(Operand<T> a, Operand<T> b, T* c, long cStride, long m, long n, long k, bool add = false, TaskRunner? run = null)
        where T : unmanaged, INumberBase<T> where V : struct where L : ILanes<T, V>
    {
        if (m == 1) Vector<T, V, L>(b.Turned, a.Turned, c, n, k, add);
        else if (n == 1 && cStride == 1) Vector<T, V, L>(a, b, c, m, k, add);
        else PackedProduct.Run<T, V, L>(a, b, c, cStride, m, n, k, add, run);
    }

    // x is a column; cells of it that do not lie side by side are brought together first.
    static void Vector<T, V, L>(Operand<T> a, Operand<T> x, T* c, long m, long k, bool add) where T : unmanaged, INumberBase<T> where V : struct where L : ILanes<T, V>
    {
        if (x.RowStride == 1)
        {
            MatrixVector.Run<T, V, L>(a, x.Cell0, c, m, k, add);
            return;
        }
        using var together = new Scratch<T>(k);
        Cells.CopyBlock(x.Cell0, x.RowStride, together.Cell0, 1, k, 1);
        MatrixVector.Run<T, V, L>(a, together.Cell0, c, m, k, add);
    }

    static void Zero<T>(T* c, long cStride, long m, long n) where T : unmanaged
    {
        for (long i = 0; i < m; i++) System.Runtime.InteropServices.NativeMemory.Clear(c + i * cStride, (nuint)(n * sizeof(T)));
    }

    static void Integers<T>(Operand<T> a, Operand<T> b, T* c, long cStride, long m, long n, long k) where T : unmanaged, INumber<T>
    {
        if (b.ColStride == 1)
        {
            IntegerProduct.Run(a, b, c, cStride, m, n, k);
            return;
        }
        using var turned = new Scratch<T>(k * n);
        Transpose.Block(b.Cell0, b.ColStride, turned.Cell0, n, n, k);
        IntegerProduct.Run(a, new Operand<T>(turned.Cell0, n, 1), c, cStride, m, n, k);
    }
}
