using System.Numerics;

namespace Daphne.Net.Kernels;

/// <summary>Householder reflectors I - tau v t(v), v[0] = 1: one that turns a vector into a multiple of the first unit vector.</summary>
static unsafe class Reflector<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// Makes the reflector of a vector: x[0] becomes the multiple, of the sign that x[0] had not, x[1…] becomes v[1…]. Returns tau; 0, and x[0] stays, where
    /// nothing is to be done.
    /// </summary>
    public static T Make(T* x, long count)
    {
        T tail = Lines<T>.Dot(x + 1, x + 1, count - 1);
        if (tail <= Lines<T>.Least)
        {
            for (long i = 1; i < count; i++) x[i] = T.Zero;
            return T.Zero;
        }
        T first = x[0], beta = T.Sqrt(first * first + tail);
        if (first >= T.Zero) beta = -beta;
        Lines<T>.Scale(T.One / (first - beta), x + 1, count - 1);
        x[0] = beta;
        return (beta - first) / beta;
    }
}
