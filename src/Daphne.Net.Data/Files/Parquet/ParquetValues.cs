using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>Turns the stored values of one column into cells, a batch at a time. One thread.</summary>
abstract class ParquetValues
{
    /// <summary>Values in a batch, at most.</summary>
    public const int Batch = 4096;

    /// <summary>For the values of this column.</summary>
    public static ParquetValues Of(ParquetColumn column) => column.Physical switch
    {
        ParquetFormat.Boolean => new Truths(),
        ParquetFormat.Int32 => column.Type is ValueTypeCode.UI32 or ValueTypeCode.UI8 ? new Numbers<uint>() : new Numbers<int>(),
        ParquetFormat.Int64 => column.Type == ValueTypeCode.UI64 ? new Numbers<ulong>() : new Numbers<long>(),
        ParquetFormat.Float => new Numbers<float>(),
        ParquetFormat.Double => new Numbers<double>(),
        _ => new Strings(),
    };

    /// <summary>Reads a dictionary of so many values; null, or what is wrong.</summary>
    public abstract string? Dictionary(ReadOnlySpan<byte> plain, int count);

    /// <summary>The length of the dictionary.</summary>
    public abstract int Entries { get; }

    /// <summary>Reads the next values of a page; false if there are not so many. <paramref name="at"/> is the position in the page, in bytes or for truth values in bits.</summary>
    public abstract bool TryPlain(ReadOnlySpan<byte> plain, ref long at, int count);

    /// <summary>Looks the next values up.</summary>
    public abstract void LookUp(ReadOnlySpan<int> indexes);

    /// <summary>Puts the values into cells of a column, from this row on: those rows that have one. False if one does not fit; <paramref name="row"/> is then its row.</summary>
    public abstract bool TryStore(Matrix target, long col, ReadOnlySpan<int> present, int count, ref long row);

    class Numbers<T> : ParquetValues where T : unmanaged
    {
        protected readonly T[] values = new T[Batch];
        T[] dictionary = [];

        public override int Entries => dictionary.Length;

        public override unsafe string? Dictionary(ReadOnlySpan<byte> plain, int count)
        {
            if ((long)count * sizeof(T) > plain.Length) return "a dictionary ends too early";
            dictionary = MemoryMarshal.Cast<byte, T>(plain)[..count].ToArray();
            return null;
        }

        public override unsafe bool TryPlain(ReadOnlySpan<byte> plain, ref long at, int count)
        {
            int length = count * sizeof(T);
            if (length > plain.Length - at) return false;
            plain.Slice((int)at, length).CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
            at += length;
            return true;
        }

        public override void LookUp(ReadOnlySpan<int> indexes)
        {
            for (int i = 0; i < indexes.Length; i++) values[i] = dictionary[indexes[i]];
        }

        public override bool TryStore(Matrix target, long col, ReadOnlySpan<int> present, int count, ref long row)
        {
            if (target is not StringMatrix strings) return DenseMatrix.Dispatch<Store<T>, long>(target, new(values, col, present.IsEmpty ? [] : present.ToArray(), count, row)) is var stop && (row = stop) < 0;
            for (int i = 0, next = 0; i < count; i++, row++)
                if (present.IsEmpty || present[i] != 0) strings.WritableCells[row * strings.Cols + col] = CellConversion.Text(values[next++]);
            return true;
        }
    }

    // A byte for eight of them, the lowest bit first.
    sealed class Truths : Numbers<bool>
    {
        public override string? Dictionary(ReadOnlySpan<byte> plain, int count) => "truth values have a dictionary";

        public override bool TryPlain(ReadOnlySpan<byte> plain, ref long at, int count)
        {
            if (at + count > plain.Length * 8L) return false;
            for (int i = 0; i < count; i++, at++) values[i] = (plain[(int)(at >> 3)] >> (int)(at & 7) & 1) != 0;
            return true;
        }

        // In runs of bits the "indexes" are the values.
        public override void LookUp(ReadOnlySpan<int> indexes)
        {
            for (int i = 0; i < indexes.Length; i++) values[i] = indexes[i] != 0;
        }
    }

    sealed class Strings : ParquetValues
    {
        readonly string[] values = new string[Batch];
        string[] dictionary = [];

        public override int Entries => dictionary.Length;

        public override string? Dictionary(ReadOnlySpan<byte> plain, int count)
        {
            if ((long)count * sizeof(uint) > plain.Length) return "a dictionary ends too early";
            dictionary = new string[count];
            long at = 0;
            foreach (ref string entry in dictionary.AsSpan())
                if (!TryNext(plain, ref at, out entry)) return "a dictionary ends too early";
            return null;
        }

        public override bool TryPlain(ReadOnlySpan<byte> plain, ref long at, int count)
        {
            foreach (ref string value in values.AsSpan(0, count))
                if (!TryNext(plain, ref at, out value)) return false;
            return true;
        }

        public override void LookUp(ReadOnlySpan<int> indexes)
        {
            for (int i = 0; i < indexes.Length; i++) values[i] = dictionary[indexes[i]];
        }

        public override bool TryStore(Matrix target, long col, ReadOnlySpan<int> present, int count, ref long row)
        {
            var strings = target as StringMatrix ?? throw Diag.CellsAreText.Raise(target.ValueType.DslName());
            for (int i = 0, next = 0; i < count; i++, row++)
                if (present.IsEmpty || present[i] != 0) strings.WritableCells[row * strings.Cols + col] = values[next++];
            return true;
        }

        static bool TryNext(ReadOnlySpan<byte> plain, ref long at, out string value)
        {
            value = "";
            if (plain.Length - at < sizeof(uint)) return false;
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(plain[(int)at..]);
            at += sizeof(uint);
            if (length > plain.Length - at) return false;
            value = Encoding.UTF8.GetString(plain.Slice((int)at, (int)length));
            at += length;
            return true;
        }
    }

    // The row that stopped it, or -1.
    readonly struct Store<T>(T[] values, long col, int[] present, int count, long row) : IMatrixVisitor<long> where T : unmanaged
    {
        public unsafe long Visit<TTo>(DenseMatrix<TTo> target) where TTo : unmanaged
        {
            TTo* cell = target.Cell0 + row * target.Cols + col;
            int next = 0;
            for (int i = 0; i < count; i++, cell += target.Cols)
                if (present.Length == 0 || present[i] != 0)
                {
                    if (!CellConversion.TryConvert(values[next++], out *cell)) return row + i;
                }
                else if (typeof(TTo) == typeof(double)) *cell = (TTo)(object)double.NaN;
                else if (typeof(TTo) == typeof(float)) *cell = (TTo)(object)float.NaN;
                else return row + i;
            return -1;
        }
    }
}
