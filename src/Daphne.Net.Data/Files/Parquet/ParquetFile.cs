using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>
/// Reads <c>.parquet</c> files: flat columns, several row groups, pages of both versions, plain or with a dictionary, uncompressed, Snappy or gzip. A
/// missing value is nan in a column of floats and empty in one of strings; elsewhere it is refused, unless a <c>.meta</c> file asks for floats.
/// </summary>
static class ParquetFile
{
    /// <summary>What the file says of itself.</summary>
    public static FileMetaData MetaData(string path)
    {
        using var file = FileAccess.OpenRead(path);
        return ParquetFooter.Read(file, path).MetaData;
    }

    public static Matrix ReadMatrix(string path, FileMetaData meta, int threads) =>
        Read(path, meta, run => CellCopy.Make(meta.MatrixValueType, meta.Rows, meta.Cols, target => run.Read(threads, j => (target, j))));

    /// <summary>Reads a frame; the metadata has a schema.</summary>
    public static Frame ReadFrame(string path, FileMetaData meta, int threads) =>
        Read(path, meta, run =>
        {
            var frame = FrameColumns.Make(meta, j => CellCopy.Make(meta.Schema[j].ValueType, meta.Rows, 1, _ => { }));
            try
            {
                run.Read(threads, j => (frame[j], 0));
                return frame;
            }
            catch
            {
                frame.Release();
                throw;
            }
        });

    static T Read<T>(string path, FileMetaData meta, Func<Run, T> read)
    {
        using var file = FileAccess.OpenRead(path);
        var footer = ParquetFooter.Read(file, path);
        if (footer.Rows != meta.Rows || footer.Columns.Length != meta.Cols)
            throw Diag.FileContradictsMeta.Raise(path, $"{footer.Rows} rows and {footer.Columns.Length} columns", $"{meta.Rows} and {meta.Cols}");
        return read(new Run(file, path, footer));
    }

    /// <summary>The chunks of a file, handed out to threads column by column; the pages of all of them were looked at before.</summary>
    sealed class Run
    {
        readonly SafeFileHandle file;
        readonly string path;
        readonly ParquetFooter footer;
        readonly List<ParquetPage>[] pages;
        int claimed = -1;
        RaisedException? problem;

        public Run(SafeFileHandle file, string path, ParquetFooter footer)
        {
            (this.file, this.path, this.footer) = (file, path, footer);
            pages = [.. footer.Groups.SelectMany(g => g.Chunks, (g, chunk) => ParquetPage.Of(file, path, chunk, g.Rows))];
        }

        public void Read(int threads, Func<int, (Matrix Target, int Col)> column)
        {
            RowThreads.Run(Math.Min(threads, pages.Length), () => ReadChunks(column));
            if (problem is not null) throw problem;
        }

        void ReadChunks(Func<int, (Matrix Target, int Col)> column)
        {
            for (int i = Interlocked.Increment(ref claimed); i < pages.Length && problem is null; i = Interlocked.Increment(ref claimed))
            {
                var (group, j) = Math.DivRem(i, footer.Columns.Length);
                var (target, col) = column(j);
                try
                {
                    new ParquetColumnReader(file, path, footer.Columns[j], footer.Groups[group].Chunks[j]).Read(pages[i], target, col, footer.Groups[group].FirstRow);
                }
                catch (RaisedException e)
                {
                    problem = e;
                }
            }
        }
    }
}
