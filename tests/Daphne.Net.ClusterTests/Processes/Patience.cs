using System.Diagnostics;

namespace Daphne.Net.ClusterTests.Processes;

/// <summary>Waits that end: by what they wait for, or by an assertion that says what did not happen.</summary>
static class Patience
{
    /// <summary>How long anything may take here: much more than it needs, because the machine may be busy.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromSeconds(120);

    /// <summary>Asks again and again until it is so.</summary>
    public static async Task Until(Func<Task<bool>> isSo, string what, TimeSpan? most = null)
    {
        var clock = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(clock.Elapsed < (most ?? Most), $"after {(most ?? Most).TotalSeconds} s not yet: {what}");
            await Task.Delay(20);
        }
    }

    public static Task Until(Func<bool> isSo, string what, TimeSpan? most = null) => Until(() => Task.FromResult(isSo()), what, most);
}
