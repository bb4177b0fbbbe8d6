using System.Collections.Immutable;
using System.Globalization;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

sealed partial class IrParser
{
    void AttributeList(AttributeMap into, string close)
    {
        if (Eat(close)) return;
        do
        {
            Skip();
            int start = At;
            if (into.Count == IrText.MostAttributes) throw Fail(Diag.IrLimit, start, IrText.MostAttributes, "attributes of one operation");
            string key = Here == '"' ? Quoted() : Word("the name of an attribute");
            Expect("=");
            if (!into.TryAdd(key, Value(0))) throw Fail(Diag.IrRedefined, start, $"attribute {key}");
        }
        while (Eat(","));
        Expect(close);
    }

    Attribute Value(int depth)
    {
        Skip();
        int start = At;
        if (depth > IrText.MostNesting) throw Fail(Diag.IrLimit, start, IrText.MostNesting, "nested attributes");
        switch (Here)
        {
            case '@': return new SymbolAttribute(Symbol());
            case '"':
                string text = Quoted();
                return Eat(":") ? new ScalarAttribute(text, Typed(ValueTypeCode.Str)) : new StringAttribute(text);
            case '[': return Array(depth);
            case '#': return SplitOrCombine();
            case '-': return Scalar(start, Number());
            case '!' or '(': return new TypeAttribute(Type(depth));
        }
        if (char.IsAsciiDigit(Here)) return Scalar(start, Number());
        if (Eat("true")) return Truth(true);
        if (Eat("false")) return Truth(false);
        return Sees("array<") ? Segments() : new TypeAttribute(Type(depth));
    }

    ScalarAttribute Truth(bool value)
    {
        if (Eat(":")) Typed(ValueTypeCode.Bool);
        return new(value, IrType.Scalar(ValueTypeCode.Bool));
    }

    ScalarType Typed(ValueTypeCode code)
    {
        Skip();
        int start = At;
        var type = Type();
        return type == IrType.Scalar(code) ? (ScalarType)type : throw Fail(Diag.IrTypeMismatch, start, "the value", code.IrName(), type);
    }

    ArrayAttribute Array(int depth)
    {
        var items = ImmutableArray.CreateBuilder<Attribute>();
        Expect("[");
        if (Eat("]")) return new([]);
        do items.Add(Value(depth + 1));
        while (Eat(","));
        Expect("]");
        return new(items.ToImmutable());
    }

    SegmentsAttribute Segments()
    {
        var sizes = ImmutableArray.CreateBuilder<int>();
        Expect("array");
        Expect("<");
        Expect("i32");
        if (Eat(":"))
            do
            {
                Skip();
                int start = At;
                string number = Number();
                sizes.Add(int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int size) ? size : throw Fail(Diag.IrNumber, start, number, "i32"));
            }
            while (Eat(","));
        Expect(">");
        return new(sizes.ToImmutable());
    }

    Attribute SplitOrCombine()
    {
        Expect("#");
        Expect("daphne");
        Expect("<");
        bool split = OneOf(("vec_split", true), ("vec_combine", false));
        Attribute attribute = split ? new SplitAttribute(Kind<SplitKind>()) : new CombineAttribute(Kind<CombineKind>());
        Expect(">");
        return attribute;

        T Kind<T>() where T : struct, Enum => OneOf([.. Enum.GetValues<T>().Select(kind => (AttributeText.Name(kind), kind))]);
    }

    // A number with its type; without one MLIR means a 64-bit signed integer or an f64.
    ScalarAttribute Scalar(int start, string number)
    {
        var code = number.Contains('.') ? ValueTypeCode.F64 : ValueTypeCode.SI64;
        if (Eat(":"))
        {
            Skip();
            int at = At;
            code = Type() is ScalarType { ValueType: not ValueTypeCode.Str } scalar ? scalar.ValueType : throw Fail(Diag.IrNumber, at, number, Since(at));
        }
        return new(NumberOf(code, number) ?? throw Fail(Diag.IrNumber, start, number, code.IrName()), IrType.Scalar(code));
    }

    static object? NumberOf(ValueTypeCode code, string number)
    {
        bool negative = number[0] == '-';
        if (number.AsSpan(negative ? 1 : 0).StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            if (!ulong.TryParse(number.AsSpan(negative ? 3 : 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong bits) || negative) return null;
            if (code == ValueTypeCode.F64) return BitConverter.UInt64BitsToDouble(bits);
            if (code == ValueTypeCode.F32) return bits <= uint.MaxValue ? BitConverter.UInt32BitsToSingle((uint)bits) : null;
            number = bits.ToString(CultureInfo.InvariantCulture);
        }
        const NumberStyles whole = NumberStyles.AllowLeadingSign, real = NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite;
        var culture = CultureInfo.InvariantCulture;
        return code switch
        {
            ValueTypeCode.F64 => double.TryParse(number, real, culture, out double d) && double.IsFinite(d) ? d : null,
            ValueTypeCode.F32 => float.TryParse(number, real, culture, out float f) && float.IsFinite(f) ? f : null,
            ValueTypeCode.Bool => number switch { "0" => false, "1" or "-1" => true, _ => null },
            ValueTypeCode.UI64 or ValueTypeCode.Size => ulong.TryParse(number, NumberStyles.None, culture, out ulong u) ? u : null,
            ValueTypeCode.UI32 => uint.TryParse(number, NumberStyles.None, culture, out uint u) ? (ulong)u : null,
            ValueTypeCode.UI8 => byte.TryParse(number, NumberStyles.None, culture, out byte u) ? (ulong)u : null,
            ValueTypeCode.SI64 => long.TryParse(number, whole, culture, out long s) ? s : null,
            ValueTypeCode.SI32 => int.TryParse(number, whole, culture, out int s) ? (long)s : null,
            ValueTypeCode.SI8 => sbyte.TryParse(number, whole, culture, out sbyte s) ? (long)s : null,
            _ => null,
        };
    }
}
