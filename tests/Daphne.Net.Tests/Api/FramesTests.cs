using Daphne.Net.Data;

namespace Daphne.Net.Tests.Api;

/// <summary>Frames go into scripts and come out of them.</summary>
public sealed class FramesTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_frame_goes_in_and_another_comes_out()
    {
        var price = DenseMatrix<double>.Copy([2.5, 4], 2, 1);
        var given = new Frame(2, [price, new StringMatrix(["a", "b"], 2, 1)], ["price", "name"]);
        using var session = new DaphneSession();
        await using (var run = await session.RunAsync("""
            f = cbind($f, createFrame(as.matrix($f[, "price"]) * 2.0, "twice"));
            print(f[1, ]);
            rows = nrow($f);
            """, new { f = given }, ct: Ct))
        {
            Assert.Equal("Frame(1x3, [price:double, name:std::string, twice:double])\n4 b 8\n", run.Output);
            var frame = run.Get<Frame>("f");
            Assert.Equal(["price", "name", "twice"], frame.Labels);
            Assert.Equal([5.0, 8], ((DenseMatrix<double>)frame[2]).ToArray());
            Assert.Equal("b", ((StringMatrix)frame[1])[1, 0]);
            Assert.Equal(2, run.Get<int>("rows"));
            Assert.Contains("Frame", Assert.Throws<InvalidCastException>(() => run.Get<double[]>("f")).Message);
        }
        Assert.Equal((1, 1), (given.Owners, price.Owners));
        Assert.Equal([2.5, 4], price.ToArray());
    }

    [Fact]
    public async Task A_script_never_writes_into_a_frame_it_was_given()
    {
        var given = new Frame(3, [DenseMatrix<long>.Copy([1, 2, 3], 3, 1)], ["a"]);
        using var session = new DaphneSession();
        await using var run = await session.RunAsync("m = as.matrix($f); m[0, 0] = [9]; for (i in 0:3) { m = m + 1; } print(m); print($f);", new { f = given }, ct: Ct);
        Assert.Equal("DenseMatrix(3x1, int64_t)\n13\n6\n7\nFrame(3x1, [a:int64_t])\n1\n2\n3\n", run.Output);
    }

    [Fact]
    public async Task A_frame_can_be_empty()
    {
        using var session = new DaphneSession();
        await using var run = await session.RunAsync("print($f); g = $f;", new { f = new Frame(0, [], []) }, ct: Ct);
        Assert.Equal("Frame(0x0, [])\n", run.Output);
        Assert.Equal(0, run.Get<Frame>("g").Cols);
    }

    [Fact]
    public async Task Columns_that_lie_on_workers_come_back_into_frames()
    {
        const string script = """
            X = $x * 2.0 + 1.0;
            f = cbind(as.frame(X), createFrame(sqrt(X[, 0]), "root"));
            g = order(f[[as.matrix<f64>(f[, "root"]) > 3.0, ]], 0, false, false);
            print(g);
            Y = as.matrix<f64>(g) * 0.5;
            print(sum(Y));
            print(f);
            """;
        var args = new { x = new double[,] { { 1, 9 }, { 7, 8 }, { 4, -1 }, { 12, 0 } } };
        await using var cluster = DaphneCluster.InProcess(2);
        await cluster.Deploy(ct: Ct);
        using var session = new DaphneSession();
        await using DaphneRun far = await cluster.RunAsync(script, args, ct: Ct), near = await session.RunAsync(script, args, ct: Ct);
        Assert.Equal(near.Output, far.Output);
        Assert.StartsWith("Frame(2x3, [col_0:double, col_1:double, root:double])\n25 1 5\n15 17 3.87298\n", far.Output);
    }
}
