using System.Runtime.CompilerServices;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>
/// The open activations of one run. They stand in a list rather than in a <c>try</c> of every call: an error that leaves ten thousand nested calls
/// must not be caught and thrown again ten thousand times, each on top of the one before.
/// </summary>
sealed class CallStack
{
    /// <summary>Deepest nesting of calls; beyond it the run ends with a diagnostic.</summary>
    public const int MaxDepth = 30_000;

    readonly List<Activation> open = [];

    public void Enter(Activation activation, string function)
    {
        if (open.Count >= MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw Diag.RecursionTooDeep.Raise(function, open.Count);
        open.Add(activation);
    }

    public void Leave() => open.RemoveAt(open.Count - 1);

    /// <summary>Gives up what open activations own: the run has failed.</summary>
    public void ReleaseAll()
    {
        foreach (var activation in open) activation.ReleaseAll();
        open.Clear();
    }
}
