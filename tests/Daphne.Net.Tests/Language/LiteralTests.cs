using System.Globalization;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Tests.Language;

public sealed class LiteralTests
{
    static Literal Read(string literal)
    {
        var script = Parser.Parse(new SourceText(literal + ";"));
        return Assert.IsType<Literal>(Assert.IsType<ExpressionStatement>(Assert.Single(script.Statements)).Expression);
    }

    static string Codes(string script)
    {
        var diagnostics = new DiagnosticBag();
        Parser.Parse(new SourceText(script), diagnostics);
        return string.Join(',', diagnostics.All.Select(d => d.Def.Code));
    }

    [Theory]
    [InlineData("0", ValueTypeCode.SI64, "0")]
    [InlineData("1_000'000", ValueTypeCode.SI64, "1000000")]
    [InlineData("9223372036854775807", ValueTypeCode.SI64, "9223372036854775807")]
    [InlineData("9223372036854775808", ValueTypeCode.SI64, "-9223372036854775808")]
    [InlineData("5l", ValueTypeCode.SI64, "5")]
    [InlineData("5z", ValueTypeCode.UI64, "5")]
    [InlineData("5u", ValueTypeCode.UI64, "5")]
    [InlineData("18_446_744_073_709_551_615ull", ValueTypeCode.UI64, "18446744073709551615")]
    [InlineData("1.0", ValueTypeCode.F64, "1")]
    [InlineData("1_0.0'2_5", ValueTypeCode.F64, "10.025")]
    [InlineData("1e6", ValueTypeCode.F64, "1000000")]
    [InlineData("1E-14", ValueTypeCode.F64, "1E-14")]
    [InlineData("12e0", ValueTypeCode.F64, "12")]
    [InlineData("1e400", ValueTypeCode.F64, "Infinity")]
    [InlineData("10e12f", ValueTypeCode.F32, "1E+13")]
    [InlineData("0.1f", ValueTypeCode.F32, "0.1")]
    [InlineData("nan", ValueTypeCode.F64, "NaN")]
    [InlineData("nanf", ValueTypeCode.F64, "NaN")]
    [InlineData("inff", ValueTypeCode.F64, "Infinity")]
    [InlineData("true", ValueTypeCode.Bool, "True")]
    [InlineData("\"\"", ValueTypeCode.Str, "")]
    [InlineData("\"a\nb\"", ValueTypeCode.Str, "a\nb")]
    [InlineData("\"\\b\\f\\n\\r\\t\\\"\\\\\"", ValueTypeCode.Str, "\b\f\n\r\t\"\\")]
    [InlineData("\"\\\\n\"", ValueTypeCode.Str, "\\\n")]
    [InlineData("\"\\\\\\\\\"", ValueTypeCode.Str, "\\\\")]
    [InlineData("\"\\\\\\\"\"", ValueTypeCode.Str, "\\\"")]
    public void Literals_mean_what_the_original_reads(string text, ValueTypeCode type, string value)
    {
        var literal = Read(text);
        Assert.Equal((type, value), (literal.ValueType, Convert.ToString(literal.Value, CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("1.")]
    [InlineData("01.0")]
    [InlineData("10.0_")]
    [InlineData("1.'0")]
    [InlineData(".5")]
    [InlineData("007")]
    [InlineData("0_1")]
    [InlineData("1__0")]
    [InlineData("1e05")]
    [InlineData("1e")]
    [InlineData("1f")]
    [InlineData("1ul")]
    [InlineData("10xyz23")]
    [InlineData("1.5.2")]
    [InlineData("1..3")]
    public void What_only_resembles_a_number_is_one_mistake(string text) => Assert.Equal("DPH1003", Codes($"print({text});"));

    [Theory]
    [InlineData("9223372036854775809")]
    [InlineData("18446744073709551615")]
    [InlineData("18446744073709551616u")]
    [InlineData("9223372036854775808l")]
    [InlineData("9223372036854775808z")]
    [InlineData("99999999999999999999999999")]
    [InlineData("1e39f")]
    public void Numbers_that_do_not_fit_are_refused(string text) => Assert.Equal("DPH1004", Codes($"x = {text} + 1;"));

    [Theory]
    [InlineData("-123.45", ValueTypeCode.F64, -123.45)]
    [InlineData("7", ValueTypeCode.SI64, 7L)]
    [InlineData("-7u", ValueTypeCode.UI64, ulong.MaxValue - 6)]
    [InlineData("1_000", ValueTypeCode.SI64, 1000L)]
    [InlineData("-9223372036854775808", ValueTypeCode.SI64, long.MinValue)]
    [InlineData("true", ValueTypeCode.Bool, true)]
    [InlineData("-true", ValueTypeCode.Bool, true)]
    [InlineData("\"hello world\"", ValueTypeCode.Str, "hello world")]
    [InlineData("nan", ValueTypeCode.F64, double.NaN)]
    [InlineData("-inf", ValueTypeCode.F64, double.NegativeInfinity)]
    [InlineData("12.34f", ValueTypeCode.F32, 12.34f)]
    public void A_script_argument_is_one_literal(string text, ValueTypeCode type, object value) =>
        Assert.Equal((type, value), ScriptArguments.ParseLiteral("a", text));

    [Theory]
    [InlineData("10+10")]
    [InlineData("sin(1.23)")]
    [InlineData("10xyz23")]
    [InlineData("--5")]
    [InlineData("+5")]
    [InlineData("-\"text\"")]
    [InlineData("text")]
    [InlineData("1 2")]
    [InlineData("[1]")]
    [InlineData("-")]
    [InlineData("")]
    [InlineData("\"open")]
    [InlineData("99999999999999999999")]
    public void Anything_else_is_no_script_argument(string text)
    {
        var refusal = Assert.Throws<ScriptException>(() => ScriptArguments.ParseLiteral("a", text));
        Assert.Equal(Stage.Parse, refusal.Stage);
        Assert.Single(refusal.Diagnostics);
    }
}
