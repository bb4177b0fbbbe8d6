using System.Globalization;
using System.Text;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Runtime.Lists;

/// <summary>Lists are values: whatever is appended and removed, other variables that hold the same list never notice.</summary>
public sealed class ListLawTests(ITestOutputHelper log)
{
    static string Run(string script)
    {
        var output = new StringWriter();
        ScriptEngine.Run(new SourceText(script), options: new() { Output = output }, ct: TestContext.Current.CancellationToken);
        return output.ToString();
    }

    [Fact]
    public void Random_programs_do_what_a_model_with_copies_does()
    {
        int seed = Random.Shared.Next();
        log.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (int round = 0; round < 30; round++)
        {
            string[] names = ["a", "b", "c"];
            var model = names.ToDictionary(n => n, _ => new List<int> { 0 });
            var script = new StringBuilder("zero = as.si64(sum(fill(0, 1, 1)));\n");
            var expected = new StringBuilder();
            foreach (string name in names) script.Append(CultureInfo.InvariantCulture, $"{name} = createList(fill(zero, 1, 1));\n");
            for (int i = 1; i <= 40; i++)
            {
                string to = names[random.Next(3)], from = names[random.Next(3)];
                switch (random.Next(4))
                {
                    case 0:
                        script.Append(CultureInfo.InvariantCulture, $"{to} = append({from}, fill({i} + zero, 1, 1));\n");
                        model[to] = [.. model[from], i];
                        break;
                    case 1 when model[from].Count > 0:
                        int at = random.Next(model[from].Count);
                        script.Append(CultureInfo.InvariantCulture, $"{to}, e = remove({from}, {at} + zero);\nprint(as.scalar(e));\n");
                        expected.Append(CultureInfo.InvariantCulture, $"{model[from][at]}\n");
                        var shorter = new List<int>(model[from]);
                        shorter.RemoveAt(at);
                        model[to] = shorter;
                        break;
                    case 2:
                        script.Append(CultureInfo.InvariantCulture, $"{to} = {from};\n");
                        model[to] = model[from];
                        break;
                    default:
                        bool holds = random.Next(2) == 0;
                        script.Append(CultureInfo.InvariantCulture, $"if (zero == {(holds ? 0 : 1)}) {{ {to} = append({from}, fill({i} + zero, 1, 1)); }} else {{ {to} = {from}; }}\nprint(length({to}));\n");
                        model[to] = holds ? [.. model[from], i] : model[from];
                        expected.Append(CultureInfo.InvariantCulture, $"{model[to].Count}\n");
                        break;
                }
            }
            foreach (string name in names)
            {
                script.Append(CultureInfo.InvariantCulture, $"print({name});\n");
                expected.Append(CultureInfo.InvariantCulture, $"List({model[name].Count}, DenseMatrix, int64_t)\n");
                foreach (int cell in model[name]) expected.Append(CultureInfo.InvariantCulture, $"DenseMatrix(1x1, int64_t)\n{cell}\n");
            }
            Assert.Equal(expected.ToString(), Run(script.ToString()));
        }
    }

    // Copied at every step, this list would take 5,000,000,000 moves.
    [Fact]
    public void A_list_that_grows_and_shrinks_in_a_loop_is_not_copied() => Assert.Equal("100001\n5000050000\n", Run("""
        l = createList(fill(0, 1, 1));
        for (i in 1:100000) { l = append(l, fill(i, 1, 1)); }
        print(length(l));
        s = 0;
        while (length(l) > 0) { l, e = remove(l, length(l) - 1); s = s + sum(e); }
        print(s);
        """));

    [Fact]
    public void A_list_that_has_been_given_up_gives_up_its_elements()
    {
        DenseMatrix<double> x = DenseMatrix<double>.Copy([1], 1, 1), y = DenseMatrix<double>.Copy([2], 1, 1);
        x.Retain();
        var list = new ObjectList(ValueTypeCode.F64, [x]);
        var copy = list.Copy();
        Assert.Equal(3, x.Owners);
        copy.Add(y);
        Assert.Same(x, copy.RemoveAt(0));
        x.Release();
        list.Release();
        Assert.Equal((1, 1, 1), (x.Owners, y.Owners, copy.Length));
        Assert.Throws<ArgumentException>(() => copy.Add(DenseMatrix<long>.Copy([1], 1, 1)));
    }

    [Theory]
    [InlineData("createList();", "DPH1650")]
    [InlineData("createList(1);", "DPH1651")]
    [InlineData("createList([1], [1.5]);", "DPH1652")]
    [InlineData("l = createList([1]); l = append(l, 1);", "DPH1651")]
    [InlineData("l = createList([1]); l = append(elem=[\"x\"], list=l);", "DPH1652")]
    [InlineData("print(length([1]));", "DPH1601")]
    [InlineData("print(createList([1]) + 1);", "DPH1514")]
    [InlineData("l = createList([1]); l = remove(l, 0);", "DPH1536")]
    [InlineData("l, e = remove(createList([1]), 1); print(e);", "DPH3350")]
    [InlineData("l, e = remove(createList([1]), -1); print(e);", "DPH3350")]
    [InlineData("if (sum(fill(1, 1, 1)) > 0) { x = createList([1]); } x = 1; if (sum(fill(1, 1, 1)) > 0) { x = createList([1]); } else { x = 2; } print(x);", "DPH1516")]
    public void Mistakes_say_what_a_list_needs(string script, string code) => Assert.Equal(code, Assert.Throws<ScriptException>(() => Run(script)).Diagnostics[0].Def.Code);
}
