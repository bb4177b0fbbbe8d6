using System.Globalization;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>Attributes as text.</summary>
static class AttributeText
{
    /// <summary>An attribute; <paramref name="bareText"/> where the type of a string goes without saying (the value of <c>daphne.constant</c>, as the original prints it).</summary>
    public static string Of(Attribute attribute, bool bareText = false) => attribute switch
    {
        ScalarAttribute { Value: bool b } => b ? "true" : "false",
        ScalarAttribute { Value: string s } a => bareText ? IrQuote.Quote(s) : $"{IrQuote.Quote(s)} : {a.Type}",
        ScalarAttribute { Value: double d } a => $"{FloatText.Of(d)} : {a.Type}",
        ScalarAttribute { Value: float f } a => $"{FloatText.Of(f)} : {a.Type}",
        ScalarAttribute a => string.Create(CultureInfo.InvariantCulture, $"{a.Value} : {a.Type}"),
        SymbolAttribute a => IrPrinter.Symbol(a.Name),
        TypeAttribute a => a.Type.ToString(),
        StringAttribute a => IrQuote.Quote(a.Value),
        ArrayAttribute a => "[" + string.Join(", ", a.Items.Select(i => Of(i))) + "]",
        SegmentsAttribute { Sizes: [] } => "array<i32>",
        SegmentsAttribute a => $"array<i32: {string.Join(", ", a.Sizes)}>",
        SplitAttribute a => $"#daphne<vec_split {Name(a.Kind)}>",
        CombineAttribute a => $"#daphne<vec_combine {Name(a.Kind)}>",
        _ => throw new System.Diagnostics.UnreachableException(attribute.GetType().Name),
    };

    /// <summary>An attribute's name, quoted where it has to be.</summary>
    public static string Key(string key) => IsBare(key) ? key : IrQuote.Quote(key);

    /// <summary>The IR name of a split or combine, for instance <c>ROWS</c>.</summary>
    public static string Name<T>(T kind) where T : struct, Enum => kind.ToString().ToUpperInvariant();

    public static bool IsBare(string name) =>
        name.Length > 0 && IsBareStart(name[0]) && name.All(IsBarePart);

    public static bool IsBareStart(char c) => char.IsAsciiLetter(c) || c == '_';

    public static bool IsBarePart(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or '.';
}
