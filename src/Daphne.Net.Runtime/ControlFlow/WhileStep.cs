using Daphne.Net.Compiler;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Runs the test block, and the body as long as the test says so. The test leaves its values where body and results find them.</summary>
sealed class WhileStep(Moves enter, StepBlock test, int goOn, Moves toBody, StepBlock body, Moves toResults) : Step
{
    public override void Run(Activation activation)
    {
        enter.Run(activation, activation);
        for (; ; )
        {
            test.Run(activation);
            if (activation.Bits[goOn] == 0) break;
            toBody.Run(activation, activation);
            body.Run(activation);
        }
        toResults.Run(activation, activation);
    }

    public static Step Bind(Operation op, Emitter e)
    {
        var enter = e.Moves(op.Operands, e.Of(op.Regions[0].Block.Arguments));
        var condition = op.Regions[0].Block.Terminator;
        if (condition.Def != Op.Condition) throw Diag.MalformedProgram.Raise("the first region of a while does not end in a condition");
        // The values the test hands on wait in slots of their own, for they go one of two ways.
        Slot[] waiting = [.. condition.Operands.Skip(1).Select(v => e.NewSlot(v.Type))];
        var goOn = e.NewSlot(IrType.Scalar(ValueTypeCode.Bool));
        e.Conditions[condition] = (goOn, waiting);
        return new WhileStep(enter, e.Block(op.Regions[0]), goOn.Index,
            Pass(waiting, e.Of(op.Regions[1].Block.Arguments)), e.Block(op.Regions[1]), Pass(waiting, e.Of(op.Results)));
    }

    /// <summary><c>scf.condition</c>.</summary>
    public static Step BindCondition(Operation op, Emitter e)
    {
        var (goOn, waiting) = e.Conditions[op];
        int flag = e.Flag(op, 0);
        var moves = e.Moves([.. op.Operands.Skip(1)], waiting);
        return new Do(activation =>
        {
            activation.Bits[goOn.Index] = activation.Bits[flag];
            moves.Run(activation, activation);
        });
    }

    static Moves Pass(IReadOnlyList<Slot> from, IReadOnlyList<Slot> to)
    {
        if (from.Count != to.Count) throw Diag.MalformedProgram.Raise($"a while hands on {from.Count} values and {to.Count} are taken");
        return new([.. from.Zip(to, (f, t) => new Move(f.IsObject ? MoveKind.Take : MoveKind.Bits, f.Index, t.Index))]);
    }
}
