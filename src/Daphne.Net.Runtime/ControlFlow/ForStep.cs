using Daphne.Net.Compiler;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Counts from lower to upper (exclusive) in steps; a negative step counts down, a step of 0 never runs the body. What it carries lives in the body's arguments while it runs.</summary>
sealed class ForStep(int lower, int upper, int step, int position, Moves enter, StepBlock body, Moves leave) : Step
{
    public override void Run(Activation activation)
    {
        long i = (long)activation.Bits[lower], end = (long)activation.Bits[upper], by = (long)activation.Bits[step];
        enter.Run(activation, activation);
        // An exclusive bound that has wrapped around is behind the last number there is.
        bool unbounded = by > 0 ? end == long.MinValue : end == long.MaxValue;
        while (by > 0 ? unbounded || i < end : by < 0 && (unbounded || i > end))
        {
            activation.Bits[position] = (ulong)i;
            body.Run(activation);
            // Near the largest number the next position would wrap around and the loop never end.
            if (by > 0 ? i > long.MaxValue - by : i < long.MinValue - by) break;
            i += by;
        }
        leave.Run(activation, activation);
    }

    public static Step Bind(Operation op, Emitter e)
    {
        var arguments = op.Regions[0].Block.Arguments;
        Value[] initial = [.. op.Operands.Skip(3)];
        var carried = e.Of([.. arguments.Skip(1)]);
        var enter = e.Moves(initial, carried);
        return new ForStep(e.Number(op.Operands[0]), e.Number(op.Operands[1]), e.Number(op.Operands[2]), e.Number(arguments[0]),
            enter, e.Block(op.Regions[0]), Leave(carried, e.Of(op.Results)));
    }

    /// <summary>What a loop carried becomes its results.</summary>
    static Moves Leave(IReadOnlyList<Slot> from, IReadOnlyList<Slot> to) =>
        new([.. from.Zip(to, (f, t) => new Move(f.IsObject ? MoveKind.Take : MoveKind.Bits, f.Index, t.Index))]);
}
