using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Matrices from and to files, as far as the run may touch them.</summary>
static class FileBindings
{
    public static Binding[] Rows => [new(Op.Read, Read), new(Op.Write, Write)];

    static Step Read(Operation op, Emitter e)
    {
        int path = e.Text(op, 0), to = e.Object(op.Result);
        var expected = op.Result.Type.CellType();
        return new Do(f =>
        {
            string file = f.Context.Files.ForReading(f.Text(path));
            var matrix = MatrixFiles.Read(file, f.Context.Engine.Threads);
            f.Own(to, matrix);
            // The script was compiled for what the .meta file said then.
            if (expected is { } code && !MatrixCast.SameStorage(code, matrix.ValueType)) throw Diag.FileChanged.Raise(file, code.DslName(), matrix.ValueType.DslName());
        });
    }

    static Step Write(Operation op, Emitter e)
    {
        int x = e.Object(op.Operands[0]), path = e.Text(op, 1);
        return new Do(f =>
        {
            string file = f.Context.Files.ForWriting(f.Text(path));
            MatrixFiles.Write(f.Matrix(x), file, f.Context.Engine.Threads);
        });
    }
}
