using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>Reads a matrix from a Matrix Market file (<c>.mtx</c>). Entries given twice: the last one counts.</summary>
static class MatrixMarketReader
{
    public static Matrix Read(string path, FileMetaData meta, bool sparse = false)
    {
        using var file = FileAccess.OpenRead(path);
        return ReadRows(file, path, meta, new(0, meta.Rows), sparse, default);
    }

    /// <summary>Reads some rows: entries lie anywhere in the file, so that all of it is looked at.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">What diagnostics call it.</param>
    /// <param name="meta">Of the whole file.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="sparse">Whether to make a sparse matrix.</param>
    /// <param name="ct">Ends the reading at the next block.</param>
    public static Matrix ReadRows(SafeFileHandle file, string path, FileMetaData meta, FileRows rows, bool sparse, CancellationToken ct)
    {
        if (meta.MatrixValueType == ValueTypeCode.Str) throw Diag.FileKind.Raise("a matrix of strings", path, "a .mtx file holds numbers");
        return DenseMatrix.Dispatch<ForType, Matrix>(meta.MatrixValueType, new(file, path, meta, rows, sparse, ct));
    }

    readonly struct ForType(SafeFileHandle file, string path, FileMetaData meta, FileRows rows, bool sparse, CancellationToken ct) : IStorageVisitor<Matrix>
    {
        public Matrix Visit<T>() where T : unmanaged
        {
            if (sparse)
            {
                var builder = new CsrBuilder<T>(rows.Count, meta.Cols);
                new Run<T>(meta, rows, builder.Put, file, path).Read(ct);
                return builder.Build();
            }
            var matrix = DenseMatrix<T>.Allocate(rows.Count, meta.Cols, zeroed: true);
            try
            {
                new Run<T>(meta, rows, (row, col, value) => matrix.WritableSpan(row * matrix.Cols + col, 1)[0] = value, file, path).Read(ct);
                return matrix;
            }
            catch
            {
                matrix.Release();
                throw;
            }
        }
    }

    sealed unsafe class Run<T>(FileMetaData meta, FileRows wanted, Action<long, long, T> put, SafeFileHandle file, string path) where T : unmanaged
    {
        MatrixMarketHeader? header;
        Int128 entries = -1, seen;
        long line;

        // Where an array's next entry belongs.
        long row, col;

        public void Read(CancellationToken ct)
        {
            var blocks = new CsvBlocks(file, path, long.MaxValue) { Quotes = false };
            var block = new CsvBlock();
            while (blocks.TryNext(block))
            {
                ct.ThrowIfCancellationRequested();
                fixed (byte* text = block.Buffer)
                    for (byte* p = text; p < text + block.Length;)
                    {
                        int length = new ReadOnlySpan<byte>(p, (int)(text + block.Length - p)).IndexOf((byte)'\n');
                        line++;
                        ReadLine(p, length);
                        p += length + 1;
                    }
            }
            if (header is null || entries < 0) throw Wrong("the file ends before the line with its size");
            if (seen < entries) throw Wrong($"the file ends after {seen} of {entries} entries");
        }

        void ReadLine(byte* p, int length)
        {
            if (header is null)
            {
                header = MatrixMarketHeader.Parse(new(p, length)) ?? throw Wrong("the first line must be like '%%MatrixMarket matrix coordinate real general'");
                return;
            }
            if (*p == '%' || new ReadOnlySpan<byte>(p, length).Trim(" \t\r"u8).IsEmpty) return;
            if (entries < 0) ReadSize(p);
            else if (seen++ == entries) throw Wrong($"there are more than {entries} entries");
            else if (header.Value.Coordinates) ReadCoordinates(p, header.Value.Pattern);
            else ReadArray(p);
        }

        void ReadSize(byte* p)
        {
            long rows = Count(ref p), cols = Count(ref p);
            if (rows != meta.Rows || cols != meta.Cols) throw Diag.FileContradictsMeta.Raise(path, $"a {rows}x{cols} matrix", $"{meta.Rows}x{meta.Cols}");
            if (header!.Value.Mirror != 0 && rows != cols) throw Wrong("a symmetric matrix has as many rows as columns");
            entries = header.Value.Coordinates ? Count(ref p) : header.Value.Entries(rows, cols);
            if (header.Value.Mirror < 0) row = 1;
            End(p);
        }

        void ReadCoordinates(byte* p, bool pattern)
        {
            long r = Count(ref p) - 1, c = Count(ref p) - 1;
            if ((ulong)r >= (ulong)meta.Rows || (ulong)c >= (ulong)meta.Cols) throw Wrong($"there is no cell {r + 1}, {c + 1} in a {meta.Rows}x{meta.Cols} matrix");
            Put(r, c, pattern ? One : Value(ref p));
            End(p);
        }

        void ReadArray(byte* p)
        {
            Put(row, col, Value(ref p));
            End(p);
            if (++row < meta.Rows) return;
            col++;
            row = header!.Value.Mirror switch { 0 => 0, 1 => col, _ => col + 1 };
        }

        void Put(long r, long c, T value)
        {
            if (wanted.Has(r)) put(r - wanted.First, c, value);
            if (header!.Value.Mirror != 0 && r != c && wanted.Has(c)) put(c - wanted.First, r, header.Value.Mirror > 0 ? value : Negated(value));
        }

        static T One => typeof(T) == typeof(double) ? (T)(object)1.0 : typeof(T) == typeof(float) ? (T)(object)1f : Datum.FromBits<T>(1);

        static T Negated(T value) =>
            typeof(T) == typeof(double) ? (T)(object)-(double)(object)value
            : typeof(T) == typeof(float) ? (T)(object)-(float)(object)value
            : Datum.FromBits<T>(0 - Datum.ToBits(value));

        T Value(ref byte* p)
        {
            Skip(ref p);
            return CellScanner.TryScan(ref p, out T value) ? value : throw Wrong($"a number of type {ValueTypes.Of<T>().DslName()} was expected");
        }

        long Count(ref byte* p)
        {
            Skip(ref p);
            return CellScanner.TryScan(ref p, out long value) && value >= 0 ? value : throw Wrong("a whole number of at least 0 was expected");
        }

        void End(byte* p)
        {
            Skip(ref p);
            if (*p != '\n') throw Wrong("the line is longer than expected");
        }

        static void Skip(ref byte* p)
        {
            while (*p is (byte)' ' or (byte)'\t' or (byte)'\r') p++;
        }

        RaisedException Wrong(string what) => Diag.MatrixMarketMalformed.Raise(path, line, what);
    }
}
