using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// Script arguments. A literal is a constant wherever it is named. A value of the host is a parameter of main; a function that names one gets a
// parameter more, behind its own, and so does every function that calls it.
sealed partial class ScriptLowering
{
    Instance? instance;     // what the function being lowered becomes; null in the script itself

    Value ScriptArgument(Argument e)
    {
        if (!options.Arguments.TryGetValue(e.Name, out var argument)) throw Fail(Diag.MissingArgument, e.Span, e.Name);
        return argument.Constant is { } constant ? builder.Constant(constant, argument.Type.ValueType()!.Value, e.Span) : HostValue(e.Name);
    }

    Value HostValue(string name)
    {
        if (instance is null) return bound[name];
        if (!instance.HostValues.TryGetValue(name, out var value)) instance.HostValues[name] = value = Named(instance.Entry!.AddArgument(bound[name].Type), name);
        return value;
    }

    // While a function is under way nobody knows all it needs: calls of itself are completed at its end.
    void HandOver(Instance callee, Operation call)
    {
        if (!callee.UnderWay) foreach (string name in callee.HostValues.Keys) call.AddOperand(HostValue(name));
        else if (callee == instance) callee.OwnCalls.Add(call);
        else if (bound.Count > 0) throw Fail(Diag.NotSupportedYet, call.Span, "functions that call each other in a script with values of the host program");
    }

    static void CompleteOwnCalls(Instance made)
    {
        foreach (var call in made.OwnCalls.Where(c => StandsIn(c, made.Entry!)))
            foreach (var value in made.HostValues.Values) call.AddOperand(value);
    }

    // A first attempt at a loop that was given up stands nowhere.
    static bool StandsIn(Operation op, Block body)
    {
        for (var block = op.Parent; block is not null; block = block.Parent.Parent.Parent)
            if (block == body) return true;
        return false;
    }
}
