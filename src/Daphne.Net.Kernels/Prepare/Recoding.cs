using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Dictionary encoding of a column. All nans are one value, the largest; 0.0 and -0.0 are one value, as it is found first.</summary>
public static class Recoding
{
    /// <summary>The codes of the cells, and the distinct values in the order of their codes.</summary>
    /// <exception cref="RaisedException">The operand is not a column.</exception>
    public static (DenseMatrix<long> Codes, DenseMatrix<T> Values) Apply<T>(DenseMatrix<T> column, bool ordered) where T : unmanaged
    {
        CheckColumn(column);
        var codes = DenseMatrix<long>.Allocate(column.Rows, 1);
        var values = new Distinct<T>();
        foreach (var (start, length) in column.Chunks()) values.Encode(column.Span(start, length), codes.WritableSpan(start, length));
        if (ordered) Renumber(codes, values.Sort(Compare));
        var dictionary = DenseMatrix<T>.Copy([.. values.Values], values.Values.Count, 1);
        return (codes, dictionary);
    }

    /// <summary>The same for strings, which are in order of their bytes.</summary>
    /// <exception cref="RaisedException">The operand is not a column.</exception>
    public static (DenseMatrix<long> Codes, StringMatrix Values) Apply(StringMatrix column, bool ordered)
    {
        CheckColumn(column);
        var codes = DenseMatrix<long>.Allocate(column.Rows, 1);
        var values = new Distinct<string>();
        values.Encode(column.Span, codes.WritableSpan(0, column.Span.Length));
        if (ordered) Renumber(codes, values.Sort(TextOrder.Compare));
        return (codes, new StringMatrix([.. values.Values], values.Values.Count, 1));
    }

    /// <summary>Each column of strings as codes in order of first appearance.</summary>
    internal static DenseMatrix<long> Columns(StringMatrix x)
    {
        var codes = DenseMatrix<long>.Allocate(x.Rows, x.Cols);
        for (long c = 0; c < x.Cols; c++)
        {
            var values = new Distinct<string>();
            for (long r = 0; r < x.Rows; r++) codes.WritableRow(r)[(int)c] = values.Code(x[r, c]);
        }
        return codes;
    }

    static int Compare<T>(T x, T y) => Condition.IsNan(x) || Condition.IsNan(y) ? Condition.IsNan(x).CompareTo(Condition.IsNan(y)) : Comparer<T>.Default.Compare(x, y);

    static void CheckColumn(Matrix x)
    {
        if (x.Cols != 1) throw Diag.ColumnNeeded.Raise("recode", x.Words());
    }

    static void Renumber(DenseMatrix<long> codes, long[] places)
    {
        foreach (var (start, length) in codes.Chunks())
            foreach (ref long code in codes.WritableSpan(start, length)) code = places[code];
    }

    /// <summary>Values in order of first appearance, each with its number.</summary>
    sealed class Distinct<T> where T : notnull
    {
        // The default equality is the one wanted: nan equals nan, -0.0 equals 0.0.
        readonly Dictionary<T, long> codes = [];

        public List<T> Values { get; } = [];

        public void Encode(ReadOnlySpan<T> cells, Span<long> target)
        {
            for (int i = 0; i < cells.Length; i++) target[i] = Code(cells[i]);
        }

        public long Code(T value)
        {
            if (codes.TryGetValue(value, out long code)) return code;
            codes.Add(value, Values.Count);
            Values.Add(value);
            return Values.Count - 1;
        }

        /// <summary>Puts the values in order; where each one was gone to, by its number before.</summary>
        public long[] Sort(Comparison<T> compare)
        {
            Values.Sort(compare);
            var places = new long[Values.Count];
            for (int i = 0; i < places.Length; i++) places[codes[Values[i]]] = i;
            return places;
        }
    }
}
