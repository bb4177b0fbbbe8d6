using System.Numerics;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

/// <summary>What each binary operator means, written down a second time: floats as C computes them, integers in unbounded arithmetic, then wrapped.</summary>
static class BinaryReference
{
    public static readonly OpDef[] Floats = [Op.EwAdd, Op.EwSub, Op.EwMul, Op.EwDiv, Op.EwPow, Op.EwMod, Op.EwLog, Op.EwMin, Op.EwMax, Op.EwEq, Op.EwNeq, Op.EwLt, Op.EwLe, Op.EwGt, Op.EwGe];
    public static readonly OpDef[] Integers = [Op.EwAdd, Op.EwSub, Op.EwMul, Op.EwDiv, Op.EwPow, Op.EwMod, Op.EwMin, Op.EwMax, Op.EwAnd, Op.EwOr, Op.EwXor, Op.EwEq, Op.EwNeq, Op.EwLt, Op.EwLe, Op.EwGt, Op.EwGe];

    public static double Of(OpDef op, double x, double y) => op.Name switch
    {
        "ewAdd" => x + y,
        "ewSub" => x - y,
        "ewMul" => x * y,
        "ewDiv" => x / y,
        "ewPow" => y == 2 ? x * x : y == -1 ? 1 / x : Math.Pow(x, y),
        "ewMod" => x % y,
        "ewLog" => NaturalLogarithm<double>.Invoke(x) / NaturalLogarithm<double>.Invoke(y),   // its values are checked by ExponentialTests
        "ewMin" => y < x ? y : x,
        "ewMax" => y > x ? y : x,
        _ => Compare(op, x, y) ? 1 : 0,
    };

    public static float Of(OpDef op, float x, float y) => op.Name switch
    {
        "ewPow" => y == 2 ? x * x : y == -1 ? 1 / x : MathF.Pow(x, y),
        "ewLog" => NaturalLogarithm<float>.Invoke(x) / NaturalLogarithm<float>.Invoke(y),
        _ => (float)Of(op, (double)x, y),   // 53 bits are enough for one correctly rounded operation on 24
    };

    public static BigInteger Of(OpDef op, BigInteger x, BigInteger y) => op.Name switch
    {
        "ewAdd" => x + y,
        "ewSub" => x - y,
        "ewMul" => x * y,
        "ewDiv" => BigInteger.Divide(x, y),
        "ewMod" => BigInteger.Remainder(x, y),
        "ewMin" => y < x ? y : x,
        "ewMax" => y > x ? y : x,
        "ewAnd" => !x.IsZero && !y.IsZero ? 1 : 0,
        "ewOr" => !x.IsZero || !y.IsZero ? 1 : 0,
        "ewXor" => x.IsZero != y.IsZero ? 1 : 0,
        _ => Compare(op, x, y) ? 1 : 0,
    };

    static bool Compare<T>(OpDef op, T x, T y) where T : IComparisonOperators<T, T, bool> => op.Name switch
    {
        "ewEq" => x == y,
        "ewNeq" => x != y,
        "ewLt" => x < y,
        "ewLe" => x <= y,
        "ewGt" => x > y,
        "ewGe" => x >= y,
        _ => throw new ArgumentOutOfRangeException(nameof(op), op.Name),
    };
}
