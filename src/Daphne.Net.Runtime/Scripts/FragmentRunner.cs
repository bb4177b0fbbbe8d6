using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>
/// Runs fragments as workers get them: the text of one function. A fragment comes from another process, so it touches no files and prints nowhere,
/// and whatever is wrong with it ends in an exception. What was built stays for the next call with the same text. Thread-safe.
/// </summary>
/// <param name="engine">The threads; rows are shared out among them.</param>
/// <param name="keep">How many built fragments stay; fewer where their texts are long.</param>
/// <param name="batchBytes">About how many bytes of its widest matrix a batch of rows takes.</param>
public sealed class FragmentRunner(TaskEngine engine, int keep = 64, int batchBytes = LocalPipelineBackend.DefaultBatchBytes)
{
    // What is built takes some fifty times the memory of its text: 1 Mi characters are far more than scripts need and bound the rest.
    const int MostCharacters = 1 << 20;

    readonly Lock gate = new();
    int characters;
    readonly Dictionary<string, LinkedListNode<(string Text, Pipeline Built)>> known = [];
    readonly LinkedList<(string Text, Pipeline Built)> byUse = new();
    readonly LocalPipelineBackend backend = new(engine, batchBytes: batchBytes);

    /// <summary>Runs a fragment. The caller keeps owning the inputs and owns the results.</summary>
    /// <exception cref="ScriptException">The text is no fragment, or one of its operations failed.</exception>
    /// <exception cref="RaisedException">The inputs do not fit the fragment's parameters.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public Datum[] Run(string text, ReadOnlySpan<Datum> inputs, CancellationToken ct = default)
    {
        var fragment = Built(text);
        fragment.Whole.RequireInputs(inputs);
        return backend.RunAny(fragment, [.. inputs], ct);
    }

    Pipeline Built(string text)
    {
        lock (gate)
            if (known.TryGetValue(text, out var node))
            {
                byUse.Remove(node);
                byUse.AddFirst(node);
                return node.Value.Built;
            }
        var built = Build(text);
        lock (gate)
            if (text.Length <= MostCharacters && !known.ContainsKey(text))
            {
                known[text] = byUse.AddFirst((text, built));
                characters += text.Length;
                while (known.Count > keep || characters > MostCharacters)
                {
                    string last = byUse.Last!.Value.Text;
                    characters -= last.Length;
                    known.Remove(last);
                    byUse.RemoveLast();
                }
            }
        return built;
    }

    /// <summary>Fragments that stay at this moment.</summary>
    internal int Known
    {
        get { lock (gate) return known.Count; }
    }

    static Pipeline Build(string text)
    {
        var module = FragmentText.Parse(text);
        var function = module.Functions[0];
        var body = function.Regions[0].Block;
        // Representations are the sender's choice; inference knows only dense matrices.
        Value[] sparse = [.. body.Operations.SelectMany(op => op.Results).Where(v => v.Type is MatrixType { Representation: Representation.Sparse })];
        new InferTypes().Run(module);
        foreach (var value in sparse)
            if (value.Type is MatrixType type) value.Type = type with { Representation = Representation.Sparse };
        var operation = new Operation(Op.VectorizedPipeline, [], body.Terminator.Operands.Select(v => v.Type), function.Span);
        var target = operation.Regions[0].Block;
        Dictionary<Value, Value> map = body.Arguments.ToDictionary(a => a, a => target.AddArgument(a.Type));
        foreach (var op in body.Operations) target.Insert(op.Clone(map));
        // Which input comes in rows shows when it is there; only t(...) of rows is put together in another way than row by row.
        var pipeline = new Pipeline(operation,
            [.. body.Arguments.Select(a => a.Type is MatrixType ? SplitKind.Rows : SplitKind.None)],
            [.. body.Terminator.Operands.Select(v => v.Producer?.Def == Op.Transpose ? CombineKind.Cols : CombineKind.Rows)], text);
        _ = pipeline.Whole;
        return pipeline;
    }
}
