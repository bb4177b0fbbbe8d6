using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Binders of a family of operations for cells stored as one type.</summary>
interface IFamily
{
    /// <summary>The binders for cells stored as <typeparamref name="T"/>.</summary>
    static abstract Dictionary<OpDef, Binder> Table<T>() where T : unmanaged;
}

/// <summary>Turns tables per storage type into rows of the binding table; the storage type is that of the operation's first matrix or scalar result.</summary>
static class ByStorage<TFamily> where TFamily : IFamily
{
    public static IEnumerable<KeyValuePair<OpDef, Binder>> Rows => TFamily.Table<double>().Keys.Select(op => new KeyValuePair<OpDef, Binder>(op, Bind));

    static Step Bind(Operation op, Emitter e) => DenseMatrix.Dispatch<Visitor, Step>(CodeOf(op), new(op, e));

    static ValueTypeCode CodeOf(Operation op) => op.Results[0].Type.CellType() switch
    {
        null => throw Diag.TypeNotKnown.Raise(op.Def.Name, op.Results[0].Type),
        ValueTypeCode.Str => throw Diag.NotThisTypeYet.Raise(op.Def.Name, "strings"),
        { } code => code,
    };

    readonly struct Visitor(Operation op, Emitter e) : IStorageVisitor<Step>
    {
        public Step Visit<T>() where T : unmanaged =>
            TFamily.Table<T>().TryGetValue(op.Def, out var binder) ? binder(op, e) : throw Diag.NotThisTypeYet.Raise(op.Def.Name, ValueTypes.Of<T>().DslName());
    }
}

static class CellTypes
{
    /// <summary>The value type of a scalar or of a matrix's cells; null where it is neither, or not known.</summary>
    public static ValueTypeCode? CellType(this IrType type) => type switch
    {
        ScalarType s => s.ValueType,
        MatrixType m => m.ValueType,
        _ => null,
    };
}
