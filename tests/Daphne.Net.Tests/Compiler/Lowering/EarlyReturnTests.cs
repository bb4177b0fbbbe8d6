using System.Text;
using Daphne.Net.Compiler;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Tests.Compiler;

public sealed class EarlyReturnTests
{
    [Fact]
    public void Two_hundred_early_returns_compile()
    {
        Compile(Cases(200));
    }

    /// <summary>Each early return nests a level deeper: too many are an error with a place, not a stack overflow.</summary>
    [Fact]
    public void A_thousand_early_returns_are_refused() => Refused(Cases(1000));

    /// <summary>Each of these doubles what follows: too many are an error, not an hour of compiling.</summary>
    [Fact]
    public void Returns_that_double_what_follows_are_refused_in_time() =>
        Refused("def f(a: si64) -> si64 {" + string.Concat(Enumerable.Range(0, 40).Select(i => $" if (a > {i}) {{ if (a == 7) return {i}; a = a + 1; }}")) + " return a; } print(f(1));");

    static string Cases(int count)
    {
        var script = new StringBuilder("def f(a: si64) -> si64 {\n");
        for (int i = 0; i < count; i++) script.Append($"if (a == {i}) return {i};\n");
        return script.Append("return -1; }\nprint(f(3));").ToString();
    }

    static void Refused(string script) => Assert.Contains("early returns is not supported yet", Assert.Throws<ScriptException>(() => Compile(script)).Message);

    static void Compile(string script) => DaphneCompiler.Compile(Parser.Parse(new SourceText(script)), new CompilerOptions { Verify = true });
}
