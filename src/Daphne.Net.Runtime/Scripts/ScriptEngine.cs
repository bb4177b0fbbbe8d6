using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Runtime;

/// <summary>From the text of a script to its results: parse, compile, build, run.</summary>
public static class ScriptEngine
{
    /// <summary>Runs a script to its end, on a thread of its own with room for deep recursion; the calling thread waits.</summary>
    /// <exception cref="ScriptException">The script, or what it was given, is wrong; <see cref="ScriptException.Stage"/> says when that showed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public static ScriptResult Run(SourceText script, ScriptInputs? inputs = null, ScriptOptions? options = null, TaskEngine? engine = null, CancellationToken ct = default) =>
        DeepStack.Run(() => RunHere(script, inputs ?? new(), options ?? new(), engine ?? TaskEngine.Shared, ct));

    static ScriptResult RunHere(SourceText script, ScriptInputs inputs, ScriptOptions options, TaskEngine engine, CancellationToken ct)
    {
        long begin = options.Time.GetTimestamp();
        var tree = Parser.Parse(script);
        long parsed = options.Time.GetTimestamp();
        ct.ThrowIfCancellationRequested();
        var compiled = DaphneCompiler.Compile(tree, new CompilerOptions
        {
            Arguments = inputs.Bindings,
            Outputs = options.Outputs,
            MetaData = path => FileMetaData.For(options.Files.ForReading(path)),
            ScriptPath = options.ScriptPath,
            ImportPaths = options.ImportPaths,
            SparsityThreshold = Math.Max(options.SparsityThreshold, inputs.LargestShare is { } share ? Math.BitIncrement(share) : 0),
            ImportFile = options.Files.ForImport,
            Optimize = options.Optimize,
            Vectorize = options.Vectorize,
            Distributed = options.Distributed,
            SelectRepresentations = options.SelectRepresentations || inputs.LargestShare is not null,
            PropagateAcrossCalls = options.PropagateAcrossCalls,
            Explain = options.Explain,
        });
        ct.ThrowIfCancellationRequested();
        var program = ProgramBuilder.Build(compiled.Module);
        long built = options.Time.GetTimestamp();
        var statistics = new RunStatistics();
        var context = new RunContext
        {
            Output = options.Output,
            Error = options.Error,
            Files = options.Files,
            Time = options.Time,
            Seeds = options.Seeds,
            Engine = engine,
            Statistics = statistics,
            Pipelines = options.Backend is { } make ? make(engine, statistics) : new LocalPipelineBackend(engine, statistics),
            Cancellation = ct,
        };
        try
        {
            // Conversions to spans of structs of ours are compiled when they are first made, and most scripts have no inputs.
            var results = program.Run(compiled.Inputs.IsEmpty ? default(ReadOnlySpan<Datum>) : Values(compiled, inputs), context);
            var times = new StageTimes(options.Time.GetElapsedTime(begin, parsed), options.Time.GetElapsedTime(parsed, built), options.Time.GetElapsedTime(built));
            var outputs = new Dictionary<string, Datum>(StringComparer.Ordinal);
            for (int i = 0; i < results.Length; i++) outputs.Add(compiled.Outputs[i].Name, results[i]);
            return new(outputs, statistics, times);
        }
        catch (RaisedException e)
        {
            throw e.At(default);
        }
        finally
        {
            (context.Pipelines as IDisposable)?.Dispose();
        }
    }

    static Datum[] Values(CompiledScript compiled, ScriptInputs inputs)
    {
        var values = new Datum[compiled.Inputs.Length];
        for (int i = 0; i < values.Length; i++) values[i] = inputs[compiled.Inputs[i].Name];
        return values;
    }
}

/// <summary>What a script left behind. The caller owns the data objects among the outputs.</summary>
/// <param name="Outputs">The kept variables by name.</param>
/// <param name="Statistics">The pipelines that were run.</param>
/// <param name="Times">How long each stage took.</param>
public sealed record ScriptResult(IReadOnlyDictionary<string, Datum> Outputs, RunStatistics Statistics, StageTimes Times);

/// <summary>How long the stages of a run took.</summary>
/// <param name="Parsing">From text to tree.</param>
/// <param name="Compilation">From tree to program.</param>
/// <param name="Execution">The program itself.</param>
public readonly record struct StageTimes(TimeSpan Parsing, TimeSpan Compilation, TimeSpan Execution);
