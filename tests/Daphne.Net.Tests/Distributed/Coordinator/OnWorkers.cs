using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Distributed.Coordinator;

/// <summary>Runs a script here and on workers inside this process, and says which pipelines the workers ran.</summary>
static class OnWorkers
{
    /// <summary>The script printed the same; these pipelines ran on workers, each by the names of its operations.</summary>
    public static async Task<List<string>> SameAsync(string script, int workers, bool selectRepresentations = false)
    {
        await using var set = new WorkerSet(Enumerable.Range(0, workers).Select(i => new InProcessWorker($"in-process {i}") { Carries = i % 2 * CallValue.Most }));
        List<string> ran = [];
        string here = Printed(script, new() { SelectRepresentations = selectRepresentations });
        string there = Printed(script, On(set, ran) with { SelectRepresentations = selectRepresentations });
        Assert.Equal(here, there);
        return ran;
    }

    /// <summary>Options of a distributed run on these workers.</summary>
    public static ScriptOptions On(WorkerSet set, List<string> ran) => new()
    {
        Vectorize = true, Distributed = true,
        Backend = (engine, statistics) =>
        {
            statistics.Ended += run =>
            {
                if (run.Where != "local") ran.Add(run.Operations);
            };
            return new DistributedBackend(set, new LocalPipelineBackend(engine, statistics), statistics);
        },
    };

    public static string Printed(string text, ScriptOptions options)
    {
        var output = new StringWriter();
        ScriptEngine.Run(new SourceText(text), options: options with { Output = output });
        return output.ToString();
    }
}
