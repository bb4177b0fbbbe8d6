using System.Diagnostics;
using System.Text.Json;

namespace Daphne.Net.ClusterTests.Samples;

/// <summary>What NumPy and SciPy say to the samples (<c>tests/peers/samples.py</c>).</summary>
static class NumpyPeer
{
    public static async Task<JsonElement> AskAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(Repository.Root, "tests", "peers", "samples.py"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var deadline = new CancellationTokenSource(Processes.Patience.Most);
        using var python = Process.Start(start)!;
        var (output, error) = (python.StandardOutput.ReadToEndAsync(deadline.Token), python.StandardError.ReadToEndAsync(deadline.Token));
        await python.WaitForExitAsync(deadline.Token);
        Assert.True(python.ExitCode == 0, "eng/setup.sh installs what the peer needs\n" + await error);
        using var document = JsonDocument.Parse(await output);
        return document.RootElement.Clone();
    }

    public static double[] Numbers(this JsonElement array) => [.. array.EnumerateArray().Select(n => n.GetDouble())];
}
