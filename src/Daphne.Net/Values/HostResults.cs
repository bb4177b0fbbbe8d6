using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net;

/// <summary>What a host gets of a script's values.</summary>
static class HostResults
{
    /// <summary>
    /// A value as <typeparamref name="T"/>: a scalar as its own C# type (an integer also as any integer type that holds it, any number as double),
    /// a string, a matrix as <see cref="Matrix"/> or <see cref="DenseMatrix{T}"/> (not copied), as a two-dimensional array, or (one column or one row) as an array.
    /// </summary>
    /// <exception cref="InvalidCastException">The value is something else; the message says what.</exception>
    public static T To<T>(string name, Datum value)
    {
        object? found = value.IsScalar ? Scalar(typeof(T), value) : Object(typeof(T), value.Object);
        return found is T result ? result : throw new InvalidCastException($"{name} is {Describe(value)}, which is not available as {HostTypeNames.Of(typeof(T))}; it is available as {HostTypeNames.For(value)}");
    }

    /// <summary>What a value is, in words.</summary>
    public static string Describe(Datum value) =>
        value.Type is { } type ? $"a scalar of type {type.DslName()}" :
        value.Object is Matrix m ? $"a {m.Rows}x{m.Cols} matrix of {m.ValueType.DslName()}" : $"a {value.Object.GetType().Name}";

    static object? Scalar(Type wanted, Datum value)
    {
        if (value.Type == ValueTypeCode.Str) return wanted == typeof(string) || wanted == typeof(object) ? value.Text : null;
        object own = value.Type switch
        {
            ValueTypeCode.F64 => value.As<double>(), ValueTypeCode.F32 => value.As<float>(),
            ValueTypeCode.SI64 => value.As<long>(), ValueTypeCode.UI64 or ValueTypeCode.Size => value.As<ulong>(),
            ValueTypeCode.SI32 => value.As<int>(), ValueTypeCode.UI32 => value.As<uint>(),
            ValueTypeCode.SI8 => value.As<sbyte>(), ValueTypeCode.UI8 => value.As<byte>(), _ => value.As<bool>(),
        };
        if (wanted.IsInstanceOfType(own)) return own;
        if (own is bool) return null;
        if (wanted == typeof(double)) return Convert.ToDouble(own, System.Globalization.CultureInfo.InvariantCulture);
        if (own is double or float) return null;
        Int128 whole = own is ulong u ? u : Convert.ToInt64(own, System.Globalization.CultureInfo.InvariantCulture);
        return wanted == typeof(int) && whole >= int.MinValue && whole <= int.MaxValue ? (int)whole
            : wanted == typeof(long) && whole <= long.MaxValue ? (long)whole
            : wanted == typeof(ulong) && whole >= 0 ? (ulong)whole
            : null;
    }

    static object? Object(Type wanted, DataObject value)
    {
        var here = value.Here();
        if (wanted.IsInstanceOfType(here)) return here;
        return here switch
        {
            DenseMatrix<double> x => Array(wanted, x), DenseMatrix<float> x => Array(wanted, x),
            DenseMatrix<long> x => Array(wanted, x), DenseMatrix<ulong> x => Array(wanted, x),
            DenseMatrix<int> x => Array(wanted, x), DenseMatrix<uint> x => Array(wanted, x),
            DenseMatrix<sbyte> x => Array(wanted, x), DenseMatrix<byte> x => Array(wanted, x),
            DenseMatrix<bool> x => Array(wanted, x), _ => null,
        };
    }

    static object? Array<T>(Type wanted, DenseMatrix<T> x) where T : unmanaged
    {
        if (wanted == typeof(T[]) && (x.Rows == 1 || x.Cols == 1)) return x.ToArray();
        if (wanted != typeof(T[,])) return null;
        var result = new T[x.Rows, x.Cols];
        if (x.Cells > 0) x.Span(0, checked((int)x.Cells)).CopyTo(new ArrayMemory<T>(result).GetSpan());
        return result;
    }
}
