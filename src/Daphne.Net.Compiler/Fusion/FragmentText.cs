using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>The body of a pipeline as the text that travels to workers: one <c>func.func @dist</c> whose arguments are the inputs and whose results are the outputs.</summary>
public static class FragmentText
{
    /// <summary>The name the original gives to every fragment.</summary>
    public const string FunctionName = "dist";

    /// <summary>Prints the body of a <c>daphne.vectorizedPipeline</c>. Equal bodies give equal texts, so that workers may keep what they compiled by its text.</summary>
    public static string Of(Operation pipeline)
    {
        var body = pipeline.Regions[0].Block;
        var module = new IrModule();
        var function = module.AddFunction(FunctionName, body.Arguments.Select(a => a.Type), body.Terminator.Operands.Select(v => v.Type), pipeline.Span);
        var target = function.Regions[0].Block;
        Dictionary<Value, Value> map = body.Arguments.Zip(target.Arguments).ToDictionary(p => p.First, p => p.Second);
        foreach (var op in body.Operations) target.Insert(op.Clone(map));
        return IrText.Print(module);
    }

    /// <summary>Reads a fragment. Safe for text from the network: see <see cref="IrText.Parse"/>; what is read has passed the <see cref="Verifier"/>.</summary>
    /// <returns>A module with exactly one function.</returns>
    /// <exception cref="ScriptException">The text is no fragment.</exception>
    public static IrModule Parse(string text)
    {
        var module = IrText.Parse(text, "<fragment>");
        if (module.Functions.Count != 1)
            throw new ScriptException(Diag.FragmentShape.At(module.Functions.ElementAtOrDefault(1)?.Span ?? default, $"this text holds {module.Functions.Count} functions"));
        Verifier.Demand(module);
        return module;
    }
}
