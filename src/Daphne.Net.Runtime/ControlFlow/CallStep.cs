using Daphne.Net.Compiler;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Calls a function of the script with an activation of its own.</summary>
sealed class CallStep(FunctionCode callee, Moves arguments, Slot[] results) : Step
{
    public override void Run(Activation activation)
    {
        var inner = new Activation(callee, activation.Context, activation.Calls);
        activation.Calls.Enter(inner, callee.Name);
        arguments.Run(activation, inner);
        callee.Body.Run(inner);
        activation.Calls.Leave();
        for (int i = 0; i < results.Length; i++)
            if (results[i].IsObject) activation.Objects[results[i].Index] = inner.Objects[callee.Results[i].Index];
            else activation.Bits[results[i].Index] = inner.Bits[callee.Results[i].Index];
    }

    public static Step Bind(Operation op, Emitter e)
    {
        var callee = e.Function(((SymbolAttribute)op.Attributes["callee"]).Name);
        if (callee.Results.Length != op.Results.Count) throw Diag.MalformedProgram.Raise($"{callee.Name} has {callee.Results.Length} results, not {op.Results.Count}");
        return new CallStep(callee, e.Moves(op.Operands, callee.Parameters, otherFrame: true), e.Of(op.Results));
    }
}
