using System.Numerics;
using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>The steps of operations on sparse matrices of <typeparamref name="T"/>: where they come from, how their cells move, what they are asked.</summary>
static partial class SparseSteps<T> where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static readonly Dictionary<OpDef, Binder> Table = Make();

    static Dictionary<OpDef, Binder> Make()
    {
        var table = new Dictionary<OpDef, Binder>
        {
            [Op.RandMatrix] = Random,
            [Op.Read] = Read,
            [Op.DiagMatrix] = DiagonalMatrix,
            [Op.DiagVector] = DiagonalColumn,
            [Op.Transpose] = (op, e) => Unary(op, e, SparseTranspose.Apply),
            [Op.Reverse] = (op, e) => Unary(op, e, SparseStructure.Reverse),
            [Op.Reshape] = Reshaped,
            [Op.SliceRow] = (op, e) => WithBounds(op, e, SparseStructure.SliceRows),
            [Op.SliceCol] = (op, e) => WithBounds(op, e, SparseStructure.SliceCols),
            [Op.ExtractRow] = (op, e) => AtPositions(op, e, SparseStructure.ExtractRows),
            [Op.ExtractCol] = (op, e) => AtPositions(op, e, SparseStructure.ExtractCols),
            [Op.FilterRow] = (op, e) => AtPositions(op, e, SparseStructure.FilterRows),
            [Op.FilterCol] = (op, e) => AtPositions(op, e, SparseStructure.FilterCols),
            [Op.ColBind] = (op, e) => Joined(op, e, SparseStructure.BindCols),
            [Op.RowBind] = (op, e) => Joined(op, e, SparseStructure.BindRows),
            [Op.Tri] = Triangle,
            [Op.Sparsity] = (op, e) => Fact(op, e, static x => Datum.ToBits((double)SparseCells.NonZeros(x) / x.Cells)),
            [Op.IsSymmetric] = (op, e) => Fact(op, e, static x => SparseStructure.IsSymmetric(x) ? 1UL : 0UL),
            [Op.MatrixConstant] = Literal,
        };
        AddCells(table);
        AddProducts(table);
        AddAggregates(table);
        return table;
    }

    static Step Random(Operation op, Emitter e)
    {
        int rows = e.Size(op, 0), cols = e.Size(op, 1), min = e.Number<T>(op, 2), max = e.Number<T>(op, 3);
        int sparsity = e.Number<double>(op, 4), seed = e.Number<long>(op, 5), to = e.Object(op.Result);
        return new Do(f => f.Own(to, SparseRand.Matrix(f.Extent(rows), f.Extent(cols), f.Scalar<T>(min), f.Scalar<T>(max),
            f.Scalar<double>(sparsity), f.Context.Seeds.Resolve((long)f.Bits[seed]), f.Context.Cancellation)));
    }

    static Step Read(Operation op, Emitter e)
    {
        int path = e.Text(op, 0), to = e.Object(op.Result);
        return new Do(f =>
        {
            string file = f.Context.Files.ForReading(f.Text(path));
            var later = (Matrix?)FileBindings.Later(f, file, op);
            var matrix = later ?? MatrixFiles.ReadSparse(file, f.Context.Engine.Threads);
            if (later is not null) f.Own(to, later);
            // The script was compiled for what the .meta file said then.
            if (matrix.ValueType != ValueTypes.Of<T>()) throw Diag.FileChanged.Raise(file, ValueTypes.Of<T>().DslName(), matrix.ValueType.DslName());
            if (later is null) f.Own(to, As(f, matrix, sparse: true));
        });
    }

    static Step Literal(Operation op, Emitter e)
    {
        long rows = (long)((ScalarAttribute)op.Attributes["rows"]).Value, cols = (long)((ScalarAttribute)op.Attributes["cols"]).Value;
        if (rows < 0 || cols < 0 || rows * cols != op.Operands.Count) throw Diag.MalformedProgram.Raise($"{op.Operands.Count} cells for a {rows}x{cols} matrix");
        int[] cells = [.. Enumerable.Range(0, op.Operands.Count).Select(i => e.Number<T>(op, i))];
        int to = e.Object(op.Result);
        return new Do(f =>
        {
            T[] values = [.. cells.Select(f.Scalar<T>)];
            var dense = DenseMatrix<T>.Copy(values, rows, cols);
            f.Own(to, Compression.ToSparse(dense));
            dense.Release();
        });
    }

    static Step DiagonalMatrix(Operation op, Emitter e)
    {
        int x = e.Dense<T>(op, 0), to = e.Object(op.Result);
        return new Do(f => f.Own(to, SparseStructure.DiagonalMatrix(f.Dense<T>(x))));
    }

    static Step DiagonalColumn(Operation op, Emitter e)
    {
        int x = e.Sparse<T>(op, 0), to = e.Object(op.Result);
        return new Do(f => f.Own(to, SparseStructure.DiagonalColumn(f.Sparse<T>(x))));
    }

    static Step Unary(Operation op, Emitter e, Func<CsrMatrix<T>, CsrMatrix<T>> kernel)
    {
        int x = e.Sparse<T>(op, 0), to = e.Object(op.Result);
        return new Do(f => f.Own(to, kernel(f.Sparse<T>(x))));
    }

    static Step Joined(Operation op, Emitter e, Func<CsrMatrix<T>, CsrMatrix<T>, CsrMatrix<T>> kernel)
    {
        int x = e.Sparse<T>(op, 0), y = e.Sparse<T>(op, 1), to = e.Object(op.Result);
        return new Do(f => f.Own(to, kernel(f.Sparse<T>(x), f.Sparse<T>(y))));
    }

    static Step Reshaped(Operation op, Emitter e)
    {
        int x = e.Sparse<T>(op, 0), rows = e.Size(op, 1), cols = e.Size(op, 2), to = e.Object(op.Result);
        return new Do(f => f.Own(to, SparseStructure.Reshape(f.Sparse<T>(x), f.Extent(rows), f.Extent(cols))));
    }

    static Step WithBounds(Operation op, Emitter e, Func<CsrMatrix<T>, long, long, CsrMatrix<T>> kernel)
    {
        int x = e.Sparse<T>(op, 0), lower = e.Number<long>(op, 1), upper = e.Number<long>(op, 2), to = e.Object(op.Result);
        return new Do(f => f.Own(to, kernel(f.Sparse<T>(x), (long)f.Bits[lower], (long)f.Bits[upper])));
    }

    static Step AtPositions(Operation op, Emitter e, Func<CsrMatrix<T>, Matrix, CsrMatrix<T>> kernel)
    {
        int x = e.Sparse<T>(op, 0), positions = e.Object(op.Operands[1]), to = e.Object(op.Result);
        return new Do(f => f.Own(to, kernel(f.Sparse<T>(x), f.Matrix(positions))));
    }

    static Step Triangle(Operation op, Emitter e)
    {
        int x = e.Sparse<T>(op, 0), upper = e.Flag(op, 1), diagonal = e.Flag(op, 2), values = e.Flag(op, 3), to = e.Object(op.Result);
        return new Do(f => f.Own(to, SparseStructure.Triangle(f.Sparse<T>(x), f.Bits[upper] != 0, f.Bits[diagonal] != 0, f.Bits[values] != 0)));
    }

    static Step Fact(Operation op, Emitter e, Func<CsrMatrix<T>, ulong> of)
    {
        int x = e.Sparse<T>(op, 0), to = e.Number(op.Result);
        return new Do(f => f.Bits[to] = of(f.Sparse<T>(x)));
    }
}
