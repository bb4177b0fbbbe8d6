using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>Between one matrix and the columns of a frame, when a file holds the one and a script wants the other.</summary>
static class FrameColumns
{
    /// <summary>The columns of a matrix as a frame, with the labels and types of the metadata. Releases the matrix.</summary>
    public static Frame Split(Matrix matrix, FileMetaData meta)
    {
        try
        {
            return Make(meta, j => Column(matrix, j, meta.Schema[j].ValueType));
        }
        finally
        {
            matrix.Release();
        }
    }

    /// <summary>All columns of a frame beside each other in a matrix of this type. Releases the frame.</summary>
    public static Matrix Join(Frame frame, ValueTypeCode type)
    {
        try
        {
            return CellCopy.Make(type, frame.Rows, frame.Cols, target =>
            {
                for (int j = 0; j < frame.Cols; j++) CellCopy.Column(frame[j], 0, target, j);
            });
        }
        finally
        {
            frame.Release();
        }
    }

    /// <summary>A frame of the columns that are made one after the other; what was made is released if one cannot be.</summary>
    public static Frame Make(FileMetaData meta, Func<int, Matrix> column)
    {
        var columns = new List<Matrix>(meta.Schema.Length);
        try
        {
            for (int j = 0; j < meta.Schema.Length; j++) columns.Add(column(j));
            return new Frame(meta.Rows, columns, [.. meta.Schema.Select(c => c.Label)]);
        }
        catch
        {
            foreach (var made in columns) made.Release();
            throw;
        }
    }

    /// <summary>The column of a matrix as a matrix of its own.</summary>
    public static Matrix Column(Matrix matrix, long col, ValueTypeCode type) => CellCopy.Make(type, matrix.Rows, 1, target => CellCopy.Column(matrix, col, target, 0));
}
