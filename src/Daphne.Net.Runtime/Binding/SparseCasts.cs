using System.Numerics;
using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Casts from, to and between sparse matrices.</summary>
static class SparseCasts
{
    public static Step Bind(Operation op, Emitter e) => (op.Operands[0].Type, op.Result.Type) switch
    {
        (MatrixType { Representation: Representation.Sparse, ValueType: { } from }, MatrixType { Representation: Representation.Sparse, ValueType: { } to }) =>
            MatrixCast.SameStorage(from, to) ? CastBindings.Keep(op, e) : SparseStorage.Dispatch<Between, Step>(from, "a cast", new(op, e, to)),
        (_, MatrixType { Representation: Representation.Sparse, ValueType: { } to }) => SparseStorage.Dispatch<Packing, Step>(to, "a cast", new(op, e)),
        // Emitter.Dense unpacks, and casts where the value types differ.
        (_, MatrixType { ValueType: { } to and not ValueTypeCode.Str }) => DenseMatrix.Dispatch<Unpacking, Step>(to, new(op, e)),
        var (from, to) => throw Diag.NotThisTypeYet.Raise($"a cast to {to}", from),
    };

    readonly struct Packing(Operation op, Emitter e) : INumberVisitor<Step>
    {
        public Step Visit<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            int x = e.Dense<T>(op, 0), to = e.Object(op.Result);
            return new Do(f => f.Own(to, Compression.ToSparse(f.Dense<T>(x), f.Context.Tasks())));
        }
    }

    readonly struct Unpacking(Operation op, Emitter e) : IStorageVisitor<Step>
    {
        public Step Visit<T>() where T : unmanaged
        {
            int x = e.Dense<T>(op, 0), to = e.Object(op.Result);
            return new Do(f =>
            {
                var unpacked = f.Dense<T>(x);
                unpacked.Retain();
                f.Own(to, unpacked);
            });
        }
    }

    readonly struct Between(Operation op, Emitter e, ValueTypeCode to) : INumberVisitor<Step>
    {
        public Step Visit<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => SparseStorage.Dispatch<From<T>, Step>(to, "a cast", new(op, e));
    }

    readonly struct From<TFrom>(Operation op, Emitter e) : INumberVisitor<Step> where TFrom : unmanaged
    {
        public Step Visit<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            int x = e.Object(op.Operands[0]), to = e.Object(op.Result);
            return new Do(f => f.Own(to, SparseCells.Cast<TFrom, T>(f.Sparse<TFrom>(x), f.Context.Tasks())));
        }
    }
}
