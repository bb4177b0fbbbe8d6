namespace Daphne.Net.Compiler;

/// <summary>Infers types and shapes anew, with what other passes have made known since.</summary>
public sealed class InferTypes : Pass
{
    /// <inheritdoc/>
    public override string Name => "infer";

    /// <summary>Changes no operation.</summary>
    public override bool Run(IrModule module)
    {
        InferenceFixpoint.Run(module);
        return false;
    }
}
