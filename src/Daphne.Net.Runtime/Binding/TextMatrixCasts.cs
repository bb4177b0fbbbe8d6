using System.Globalization;
using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Casts between strings and numbers.</summary>
static class TextMatrixCasts
{
    public static Step Bind(Operation op, Emitter e) => (op.Operands[0].Type, op.Result.Type) switch
    {
        (MatrixType { ValueType: ValueTypeCode.Str }, MatrixType { ValueType: ValueTypeCode.Str or null }) => CastBindings.Keep(op, e),
        (MatrixType { ValueType: ValueTypeCode.Str }, MatrixType { ValueType: { } to }) => ToNumbers(op, e, to),
        (MatrixType { ValueType: ValueTypeCode.Str }, ScalarType) => OnlyCell(op, e),
        (MatrixType, MatrixType) => ToStrings(op, e),
        (ScalarType, MatrixType) => OneCell(op, e),
        var (from, to) => throw Diag.NotThisTypeYet.Raise($"a cast to {to}", from),
    };

    /// <summary>The storage bits of the number a string holds.</summary>
    /// <exception cref="RaisedException">It holds none.</exception>
    public static ulong Parse(string text, ValueTypeCode to)
    {
        if (to.IsFloat() || to == ValueTypeCode.Bool)
        {
            // Infinity and nan are written as scripts write them.
            if (Special(text) is { } special) return Convert(Datum.ToBits(special), ValueTypeCode.F64, to);
            // A float is rounded once, from its digits.
            if (to == ValueTypeCode.F32 && float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float single)) return Datum.ToBits(single);
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                ? Convert(Datum.ToBits(number), ValueTypeCode.F64, to) : throw Diag.NotANumber.Raise(text, to.DslName());
        }
        // 64 bits do not go through a float.
        if (long.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out long signed)) return Within(signed, text, to);
        if (ulong.TryParse(text, NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out ulong unsigned)) return Within(unsigned, text, to);
        // What has a fraction is cut like any other cast.
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double cut) || double.IsNaN(cut)) throw Diag.NotANumber.Raise(text, to.DslName());
        return Within(Int128.CreateSaturating(cut), text, to);
    }

    // A number cut short in silence is a wrong number, and whoever reads text does not know what stands there.
    static ulong Within(Int128 number, string text, ValueTypeCode to)
    {
        var (least, most) = Range(to);
        return number >= least && number <= most ? unchecked((ulong)(UInt128)number) : throw Diag.TextOutOfRange.Raise(text, to.DslName(), least, most);
    }

    static (Int128 Least, Int128 Most) Range(ValueTypeCode code) => code switch
    {
        ValueTypeCode.SI64 => (long.MinValue, long.MaxValue),
        ValueTypeCode.UI64 or ValueTypeCode.Size => (0, ulong.MaxValue),
        ValueTypeCode.SI32 => (int.MinValue, int.MaxValue),
        ValueTypeCode.UI32 => (0, uint.MaxValue),
        ValueTypeCode.SI8 => (sbyte.MinValue, sbyte.MaxValue),
        ValueTypeCode.UI8 => (0, byte.MaxValue),
        _ => throw new System.Diagnostics.UnreachableException($"{code} is no integer"),
    };

    // As scripts write them.
    static double? Special(string text) => text switch { "nan" or "-nan" => double.NaN, "inf" => double.PositiveInfinity, "-inf" => double.NegativeInfinity, _ => null };

    static ulong Convert(ulong bits, ValueTypeCode from, ValueTypeCode to) => ScalarCast.Between(from, to)?.Invoke(bits) ?? bits;

    static Step ToNumbers(Operation op, Emitter e, ValueTypeCode code)
    {
        int x = e.Object(op.Operands[0]), to = e.Object(op.Result);
        return new Do(f => f.Own(to, Numbers((StringMatrix)f.Matrix(x), code)));
    }

    static Step ToStrings(Operation op, Emitter e)
    {
        int x = e.Object(op.Operands[0]), to = e.Object(op.Result);
        return new Do(f => f.Own(to, TextMatrixCells.Strings(f.Matrix(x))));
    }

    static Step OneCell(Operation op, Emitter e)
    {
        int x = e.Text(op, 0), to = e.Object(op.Result);
        return new Do(f => f.Own(to, new StringMatrix([f.Text(x)], 1, 1)));
    }

    static Step OnlyCell(Operation op, Emitter e)
    {
        int x = e.Object(op.Operands[0]);
        var to = e[op.Result];
        return new Do(f =>
        {
            var matrix = (StringMatrix)f.Matrix(x);
            if (matrix.Cells != 1) throw Diag.NotOneCell.Raise(matrix.Rows, matrix.Cols);
            if (to.IsObject) f.Own(to.Index, matrix[0, 0]);
            else f.Bits[to.Index] = Parse(matrix[0, 0], ((ScalarType)to.Type).ValueType);
        });
    }

    /// <summary>The numbers that strings hold, in a new matrix.</summary>
    /// <exception cref="RaisedException">One holds none.</exception>
    public static Matrix Numbers(StringMatrix source, ValueTypeCode to) => DenseMatrix.Dispatch<Parsing, Matrix>(to, new(source, to));

    readonly struct Parsing(StringMatrix source, ValueTypeCode to) : IStorageVisitor<Matrix>
    {
        public Matrix Visit<T>() where T : unmanaged
        {
            var result = DenseMatrix<T>.Allocate(source.Rows, source.Cols);
            var from = source.Span;
            var cells = result.WritableSpan(0, from.Length);
            try
            {
                for (int i = 0; i < cells.Length; i++) cells[i] = Datum.FromBits<T>(Parse(from[i], to));
            }
            catch (RaisedException)
            {
                result.Release();
                throw;
            }
            return result;
        }
    }
}
