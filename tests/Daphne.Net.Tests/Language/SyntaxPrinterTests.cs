using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Tests.Language;

public sealed class SyntaxPrinterTests
{
    [Fact]
    public void Reading_what_was_printed_gives_the_same_tree()
    {
        for (int seed = 0; seed < 1000; seed++)
        {
            var tree = new RandomScripts(seed).Script();
            string text = SyntaxPrinter.Print(tree);
            var diagnostics = new DiagnosticBag();
            var again = Parser.Parse(new SourceText(text), diagnostics);
            Assert.True(!diagnostics.HasErrors, $"seed {seed}: {string.Concat(diagnostics.All)}\n{text}");
            Assert.True(tree.Equals(again), $"seed {seed}:\n{text}\nis read as\n{SyntaxPrinter.Print(again)}");
        }
    }

    [Fact]
    public void Printing_what_was_read_changes_nothing_any_more()
    {
        foreach (string path in GoldenScripts.All)
        {
            var diagnostics = new DiagnosticBag();
            var tree = Parser.Parse(new SourceText(File.ReadAllText(path)), diagnostics);
            if (diagnostics.HasErrors) continue;
            string text = SyntaxPrinter.Print(tree);
            var again = Parser.Parse(new SourceText(text, path));
            Assert.True(tree.Equals(again), $"{path}:\n{text}");
            Assert.Equal(text, SyntaxPrinter.Print(again));
        }
    }

    [Theory]
    [InlineData("((a + b)) + (c);", "a + b + c;")]
    [InlineData("a - (b - c);", "a - (b - c);")]
    [InlineData("(a ^ b) ^ c;", "a ^ b ^ c;")]
    [InlineData("(-a) ^ (b);", "-a ^ b;")]
    [InlineData("-(a ^ b);", "-(a ^ b);")]
    [InlineData("(-a)[0, ];", "(-a)[0, ];")]
    [InlineData("-a[0, ];", "-a[0, ];")]
    [InlineData("(a ? b : c) ? d : e;", "a ? b : c ? d : e;")]
    [InlineData("a ? b : (c ? d : e);", "a ? b : (c ? d : e);")]
    [InlineData("A ^ (2 @ B);", "A ^ 2 @ B;")]
    [InlineData("x = (a *::k b) +::l c;", "x = a *::k b +::l c;")]
    [InlineData("X[ [1, 2], [3] ] = [[1], ];", null)]
    [InlineData("X[ [1, 2], [3] ] = Y[[ [1], [0] ]];", "X[ [1, 2], [3] ] = Y[[ [1], [0] ]];")]
    [InlineData("({\"a\": [1]});", "({\"a\": [1]});")]
    [InlineData("if (a) { if (b) f(); } else g();", "if (a) {\n    if (b) f();\n} else g();")]
    [InlineData("{ {} { x = 1e-05; } };", null)]
    [InlineData("{ {} { x = 1e-5; } };", "{\n    {}\n    {\n        x = 1e-5;\n    }\n}")]
    [InlineData("def f(a:si64,b:matrix<f64>,c,)->f64,frame{return 1.50, [1](,2);}", "def f(a: si64, b: matrix<f64>, c) -> f64, frame {\n    return 1.5, [1](, 2);\n}")]
    [InlineData("do x = x+1; while (x<3)", "do x = x + 1; while (x < 3);")]
    [InlineData("for(i in c?1:2:9:-1)print(i);", "for (i in c ? 1 : 2:9:-1) print(i);")]
    [InlineData("a.b, c = lib.f::k(1, n=$m,);", "a.b, c = lib.f::k(1, n=$m);")]
    [InlineData("import \"a\\\\b\" as \"c\";", "import \"a\\\\b\" as \"c\";")]
    public void Text_is_written_with_the_fewest_parentheses(string script, string? printed)
    {
        var diagnostics = new DiagnosticBag();
        var tree = Parser.Parse(new SourceText(script), diagnostics);
        Assert.Equal(printed is null, diagnostics.HasErrors);
        if (printed is not null) Assert.Equal(printed + "\n", SyntaxPrinter.Print(tree));
    }

    [Theory]
    [InlineData("\\n", "(\"\\\\\" + \"n\")")]       // not one literal: "\\n" is a backslash and a line break
    [InlineData("\\\n", "\"\\\\\\n\"")]
    [InlineData("a\\\\", "\"a\\\\\\\\\"")]
    public void A_string_no_literal_can_hold_is_written_as_a_sum(string value, string printed) =>
        Assert.Equal(printed, SyntaxPrinter.Print(new Literal(ValueTypeCode.Str, value)));
}
