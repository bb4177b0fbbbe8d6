using System.Diagnostics;
using System.Globalization;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Fuzz;

/// <summary>Whatever a script says, it ends with a result or with diagnostics that have a place: no crash, no fault of ours, no hang.</summary>
public sealed class ScriptFuzzTests
{
    // A loop that a mutation made endless is told to stop after the first time; a machine under load may need the second one to get there.
    static readonly TimeSpan patience = TimeSpan.FromSeconds(1), bound = TimeSpan.FromSeconds(20);

    static TimeSpan Budget => TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("DAPHNE_FUZZ_SECONDS") ?? "1", CultureInfo.InvariantCulture));

    static int FirstSeed => int.Parse(Environment.GetEnvironmentVariable("DAPHNE_FUZZ_SEED") ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public void Scripts_that_are_nearly_right_end_with_a_result_or_diagnostics()
    {
        var (begin, results, mistakes, stopped, seed) = (Stopwatch.StartNew(), 0, 0, 0, FirstSeed);
        for (; begin.Elapsed < Budget; seed++)
        {
            switch (Outcome(new ScriptMutations(seed).Next(), seed))
            {
                case null: results++; break;
                case OperationCanceledException: stopped++; break;
                default: mistakes++; break;
            }
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{seed - FirstSeed} scripts: {results} ran, {mistakes} were refused, {stopped} were stopped");
        Assert.True(results > 0 && mistakes > 0, $"the mutations are not between right and wrong: {results} ran, {mistakes} were refused");
    }

    /// <summary>Of the mutated scripts that run: optimised = as written = in pipelines cut into batches of single rows, to the last byte.</summary>
    [Fact]
    public void Scripts_that_run_print_the_same_however_they_are_compiled()
    {
        var (begin, compared, seed) = (Stopwatch.StartNew(), 0, FirstSeed);
        for (; begin.Elapsed < Budget; seed++)
        {
            string script = new ScriptMutations(seed).Next();
            // What a second run of the same kind prints differently depends on the clock or on a random seed.
            if (Printed(script, new()) is not { } plain || Printed(script, new()) != plain) continue;
            compared++;
            foreach (var how in (ScriptOptions[])[new() { Optimize = false }, new() { Vectorize = true, Backend = static (engine, statistics) => new LocalPipelineBackend(engine, statistics, batchBytes: 1) }])
                if (Printed(script, how) is { } other && other != plain)
                    Assert.Fail($"seed {seed}\n{script}\nprints\n{plain}\nand {(how.Optimize ? "in pipelines" : "unoptimised")}\n{other}");
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{seed - FirstSeed} scripts, {compared} of them compared");
        Assert.True(compared > 0, "no script ran");
    }

    static string? Printed(string script, ScriptOptions how)
    {
        var output = new StringWriter();
        return Run(script, how with { Output = output }) is null ? output.ToString() : null;
    }

    static Exception? Outcome(string script, int seed)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            var ended = Run(script, new() { Vectorize = seed % 2 == 0 });
            foreach (var diagnostic in (ended as ScriptException)?.Diagnostics ?? [])
                if (diagnostic.Span.Start + diagnostic.Span.Length > script.Length) Assert.Fail($"seed {seed}: {diagnostic.Def.Code} is placed behind the script's end\n{script}");
            return ended;
        }
        catch (Exception e) when (e is not Xunit.Sdk.IAssertionException)
        {
            throw new Xunit.Sdk.XunitException($"seed {seed}: {e}\n{script}");
        }
        finally
        {
            if (clock.Elapsed > bound) Assert.Fail($"seed {seed} took {clock.Elapsed}\n{script}");
        }
    }

    // Null where it ran to its end.
    static Exception? Run(string script, ScriptOptions how)
    {
        using var stop = new CancellationTokenSource(patience);
        try
        {
            var result = ScriptEngine.Run(new SourceText(script, "fuzz.daphne"), new ScriptInputs(), how with { Files = new(Repository.Golden("dsl"), MayRead: false, MayWrite: false) }, ct: stop.Token);
            foreach (var value in result.Outputs.Values)
                if (!value.IsScalar) value.Object.Release();
            return null;
        }
        catch (ScriptException e)
        {
            return e;
        }
        catch (OperationCanceledException e)
        {
            return e;
        }
    }
}
