using System.Diagnostics;
using System.Text;
using Daphne.Net.Compiler;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Compiler.Ir;

public sealed class IrTextLaws
{
    [Fact]
    public void What_was_printed_reads_and_prints_as_the_same_text()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var module = new WildModules(seed).Make();
            Assert.True(Verifier.Check(module) is { Count: 0 }, $"seed {seed}: {string.Concat(Verifier.Check(module))}");
            string text = IrText.Print(module);
            var again = IrText.Parse(text, $"seed {seed}");
            Assert.True(Verifier.Check(again) is { Count: 0 }, $"seed {seed}: {string.Concat(Verifier.Check(again))}");
            Assert.Equal(text, IrText.Print(again));
        }
    }

    [Fact]
    public void A_copy_of_an_operation_prints_as_the_original()
    {
        for (int seed = 0; seed < 100; seed++)
            foreach (var function in new WildModules(seed).Make().Functions)
                Assert.Equal(IrText.Print(function), IrText.Print(function.Clone(new Dictionary<Value, Value>())));
    }

    [Fact]
    public void Damaged_text_ends_in_a_diagnostic_or_in_a_module()
    {
        int read = 0, refused = 0;
        for (int seed = 0; seed < 700; seed++)
        {
            var random = new Random(seed);
            var bytes = Encoding.UTF8.GetBytes(IrText.Print(new WildModules(seed % 60).Make())).ToList();
            for (int i = random.Next(1, 3); i > 0 && bytes.Count > 0; i--) Damage(random, bytes);
            string text = Encoding.UTF8.GetString([.. bytes]);
            try
            {
                var module = IrText.Parse(text);
                Verifier.Check(module);
                IrText.Print(module);
                read++;
            }
            catch (ScriptException e)
            {
                Assert.All(e.Diagnostics, d => Assert.StartsWith("DPH25", d.Def.Code));
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}\n{text}");
            }
        }
        Assert.True(read > 0 && refused > 50, $"{read} read, {refused} refused");
    }

    static void Damage(Random random, List<byte> bytes)
    {
        int at = random.Next(bytes.Count), length = random.Next(1, Math.Min(30, bytes.Count - at) + 1);
        switch (random.Next(4))
        {
            case 0: bytes[at] = (byte)random.Next(256); break;
            case 1: bytes.RemoveRange(at, length); break;
            case 2: bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length)); break;
            default: bytes[at] = (byte)"%\"<>(){}[]:,!@#x?0"[random.Next(18)]; break;
        }
    }

    [Theory]
    [InlineData("(", ")", "\"daphne.now\"() <{a = ", "}> : () -> si64")]
    [InlineData("!daphne.List<", ">", "\"daphne.now\"() : () -> ", "")]
    [InlineData("[", "]", "\"daphne.now\"() <{a = ", "}> : () -> si64")]
    [InlineData("\"scf.if\"(%c) ({", "}, {}) : (i1) -> ()", "", "")]
    [InlineData("(", "", "loc(", "")]
    public void Deep_nesting_is_refused(string open, string close, string before, string after)
    {
        const int deep = 100_000;
        string text = "func.func @f(%c: i1) {" + before + string.Concat(Enumerable.Repeat(open, deep)) + string.Concat(Enumerable.Repeat(close, deep)) + after + "}";
        Assert.Equal(Stage.Compile, Assert.Throws<ScriptException>(() => IrText.Parse(text)).Stage);
    }

    // Each would take minutes if something in it were looked for by walking.
    [Theory]
    [InlineData("func.func @f{0}() {{\n  \"daphne.return\"() : () -> ()\n}}\n", "", "")]
    [InlineData("%a{0}: f64, ", "func.func @f(", "%last: f64) {\n  \"daphne.return\"() : () -> ()\n}\n")]
    [InlineData("%a{0}, ", "func.func @f(%x: f64) {\n", "%last = \"daphne.now\"() : () -> si64\n}\n")]
    [InlineData("// {0}\n", "func.func @f() {\n", "  \"daphne.return\"() : () -> ()\n}\n")]
    [InlineData("k{0} = [{0} : si64], ", "func.func @f() {\n  \"daphne.return\"() <{", "last = true}> : () -> ()\n}\n")]
    [InlineData("\"{0}\", ", "func.func @f(%x: !daphne.Frame<?x[?: ?], [", "\"last\"]>) {\n  \"daphne.return\"() : () -> ()\n}\n")]
    public void Much_of_the_same_takes_linear_time(string part, string before, string after)
    {
        string text = before + string.Concat(Enumerable.Range(0, 50_000).Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, part, i))) + after;
        var clock = Stopwatch.StartNew();
        try
        {
            Verifier.Check(IrText.Parse(text));
        }
        catch (ScriptException)
        {
            // Refusing is fine, as long as it does not take long.
        }
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"{clock.Elapsed}");
    }

    [Fact]
    public void A_long_chain_is_read_checked_and_printed_in_linear_time()
    {
        const int length = 50_000;
        var text = new StringBuilder("func.func @main(%arg0: f64) -> f64 {\n  %0 = \"daphne.constant\"() <{value = 1.000000e+00 : f64}> : () -> f64\n");
        for (int i = 1; i <= length; i++) text.Append($"  %{i} = \"daphne.ewAdd\"(%{i - 1}, %0) : (f64, f64) -> f64\n");
        text.Append($"  \"daphne.return\"(%{length}) : (f64) -> ()\n}}\n");
        var clock = Stopwatch.StartNew();
        var module = IrText.Parse(text.ToString());
        Assert.Empty(Verifier.Check(module));
        Assert.Equal(text.ToString(), IrText.Print(module));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"{clock.Elapsed}");   // quadratic would be minutes
    }
}
