using System.Globalization;

namespace Daphne.Net.ClusterTests.Samples;

/// <summary>
/// The samples on real data: what SciPy and NumPy say, and the same in this process, on workers inside it and on worker processes. Sums of several
/// workers' sums may differ in their last digits, everything else is the same to the bit.
/// </summary>
public sealed class SamplesTests
{
    static readonly string samples = Path.Combine(Repository.Root, "samples");
    static readonly string diabetes = Path.Combine(samples, "data", "diabetes.csv"), wine = Path.Combine(samples, "data", "wine.csv");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Linear_regression_is_what_SciPy_says_wherever_it_runs()
    {
        var peer = await NumpyPeer.AskAsync("linreg", diabetes);
        double[] expected = [peer.GetProperty("intercept").GetDouble(), .. peer.GetProperty("beta").Numbers(), peer.GetProperty("r2").GetDouble()];
        var found = await EverywhereAsync("linreg.daphne", new { data = diabetes, lambda = 0.0 },
            run => [run.Get<double>("intercept"), .. run.Get<double[]>("beta"), run.Get<double>("r2")]);
        foreach (var (where, values) in found) AssertClose(expected, values, 1e-9, where);
        // The normal equations amplify the last digits of the sums that workers add up.
        AssertClose(found[0].Values, found[1].Values, 1e-11, "in process");
        Assert.Equal(found[1].Values, found[2].Values);
    }

    [Fact]
    public async Task K_means_is_what_NumPy_says_wherever_it_runs()
    {
        using var session = new DaphneSession();
        await using var drawn = await session.RunAsync("start = sample(178, 3, false, 7);", ct: Ct);
        var peer = await NumpyPeer.AskAsync("kmeans", wine, string.Join(',', drawn.Get<long[]>("start")), "100");
        double[] expected = [.. peer.GetProperty("centroids").EnumerateArray().SelectMany(row => row.Numbers()), .. peer.GetProperty("members").Numbers(), peer.GetProperty("wss").GetDouble()];
        var found = await EverywhereAsync("kmeans.daphne", new { data = wine, k = 3, maxIter = 100, seed = 7 },
            run => [.. run.Get<double[,]>("centroids").Cast<double>(), .. run.Get<double[]>("members"), run.Get<double>("wss")]);
        foreach (var (where, values) in found) AssertClose(expected, values, 1e-9, where);
        AssertClose(found[0].Values, found[1].Values, 1e-12, "in process");
        Assert.Equal(found[1].Values, found[2].Values);
    }

    [Fact]
    public async Task A_k_means_loop_sends_the_data_once()
    {
        await using var cluster = await DaphneCluster.InProcess(2).Deploy(ct: Ct);
        await using var run = await cluster.RunFileAsync(Path.Combine(samples, "kmeans.daphne"), new { data = wine, k = 3, maxIter = 100, seed = 7 }, ct: Ct);
        long rounds = run.Get<long>("i"), data = 178 * 13 * 8;
        Assert.True(rounds >= 5, $"{rounds} rounds");
        // D goes out by columns once, for means and deviations, and by rows once; what else goes out is as small as the centroids, in each round.
        long sent = run.Report.Pipelines.Sum(p => p.BytesSent);
        Assert.InRange(sent, data, 2 * data + (rounds + 2) * 2 * 20 * 3 * 13 * 8);
        Assert.All(run.Report.Pipelines.Where(p => p.Rows == 178), p => Assert.Equal("in-process 1, in-process 2", p.Where));
        Assert.InRange(run.Report.Pipelines.Count(p => p.BytesSent >= data), 1, 2);
    }

    // The file as the peer reads it, and as the script does.
    [Fact]
    public async Task Row_wise_results_are_the_same_to_the_bit()
    {
        var found = await EverywhereTextAsync("""
            D = readMatrix($data);
            S = (D - mean(D, 1)) / stddev(D, 1);
            E = exp(S * -0.5) + sqrt(abs(S));
            """, new { data = wine }, run => [.. run.Get<double[,]>("E").Cast<double>()]);
        Assert.Equal(178 * 13, found[0].Values.Length);
        Assert.Equal(found[1].Values, found[2].Values);
        AssertClose(found[0].Values, found[1].Values, 1e-12, "in process");
        // Without the column means, which workers add up, not even the last digit moves.
        found = await EverywhereTextAsync("D = readMatrix($data); E = exp(D * -0.001) + sqrt(abs(D)); near = aggMin(D * 2.0 - 1.0, 0);", new { data = wine },
            run => [.. run.Get<double[,]>("E").Cast<double>(), .. run.Get<double[]>("near")]);
        Assert.Equal(found[0].Values, found[1].Values);
        Assert.Equal(found[0].Values, found[2].Values);
    }

    static Task<(string Where, double[] Values)[]> EverywhereAsync(string sample, object arguments, Func<DaphneRun, double[]> values) =>
        EverywhereTextAsync(File.ReadAllText(Path.Combine(samples, sample)), arguments, values);

    static async Task<(string Where, double[] Values)[]> EverywhereTextAsync(string script, object arguments, Func<DaphneRun, double[]> values)
    {
        using var session = new DaphneSession();
        await using var inside = await DaphneCluster.InProcess(2).Deploy(ct: Ct);
        await using var processes = await DaphneCluster.Local(2).Deploy(ct: Ct);
        await using DaphneRun here = await session.RunAsync(script, arguments, ct: Ct), there = await inside.RunAsync(script, arguments, ct: Ct), out_there = await processes.RunAsync(script, arguments, ct: Ct);
        Assert.Contains(out_there.Report.Pipelines, p => p.Where.Contains(processes.Workers[1].Address, StringComparison.Ordinal));
        return [("here", values(here)), ("in process", values(there)), ("in worker processes", values(out_there))];
    }

    static void AssertClose(double[] expected, double[] found, double relative, string where)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= relative * Math.Abs(expected[i]), string.Create(CultureInfo.InvariantCulture, $"{where}, value {i}: {found[i]:R} instead of {expected[i]:R}"));
    }
}
