using Daphne.Net.Compiler;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Turns the body of one function into steps: hands out slots, asks the binding table for each operation's step, places releases.</summary>
sealed partial class Emitter
{
    readonly ProgramBuilder program;
    readonly Dictionary<Value, Slot> slots = [];
    readonly Liveness liveness;
    readonly HashSet<Value> taken = [];
    readonly HashSet<Value> dying = [];
    List<Step> steps = [];
    List<int> temporaries = [];

    public Emitter(ProgramBuilder program, FunctionCode code, Block body)
    {
        (this.program, Code) = (program, code);
        liveness = new(body);
    }

    /// <summary>The function under construction.</summary>
    public FunctionCode Code { get; }

    /// <summary>What <c>func.return</c> fills.</summary>
    public IReadOnlyList<Slot> ResultSlots => Code.Results;

    /// <summary>Where a value lives; a value not seen before gets a slot.</summary>
    public Slot this[Value value] => slots.TryGetValue(value, out var slot) ? slot : slots[value] = NewSlot(value.Type);

    /// <summary>The slots of an operation's results.</summary>
    public Slot[] Of(IReadOnlyList<Value> values)
    {
        var slots = new Slot[values.Count];
        for (int i = 0; i < slots.Length; i++) slots[i] = this[values[i]];
        return slots;
    }

    /// <summary>The slot of a number.</summary>
    public int Number(Value value) => this[value] is { IsObject: false } slot ? slot.Index : throw Diag.MalformedProgram.Raise($"a number was expected, not {value.Type}");

    /// <summary>The slot of an object or a string.</summary>
    public int Object(Value value) => this[value] is { IsObject: true } slot ? slot.Index : throw Diag.MalformedProgram.Raise($"an object was expected, not {value.Type}");

    /// <summary>True if nobody needs the value behind the operation being bound: its memory may become that of a result, if it is exclusive.</summary>
    public bool Dies(Value value) => dying.Contains(value) && !taken.Contains(value);

    public Slot NewSlot(IrType type) => type switch
    {
        ScalarType { ValueType: not ValueTypeCode.Str } => new(Code.BitSlots++, false, type),
        _ => new(Code.ObjectSlots++, true, type),
    };

    /// <summary>A slot whose object is released behind the operation being bound.</summary>
    public int Temporary()
    {
        temporaries.Add(Code.ObjectSlots);
        return Code.ObjectSlots++;
    }

    /// <summary>Puts a step in front of the one being bound.</summary>
    public void Before(Step step, Operation op)
    {
        step.Span = op.Span;
        steps.Add(step);
    }

    /// <summary>The slot of a truth value; a number that is none is compared with zero in front of the operation being bound.</summary>
    public int Flag(Operation op, int operand)
    {
        int number = Number(op.Operands[operand]);
        var type = ((ScalarType)op.Operands[operand].Type).ValueType;
        if (type == ValueTypeCode.Bool) return number;
        int flag = NewSlot(IrType.Scalar(ValueTypeCode.Bool)).Index;
        Before(type switch
        {
            ValueTypeCode.F64 => new Do(f => f.Bits[flag] = f.Scalar<double>(number) != 0 ? 1UL : 0UL),
            ValueTypeCode.F32 => new Do(f => f.Bits[flag] = f.Scalar<float>(number) != 0 ? 1UL : 0UL),
            _ => new Do(f => f.Bits[flag] = f.Bits[number] != 0 ? 1UL : 0UL),
        }, op);
        return flag;
    }

    /// <summary>Where the end of a while's first region leaves its flag and its values.</summary>
    public Dictionary<Operation, (Slot GoOn, Slot[] Waiting)> Conditions { get; } = [];

    public FunctionCode Function(string name) => program.Function(name);

    /// <summary>The steps of a region's block.</summary>
    public StepBlock Block(Region region)
    {
        var (outerSteps, outerTaken, outerDying, outerTemporaries) = (steps, new HashSet<Value>(taken), new HashSet<Value>(dying), temporaries);
        steps = [];
        if (region.Blocks.Count > 0)
            foreach (var op in region.Block.Operations) Emit(op);
        var result = new StepBlock(Releases(liveness.DyingOnEntry(region), [], []), [.. steps]);
        (steps, temporaries) = (outerSteps, outerTemporaries);
        Restore(taken, outerTaken);
        Restore(dying, outerDying);
        return result;
    }

    /// <summary>Values that go to slots at once; those that die at the operation being bound give up their reference.</summary>
    public Moves Moves(IReadOnlyList<Value> from, IReadOnlyList<Slot> to, bool otherFrame = false)
    {
        if (from.Count != to.Count) throw Diag.MalformedProgram.Raise($"{from.Count} values for {to.Count} places");
        var list = new Move[from.Count];
        for (int i = from.Count - 1; i >= 0; i--)
        {
            var source = this[from[i]];
            RequireFits(source.Type, to[i].Type);
            // The last one of several equal values takes the reference, the ones before it share.
            bool take = source.IsObject && Dies(from[i]);
            if (take) taken.Add(from[i]);
            list[i] = new(source.IsObject ? take ? MoveKind.Take : MoveKind.Share : MoveKind.Bits, source.Index, to[i].Index);
        }
        return new(otherFrame ? list : InOrder(list));
    }

    // Sources must not be overwritten before they are read: when a target is a source too, everything goes through slots of its own.
    Move[] InOrder(Move[] list)
    {
        if (list.Length == 0) return list;
        list = [.. list.Where(m => m.From != m.To || list.Any(o => o != m && IsObject(o) == IsObject(m) && (o.From == m.From || o.To == m.From)))];
        if (!list.Any(m => list.Any(o => IsObject(o) == IsObject(m) && o.From == m.To))) return list;
        int[] stage = [.. list.Select(m => IsObject(m) ? Code.ObjectSlots++ : Code.BitSlots++)];
        return [.. list.Select((m, i) => m with { To = stage[i] }), .. list.Select((m, i) => new Move(IsObject(m) ? MoveKind.Take : MoveKind.Bits, stage[i], m.To))];

        static bool IsObject(Move m) => m.Kind != MoveKind.Bits;
    }

    void Emit(Operation op)
    {
        taken.Clear();
        Restore(dying, liveness.DyingAt(op));
        if (op.Regions.Count > 0) dying.ExceptWith(op.Def == Op.If ? [] : Liveness.CapturedBy(op));
        temporaries = [];
        Step step;
        try
        {
            step = Bindings.Of(op)(op, this);
        }
        catch (RaisedException e)
        {
            throw e.At(op.Span);
        }
        step.Span = op.Span;
        step.Releases = Releases(liveness.DyingAt(op), taken, temporaries);
        steps.Add(step);
    }

    int[] Releases(IReadOnlyList<Value> values, HashSet<Value> except, List<int> others)
    {
        var slots = new List<int>();
        for (int i = 0; i < values.Count; i++)
            if (!except.Contains(values[i]) && this[values[i]] is { IsObject: true } slot) slots.Add(slot.Index);
        slots.AddRange(others);
        return slots.ToArray();
    }

    static void RequireFits(IrType from, IrType to)
    {
        bool fits = (from, to) switch
        {
            (ScalarType a, ScalarType b) => a == b,
            (MatrixType a, MatrixType b) => a.ValueType == b.ValueType || a.ValueType is null || b.ValueType is null,
            (UnknownType, _) or (_, UnknownType) => from is not ScalarType && to is not ScalarType,
            _ => from.GetType() == to.GetType(),
        };
        if (!fits) throw Diag.MalformedProgram.Raise($"{from} where {to} belongs");
    }

    static void Restore(HashSet<Value> set, IEnumerable<Value> values)
    {
        set.Clear();
        set.UnionWith(values);
    }
}
