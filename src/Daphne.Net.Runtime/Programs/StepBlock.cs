using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>A straight run of steps. Between two of them a run can be cancelled; a kernel's error gets its place here.</summary>
sealed class StepBlock(int[] unused, Step[] steps)
{
    /// <summary>Runs the steps; <c>unused</c> are slots that lose their value on the way into this block because only other ways use it.</summary>
    public void Run(Activation activation)
    {
        var context = activation.Context;
        context.ThrowIfCancelled();
        foreach (int slot in unused) activation.Release(slot);
        int at = 0;
        try
        {
            for (; at < steps.Length; at++)
            {
                var step = steps[at];
                step.Run(activation);
                foreach (int slot in step.Releases) activation.Release(slot);
                context.ThrowIfCancelled();
            }
        }
        catch (RaisedException e)
        {
            throw e.At(steps[at].Span);
        }
        catch (Exception e) when (e is OutOfMemoryException or OverflowException)
        {
            throw new ScriptException(Diag.MemoryExhausted.At(steps[at].Span), e);
        }
    }
}
