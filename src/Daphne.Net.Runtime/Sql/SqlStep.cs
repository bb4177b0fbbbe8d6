using System.Collections.Immutable;
using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Runs a query. Its plan is made on the first run and kept as long as text and columns stay what they were.</summary>
sealed class SqlStep(int text, string[] names, int[] views, int to) : Step
{
    sealed record Planned(string Text, SqlViewSchema[] Schemas, SqlQuery Query);

    volatile Planned? last;

    public static Step Bind(Operation op, Emitter e)
    {
        string[] names = [.. ((ArrayAttribute)op.Attributes["views"]).Items.Select(v => ((StringAttribute)v).Value)];
        return new SqlStep(e.Text(op, 0), names, [.. op.Operands.Skip(1).Select(e.Object)], e.Object(op.Result));
    }

    public override void Run(Activation activation)
    {
        Frame[] frames = [.. views.Select(v => (Frame)activation.Objects[v]!)];
        activation.Own(to, SqlExecution.Run(QueryFor(activation.Text(text), frames), frames, activation));
    }

    SqlQuery QueryFor(string query, Frame[] frames)
    {
        SqlViewSchema[] schemas = [.. frames.Select((f, i) => new SqlViewSchema(names[i], f.Labels, [.. Enumerable.Range(0, f.Cols).Select(f.ValueType)]))];
        if (last is { } known && known.Text == query && known.Schemas.AsSpan().SequenceEqual(schemas)) return known.Query;
        var diagnostics = new DiagnosticBag();
        var made = SqlCompiler.Compile(SqlCompiler.Source(query, Span), schemas, diagnostics);
        diagnostics.ThrowIfErrors();
        last = new(query, schemas, made!);
        return made!;
    }
}
