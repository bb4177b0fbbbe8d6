// Two DaphneDSL programs on real data, computed by two worker processes that this program starts and takes down.
using Daphne.Net;
using Daphne.Net.Deployment;

string[] features = ["age", "sex", "bmi", "blood pressure", "s1", "s2", "s3", "s4", "s5", "s6"];
string samples = Path.Combine(AppContext.BaseDirectory, "samples");

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) => { e.Cancel = true; stop.Cancel(); };

await using var cluster = await DaphneCluster.Local(workers: 2).Deploy(new Steps(), stop.Token);

Console.WriteLine("\nLinear regression: progression of diabetes in 442 patients (samples/linreg.daphne)");
await using (var run = await cluster.RunFileAsync(Path.Combine(samples, "linreg.daphne"),
    new { data = Path.Combine(samples, "data", "diabetes.csv"), lambda = 0.0 }, new() { ScriptName = "linreg.daphne" }, stop.Token))
{
    double[] beta = run.Get<double[]>("beta");
    Console.WriteLine($"  {"intercept",-16}{run.Get<double>("intercept"),12:F4}");
    for (int i = 0; i < beta.Length; i++) Console.WriteLine($"  {features[i],-16}{beta[i],12:F4}");
    Console.WriteLine($"  {"R^2",-16}{run.Get<double>("r2"),12:F4}");
    Console.WriteLine(run.Report);
}

Console.WriteLine("k-means: 178 wines in three groups (samples/kmeans.daphne)");
await using (var run = await cluster.RunFileAsync(Path.Combine(samples, "kmeans.daphne"),
    new { data = Path.Combine(samples, "data", "wine.csv"), k = 3, maxIter = 100, seed = 7 }, new() { ScriptName = "kmeans.daphne" }, stop.Token))
{
    double[,] centroids = run.Get<double[,]>("centroids");
    for (int c = 0; c < centroids.GetLength(0); c++)
        Console.WriteLine($"  centroid {c + 1}: {string.Join(" ", Enumerable.Range(0, centroids.GetLength(1)).Select(j => centroids[c, j].ToString("0.##")))}");
    Console.WriteLine($"  wines per group: {string.Join(", ", run.Get<double[]>("members"))}, after {run.Get<long>("i")} iterations");
    Console.WriteLine(run.Report);
}

sealed class Steps : IProgress<DeployProgress>
{
    public void Report(DeployProgress value) => Console.WriteLine(value);
}
