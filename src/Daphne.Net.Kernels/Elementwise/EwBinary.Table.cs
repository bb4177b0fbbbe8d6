using System.Numerics;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

public static partial class EwBinary
{
    /// <summary>The kernel of an operator for one cell type; null if there is no such pairing (logarithms of integers: the compiler casts first).</summary>
    public static EwBinaryKernel<T>? Kernel<T>(OpDef op) where T : unmanaged => Tables<T>.Rows.GetValueOrDefault(op);

    static class Tables<T> where T : unmanaged
    {
        public static readonly Dictionary<OpDef, EwBinaryKernel<T>> Rows = (Dictionary<OpDef, EwBinaryKernel<T>>)(
            typeof(T) == typeof(double) ? Floats<double>() :
            typeof(T) == typeof(float) ? Floats<float>() :
            typeof(T) == typeof(long) ? Integers<long>() :
            typeof(T) == typeof(ulong) ? Integers<ulong>() :
            typeof(T) == typeof(int) ? Integers<int>() :
            typeof(T) == typeof(uint) ? Integers<uint>() :
            typeof(T) == typeof(sbyte) ? Integers<sbyte>() :
            typeof(T) == typeof(byte) ? Integers<byte>() :
            typeof(T) == typeof(bool) ? (object)Bools() :
            new Dictionary<OpDef, EwBinaryKernel<T>>());
    }

    static Dictionary<OpDef, EwBinaryKernel<T>> Floats<T>() where T : unmanaged, IFloatingPointIeee754<T> => new()
    {
        [Op.EwAdd] = new EwBinaryKernel<T, Add<T>>(),
        [Op.EwSub] = new EwBinaryKernel<T, Subtract<T>>(),
        [Op.EwMul] = new EwBinaryKernel<T, Multiply<T>>(),
        [Op.EwDiv] = new EwBinaryKernel<T, Divide<T>>(),
        [Op.EwPow] = new PowerKernel<T>(),
        [Op.EwMod] = new EwBinaryKernel<T, Remainder<T>>(),
        [Op.EwLog] = new EwBinaryKernel<T, Logarithm<T>>(),
        [Op.EwMin] = new EwBinaryKernel<T, Minimum<T>>(),
        [Op.EwMax] = new EwBinaryKernel<T, Maximum<T>>(),
        [Op.EwEq] = new EwBinaryKernel<T, Equal<T>>(),
        [Op.EwNeq] = new EwBinaryKernel<T, NotEqual<T>>(),
        [Op.EwLt] = new EwBinaryKernel<T, Less<T>>(),
        [Op.EwLe] = new EwBinaryKernel<T, LessOrEqual<T>>(),
        [Op.EwGt] = new EwBinaryKernel<T, Swapped<T, Less<T>>>(),
        [Op.EwGe] = new EwBinaryKernel<T, Swapped<T, LessOrEqual<T>>>(),
    };

    static Dictionary<OpDef, EwBinaryKernel<T>> Integers<T>() where T : unmanaged, IBinaryInteger<T> => new()
    {
        [Op.EwAdd] = new EwBinaryKernel<T, Add<T>>(),
        [Op.EwSub] = new EwBinaryKernel<T, Subtract<T>>(),
        [Op.EwMul] = new EwBinaryKernel<T, Multiply<T>>(),
        [Op.EwDiv] = new EwBinaryKernel<T, DivideIntegers<T>>(),
        [Op.EwPow] = new EwBinaryKernel<T, PowerIntegers<T>>(),
        [Op.EwMod] = new EwBinaryKernel<T, RemainderIntegers<T>>(),
        [Op.EwMin] = new EwBinaryKernel<T, Minimum<T>>(),
        [Op.EwMax] = new EwBinaryKernel<T, Maximum<T>>(),
        [Op.EwAnd] = new EwBinaryKernel<T, And<T>>(),
        [Op.EwOr] = new EwBinaryKernel<T, Or<T>>(),
        [Op.EwXor] = new EwBinaryKernel<T, Xor<T>>(),
        [Op.EwEq] = new EwBinaryKernel<T, Equal<T>>(),
        [Op.EwNeq] = new EwBinaryKernel<T, NotEqual<T>>(),
        [Op.EwLt] = new EwBinaryKernel<T, Less<T>>(),
        [Op.EwLe] = new EwBinaryKernel<T, LessOrEqual<T>>(),
        [Op.EwGt] = new EwBinaryKernel<T, Swapped<T, Less<T>>>(),
        [Op.EwGe] = new EwBinaryKernel<T, Swapped<T, LessOrEqual<T>>>(),
    };

    static Dictionary<OpDef, EwBinaryKernel<bool>> Bools() => new()
    {
        [Op.EwAdd] = new EwBinaryKernel<bool, AsBit<Add<byte>>>(),
        [Op.EwSub] = new EwBinaryKernel<bool, AsBit<Subtract<byte>>>(),
        [Op.EwMul] = new EwBinaryKernel<bool, AsBit<Multiply<byte>>>(),
        [Op.EwDiv] = new EwBinaryKernel<bool, AsBit<DivideIntegers<byte>>>(),
        [Op.EwPow] = new EwBinaryKernel<bool, AsBit<PowerIntegers<byte>>>(),
        [Op.EwMod] = new EwBinaryKernel<bool, AsBit<RemainderIntegers<byte>>>(),
        [Op.EwMin] = new EwBinaryKernel<bool, AsBit<Minimum<byte>>>(),
        [Op.EwMax] = new EwBinaryKernel<bool, AsBit<Maximum<byte>>>(),
        [Op.EwAnd] = new EwBinaryKernel<bool, AsBit<And<byte>>>(),
        [Op.EwOr] = new EwBinaryKernel<bool, AsBit<Or<byte>>>(),
        [Op.EwXor] = new EwBinaryKernel<bool, AsBit<Xor<byte>>>(),
        [Op.EwEq] = new EwBinaryKernel<bool, AsBit<Equal<byte>>>(),
        [Op.EwNeq] = new EwBinaryKernel<bool, AsBit<NotEqual<byte>>>(),
        [Op.EwLt] = new EwBinaryKernel<bool, AsBit<Less<byte>>>(),
        [Op.EwLe] = new EwBinaryKernel<bool, AsBit<LessOrEqual<byte>>>(),
        [Op.EwGt] = new EwBinaryKernel<bool, AsBit<Swapped<byte, Less<byte>>>>(),
        [Op.EwGe] = new EwBinaryKernel<bool, AsBit<Swapped<byte, LessOrEqual<byte>>>>(),
    };
}
