using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Tests.Language;

public sealed class ParserTests
{
    static Expression Expression(string text) => Assert.IsType<ExpressionStatement>(Assert.Single(Parser.Parse(new SourceText(text + ";")).Statements)).Expression;

    // Every pair of operators: the one that binds tighter, or stands left, is inside.
    [Fact]
    public void Binary_operators_bind_by_rank_and_from_the_left()
    {
        string[][] ranks = [["||"], ["&&"], ["==", "!=", "<", "<=", ">", ">="], ["+", "-"], ["*", "/"], ["%"], ["^"], ["@"]];
        var all = ranks.SelectMany((operators, rank) => operators.Select(op => (op, rank))).ToArray();
        foreach (var (first, firstRank) in all)
            foreach (var (second, secondRank) in all)
            {
                string expected = firstRank >= secondRank ? $"(a {first} b) {second} c" : $"a {first} (b {second} c)";
                Assert.True(Expression(expected).Equals(Expression($"a {first} b {second} c")), expected);
            }
    }

    [Theory]
    [InlineData("-a ^ b", "(-a) ^ b")]
    [InlineData("-a @ b", "(-a) @ b")]
    [InlineData("a ^ -b ^ c", "(a ^ (-b)) ^ c")]
    [InlineData("-a[0, 1]", "-(a[0, 1])")]
    [InlineData("--a", "-(-a)")]
    [InlineData("a--b", "a - (-b)")]
    [InlineData("1-2", "1 - 2")]
    [InlineData("a[0, ][, 1]", "(a[0, ])[, 1]")]
    [InlineData("f(x)[0, ]", "(f(x))[0, ]")]
    [InlineData("a ? b : c ? d : e", "(a ? b : c) ? d : e")]
    [InlineData("a ? b ? c : d : e", "a ? (b ? c : d) : e")]
    [InlineData("a || b ? c : d + e", "(a || b) ? c : (d + e)")]
    [InlineData("a @ b[0, ]", "a @ (b[0, ])")]
    [InlineData("X[[[0, 1], ]]", "X[[ ([0, 1]), ]]")]
    public void Other_constructs_bind_as_documented(string text, string meant) => Assert.Equal(Expression(meant), Expression(text));

    [Fact]
    public void Every_construct_has_its_node()
    {
        var script = Parser.Parse(new SourceText("""
            import "a.daphne" as "b";
            def f(x: matrix<f64>, k, s: scalar,) -> f64, frame { return 1.0, {}; };
            b.y, z[1:, x] = b.g::hint(1, key=$arg,);
            if (a) ; else x = 1;
            """.Replace("if (a) ;", "if (a) {};")));
        Statement[] expected =
        [
            new ImportStatement("a.daphne", "b"),
            new FunctionStatement("f",
                new(new FunctionParameter("x", new(DataTypeName.Matrix, ValueTypeCode.F64)), new FunctionParameter("k", null), new FunctionParameter("s", new(DataTypeName.Scalar, null))),
                new(new TypeName(null, ValueTypeCode.F64), new TypeName(DataTypeName.Frame, null)),
                new(new(new ReturnStatement(new(new Literal(ValueTypeCode.F64, 1.0), new FrameLiteralByColumns(new(), new())))))),
            new AssignStatement(
                new(new AssignTarget("b.y", null), new AssignTarget("z", new(new IndexSlice(new Literal(ValueTypeCode.SI64, 1L), null), new IndexPosition(new Identifier("x"))))),
                new Call("b.g", "hint", new(new CallArgument(null, new Literal(ValueTypeCode.SI64, 1L)), new CallArgument("key", new Argument("arg"))))),
            new IfStatement(new Identifier("a"), new BlockStatement(new()), new AssignStatement(new(new AssignTarget("x", null)), new Literal(ValueTypeCode.SI64, 1L))),
        ];
        Assert.Equal(expected, script.Statements);
    }

    [Theory]
    [InlineData("{}", typeof(BlockStatement))]
    [InlineData("{};", typeof(BlockStatement))]
    [InlineData("{ a, b = f(); }", typeof(BlockStatement))]
    [InlineData("{ c ? a : b; }", typeof(BlockStatement))]
    [InlineData("{ [1, 2]; }", typeof(BlockStatement))]
    [InlineData("{ f({\"a\": x}); }", typeof(BlockStatement))]
    [InlineData("{ { x = 1; } }", typeof(BlockStatement))]
    [InlineData("{\"a\": [1, 2]};", typeof(ExpressionStatement))]
    [InlineData("{c ? a : b: x};", typeof(ExpressionStatement))]
    [InlineData("{a: x, b: y}[0, ];", typeof(ExpressionStatement))]
    [InlineData("{[\"a\", \"b\"], [1, 2]};", typeof(ExpressionStatement))]
    [InlineData("{[\"a\"]};", typeof(ExpressionStatement))]
    public void A_brace_at_the_start_of_a_statement_opens_a_block_or_a_frame(string text, Type kind) =>
        Assert.IsType(kind, Assert.Single(Parser.Parse(new SourceText(text)).Statements));

    [Fact]
    public void Spans_cover_what_they_name()
    {
        var source = new SourceText("x = (a + bb) * f(c)[0, ];\nfor (i in 1:2) {}");
        var script = Parser.Parse(source);
        string Covered(SourceSpan span) => source.Text.Substring(span.Start, span.Length);
        var assign = Assert.IsType<AssignStatement>(script.Statements[0]);
        var product = Assert.IsType<Binary>(assign.Value);
        var index = Assert.IsType<IndexExpression>(product.Right);
        Assert.Equal(
            ["x = (a + bb) * f(c)[0, ];", "x", "(a + bb) * f(c)[0, ]", "*", "a + bb", "f(c)[0, ]", "f(c)", "f", "[0, ]", "for (i in 1:2) {}", "i"],
            [Covered(assign.Span), Covered(assign.Targets[0].Span), Covered(product.Span), Covered(product.OperatorSpan), Covered(product.Left.Span), Covered(index.Span),
                Covered(index.Object.Span), Covered(((Call)index.Object).NameSpan), Covered(index.Index.Span), Covered(script.Statements[1].Span), Covered(((ForStatement)script.Statements[1]).VariableSpan)]);
    }
}
