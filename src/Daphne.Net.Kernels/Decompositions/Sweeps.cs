using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Daphne.Net.Kernels;

/// <summary>
/// Transformations of neighbouring rows that an iteration found, kept until there are many, then applied to a matrix in strips of columns, each of which stays
/// in the caches for all of them. A sweep goes down the rows: first steps of three rows (reflectors I - tau v t(v), v = (1, v1, v2)) or of two, then a last
/// one of two, given by its four cells.
/// </summary>
/// <param name="longest">Steps of the longest sweep.</param>
sealed unsafe class Sweeps<T>(long longest) where T : unmanaged, IFloatingPointIeee754<T>
{
    // Steps that are kept at most, unless one sweep alone is longer: 6 MiB of f64.
    const int Most = 1 << 18;

    // first: the row it begins with; count: reflectors before the last step; second: the other row of the last step, where they are not neighbours.
    readonly record struct Sweep(int First, int Count, int Coefficient, int Second);

    readonly List<Sweep> sweeps = [];
    readonly T[] coefficients = new T[3 * Math.Max(longest, Math.Min(Most, 2 * longest * longest)) + 8];
    int used, begun, firstRow;

    /// <summary>True if the kept sweeps should be applied before another one of so many steps is begun.</summary>
    public bool IsFull(long steps) => used + 3 * steps + 4 > coefficients.Length;

    /// <summary>Begins a sweep at this row.</summary>
    public void Begin(long row) => (firstRow, begun) = (checked((int)row), used);

    /// <summary>A reflector of the row that the sweep has come to and the next two.</summary>
    public void Reflect(T v1, T v2, T tau)
    {
        coefficients[used++] = v1;
        coefficients[used++] = v2;
        coefficients[used++] = tau;
    }

    /// <summary>The last step of a sweep, of the row it has come to and the next one: x' = a x + b y, y' = c x + d y.</summary>
    public void End(T a, T b, T c, T d)
    {
        int count = (used - begun) / 3;
        Last(new(firstRow, count, begun, firstRow + count + 1), a, b, c, d);
    }

    /// <summary>A sweep of one step of any two rows.</summary>
    public void Pair(long row, long other, T a, T b, T c, T d) => Last(new(checked((int)row), 0, used, checked((int)other)), a, b, c, d);

    void Last(Sweep sweep, T a, T b, T c, T d)
    {
        coefficients[used++] = a;
        coefficients[used++] = b;
        coefficients[used++] = c;
        coefficients[used++] = d;
        sweeps.Add(sweep);
    }

    /// <summary>Cells of a strip. Rows must be made of whole strips.</summary>
    public static int Width => 4 * Vector512<T>.Count;

    /// <summary>Applies what is kept to the rows of x and forgets it.</summary>
    /// <param name="x">The first cell.</param>
    /// <param name="stride">Cells of a row, a multiple of <see cref="Width"/>; all of them take part.</param>
    /// <param name="run">Runs strips as tasks.</param>
    public void Apply(T* x, long stride, TaskRunner? run)
    {
        if (sweeps.Count == 0) return;
        int strips = checked((int)(stride / Width));
        if (run is null || used < 1 << 10) for (int strip = 0; strip < strips; strip++) Strip(x + strip * Width, stride);
        else run(strips, strip => Strip(x + strip * Width, stride));
        sweeps.Clear();
        used = 0;
    }

    void Strip(T* x, long stride)
    {
        if (Wide.Use512) Run<Vector512<T>, Lanes512<T>>(x, stride);
        else
        {
            Run<Vector256<T>, Lanes256<T>>(x, stride);
            Run<Vector256<T>, Lanes256<T>>(x + Width / 2, stride);
        }
    }

    // Two of three rows stay in registers from one step to the next.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Run<V, L>(T* x, long stride) where V : struct where L : ILanes<T, V>
    {
        int w = L.Count;
        fixed (T* all = coefficients)
            foreach (var sweep in sweeps)
            {
                T* at = all + sweep.Coefficient, row = x + sweep.First * stride, second = x + sweep.Second * stride;
                V a0 = L.Load(row), a1 = L.Load(row + w), a2 = L.Load(row + 2 * w), a3 = L.Load(row + 3 * w);
                T* next = sweep.Count > 0 ? row + stride : second;
                V b0 = L.Load(next), b1 = L.Load(next + w), b2 = L.Load(next + 2 * w), b3 = L.Load(next + 3 * w);
                for (int step = 0; step < sweep.Count; step++)
                {
                    T* third = row + 2 * stride;
                    V c0 = L.Load(third), c1 = L.Load(third + w), c2 = L.Load(third + 2 * w), c3 = L.Load(third + 3 * w);
                    V v1 = L.Broadcast(at[0]), v2 = L.Broadcast(at[1]), minus = L.Broadcast(-at[2]), minus1 = L.Broadcast(-at[2] * at[0]), minus2 = L.Broadcast(-at[2] * at[1]);
                    at += 3;
                    V s0 = L.MultiplyAdd(v2, c0, L.MultiplyAdd(v1, b0, a0)), s1 = L.MultiplyAdd(v2, c1, L.MultiplyAdd(v1, b1, a1));
                    V s2 = L.MultiplyAdd(v2, c2, L.MultiplyAdd(v1, b2, a2)), s3 = L.MultiplyAdd(v2, c3, L.MultiplyAdd(v1, b3, a3));
                    L.Store(L.MultiplyAdd(minus, s0, a0), row);
                    L.Store(L.MultiplyAdd(minus, s1, a1), row + w);
                    L.Store(L.MultiplyAdd(minus, s2, a2), row + 2 * w);
                    L.Store(L.MultiplyAdd(minus, s3, a3), row + 3 * w);
                    a0 = L.MultiplyAdd(minus1, s0, b0);
                    a1 = L.MultiplyAdd(minus1, s1, b1);
                    a2 = L.MultiplyAdd(minus1, s2, b2);
                    a3 = L.MultiplyAdd(minus1, s3, b3);
                    b0 = L.MultiplyAdd(minus2, s0, c0);
                    b1 = L.MultiplyAdd(minus2, s1, c1);
                    b2 = L.MultiplyAdd(minus2, s2, c2);
                    b3 = L.MultiplyAdd(minus2, s3, c3);
                    row += stride;
                }
                V xx = L.Broadcast(at[0]), xy = L.Broadcast(at[1]), yx = L.Broadcast(at[2]), yy = L.Broadcast(at[3]), zero = L.Broadcast(T.Zero);
                L.Store(L.MultiplyAdd(xx, a0, L.MultiplyAdd(xy, b0, zero)), row);
                L.Store(L.MultiplyAdd(xx, a1, L.MultiplyAdd(xy, b1, zero)), row + w);
                L.Store(L.MultiplyAdd(xx, a2, L.MultiplyAdd(xy, b2, zero)), row + 2 * w);
                L.Store(L.MultiplyAdd(xx, a3, L.MultiplyAdd(xy, b3, zero)), row + 3 * w);
                L.Store(L.MultiplyAdd(yx, a0, L.MultiplyAdd(yy, b0, zero)), second);
                L.Store(L.MultiplyAdd(yx, a1, L.MultiplyAdd(yy, b1, zero)), second + w);
                L.Store(L.MultiplyAdd(yx, a2, L.MultiplyAdd(yy, b2, zero)), second + 2 * w);
                L.Store(L.MultiplyAdd(yx, a3, L.MultiplyAdd(yy, b3, zero)), second + 3 * w);
            }
    }
}
