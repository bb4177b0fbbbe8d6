using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// Reading files.
sealed partial class ScriptLowering
{
    // What the cells are must be known now, so the name must be, too.
    Value ReadFile(Call e)
    {
        var name = Arguments(e, [.. Op.Read.Builtins[0].Parameters])[0]!;
        if (name.Constant is not string path) throw Fail(Diag.NotSupportedYet, e.Span, "reading a file whose name is not a constant");
        try
        {
            var meta = options.MetaData(path);
            return builder.Typed(Op.Read, e.Span, e.Function == "readFrame" ? FrameOf(meta.AsFrame(path)) : IrType.Matrix(meta.MatrixValueType, meta.Rows, meta.Cols) with { Sparsity = Sparsity(meta) }, name);
        }
        catch (RaisedException missing)
        {
            errors.AddRange(missing.At(e.Span).Diagnostics);
            throw new Abandoned();
        }
    }

    static double Sparsity(FileMetaData meta) => meta is { NonZeros: { } count, Rows: > 0, Cols: > 0 } ? (double)count / meta.Rows / meta.Cols : -1;

    static FrameType FrameOf(FileMetaData meta) => new([.. meta.Schema.Select(c => (ValueTypeCode?)c.ValueType)], meta.Rows, [.. meta.Schema.Select(c => c.Label)]);
}
