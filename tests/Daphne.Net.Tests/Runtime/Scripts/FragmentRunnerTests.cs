using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;
using Daphne.Net.Tests.Runtime.Programs;

namespace Daphne.Net.Tests.Runtime.Scripts;

[Collection(nameof(PoolCounters))]
public sealed class FragmentRunnerTests : IDisposable
{
    const string Scale = """
        func.func @dist(%x: !daphne.Matrix<?x?xf64>, %f: f64, %w: !daphne.Matrix<?x?xf64>) -> (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) {
          %0 = "daphne.ewMul"(%x, %f) : (!daphne.Matrix<?x?xf64>, f64) -> !daphne.Matrix<?x?xf64>
          %1 = "daphne.sumCol"(%0) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
          %2 = "daphne.transpose"(%0) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
          %3 = "daphne.constant"() <{value = false}> : () -> i1
          %4 = "daphne.matMul"(%0, %w, %3, %3) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>, i1, i1) -> !daphne.Matrix<?x?xf64>
          "daphne.return"(%1, %2, %4) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> ()
        }
        """;

    readonly TaskEngine engine = new(2);

    public void Dispose() => engine.Dispose();

    [Fact]
    public void A_large_fragment_gives_what_its_cells_say_and_leaves_nothing_behind()
    {
        var runner = new FragmentRunner(engine);
        const int rows = 30_000;
        var x = DenseMatrix<double>.Copy(Enumerable.Range(0, 2 * rows).Select(i => (double)i).ToArray(), rows, 2);
        var w = IrRun.Matrix(2, 1, 1, -1);
        long live = PoolCounters.LiveBytes();
        for (int round = 0; round < 2; round++)
        {
            var results = runner.Run(Scale, [Datum.Of(x), Datum.Of(0.5), Datum.Of(w)]).Select(r => (DenseMatrix<double>)r.Object).ToArray();
            Assert.Equal([Enumerable.Range(0, rows).Sum(i => (double)i), Enumerable.Range(0, rows).Sum(i => i + 0.5)], results[0].ToArray());
            Assert.Equal((2, rows, 0.5 * 2 * 777, 0.5 * (2 * 777 + 1)), (results[1].Rows, results[1].Cols, results[1][0, 777], results[1][1, 777]));
            Assert.All(results[2].ToArray(), c => Assert.Equal(-0.5, c));
            foreach (var result in results) result.Release();
        }
        Assert.Equal(live, BufferPool.Shared.LiveBytes);
    }

    [Fact]
    public void Inputs_that_do_not_fit_are_a_bad_request()
    {
        var runner = new FragmentRunner(engine);
        var w = IrRun.Matrix(2, 1, 1, -1);
        Assert.Equal(Diag.WrongArgumentCount, Assert.Throws<RaisedException>(() => runner.Run(Scale, [Datum.Of(w)])).Def);
        Assert.Equal(Diag.WrongArgumentType, Assert.Throws<RaisedException>(() => runner.Run(Scale, [Datum.Of(w), Datum.Of(1L), Datum.Of(w)])).Def);
        Assert.Equal(Diag.WrongArgumentType, Assert.Throws<RaisedException>(() => runner.Run(Scale, [Datum.Of(w), Datum.Of(w), Datum.Of(w)])).Def);
    }

    [Fact]
    public void An_error_of_an_operation_names_it()
    {
        var thrown = Assert.Throws<ScriptException>(() => new FragmentRunner(engine).Run(Scale, [Datum.Of(IrRun.Matrix(1, 2, 1, 2)), Datum.Of(1.0), Datum.Of(IrRun.Matrix(1, 1, 1))]));
        Assert.Equal(Diag.InnerDimensions, thrown.Diagnostics[0].Def);
        Assert.StartsWith("<fragment>:6:", thrown.Diagnostics[0].Headline);
    }

    /// <summary>Every prefix of a fragment, and the fragment with any one character gone or changed: an answer or an exception of ours.</summary>
    [Fact]
    public void Broken_fragments_end_in_diagnostics()
    {
        var runner = new FragmentRunner(engine);
        var x = IrRun.Matrix(3, 2, 1, 2, 3, 4, 5, 6);
        var w = IrRun.Matrix(2, 1, 1, -1);
        var random = new Random(1);
        for (int i = 0; i < 1500; i++)
        {
            int at = random.Next(Scale.Length);
            string text = (i % 3) switch
            {
                0 => Scale[..at],
                1 => Scale.Remove(at, 1),
                _ => Scale[..at] + "x0%@(\"<{"[random.Next(8)] + Scale[(at + 1)..],
            };
            try
            {
                foreach (var result in runner.Run(text, [Datum.Of(x), Datum.Of(0.5), Datum.Of(w)]))
                    if (!result.IsScalar) result.Object.Release();
            }
            catch (Exception e) when (e is ScriptException or RaisedException)
            {
                Assert.NotEqual("", e.Message);
            }
        }
    }

    [Fact]
    public void A_fragment_touches_no_files_and_does_not_call_itself_to_death()
    {
        const string read = """
            func.func @dist() -> !daphne.Matrix<?x?xf64> {
              %0 = "daphne.constant"() <{value = "/etc/passwd"}> : () -> !daphne.String
              %1 = "daphne.read"(%0) : (!daphne.String) -> !daphne.Matrix<?x?xf64>
              "daphne.return"(%1) : (!daphne.Matrix<?x?xf64>) -> ()
            }
            """;
        const string endless = """
            func.func @dist(%n: si64) -> si64 {
              %0 = "func.call"(%n) <{callee = @dist}> : (si64) -> si64
              "daphne.return"(%0) : (si64) -> ()
            }
            """;
        var runner = new FragmentRunner(engine);
        Assert.Equal(Diag.FilesNotAllowed, Assert.Throws<ScriptException>(() => runner.Run(read, [])).Diagnostics[0].Def);
        Assert.Throws<ScriptException>(() => runner.Run(endless, [Datum.Of(1L)]));
    }

    [Fact]
    public void What_stays_is_bounded_in_number_and_in_length()
    {
        var runner = new FragmentRunner(engine, keep: 4);
        for (int i = 0; i < 9; i++) RunWith(new(' ', i));
        Assert.Equal(4, runner.Known);
        foreach (int length in (int[])[300_000, 310_000, 320_000, 330_000]) RunWith(new(' ', length));
        Assert.Equal(3, runner.Known);
        RunWith(new(' ', 2_000_000));
        Assert.Equal(3, runner.Known);

        void RunWith(string blanks) => Assert.Equal(3.0, runner.Run($$"""
            func.func @dist(%arg0: f64) -> f64 {{{blanks}}
              %0 = "daphne.ewAdd"(%arg0, %arg0) : (f64, f64) -> f64
              "daphne.return"(%0) : (f64) -> ()
            }
            """, [Datum.Of(1.5)], default)[0].As<double>());
    }
}
