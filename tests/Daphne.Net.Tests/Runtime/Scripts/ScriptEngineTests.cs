using System.Diagnostics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;
using Daphne.Net.Tests.Runtime.Programs;

namespace Daphne.Net.Tests.Runtime.Scripts;

public sealed class ScriptEngineTests
{
    static ScriptResult Run(string script, ScriptInputs? inputs = null, params string[] outputs) =>
        ScriptEngine.Run(new SourceText(script), inputs, new ScriptOptions { Outputs = outputs.ToHashSet() });

    [Fact]
    public void Outputs_come_back_and_inputs_stay_as_they_are()
    {
        var x = DenseMatrix<double>.Borrow(new double[] { 1, 2, 3, 4 }, 2, 2);
        var inputs = new ScriptInputs().Add("X", Datum.Of(x)).Add("f", Datum.Of(0.5)).AddLiteral("n", "-3").Add("name", Datum.Of("x"));
        var result = Run("Y = $X * $f; $X; k = $n + 1; s = $name + \"y\"; Z = $X; Z[0, 0] = [9.0];", inputs, "Y", "k", "s", "Z");
        Assert.Equal([0.5, 1, 1.5, 2], ((DenseMatrix<double>)result.Outputs["Y"].Object).ToArray());
        Assert.Equal([9.0, 2, 3, 4], ((DenseMatrix<double>)result.Outputs["Z"].Object).ToArray());
        Assert.Equal((-2L, "xy"), (result.Outputs["k"].As<long>(), result.Outputs["s"].Text));
        Assert.Equal([1.0, 2, 3, 4], x.ToArray());
        Assert.Equal(1, x.Owners);
    }

    [Fact]
    public void Every_value_type_goes_in_and_comes_out()
    {
        Datum[] values = [Datum.Of(-5.5), Datum.Of(-2.5f), Datum.Of(-7L), Datum.Of(ulong.MaxValue), Datum.Of(-7), Datum.Of(7u), Datum.Of((sbyte)-7), Datum.Of((byte)200), Datum.Of(true)];
        foreach (var value in values)
        {
            var back = Run("y = $x;", new ScriptInputs().Add("x", value), "y").Outputs["y"];
            Assert.Equal((value.Type, value.Bits), (back.Type, back.Bits));
        }
    }

    [Theory]
    [InlineData("print(1", Stage.Parse)]
    [InlineData("print(x);", Stage.Parse)]
    [InlineData("x = [1, 2]; print(x @ x);", Stage.Execute)]
    [InlineData("print(1); stop(\"no\");", Stage.Execute)]
    [InlineData("print(fill(1.0, -1, 2));", Stage.Execute)]
    [InlineData("print($missing);", Stage.Parse)]
    public void Mistakes_name_their_stage_and_place(string script, Stage stage)
    {
        var thrown = Assert.Throws<ScriptException>(() => Run(script));
        Assert.Equal(stage, thrown.Stage);
        Assert.StartsWith("<script>:1:", thrown.Diagnostics[0].Headline);
    }

    [Theory]
    [InlineData("X = fill(1.0, 9223372036854775807, 0); print(nrow(rbind(X, X)));", "DPH3222: 9223372036854775807 and 9223372036854775807 rows are more than a matrix can have")]
    [InlineData("X = fill(1.0, 0, 9223372036854775807); print(ncol(cbind(X, [1.0](1, 1)[0:0, ])));", "DPH3222: 9223372036854775807 and 1 columns are more than a matrix can have")]
    [InlineData("print([1, 2, 3, 4](-2, -2));", "DPH3010: a number of rows, columns or cells cannot be -2")]
    [InlineData("print([1, 2, 3, 4](0, ));", "DPH2109: this matrix literal has 4 elements, which do not fill a 0x0 matrix")]
    [InlineData("print([1, 2, 3](2, ));", "DPH2109: this matrix literal has 3 elements, which do not fill a 2x1 matrix")]
    [InlineData("x = [1.0, 2.0]; i = [0.0, nan]; print(x[i, ]);", "DPH3213: there is no row nan in a 2x1 matrix")]
    [InlineData("print(asin([1.0, inf]));", "DPH3103: asin(inf) has no result in cell [1, 0]")]
    [InlineData("print(sum(seq(0.0, 1e15, 1.0)));", "DPH4040: a value needs 8000000000000008 bytes")]
    [InlineData("print(sum(seq(0.0, 1e300, 1.0)));", "DPH4040: a value needs 73786976294838206456 bytes")]
    [InlineData("print(asin(-inf));", "DPH3103: asin(-inf) has no result")]
    public void Messages_speak_the_language_of_the_script(string script, string message) =>
        Assert.Contains(message, Assert.Throws<ScriptException>(() => Run(script)).Diagnostics[0].Headline);

    [Fact]
    public void What_was_printed_before_an_error_stays()
    {
        var output = new StringWriter();
        var thrown = Assert.Throws<ScriptException>(() => ScriptEngine.Run(new SourceText("print(\"a\"); n = nrow(rand(3, 1, 0.0, 1.0, 1.0, 1)); print(1 % (as.si64(n) - 3));"), null, new ScriptOptions { Output = output }));
        Assert.Equal("a\n", output.ToString());
        Assert.Equal(Stage.Execute, thrown.Stage);
    }

    [Fact]
    public void A_script_that_may_not_touch_files_is_told_so()
    {
        var nothing = new ScriptOptions { Files = FilePolicy.Nothing };
        foreach (string script in new[] { "print(readMatrix(\"x.csv\"));", "write([1], \"x.csv\");" })
            Assert.Equal(Diag.FilesNotAllowed, Assert.Throws<ScriptException>(() => ScriptEngine.Run(new SourceText(script), null, nothing)).Diagnostics[0].Def);
    }

    [Theory]
    [InlineData("i = 0; while (i < 1) { i = i * 1; }")]
    [InlineData("def f(n: si64) -> si64 { if (n > 0) return f(n - 1); return 0; } i = 0; while (i < 1) { i = f(100); }")]
    [InlineData("X = rand(2500, 2500, 0.0, 1.0, 1.0, 1); for (i in 1:1000) { X = X @ X; } print(sum(X));")]
    [InlineData("X = rand(10000, 10000, 0, 1, 1.0, 1);")]
    [InlineData("X = rand(10000, 10000, 0.0, 1.0, 0.00001, 1);")]
    [InlineData("X = sample(100000000, 90000000, false, 1);")]
    [InlineData("X = sample(1e-45f, 3, false, 1);")]
    public void A_cancelled_run_ends_soon(string script)
    {
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        long begin = Stopwatch.GetTimestamp();
        Assert.ThrowsAny<OperationCanceledException>(() => ScriptEngine.Run(new SourceText(script), ct: source.Token));
        // One second is the promise on a machine of one's own; others may be shared by many: the bound only catches what does not listen.
        Assert.InRange(Stopwatch.GetElapsedTime(begin), TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Statistics_name_the_pipelines()
    {
        var x = DenseMatrix<double>.Copy(new double[400_000], 100_000, 4);
        var result = ScriptEngine.Run(new SourceText("Y = sqrt($X + 1.0) * 2.0; s = sum(Y);"), new ScriptInputs().Add("X", Datum.Of(x)),
            new ScriptOptions { Outputs = new HashSet<string> { "s" }, Vectorize = true });
        Assert.Equal(800_000.0, result.Outputs["s"].As<double>());
        var run = Assert.Single(result.Statistics.Pipelines);
        Assert.Equal((100_000L, "local"), (run.Rows, run.Where));
        Assert.Contains("ewSqrt", run.Operations);
    }
}
