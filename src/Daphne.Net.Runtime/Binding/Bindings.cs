using Daphne.Net.Compiler;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Makes the step of an operation: looks up slots and picks the kernel for the types, once.</summary>
delegate Step Binder(Operation op, Emitter e);

/// <summary>For every operation its binder. The rows stand in the family files beside this one.</summary>
static class Bindings
{
    static readonly Dictionary<OpDef, Binder> table = new(
    [
        .. StructureBindings.Rows, .. ProgramBindings.Rows, .. ShapeBindings.Rows, .. FileBindings.Rows,
        .. ElementwiseBindings.Rows, .. CastBindings.Rows, .. ByStorage<ReorganizeBindings>.Rows,
        .. ByStorage<CreationBindings>.Rows, .. ByNumber<ProductBindings>.Rows, .. ByNumber<OrderBindings>.Rows, .. SolveBindings.Rows,
        .. ByStorage<AggregateBindings>.Rows, .. ByStorage<OuterBindings>.Rows, .. ChoiceBindings.Rows,
    ]);

    /// <summary>The binder of an operation.</summary>
    /// <exception cref="RaisedException">This version cannot run it.</exception>
    public static Binder Of(Operation op) =>
        TextMatrixBindings.For(op) ?? (table.TryGetValue(op.Def, out var binder) ? binder : throw Diag.NotSupportedYet.Raise(op.Def.FullName));

    /// <summary>True if this version can run it.</summary>
    public static bool Has(OpDef op) => table.ContainsKey(op);
}
