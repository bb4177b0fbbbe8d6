using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Something to do for one storage type of numbers.</summary>
interface INumberVisitor<TResult>
{
    TResult Visit<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}

/// <summary>Sparse matrices whose value type is known only when the program is built.</summary>
static class SparseStorage
{
    /// <summary>Calls the visitor with the type that stores cells of this value type: those of numbers.</summary>
    public static TResult Dispatch<TVisitor, TResult>(ValueTypeCode code, string operation, TVisitor visitor) where TVisitor : INumberVisitor<TResult> => code switch
    {
        ValueTypeCode.F64 => visitor.Visit<double>(),
        ValueTypeCode.F32 => visitor.Visit<float>(),
        ValueTypeCode.UI64 or ValueTypeCode.Size => visitor.Visit<ulong>(),
        ValueTypeCode.SI64 => visitor.Visit<long>(),
        ValueTypeCode.UI32 => visitor.Visit<uint>(),
        ValueTypeCode.SI32 => visitor.Visit<int>(),
        ValueTypeCode.UI8 => visitor.Visit<byte>(),
        ValueTypeCode.SI8 => visitor.Visit<sbyte>(),
        _ => throw Diag.NotThisTypeYet.Raise(operation, $"a sparse matrix of {code.DslName()}"),
    };

    /// <summary>What makes a new dense matrix of the sparse one in a slot.</summary>
    public static Func<Activation, int, Matrix> ToDense(ValueTypeCode code) => Dispatch<Unpacking, Func<Activation, int, Matrix>>(code, "a cast", default);

    readonly struct Unpacking : INumberVisitor<Func<Activation, int, Matrix>>
    {
        public Func<Activation, int, Matrix> Visit<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => static (f, slot) => Compression.ToDense(f.Sparse<T>(slot), f.Context.Tasks());
    }
}
