using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Casts from and to frames. What the columns of a frame are is looked up when it runs: types know it in most scripts, but not in all.</summary>
static class FrameCasts
{
    public static Step Bind(Operation op, Emitter e)
    {
        int x = e.Object(op.Operands[0]), to = e.Object(op.Result);
        switch (op.Operands[0].Type, op.Result.Type)
        {
            case (FrameType, MatrixType { ValueType: { } code }):
                return new Do(f => f.Own(to, ToMatrix(f.Context, f.Frame(x), code)));
            case (MatrixType, FrameType):
                return new Do(f => f.Own(to, FrameMatrix.FromMatrix(f.Matrix(x))));
            case (FrameType, FrameType) when op.Attributes.TryGetValue("cells", out var cells):
                var wanted = ((ScalarType)((TypeAttribute)cells).Type).ValueType;
                return new Do(f => f.Own(to, Recast(f.Context, f.Frame(x), wanted)));
            case var (from, into):
                throw Diag.NotThisTypeYet.Raise($"a cast to {into}", from);
        }
    }

    static Matrix ToMatrix(RunContext context, Frame frame, ValueTypeCode code)
    {
        if (frame.Cols == 0) return code == ValueTypeCode.Str ? StringMatrix.Allocate(frame.Rows, 0, out _) : DenseMatrix.Allocate(code, frame.Rows, 0);
        var columns = Cast(context, frame, code);
        var matrix = FrameMatrix.ToMatrix(frame.Rows, columns);
        foreach (var column in columns) column.Release();
        return matrix;
    }

    static Frame Recast(RunContext context, Frame frame, ValueTypeCode code) => new(frame.Rows, Cast(context, frame, code), frame.Labels);

    static Matrix[] Cast(RunContext context, Frame frame, ValueTypeCode code)
    {
        var columns = new Matrix[frame.Cols];
        int done = 0;
        try
        {
            for (; done < columns.Length; done++) columns[done] = Cast(context, frame[done], code);
        }
        catch (Exception e) when (e is RaisedException or OperationCanceledException)
        {
            foreach (var column in columns.AsSpan(0, done)) column.Release();
            throw;
        }
        return columns;
    }

    // The column itself, with one owner more, where it has the value type.
    static Matrix Cast(RunContext context, Matrix column, ValueTypeCode code)
    {
        bool text = column is StringMatrix;
        if (text ? code == ValueTypeCode.Str : code != ValueTypeCode.Str && MatrixCast.SameStorage(column.ValueType, code))
        {
            column.Retain();
            return column;
        }
        return code == ValueTypeCode.Str ? TextMatrixCells.Strings(column)
            : text ? TextMatrixCasts.Numbers((StringMatrix)column, code)
            : DenseMatrix.Dispatch<Conversion, Matrix>(code, new(context, column));
    }

    readonly struct Conversion(RunContext context, Matrix column) : IStorageVisitor<Matrix>
    {
        public Matrix Visit<T>() where T : unmanaged => MatrixCast.ByRows<T>(column.ValueType)(context, column);
    }
}
