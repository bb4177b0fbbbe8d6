using System.Diagnostics;
using System.Text;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Tests.Language;

/// <summary>Deep, long and broken scripts, on a stack of 1 MB.</summary>
public sealed class ParserLimitsTests
{
    static (Script Script, DiagnosticBag Diagnostics) ParseOnSmallStack(string text)
    {
        var diagnostics = new DiagnosticBag();
        Script? script = null;
        var thread = new Thread(() =>
        {
            script = Parser.Parse(new SourceText(text), diagnostics);
            // Whoever walks the tree must come through too.
            if (!diagnostics.HasErrors) Assert.Equal(script, Parser.Parse(new SourceText(SyntaxPrinter.Print(script))));
        }, 1 << 20);
        thread.Start();
        thread.Join();
        return (script!, diagnostics);
    }

    static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();

    public static TheoryData<string, string, string, string> Nestings => new()
    {
        { "x = ", "(", "1", ")" },
        { "x = ", "-", "1", "" },
        { "x = ", "1 + ", "1", "" },
        { "x = 1", "", "", " + 1" },
        { "x = 1", "", "", " @ 1" },
        { "x = ", "1 ? 1 : ", "1", "" },
        { "x = ", "1 ? ", "1", " : 1" },
        { "x = ", "1 + (", "1", ")" },
        { "x = ", "a || b && c == d + e * f % g ^ h @ (", "1", ")" },
        { "x = ", "a || b && c == d + e * f % g ^ h @ -f(k=1 ? [", "1", "](1,):2)" },
        { "x = a", "", "", "[0, 1]" },
        { "x = ", "a[0, ", "1", " ]" },
        { "x = ", "a[[ ", "1", ", ]]" },
        { "x = ", "[ ", "1", " ]" },
        { "x = ", "{1: ", "1", "}" },
        { "x = ", "{[1], [", "1", "]}" },
        { "x = ", "as.f64(", "1", ")" },
        { "x = ", "f(", "1", ")" },
        { "", "{", "x = 1;", "}" },
        { "", "if (a) ", "x = 1;", "" },
        { "", "if (a) {} else ", "x = 1;", "" },
        { "", "while (a) { for (i in 1:2) ", "x = 1;", "}" },
        { "", "do ", "x = 1;", " while (a);" },
    };

    [Theory, MemberData(nameof(Nestings))]
    public void Nesting_gives_a_tree_or_one_diagnostic(string head, string open, string core, string close)
    {
        foreach (int levels in (int[])[30, 240, 499, 10_000])
        {
            string text = head + Repeat(open, levels) + core + Repeat(close, levels) + (head == "" ? "" : ";");
            var (_, diagnostics) = ParseOnSmallStack(text);
            if (levels == 30) Assert.Empty(diagnostics.All);
            bool isChain = open.Length == 0 && close is " + 1" or " @ 1" || open == "1 + ";
            if (isChain) Assert.Empty(diagnostics.All);
            else if (levels >= 10_000) Assert.Equal("DPH1018", Assert.Single(diagnostics.All).Def.Code);
        }
    }

    [Fact]
    public void A_chain_of_operators_is_one_level_and_each_operand_may_be_as_deep_as_it_could_alone()
    {
        string Deep(int levels) => Repeat("(", levels) + "a || b ^ 2 + c * (d - e)" + Repeat(")", levels);
        string chain = "x = 1" + Repeat(" + 1 * 2 || y @ 3", 100_000);
        Assert.Empty(ParseOnSmallStack(chain + " - " + Deep(480) + " + 1;").Diagnostics.All);
        Assert.Equal("DPH1018", Assert.Single(ParseOnSmallStack(chain + " - " + Deep(500) + " + 1;").Diagnostics.All).Def.Code);
        Assert.Empty(ParseOnSmallStack("x = " + Repeat("(", 480) + "1" + Repeat(" * 2 + 3)", 480) + ";").Diagnostics.All);
    }

    [Fact]
    public void A_hundred_thousand_levels_end_the_same_way()
    {
        foreach (string text in (string[])["x = " + Repeat("(", 100_000), Repeat("{", 100_000), "x = " + Repeat("-", 100_000) + "1;"])
            Assert.Equal("DPH1018", Assert.Single(ParseOnSmallStack(text).Diagnostics.All).Def.Code);
    }

    [Fact]
    public void Long_lists_are_not_deep()
    {
        var (script, diagnostics) = ParseOnSmallStack("x = [1" + Repeat(", 1", 30_000) + "];" + Repeat("y = x;", 10_000));
        Assert.Empty(diagnostics.All);
        Assert.Equal(10_001, script.Statements.Count);
    }

    [Fact]
    public void A_megabyte_is_read_in_a_moment()
    {
        string text = Repeat("total = total + sum(X[0:i, \"label\"] * 1.25e3) / (nrow(X) - 1); # running\nif (i >= 10 && !".Replace("!", "") + "done) { i = i + 1; }\n", 10_000);
        Assert.True(text.Length > 1_000_000);
        Parser.Parse(new SourceText("warm = up(1)[0, ];"));
        var watch = Stopwatch.StartNew();
        var script = Parser.Parse(new SourceText(text));
        // A tenth of a second on a quiet machine; the bound only catches what grows faster than the text.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed}");
        Assert.Equal(20_000, script.Statements.Count);
    }

    [Fact]
    public void Noise_is_never_more_than_diagnostics()
    {
        var random = new Random(20240607);
        var watch = Stopwatch.StartNew();
        int refused = 0, round = 0;
        for (; round < 5_000 && watch.ElapsedMilliseconds < 1_000; round++)
        {
            string path = GoldenScripts.All[random.Next(GoldenScripts.All.Count)];
            string text = Mutate(File.ReadAllText(path), random);
            var diagnostics = new DiagnosticBag();
            try
            {
                var script = Parser.Parse(new SourceText(text), diagnostics);
                foreach (var diagnostic in diagnostics.All) Assert.StartsWith("<script>:", diagnostic.ToString());
                if (diagnostics.HasErrors) refused++;
                else Assert.Equal(script, Parser.Parse(new SourceText(SyntaxPrinter.Print(script))));
            }
            catch (Exception e)
            {
                Assert.Fail($"round {round}, {path}:\n{text}\n{e}");
            }
        }
        Assert.InRange(refused, round / 4, round);
    }

    static string Mutate(string text, Random random)
    {
        const string noise = "()[]{};,.:=+-*/%^@<>&|!?$\"'\\#_0123456789eEfulz \n\t\0\uFEFFäx€\uD800";
        var mutated = new StringBuilder(text);
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            int at = random.Next(mutated.Length + 1), length = Math.Min(random.Next(1, 12), mutated.Length - at);
            switch (random.Next(3))
            {
                case 0: mutated.Insert(at, noise[random.Next(noise.Length)]); break;
                case 1: mutated.Remove(at, length); break;
                default: mutated.Insert(at, mutated.ToString(at, length)); break;
            }
        }
        return mutated.ToString();
    }
}
