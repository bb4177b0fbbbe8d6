using System.Collections.Immutable;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// Says what is wrong with a module. Deliberately naive and apart from the passes, so that it does not share their mistakes; runs before and after
/// every pass in tests and on demand.
/// </summary>
public sealed partial class Verifier
{
    readonly IrModule module;
    readonly List<Diagnostic> problems = [];
    readonly Dictionary<Value, int> uses = [];     // every value in scope somewhere, with the number of uses seen
    HashSet<Value> visible = [];
    string function = "";

    Verifier(IrModule module) => this.module = module;

    /// <summary>Every problem found; empty for a sound module.</summary>
    public static IReadOnlyList<Diagnostic> Check(IrModule module)
    {
        var verifier = new Verifier(module);
        HashSet<string> names = [];
        foreach (var func in module.Functions)
        {
            verifier.function = "@" + IrModule.NameOf(func);
            if (!names.Add(verifier.function)) verifier.Problem(func, "there are two functions of this name");
            verifier.Function(func);
        }
        verifier.UseLists();
        return verifier.problems;
    }

    /// <summary>Throws if something is wrong.</summary>
    /// <exception cref="ScriptException">Carries every problem.</exception>
    public static void Demand(IrModule module)
    {
        if (Check(module) is { Count: > 0 } problems) throw new ScriptException(problems);
    }

    void Function(Operation func)
    {
        var type = IrModule.TypeOf(func);
        if (func.Regions[0].Blocks.Count != 1) Problem(func, "a function has one block");
        else
        {
            Agree(func, "argument", func.Regions[0].Block.Arguments, type.Inputs);
            Body(func.Regions[0].Block, Op.Return, end => Agree(end, "result", end.Operands, type.Results));
        }
    }

    // What a block defines can be seen to its end, and in regions within.
    void Body(Block block, OpDef terminator, Action<Operation> end)
    {
        List<Value> mine = [];
        foreach (var argument in block.Arguments) Define(argument, mine);
        var operations = block.Operations;
        for (int i = 0; i < operations.Count; i++)
        {
            var op = operations[i];
            if (op.Parent != block) Problem(op, "it does not know its block");
            bool last = i == operations.Count - 1;
            if (op.Def.Is(OpTraits.Terminator) != last) Problem(op, last ? "the last operation of a block is a terminator" : "a terminator stands in the middle of a block");
            else if (last && op.Def != terminator) Problem(op, $"the block ends in {terminator}");
            Counts(op);
            for (int k = 0; k < op.Operands.Count; k++)
            {
                var operand = op.Operands[k];
                if (!visible.Contains(operand)) Problem(op, $"operand {k} is not defined before it, in this block or around it");
                else uses[operand]++;
            }
            foreach (var region in op.Regions)
                if (region.Parent != op) Problem(op, "a region does not know its operation");
            Operation(op);
            if (last && op.Def == terminator) end(op);
            foreach (var result in op.Results) Define(result, mine);
        }
        if (operations.Count == 0) Problem(block.Parent.Parent, "a block is empty");
        foreach (var value in mine) visible.Remove(value);
    }

    void Define(Value value, List<Value> mine)
    {
        if (!uses.TryAdd(value, 0)) Problem(value.Producer, "a value is defined twice");
        visible.Add(value);
        mine.Add(value);
    }

    void Counts(Operation op)
    {
        if (op.Def.Arity >= 0 && op.Operands.Count != op.Def.Arity) Problem(op, $"it has {op.Operands.Count} operands instead of {op.Def.Arity}");
        if (op.Def.Results >= 0 && op.Results.Count != op.Def.Results) Problem(op, $"it has {op.Results.Count} results instead of {op.Def.Results}");
        for (int i = 0; i < op.Results.Count; i++)
            if (op.Results[i].Producer != op || op.Results[i].Index != i) Problem(op, $"result {i} does not know its operation");
    }

    void UseLists()
    {
        foreach (var (value, seen) in uses)
        {
            if (value.Uses.Count != seen) Problem(value.Producer, $"a value is used {seen} times, but its list of uses has {value.Uses.Count}");
            foreach (var (user, index) in value.Uses)
                if (index >= user.Operands.Count || user.Operands[index] != value) Problem(user, "a list of uses names an operand that is another value");
        }
    }

    void Agree(Operation op, string what, IReadOnlyList<Value> values, IReadOnlyList<IrType> types)
    {
        if (values.Count != types.Count) Problem(op, $"{values.Count} {what}s instead of {types.Count}");
        else
            for (int i = 0; i < types.Count; i++)
                if (!Compatible(values[i].Type, types[i])) Problem(op, $"{what} {i} has type {values[i].Type} instead of {types[i]}");
    }

    void Agree(Operation op, string what, IReadOnlyList<Value> values, IEnumerable<Value> others) => Agree(op, what, values, [.. others.Select(v => v.Type)]);

    // Shapes, sparsity and labels may be known better on one side; what a cell is may not differ.
    static bool Compatible(IrType a, IrType b) => (a, b) switch
    {
        (UnknownType, _) or (_, UnknownType) => true,
        (MatrixType x, MatrixType y) => (x.ValueType is null || y.ValueType is null || x.ValueType == y.ValueType)
            && x.Representation == y.Representation && Fits(x.Rows, y.Rows) && Fits(x.Cols, y.Cols),
        (FrameType x, FrameType y) => Fits(x.Cols, y.Cols) && Fits(x.Rows, y.Rows)
            && (x.Columns.IsDefault || y.Columns.IsDefault || x.Columns.Zip(y.Columns).All(c => c.First is null || c.Second is null || c.First == c.Second)),
        (ListType x, ListType y) => Compatible(x.Element, y.Element),
        _ => a == b,
    };

    static bool Fits(long a, long b) => a < 0 || b < 0 || a == b;

    void Problem(Operation? op, string text) =>
        problems.Add(Diag.IrBroken.At(op?.Span ?? default, function, op is null ? text : $"{op.Def}: {text}"));
}
