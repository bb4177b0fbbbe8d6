using Daphne.Net.Compiler;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>The end of a block: its values go where the operation around it wants them.</summary>
sealed class MoveStep(Moves moves) : Step
{
    public override void Run(Activation activation) => moves.Run(activation, activation);

    /// <summary><c>return</c> fills the function's results.</summary>
    public static Step BindReturn(Operation op, Emitter e)
    {
        int[] returned = op.Operands.Count == 0 ? [] : new int[op.Operands.Count];
        for (int i = 0; i < returned.Length; i++) returned[i] = e[op.Operands[i]] is { IsObject: true } slot ? slot.Index : -1;
        e.Code.Returned = returned;
        return new MoveStep(e.Moves(op.Operands, e.ResultSlots));
    }

    /// <summary><c>scf.yield</c> fills the results of a branch, or what a loop carries on.</summary>
    public static Step BindYield(Operation op, Emitter e)
    {
        var holder = op.Parent!.Parent.Parent;
        var targets = holder.Def switch
        {
            var d when d == Op.If => e.Of(holder.Results),
            var d when d == Op.For => e.Of([.. holder.Regions[0].Block.Arguments.Skip(1)]),
            var d when d == Op.While => e.Of(holder.Regions[0].Block.Arguments),
            _ => throw Diag.MalformedProgram.Raise($"yield inside {holder.Def}"),
        };
        return new MoveStep(e.Moves(op.Operands, targets));
    }
}
