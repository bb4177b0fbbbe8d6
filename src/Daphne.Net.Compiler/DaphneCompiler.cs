using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

/// <summary>The way from a syntax tree to a module that can be run.</summary>
public static class DaphneCompiler
{
    /// <summary>Compiles a script.</summary>
    /// <exception cref="ScriptException">The script is wrong; carries every diagnostic of the stage that found something.</exception>
    public static CompiledScript Compile(Script script, CompilerOptions options)
    {
        var diagnostics = new DiagnosticBag();
        var lowered = ScriptLowering.Lower(script, options, diagnostics);
        diagnostics.ThrowIfErrors();
        InferenceFixpoint.Run(lowered.Module);
        ShapeChecks.Report(lowered.Module, diagnostics);
        diagnostics.ThrowIfErrors();
        options.Explain?.Invoke("parsing", lowered.Module);
        PassPipeline.Standard(options).Apply(lowered.Module);
        // Shapes of results are better known now.
        if (lowered.Outputs.IsEmpty) return lowered;
        var results = IrModule.TypeOf(lowered.Module.Function("main")!).Results;
        return lowered with { Outputs = [.. lowered.Outputs.Zip(results, (output, type) => output with { Type = type })] };
    }
}
