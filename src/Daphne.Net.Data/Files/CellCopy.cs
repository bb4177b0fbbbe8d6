using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>Copies a column of one matrix into a column of another one, cell by cell into its value type: see <see cref="CellConversion"/>.</summary>
static class CellCopy
{
    /// <summary>A new matrix that <paramref name="fill"/> fills completely; it is released if that fails.</summary>
    public static Matrix Make(ValueTypeCode type, long rows, long cols, Action<Matrix> fill)
    {
        var matrix = type == ValueTypeCode.Str ? StringMatrix.Allocate(rows, cols, out _) : DenseMatrix.Allocate(type, rows, cols);
        try
        {
            fill(matrix);
            return matrix;
        }
        catch
        {
            matrix.Release();
            throw;
        }
    }

    /// <summary>Copies column <paramref name="from"/> of one matrix to column <paramref name="to"/> of another one of as many rows.</summary>
    /// <exception cref="RaisedException">A cell does not fit the other value type, or is text where a number is wanted.</exception>
    public static void Column(Matrix source, long from, Matrix target, long to)
    {
        if (source is StringMatrix text) Text(text, from, target, to);
        else DenseMatrix.Dispatch<FromNumbers, bool>(source, new(from, target, to));
    }

    static void Text(StringMatrix source, long from, Matrix target, long to)
    {
        if (target is not StringMatrix strings) throw Diag.CellsAreText.Raise(target.ValueType.DslName());
        for (long r = 0; r < source.Rows; r++) strings.WritableCells[r * strings.Cols + to] = source[r, from];
    }

    readonly struct FromNumbers(long from, Matrix target, long to) : IMatrixVisitor<bool>
    {
        public bool Visit<T>(DenseMatrix<T> source) where T : unmanaged
        {
            if (target is StringMatrix strings)
            {
                for (long r = 0; r < source.Rows; r++) strings.WritableCells[r * strings.Cols + to] = CellConversion.Text(source[r, from]);
                return true;
            }
            return DenseMatrix.Dispatch<ToNumbers<T>, bool>(target, new(source, from, to));
        }
    }

    readonly struct ToNumbers<TFrom>(DenseMatrix<TFrom> source, long from, long to) : IMatrixVisitor<bool> where TFrom : unmanaged
    {
        public unsafe bool Visit<T>(DenseMatrix<T> target) where T : unmanaged
        {
            TFrom* read = source.Cell0 + from;
            T* write = target.Cell0 + to;
            for (long r = 0; r < source.Rows; r++, read += source.Cols, write += target.Cols)
                if (!CellConversion.TryConvert(*read, out *write)) throw CellConversion.DoesNotFit(*read, target.ValueType);
            return true;
        }
    }
}
