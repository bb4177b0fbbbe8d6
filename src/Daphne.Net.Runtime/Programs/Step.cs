using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>One operation, bound to its slots and to the kernel for its types. Holds no state of a run: many threads may run it on frames of their own.</summary>
abstract class Step
{
    /// <summary>Where in the script it comes from.</summary>
    public SourceSpan Span { get; set; }

    /// <summary>Slots of objects nobody uses after this step.</summary>
    public int[] Releases { get; set; } = [];

    public abstract void Run(Activation activation);
}

/// <summary>A step that needs no class of its own.</summary>
sealed class Do(Action<Activation> body) : Step
{
    public override void Run(Activation activation) => body(activation);
}
