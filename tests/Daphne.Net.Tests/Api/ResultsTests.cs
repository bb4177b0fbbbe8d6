using Daphne.Net.Data;

namespace Daphne.Net.Tests.Api;

/// <summary>What C# gets of a script's variables.</summary>
public sealed class ResultsTests : IAsyncLifetime
{
    const string Script = """
        i = 42; d = 2.5; f = as.f32(1.5); b = true; s = "text"; neg = -1; big = as.ui64(9007199254740993) * as.ui64(1024) + as.ui64(1); small = as.si8(-5);
        M = [1.5, 2.5, 3.5, 4.5, 5.5, 6.5](2, 3); column = [1, 2, 3]; row = t(column); one = as.matrix(7.0); none = fill(1.0, 0, 3);
        """;

    readonly DaphneSession session = new();
    DaphneRun run = null!;

    public async ValueTask InitializeAsync() => run = await session.RunAsync(Script, ct: TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await run.DisposeAsync();
        session.Dispose();
    }

    [Fact]
    public async Task A_session_may_compute_with_sparse_matrices_and_still_hands_dense_ones_out()
    {
        using var sparse = new DaphneSession(new() { SelectRepresentations = true });
        await using var made = await sparse.RunAsync("D = diagMatrix([1.0, 2.0, 3.0, 4.0, 5.0]); print(typeOf(D)); w = D @ [1.0, 1.0, 1.0, 1.0, 2.0];", ct: TestContext.Current.CancellationToken);
        Assert.Equal("CSRMatrix(5x5, double)\n", made.Output);
        Assert.Equal([1.0, 2, 3, 4, 10], made.Get<double[]>("w"));
        Assert.Equal(4.0, made.Get<double[,]>("D")[3, 3]);
    }

    [Fact]
    public void A_scalar_is_its_own_type_or_a_wider_one()
    {
        Assert.Equal((42L, 42, 42UL, 42.0), (run.Get<long>("i"), run.Get<int>("i"), run.Get<ulong>("i"), run.Get<double>("i")));
        Assert.Equal((2.5, 1.5f, 1.5), (run.Get<double>("d"), run.Get<float>("f"), run.Get<double>("f")));
        Assert.True(run.Get<bool>("b"));
        Assert.Equal("text", run.Get<string>("s"));
        Assert.Equal((-1L, -1, -1.0), (run.Get<long>("neg"), run.Get<int>("neg"), run.Get<double>("neg")));
        Assert.Equal(((sbyte)-5, -5, -5L), (run.Get<sbyte>("small"), run.Get<int>("small"), run.Get<long>("small")));
        Assert.Equal(9007199254740993UL * 1024 + 1, run.Get<ulong>("big"));
        Assert.Equal([42L, 2.5, 1.5f, true, "text"], new[] { "i", "d", "f", "b", "s" }.Select(run.Get<object>));
    }

    [Fact]
    public void A_matrix_is_a_table_and_one_row_or_column_also_a_list()
    {
        Assert.Equal(new[,] { { 1.5, 2.5, 3.5 }, { 4.5, 5.5, 6.5 } }, run.Get<double[,]>("M"));
        Assert.Equal([1L, 2, 3], run.Get<long[]>("column"));
        Assert.Equal([1L, 2, 3], run.Get<long[]>("row"));
        Assert.Equal(new long[,] { { 1, 2, 3 } }, run.Get<long[,]>("row"));
        Assert.Equal([7.0], run.Get<double[]>("one"));
        Assert.Equal((0, 3), (run.Get<double[,]>("none").GetLength(0), run.Get<double[,]>("none").GetLength(1)));
        Assert.Equal((2, 3), (run.Get<Matrix>("M").Rows, run.Get<Matrix>("M").Cols));
        Assert.Equal(6.5, run.Get<DenseMatrix<double>>("M")[1, 2]);
        Assert.Same(run.Get<Matrix>("M"), run.Get<object>("M"));
    }

    [Theory]
    [InlineData(typeof(string), "i", "i is a scalar of type si64, which is not available as string; it is available as long")]
    [InlineData(typeof(int), "d", "d is a scalar of type f64, which is not available as int; it is available as double")]
    [InlineData(typeof(float), "d", "d is a scalar of type f64, which is not available as float; it is available as double")]
    [InlineData(typeof(ulong), "neg", "neg is a scalar of type si64, which is not available as ulong; it is available as long")]
    [InlineData(typeof(long), "big", "big is a scalar of type ui64, which is not available as long; it is available as ulong")]
    [InlineData(typeof(double), "b", "b is a scalar of type bool, which is not available as double; it is available as bool")]
    [InlineData(typeof(double), "s", "s is a scalar of type str, which is not available as double; it is available as string")]
    [InlineData(typeof(double), "M", "M is a 2x3 matrix of f64, which is not available as double; it is available as double[,], DenseMatrix<double>")]
    [InlineData(typeof(double[]), "M", "M is a 2x3 matrix of f64, which is not available as double[]; it is available as double[,], DenseMatrix<double>")]
    [InlineData(typeof(double[]), "column", "column is a 3x1 matrix of si64, which is not available as double[]; it is available as long[,], long[], DenseMatrix<long>")]
    [InlineData(typeof(float[,]), "M", "M is a 2x3 matrix of f64, which is not available as float[,]; it is available as double[,], DenseMatrix<double>")]
    [InlineData(typeof(DenseMatrix<long>), "M", "M is a 2x3 matrix of f64, which is not available as DenseMatrix<long>; it is available as double[,], DenseMatrix<double>")]
    public void What_it_is_not_is_said_with_what_it_is(Type type, string name, string message)
    {
        var get = typeof(DaphneRun).GetMethod(nameof(DaphneRun.Get))!.MakeGenericMethod(type);
        var e = Assert.Throws<System.Reflection.TargetInvocationException>(() => get.Invoke(run, [name])).InnerException;
        Assert.Equal(message, Assert.IsType<InvalidCastException>(e).Message);
    }

    [Fact]
    public async Task A_name_that_is_not_there_is_said_with_those_that_are()
    {
        await using var small = await session.RunAsync("a = 1; b = 2;");
        Assert.Equal("the script left no variable c; it left a, b", Assert.Throws<KeyNotFoundException>(() => small.Get<long>("c")).Message);
        await using var empty = await session.RunAsync("print(1);");
        Assert.Equal("the script left no variable c; it left none", Assert.Throws<KeyNotFoundException>(() => empty.Get<long>("c")).Message);
    }

    [Fact]
    public async Task After_it_was_disposed_nothing_is_left()
    {
        var other = await session.RunAsync("a = fill(1.0, 2, 2);");
        var matrix = other.Get<Matrix>("a");
        Assert.Equal(1, matrix.Owners);
        await other.DisposeAsync();
        await other.DisposeAsync();
        Assert.Equal(0, matrix.Owners);
        Assert.Throws<ObjectDisposedException>(() => other.Get<Matrix>("a"));
    }

    [Fact]
    public async Task An_argument_left_as_it_is_outlives_the_run_of_its_memory()
    {
        double[,] table = { { 1, 2 } };
        await using var same = await session.RunAsync("y = $x;", new { x = table });
        Assert.Equal(table, same.Get<double[,]>("y"));
        Assert.NotSame(table, same.Get<double[,]>("y"));
    }
}
