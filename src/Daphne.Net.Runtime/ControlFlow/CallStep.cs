using Daphne.Net.Compiler;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Calls a function of the script with a frame of its own.</summary>
sealed class CallStep(FunctionCode callee, Moves arguments, Slot[] results) : Step
{
    public override void Run(Frame frame)
    {
        var inner = new Frame(callee, frame.Context, frame.Calls);
        frame.Calls.Enter(inner, callee.Name);
        arguments.Run(frame, inner);
        callee.Body.Run(inner);
        frame.Calls.Leave();
        for (int i = 0; i < results.Length; i++)
            if (results[i].IsObject) frame.Objects[results[i].Index] = inner.Objects[callee.Results[i].Index];
            else frame.Bits[results[i].Index] = inner.Bits[callee.Results[i].Index];
    }

    public static Step Bind(Operation op, Emitter e)
    {
        var callee = e.Function(((SymbolAttribute)op.Attributes["callee"]).Name);
        if (callee.Results.Length != op.Results.Count) throw Diag.MalformedProgram.Raise($"{callee.Name} has {callee.Results.Length} results, not {op.Results.Count}");
        return new CallStep(callee, e.Moves(op.Operands, callee.Parameters, otherFrame: true), e.Of(op.Results));
    }
}
