using Daphne.Net.Compiler;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Makes the step of an operation: looks up slots and picks the kernel for the types, once.</summary>
delegate Step Binder(Operation op, Emitter e);

/// <summary>An operation with its binder.</summary>
sealed record Binding(OpDef Op, Binder Bind);

/// <summary>
/// For every operation its binder. The rows stand in the family files beside this one; a family is opened when an operation is looked for that those
/// before it do not have, so that a script pays only for what it uses.
/// </summary>
static class Bindings
{
    static readonly Func<IEnumerable<Binding>>[] families =
    [
        () => StructureBindings.Rows, () => ProgramBindings.Rows, () => ShapeBindings.Rows, () => ElementwiseBindings.Rows, () => CastBindings.Rows,
        () => FileBindings.Rows, () => ByStorage<CreationBindings>.Rows, () => ByStorage<ReorganizeBindings>.Rows, () => ByStorage<AggregateBindings>.Rows,
        () => ByNumber<ProductBindings>.Rows, () => ByStorage<OrderBindings>.Rows, () => ByNumber<SymmetryBindings>.Rows, () => ByFloat<DecompositionBindings>.Rows, () => ByStorage<OuterBindings>.Rows,
        () => ChoiceBindings.Rows, () => ListBindings.Rows, () => FrameBindings.Rows,
        () => RelationalBindings.Rows,
        () => ByNumber<PreparationBindings>.Rows, () => ByStorage<EncodingBindings>.Rows, () => GroupBindings.Rows, () => SqlBindings.Rows, () => ByFloat<NeuralNetworkBindings>.Rows, () => SparseBindings.Rows,
    ];

    // Where the types of operands and results choose other kernels than the operation alone: asked in order, the first answer counts.
    static readonly Func<Operation, Binder?>[] byTypes = [FrameBindings.For, TextMatrixBindings.For, SparseBindings.For];

    static readonly Lock gate = new();
    static readonly Dictionary<OpDef, Binder> table = [];
    static int opened;

    /// <summary>The binder of an operation.</summary>
    /// <exception cref="RaisedException">This version cannot run it.</exception>
    public static Binder Of(Operation op) => ByTypes(op) ?? Find(op.Def) ?? throw Diag.NotSupportedYet.Raise(op.Def.FullName);

    /// <summary>True if this version can run it.</summary>
    public static bool Has(OpDef op) => Find(op) is not null;

    static Binder? ByTypes(Operation op)
    {
        foreach (var family in byTypes)
            if (family(op) is { } binder) return binder;
        return null;
    }

    static Binder? Find(OpDef op)
    {
        lock (gate)
        {
            Binder? binder;
            while (!table.TryGetValue(op, out binder) && opened < families.Length)
                foreach (var row in families[opened++]()) table.Add(row.Op, row.Bind);
            return binder;
        }
    }
}
