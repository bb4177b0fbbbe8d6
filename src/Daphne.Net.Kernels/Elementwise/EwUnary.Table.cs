using System.Numerics;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

public static partial class EwUnary
{
    /// <summary>The kernel of an operator for one cell type; null if there is no such pairing (functions of integers: the compiler casts first).</summary>
    public static EwUnaryKernel<T>? Kernel<T>(OpDef op) where T : unmanaged => Tables<T>.Rows.GetValueOrDefault(op);

    static class Tables<T> where T : unmanaged
    {
        public static readonly Dictionary<OpDef, EwUnaryKernel<T>> Rows = (Dictionary<OpDef, EwUnaryKernel<T>>)(
            typeof(T) == typeof(double) ? Floats<double>() :
            typeof(T) == typeof(float) ? Floats<float>() :
            typeof(T) == typeof(long) ? Integers<long>() :
            typeof(T) == typeof(ulong) ? Integers<ulong>() :
            typeof(T) == typeof(int) ? Integers<int>() :
            typeof(T) == typeof(uint) ? Integers<uint>() :
            typeof(T) == typeof(sbyte) ? Integers<sbyte>() :
            typeof(T) == typeof(byte) ? Integers<byte>() :
            typeof(T) == typeof(bool) ? (object)Bools() :
            new Dictionary<OpDef, EwUnaryKernel<T>>());
    }

    static Dictionary<OpDef, EwUnaryKernel<T>> Floats<T>() where T : unmanaged, IFloatingPointIeee754<T> => new()
    {
        [Op.EwMinus] = new EwUnaryKernel<T, Negate<T>>(),
        [Op.EwAbs] = new EwUnaryKernel<T, Absolute<T>>(),
        [Op.EwSign] = new EwUnaryKernel<T, Signum<T>>(),
        [Op.EwExp] = new EwUnaryKernel<T, Exponential<T>>(),
        [Op.EwLn] = new EwUnaryKernel<T, NaturalLogarithm<T>>(),
        [Op.EwSqrt] = new EwUnaryKernel<T, SquareRoot<T>>(),
        [Op.EwRound] = new EwUnaryKernel<T, Round<T>>(),
        [Op.EwFloor] = new EwUnaryKernel<T, Floor<T>>(),
        [Op.EwCeil] = new EwUnaryKernel<T, Ceiling<T>>(),
        [Op.EwSin] = new EwUnaryKernel<T, Sine<T>>(),
        [Op.EwCos] = new EwUnaryKernel<T, Cosine<T>>(),
        [Op.EwTan] = new EwUnaryKernel<T, Tangent<T>>(),
        [Op.EwSinh] = new EwUnaryKernel<T, HyperbolicSine<T>>(),
        [Op.EwCosh] = new EwUnaryKernel<T, HyperbolicCosine<T>>(),
        [Op.EwTanh] = new EwUnaryKernel<T, HyperbolicTangent<T>>(),
        [Op.EwAsin] = new EwUnaryKernel<T, ArcSine<T>>(),
        [Op.EwAcos] = new EwUnaryKernel<T, ArcCosine<T>>(),
        [Op.EwAtan] = new EwUnaryKernel<T, ArcTangent<T>>(),
        [Op.EwIsNan] = new EwUnaryKernel<T, IsNan<T>>(),
        [Op.Relu] = new EwUnaryKernel<T, Rectify<T>>(),
    };

    static Dictionary<OpDef, EwUnaryKernel<T>> Integers<T>() where T : unmanaged, IBinaryInteger<T> => new()
    {
        [Op.EwMinus] = new EwUnaryKernel<T, Negate<T>>(),
        [Op.EwAbs] = new EwUnaryKernel<T, Absolute<T>>(),
        [Op.EwSign] = new EwUnaryKernel<T, Signum<T>>(),
        [Op.EwRound] = new EwUnaryKernel<T, Unchanged<T>>(),
        [Op.EwFloor] = new EwUnaryKernel<T, Unchanged<T>>(),
        [Op.EwCeil] = new EwUnaryKernel<T, Unchanged<T>>(),
        [Op.EwIsNan] = new EwUnaryKernel<T, IsNan<T>>(),
        [Op.Relu] = new EwUnaryKernel<T, Rectify<T>>(),
    };

    static Dictionary<OpDef, EwUnaryKernel<bool>> Bools() => new()
    {
        [Op.EwMinus] = new EwUnaryKernel<bool, AsBitUnary<Negate<byte>>>(),
        [Op.EwAbs] = new EwUnaryKernel<bool, AsBitUnary<Absolute<byte>>>(),
        [Op.EwSign] = new EwUnaryKernel<bool, AsBitUnary<Signum<byte>>>(),
        [Op.EwRound] = new EwUnaryKernel<bool, AsBitUnary<Unchanged<byte>>>(),
        [Op.EwFloor] = new EwUnaryKernel<bool, AsBitUnary<Unchanged<byte>>>(),
        [Op.EwCeil] = new EwUnaryKernel<bool, AsBitUnary<Unchanged<byte>>>(),
        [Op.EwIsNan] = new EwUnaryKernel<bool, AsBitUnary<IsNan<byte>>>(),
        [Op.Relu] = new EwUnaryKernel<bool, AsBitUnary<Rectify<byte>>>(),
    };
}
