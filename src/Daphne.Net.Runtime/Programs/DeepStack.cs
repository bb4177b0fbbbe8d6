using System.Runtime.ExceptionServices;

namespace Daphne.Net.Runtime;

/// <summary>Runs work on a thread of its own with room for deep recursion. Pages of the stack cost memory only once they are touched.</summary>
public static class DeepStack
{
    /// <summary>Bytes of stack: 256 MB.</summary>
    public const int Size = 256 << 20;

    /// <summary>Runs <paramref name="work"/> to its end and gives its result, or throws what it threw.</summary>
    public static T Run<T>(Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = work();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        }, Size) { IsBackground = true, Name = "daphne script" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }
}
