using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Distributed.Coordinator;

/// <summary>Law: whatever the value type and representation, a script prints on workers what it prints here.</summary>
public sealed class DistributedTypesTests
{
    public static TheoryData<string, int> TypesAndWorkers
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string type in (string[])["f64", "f32", "si64", "si32", "si8", "ui64", "ui32", "ui8"])
                foreach (int workers in (int[])[1, 2, 5]) data.Add(type, workers);
            return data;
        }
    }

    [Theory, MemberData(nameof(TypesAndWorkers))]
    public async Task Dense_matrices_of_every_type(string type, int workers)
    {
        // Whole and small, so that sums are exact in any order.
        string script = $$"""
            X = as.matrix<{{type}}>(reshape(seq(0.0, 32.0, 1.0), 11, 3) % 4.0);
            s = as.{{type}}(2);
            Y = X + X * s;
            Z = max(Y, X) + X[0, ];
            print(Z);
            print(t(Z));
            print(Z == Y);
            print(sum(Z));
            print(aggMin(Z));
            print(aggMax(Z));
            print(sum(Z, 1));
            print(aggMin(Z, 1));
            print(aggMax(Z, 0));
            print(cbind(Y, Z));
            """;
        await SameAsync(script, workers, atLeast: 1);
    }

    [Theory, InlineData("f64", 1), InlineData("f64", 3), InlineData("f32", 2), InlineData("si64", 2), InlineData("si32", 5), InlineData("ui8", 2)]
    public async Task Sparse_matrices_of_every_type(string type, int workers)
    {
        string script = $$"""
            X = as.matrix<{{type}}>(rand(60, 20, 1, 4, 0.05, 7));
            Y = X * X;
            v = as.matrix<{{type}}>(fill(2, 20, 1));
            print(Y);
            print(Y @ v);
            print(sum(Y));
            print(sum(Y, 1));
            print(t(Y));
            print(Y + X);
            """;
        await SameAsync(script, workers, atLeast: 1);
    }

    [Theory, InlineData(1), InlineData(3)]
    public async Task Strings_and_one_value_in_several_places(int workers)
    {
        await SameAsync("""
            F = {"a": ["x", "yy", "x", "", "ü"], "n": [1, 2, 3, 4, 5]};
            S = as.matrix<str>(F[, "a"]);
            print(S == S);
            print(S);
            G = as.matrix<f64>(F[, "n"]);
            print(G * G + G);
            p = fill(2.0, 1, 1);
            print((G @ p) + p);
            """, workers, atLeast: 1);
    }

    static async Task SameAsync(string script, int workers, int atLeast)
    {
        await using var set = new WorkerSet(Enumerable.Range(0, workers).Select(i => new InProcessWorker($"in-process {i}")));
        int pipelines = 0;
        string here = Printed(script, new() { SelectRepresentations = true });
        string there = Printed(script, new()
        {
            Vectorize = true, Distributed = true, SelectRepresentations = true,
            Backend = (engine, statistics) =>
            {
                statistics.Ended += run => pipelines += run.Where.StartsWith("in-process", StringComparison.Ordinal) ? 1 : 0;
                return new DistributedBackend(set, new LocalPipelineBackend(engine, statistics), statistics);
            },
        });
        Assert.Equal(here, there);
        Assert.True(pipelines >= atLeast, $"only {pipelines} pipelines ran on workers");
    }

    static string Printed(string text, ScriptOptions options)
    {
        var output = new StringWriter();
        ScriptEngine.Run(new SourceText(text), options: options with { Output = output });
        return output.ToString();
    }
}
