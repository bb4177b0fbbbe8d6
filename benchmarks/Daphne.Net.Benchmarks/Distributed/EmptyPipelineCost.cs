using System.Diagnostics;
using System.Globalization;
using Daphne.Net.Data;
using Daphne.Net.Distributed;
using Daphne.Net.Runtime;

namespace Daphne.Net.Benchmarks.Distributed;

/// <summary>
/// What distribution costs a pipeline that has next to nothing to do: <c>empty-pipelines</c> prints the median and the 99th percentile of 1,000 pipelines on two worker processes, and on
/// 256 workers that answer at once, and the coordinator's processor time for each.
/// </summary>
static class EmptyPipelineCost
{
    const int Pipelines = 1000, WarmUps = 20, Simulated = 256;

    static readonly string script = $"Y = $X; i = 0; while (i < {Pipelines}) {{ Y = Y + 1.0; i = i + 1; }} r = sum(Y);";

    public static async Task RunAsync()
    {
        foreach (var dispatch in (DispatchMode[])[DispatchMode.Synchronous, DispatchMode.Asynchronous])
        {
            await using var cluster = await DaphneCluster.Local(2, o => o.WorkerThreads = 1).Deploy();
            var options = new RunOptions { Outputs = ["r"], Rule = DistributionRule.Always, Dispatch = dispatch };
            var arguments = new { X = DenseMatrix<double>.Copy(new double[4], 4, 1) };
            for (int i = 0; i < WarmUps; i++) await using (var warm = await cluster.RunAsync(script, arguments, options)) continue;
            var before = Used();
            await using var run = await cluster.RunAsync(script, arguments, options);
            if (run.Get<double>("r") != 4 * Pipelines) throw new InvalidOperationException("a wrong sum");
            Print($"2 processes, {dispatch}", Used() - before, [.. run.Report.Pipelines.Where(p => p.Workers.Length == 2).Select(p => p.Elapsed)]);
        }
        await using var set = new WorkerSet(Enumerable.Range(1, Simulated).Select(n => new Answering($"simulated {n}")));
        foreach (var dispatch in (DispatchMode[])[DispatchMode.Synchronous, DispatchMode.Asynchronous])
        {
            Simulate(dispatch);
            var before = Used();
            var times = Simulate(dispatch);
            Print($"{Simulated} simulated, {dispatch}", Used() - before, times);
        }

        TimeSpan[] Simulate(DispatchMode dispatch)
        {
            var inputs = new ScriptInputs();
            inputs.Add("X", Datum.Of(DenseMatrix<double>.Copy(new double[Simulated], Simulated, 1)));
            var ended = ScriptEngine.Run(new(script), inputs, new()
            {
                Vectorize = true, Distributed = true, Outputs = new HashSet<string> { "r" },
                Backend = (engine, statistics) => new DistributedBackend(set, new LocalPipelineBackend(engine, statistics), statistics) { Mode = dispatch },
            });
            return [.. ended.Statistics.Pipelines.Where(p => p.Where != "local").Select(p => p.Elapsed)];
        }
    }

    static TimeSpan Used() => Environment.CpuUsage.TotalTime;

    static void Print(string where, TimeSpan used, TimeSpan[] times)
    {
        if (times.Length < Pipelines) throw new InvalidOperationException($"{times.Length} pipelines were distributed");
        Array.Sort(times);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{where,-29} p50 {times[times.Length / 2].TotalMicroseconds,8:0} us   p99 {times[times.Length * 99 / 100].TotalMicroseconds,8:0} us   CPU of the coordinator {used.TotalMicroseconds / times.Length,7:0} us"));
    }

    /// <summary>Has no values, only names and shapes for them, and answers from the thread pool.</summary>
    sealed class Answering(string name) : IWorkerClient
    {
        int next;

        public WorkerIdentity Identity { get; } = new(name, "simulated");

        public bool AnswersFromAfar => true;

        public ValueTask<WorkerIdentity> HelloAsync(CallBudget budget, CancellationToken ct) => new(Identity);

        public async ValueTask<Handle> StoreAsync(Datum value, CallBudget budget, CancellationToken ct)
        {
            await Task.Yield();
            return value.IsScalar ? Made(1, 1) : Made(((Matrix)value.Object).Rows, ((Matrix)value.Object).Cols);
        }

        public async ValueTask<IReadOnlyList<Handle>> ComputeAsync(Fragment fragment, IReadOnlyList<Handle> inputs, CallBudget budget, CancellationToken ct)
        {
            await Task.Yield();
            return [Made(inputs[0].Rows, inputs[0].Cols)];
        }

        public async ValueTask<Datum> TransferAsync(Handle handle, CallBudget budget, CancellationToken ct)
        {
            await Task.Yield();
            return Datum.Of(DenseMatrix<double>.Copy(new double[handle.Rows * handle.Cols], handle.Rows, handle.Cols));
        }

        public ValueTask FreeAsync(IReadOnlyList<Handle> handles, CallBudget budget, CancellationToken ct) => default;

        public ValueTask<WorkerStats> StatsAsync(CallBudget budget, CancellationToken ct) => default;

        public ValueTask DisposeAsync() => default;

        Handle Made(long rows, long cols) => new((++next).ToString(CultureInfo.InvariantCulture), rows, cols);
    }
}
