using System.Diagnostics;
using System.Globalization;
using Daphne.Net.ClusterTests.Real;

namespace Daphne.Net.ClusterTests.Deployed;

/// <summary>What the connection through ssh carries, beside scp over the same connection. By hand: <c>benchmarks/peers/tunnel.sh</c>.</summary>
[Collection(OnRealCluster.Name)]
public sealed class TunnelFigures(ITestOutputHelper log)
{
    const int Rows = 5000, Cols = 4000, Rounds = 7;
    const double Gate = 0.7;

    [Fact(Explicit = true)]
    public async Task A_matrix_goes_through_the_tunnel_nearly_as_fast_as_scp_goes()
    {
        var ct = TestContext.Current.CancellationToken;
        string[] before = Directory.GetDirectories(Path.GetTempPath(), "dssh-*");
        await using var cluster = await DaphneCluster.FromSsh(["login"], o => (o.Ssh.ConfigFile, o.Bundle) = (RealCluster.SshConfig, TestBundle.Path)).Deploy(ct: ct);
        string socket = Path.Combine(Directory.GetDirectories(Path.GetTempPath(), "dssh-*").Except(before).Single(), "m"), file = Path.GetTempFileName();
        double[] cells = new double[Rows * Cols];
        var random = new Random(1);
        foreach (ref double cell in cells.AsSpan()) cell = random.NextDouble();       // nothing that a compression could make smaller
        await File.WriteAllBytesAsync(file, System.Runtime.InteropServices.MemoryMarshal.AsBytes(cells.AsSpan()).ToArray(), ct);
        try
        {
            var (tunnel, scp) = (new List<double>(), new List<double>());
            // In turns, and the first turn is for warming up.
            for (int round = 0; round <= Rounds; round++)
            {
                var clock = Stopwatch.StartNew();
                await using (var run = await cluster.RunAsync("X = $X; print(sum(X[0, ]) >= 0.0); print(sum(X) > 0.0);", new { X = new Shaped<double>(cells, Rows, Cols) }, ct: ct))
                {
                    double here = clock.Elapsed.TotalSeconds;
                    Assert.True(run.Report.Pipelines.Sum(p => p.BytesSent) >= 8L * Rows * Cols, "it was not sent");
                    if (round > 0) tunnel.Add(here);
                }
                clock.Restart();
                using var copy = Process.Start(new ProcessStartInfo("scp", ["-q", "-F", RealCluster.SshConfig, "-o", "ControlPath=" + socket, "-o", "ProxyCommand=false", file, "login:/dev/shm/copy"]))!;
                await copy.WaitForExitAsync(ct);
                Assert.Equal(0, copy.ExitCode);
                if (round > 0) scp.Add(clock.Elapsed.TotalSeconds);
            }
            double megabytes = 8e-6 * Rows * Cols;
            // Pairs that ran one after the other: what else the machine does weighs on both.
            double ratio = Median(tunnel.Zip(scp, (t, s) => s / t));
            Line($"tunnel  median {megabytes / Median(tunnel),6:0} MB/s   best {megabytes / tunnel.Min(),6:0}");
            Line($"scp     median {megabytes / Median(scp),6:0} MB/s   best {megabytes / scp.Min(),6:0}");
            Line($"tunnel / scp, median of {Rounds} pairs: {ratio:0.00} (gate {Gate:0.0})");
            Assert.True(ratio >= Gate, $"{ratio:0.00} of scp's throughput");
        }
        finally
        {
            File.Delete(file);
            RealCluster.On("login", "rm -f /dev/shm/copy");
        }
    }

    void Line(FormattableString text)
    {
        string line = text.ToString(CultureInfo.InvariantCulture);
        log.WriteLine(line);
        if (Environment.GetEnvironmentVariable("DAPHNE_FIGURES") is { Length: > 0 } figures) File.AppendAllText(figures, line + "\n");
    }

    static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
