using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Distributed;

/// <summary>Stands in for the fragment runner: the text says how the computation ends.</summary>
sealed class ScriptedFragments
{
    readonly CountdownEvent begun;

    /// <param name="waits">How many computations are expected to wait.</param>
    public ScriptedFragments(int waits = 1) => begun = new(waits);

    /// <summary>Set once all expected computations wait.</summary>
    public Task Begun => Task.Run(() => Assert.True(begun.Wait(TimeSpan.FromSeconds(60)), $"{begun.CurrentCount} computations have not begun"));

    /// <summary>Completes when a computation that waits saw its token cancelled.</summary>
    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets computations that wait go on.</summary>
    public ManualResetEventSlim Go { get; } = new();

    public Datum[] Run(string text, IReadOnlyList<Datum> inputs, CancellationToken ct)
    {
        switch (text)
        {
            case "fail":
                throw new ScriptException(Diag.OutOfMemory.At(default, 12, 3));
            case "syntax":
                throw new ScriptException(Diag.NotSupportedYet.At(default, "this fragment"));
            case "crash":
                throw new InvalidOperationException("a bug of ours");
            case "wait":
                begun.Signal();
                try
                {
                    Go.Wait(ct);
                }
                catch (OperationCanceledException)
                {
                    Cancelled.TrySetResult();
                    throw;
                }
                break;
        }
        foreach (var input in inputs)
            if (!input.IsScalar) input.Object.Retain();
        return [.. inputs];   // "echo"
    }
}
