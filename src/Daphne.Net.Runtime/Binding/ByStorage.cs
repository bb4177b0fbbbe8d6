using System.Numerics;
using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Binders of a family of operations for cells stored as one type.</summary>
interface IFamily
{
    /// <summary>The binders for cells stored as <typeparamref name="T"/>.</summary>
    static abstract Dictionary<OpDef, Binder> Table<T>() where T : unmanaged;

    /// <summary>The value type that chooses the table: unless the family says otherwise that of the first result.</summary>
    static virtual IrType Decides(Operation op) => op.Results[0].Type;
}

/// <summary>Binders of a family that needs numbers: every storage type but bool.</summary>
interface INumberFamily
{
    /// <inheritdoc cref="IFamily.Table"/>
    static abstract Dictionary<OpDef, Binder> Table<T>() where T : unmanaged, INumber<T>;

    /// <inheritdoc cref="IFamily.Decides"/>
    static virtual IrType Decides(Operation op) => op.Results[0].Type;
}

/// <summary>Binders of a family that needs f64 or f32.</summary>
interface IFloatFamily
{
    /// <inheritdoc cref="IFamily.Table"/>
    static abstract Dictionary<OpDef, Binder> Table<T>() where T : unmanaged, IFloatingPointIeee754<T>;
}

/// <summary>Turns tables per storage type into rows of the binding table.</summary>
static class ByStorage<TFamily> where TFamily : IFamily
{
    public static IEnumerable<Binding> Rows => TFamily.Table<double>().Keys.Select(op => new Binding(op, Bind));

    static Step Bind(Operation op, Emitter e) => DenseMatrix.Dispatch<Visitor, Step>(CellTypes.OfCells(op, TFamily.Decides(op)), new(op, e));

    readonly struct Visitor(Operation op, Emitter e) : IStorageVisitor<Step>
    {
        public Step Visit<T>() where T : unmanaged => CellTypes.Binder(TFamily.Table<T>(), op, ValueTypes.Of<T>())(op, e);
    }
}

/// <summary>The same for families that need numbers.</summary>
static class ByNumber<TFamily> where TFamily : INumberFamily
{
    public static IEnumerable<Binding> Rows => TFamily.Table<double>().Keys.Select(op => new Binding(op, Bind));

    static Step Bind(Operation op, Emitter e)
    {
        var code = CellTypes.OfCells(op, TFamily.Decides(op));
        var table = code switch
        {
            ValueTypeCode.F64 => TFamily.Table<double>(),
            ValueTypeCode.F32 => TFamily.Table<float>(),
            ValueTypeCode.UI64 or ValueTypeCode.Size => TFamily.Table<ulong>(),
            ValueTypeCode.SI64 => TFamily.Table<long>(),
            ValueTypeCode.UI32 => TFamily.Table<uint>(),
            ValueTypeCode.SI32 => TFamily.Table<int>(),
            ValueTypeCode.UI8 => TFamily.Table<byte>(),
            ValueTypeCode.SI8 => TFamily.Table<sbyte>(),
            _ => throw Diag.NotThisTypeYet.Raise(op.Def.ScriptName, code.DslName()),
        };
        return CellTypes.Binder(table, op, code)(op, e);
    }
}

/// <summary>The same for families that need floats.</summary>
static class ByFloat<TFamily> where TFamily : IFloatFamily
{
    public static IEnumerable<Binding> Rows => TFamily.Table<double>().Keys.Select(op => new Binding(op, Bind));

    static Step Bind(Operation op, Emitter e)
    {
        var code = CellTypes.OfCells(op, op.Results[0].Type);
        var table = code switch
        {
            ValueTypeCode.F64 => TFamily.Table<double>(),
            ValueTypeCode.F32 => TFamily.Table<float>(),
            _ => throw Diag.FloatMatrixNeeded.Raise(op.Def.ScriptName, code.DslName()),
        };
        return CellTypes.Binder(table, op, code)(op, e);
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

    /// <summary>The value type of cells that lie in dense memory.</summary>
    public static ValueTypeCode OfCells(Operation op, IrType type) => type.CellType() switch
    {
        null => throw Diag.TypeNotKnown.Raise(op.Def.ScriptName, type),
        ValueTypeCode.Str => throw Diag.NotThisTypeYet.Raise(op.Def.ScriptName, "strings"),
        { } code => code,
    };

    public static Binder Binder(Dictionary<OpDef, Binder> table, Operation op, ValueTypeCode code) =>
        table.TryGetValue(op.Def, out var binder) ? binder : throw Diag.NotThisTypeYet.Raise(op.Def.ScriptName, code.DslName());
}
