using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Matrices and frames from and to files, as far as the run may touch them.</summary>
static class FileBindings
{
    public static Binding[] Rows => [new(Op.Read, Read), new(Op.Write, Write), new(Op.OpenFile, Open), new(Op.Close, Close), new(Op.ReadCsv, ReadCsv)];

    static Step Read(Operation op, Emitter e)
    {
        int path = e.Text(op, 0), to = e.Object(op.Result);
        if (op.Result.Type is FrameType frame)
            return new Do(f =>
            {
                string file = f.Context.Files.ForReading(f.Text(path));
                var read = (Frame?)Later(f, file, op) ?? FrameFiles.Read(file, f.Context.Engine.Threads, f.Context.Cancellation);
                f.Own(to, read);
                CheckUnchanged(file, frame, read);
            });
        var expected = op.Result.Type.CellType();
        return new Do(f =>
        {
            string file = f.Context.Files.ForReading(f.Text(path));
            var matrix = (Matrix?)Later(f, file, op) ?? MatrixFiles.Read(file, f.Context.Engine.Threads, f.Context.Cancellation);
            f.Own(to, matrix);
            // The script was compiled for what the .meta file said then.
            if (expected is { } code && !MatrixCast.SameStorage(code, matrix.ValueType)) throw Diag.FileChanged.Raise(file, code.DslName(), matrix.ValueType.DslName());
        });
    }

    /// <summary>Where workers may read the file: what is in it, to be read when somebody needs it.</summary>
    public static DataObject? Later(Activation f, string file, Operation op) =>
        (f.Context.Pipelines as IFileSource)?.Open(file, op.Result.Type, f.Context.Engine.Threads, op.Span, f.Context.Cancellation);

    static Step Open(Operation op, Emitter e)
    {
        int path = e.Text(op, 0), to = e.Object(op.Result);
        return new Do(f =>
        {
            CsvFiles.CheckReadable(f.Context.Files.ForReading(f.Text(path)));
            f.Own(to, f.Text(path));
        });
    }

    // A handle is a name: nothing is open.
    static Step Close(Operation op, Emitter e) => new Do(static _ => { });

    static Step ReadCsv(Operation op, Emitter e)
    {
        int path = e.Text(op, 0), rows = e.Size(op, 1), cols = e.Size(op, 2), delimiter = e.Text(op, 3), to = e.Object(op.Result);
        return new Do(f =>
        {
            if (f.Text(delimiter) != ",") throw Diag.CsvDelimiter.Raise(f.Text(delimiter));
            f.Own(to, CsvFiles.Read(f.Context.Files.ForReading(f.Text(path)), f.Extent(rows), f.Extent(cols), f.Context.Engine.Threads, f.Context.Cancellation));
        });
    }

    static Step Write(Operation op, Emitter e)
    {
        int x = e.Object(op.Operands[0]), path = e.Text(op, 1);
        return new Do(f =>
        {
            string file = f.Context.Files.ForWriting(f.Text(path));
            (f.Context.Pipelines as IFileSource)?.BeforeWrite(file);
            if (f.Objects[x] is Frame frame) FrameFiles.Write(frame, file, f.Context.Engine.Threads);
            else MatrixFiles.Write(f.Matrix(x), file, f.Context.Engine.Threads);
        });
    }

    static void CheckUnchanged(string file, FrameType expected, Frame read)
    {
        if (expected.Columns.IsDefault) return;
        if (expected.Cols != read.Cols) throw Diag.FileChanged.Raise(file, $"{expected.Cols} columns", $"{read.Cols}");
        for (int j = 0; j < read.Cols; j++)
            if (expected.Columns[j] is { } code && code != read.ValueType(j)) throw Diag.FileChanged.Raise(file, $"{code.DslName()} in column {j}", read.ValueType(j).DslName());
    }
}
