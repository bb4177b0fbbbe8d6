using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;
using Daphne.Net.Runtime;
using Daphne.Net.Tests.Runtime.Programs;

namespace Daphne.Net.Tests.Runtime.Scripts;

[Collection(nameof(PoolCounters))]
public sealed class FailingRunsTests
{
    [Theory]
    [InlineData("X = fill(1.0, 1000, 100); Y = X * 2.0; print(X @ Y);")]
    [InlineData("X = fill(2, 3000, 100); Z = X; Z[2999, 99] = [0]; print(sum(X / Z));")]
    [InlineData("X = fill(1.0, 3000, 100); Y = sqrt(X - 2.0) + 1.0; print(sum(Y));")]
    [InlineData("def f(x: matrix<f64>, n: si64) -> matrix<f64> { y = x + 1.0; if (n == 0) { return rbind(y, t(y)); } return f(y, n - 1) * y; } print(f(fill(1.0, 100, 7), 20));")]
    [InlineData("X = fill(1.0, 200, 3); for (i in 1:10) { X = rbind(X, X); Y = X[0:10, ] * 2.0; if (i == 5) { print(Y[i * 100, ]); } } print(X);")]
    [InlineData("def f(x: f64) -> f64 { return sqrt(5.0 - x); } print(sum(map(seq(0.0, 10.0, 1.0), f)));")]
    [InlineData("X = fill(1.0, 500, 500); Y = X @ X; Z = solve(Y, X); print(Z);")]
    [InlineData("X = as.matrix<str>(fill(1.5, 100, 10)); Y = X + \"x\"; print(as.matrix<f64>(Y));")]
    [InlineData("X = seq(0.0, 100.0, 1.0); print(X[X + 1.0, ]);")]
    [InlineData("X = fill(1.0, 100, 100); Y = rbind(X, X); print(ctable(X[, 0], X[, 0] - 5.0));")]
    [InlineData("f = createFrame(fill(1.5, 1000, 1), as.str(fill(1.5, 1000, 1))); g = rbind(f, f); print(as.f64(cbind(g, setColLabels(g, \"p\", \"q\")))); print(cbind(g, f));")]
    [InlineData("f = createFrame(fill(1.5, 1000, 1), fill(2, 1000, 1), fill(\"x\", 1000, 1)); g = order(f, 1, 0, false, true, false); print(as.matrix<f64>(g));")]
    [InlineData("f = as.frame(fill(1.5, 1000, 5)); g = f[seq(0, 99, 1), [0, 0, 4] ]; for (i in 0:3) { g = rbind(g, g[[as.matrix(g[, 0]) > 1.0, ]]); } print(setColLabels(g, \"a\", \"b\", \"a\"));")]
    [InlineData("def f(x: frame, n: si64) -> frame { y = cbind(x, setColLabelsPrefix(x, \"p\" + n)); if (n == 0) { return y[ [0, 1000000], ]; } return f(y[, 0], n - 1); } print(f(as.frame(fill(1.0, 1000, 1)), 20));")]
    public void A_run_that_fails_leaves_no_memory_behind(string script)
    {
        foreach (bool vectorize in new[] { false, true })
        {
            long live = PoolCounters.LiveBytes();
            for (int round = 0; round < 3; round++)
                Assert.Throws<ScriptException>(() => ScriptEngine.Run(new SourceText(script), null, new ScriptOptions { Output = TextWriter.Null, Vectorize = vectorize }));
            Assert.Equal(live, BufferPool.Shared.LiveBytes);
        }
    }

    [Fact]
    public void A_sum_of_strips_that_ends_early_leaves_none_behind()
    {
        using var engine = new TaskEngine(2);
        using var source = new CancellationTokenSource();
        var context = new RunContext { Engine = engine, Cancellation = source.Token };
        long live = PoolCounters.LiveBytes();
        Assert.ThrowsAny<OperationCanceledException>(() => StripSums.Run(context, RowStrips.Rows * 200, 1L << 20, 1, (first, _) =>
        {
            if (first == RowStrips.Rows * 100) source.Cancel();
            return DenseMatrix<double>.Allocate(1, 1, zeroed: true);
        }));
        Assert.Equal(live, BufferPool.Shared.LiveBytes);
    }
}
