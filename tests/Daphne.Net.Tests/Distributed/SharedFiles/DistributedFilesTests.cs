using System.Globalization;
using System.Text;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Runtime;
using Daphne.Net.Tests.Data.Files;
using Daphne.Net.Tests.Distributed.Broadcasts;

namespace Daphne.Net.Tests.Distributed.SharedFiles;

/// <summary>Scripts whose matrices lie in files: workers read them where they may, and nobody notices but the traffic.</summary>
public sealed class DistributedFilesTests : IDisposable
{
    static readonly CallBudget budget = new(TimeSpan.FromSeconds(60));

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("x.csv", ValueTypeCode.F64, 2)]
    [InlineData("x.csv", ValueTypeCode.SI64, 3)]
    [InlineData("x.dbdf", ValueTypeCode.F32, 2)]
    [InlineData("x.mtx", ValueTypeCode.F64, 2)]
    public async Task Workers_read_their_rows_and_nothing_is_sent(string name, ValueTypeCode type, int workers)
    {
        WriteCounting(name, type, 101, 7);
        string script = $"X = readMatrix(\"{folder[name]}\"); print(sum(X + X)); print(sum(X * X - X)); print(nrow(X));";
        await using var set = InProcess(workers);
        var here = Run(script);
        var there = Run(script, set);
        Assert.Equal(here.Output, there.Output);
        Assert.Contains(there.Statistics.Pipelines, p => p.Where.Contains("in-process", StringComparison.Ordinal));
        Assert.Equal(0, there.Statistics.Pipelines.Sum(p => p.Traffic.Sent));
        Assert.Empty(there.Statistics.Notes);
    }

    [Theory]
    [InlineData("f.csv", 2)]
    [InlineData("f.dbdf", 3)]
    public async Task Workers_read_their_rows_of_frames_and_only_what_is_left_of_them_comes_back(string name, int workers)
    {
        const int rows = 301;
        FrameFiles.Write(new Frame(rows, [DenseMatrix<long>.Copy([.. Enumerable.Range(0, rows).Select(i => i % 10L)], rows, 1), DenseMatrix<double>.Copy([.. Enumerable.Range(0, rows).Select(i => i * 0.5)], rows, 1),
            new StringMatrix([.. Enumerable.Range(0, rows).Select(i => i % 3 == 0 ? "a, \"b\"" : $"é\n{i % 4}")], rows, 1)], ["k", "x", "s"]), folder[name]);
        string script = $$"""
            F = readFrame("{{folder[name]}}");
            print(sum(as.matrix<si64>(F[, "k"]) * 2));
            G = F[[as.matrix<si64>(F[, "k"]) > 8, ]];
            print(G);
            print(nrow(F));
            registerView("f", F);
            print(sql("SELECT f.s AS s, f.x * 2.0 AS y FROM f WHERE f.k = 3 AND f.x > 100.0"));
            """;
        await using var set = InProcess(workers);
        var here = Run(script);
        var there = Run(script, set);
        Assert.Equal(here.Output, there.Output);
        // The numbers of the script; no row of the file.
        Assert.InRange(there.Statistics.Pipelines.Sum(p => p.Traffic.Sent), 0, 200);
        Assert.InRange(there.Statistics.Pipelines.Sum(p => p.Traffic.Received), 1, 70 * (16 + 60));
        Assert.Empty(there.Statistics.Notes);
        // What the script looks at as a whole is read here.
        string looks = $"F = readFrame(\"{folder[name]}\"); print(F[2:5, ]); print(typeOf(F)); print(sum(as.matrix<f64>(F[, \"x\"]) + 1.0)); print(order(F, 0, true, false));";
        Assert.Equal(Run(looks).Output, Run(looks, set).Output);
    }

    [Fact]
    public async Task What_is_wrong_in_a_frame_is_told_as_without_workers()
    {
        folder.Write("f.csv", "1,a\n2,b\nx,c\n4,d\n", """{"numRows": 4, "numCols": 2, "schema": [{"label": "n", "valueType": "si64"}, {"label": "s", "valueType": "str"}]}""");
        string script = $"print(1);\nF = readFrame(\"{folder["f.csv"]}\");\nprint(sum(as.matrix<si64>(F[, \"n\"]) + 1));";
        await using var set = InProcess(3);
        Assert.Equal(Assert.Throws<ScriptException>(() => Run(script)).Message, Assert.Throws<ScriptException>(() => Run(script, set)).Message);
    }

    [Theory, InlineData(1), InlineData(3)]
    public async Task Workers_read_their_rows_of_a_sparse_matrix_and_keep_them_sparse(int workers)
    {
        var cells = new CsrBuilder<double>(1000, 800);
        for (int i = 0; i < 1000; i++) cells.Put(i, i * 7 % 800, 1 + i % 5);
        MatrixFiles.Write(cells.Build(), folder["s.mtx"]);
        string script = $"X = readMatrix(\"{folder["s.mtx"]}\"); a = sum(X * X); print(a); print(\"now\"); print(sum(X * (a % 5.0))); print(sum(X, 1));";
        await using var set = InProcess(workers);
        long most = 0;
        var here = Run(script, sparse: true);
        var there = Run(script, set, "now", () => most = set.Clients.Sum(c => c.StatsAsync(CallBudget.Control, default).AsTask().GetAwaiter().GetResult().LiveBytes), sparse: true);
        Assert.Equal(here.Output, there.Output);
        // The number, to whom needs it; no row of the file.
        Assert.InRange(there.Statistics.Pipelines.Sum(p => p.Traffic.Sent), 0, 8 * workers);
        // Dense it is 6.4 MB.
        Assert.InRange(most, 1, 200_000);
    }

    [Fact]
    public async Task What_is_needed_here_is_read_here()
    {
        WriteCounting("x.csv", ValueTypeCode.F64, 40, 3);
        string script = $"X = readMatrix(\"{folder["x.csv"]}\"); print(X[2:4, ]); print(sum(X + 1.0)); Y = X; Y = Y * 2.0; print(sum(Y)); print(X[39, 0]); print(mean(t(X) @ X));";
        await using var set = InProcess(2);
        Assert.Equal(Run(script).Output, Run(script, set).Output);
    }

    [Fact]
    public async Task Over_connections_as_well_and_what_workers_may_not_read_is_sent()
    {
        WriteCounting("x.csv", ValueTypeCode.F64, 5000, 20);
        string script = $"X = readMatrix(\"{folder["x.csv"]}\"); print(sum(X + 1.0)); print(sum(X * X));";
        var here = Run(script);
        foreach (bool may in new[] { true, false })
        {
            string token = TokenFile.NewToken();
            await using var one = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token, FilesRoots = [folder[""]] });
            await using var two = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token, FilesRoots = may ? [folder[""]] : ["/proc"] });
            var clients = new[] { one, two }.Select(h => new GrpcWorkerClient(h.Address, new() { Token = token })).ToArray();
            foreach (var client in clients) await client.HelloAsync(budget, default);
            await using var set = new WorkerSet(clients);
            var there = Run(script, set);
            Assert.Equal(here.Output, there.Output);
            long sent = there.Statistics.Pipelines.Sum(p => p.Traffic.Sent);
            // The second half is sent once, for both pipelines.
            Assert.Equal(may ? 0 : 2500 * 20 * 8, sent);
            if (may) Assert.Empty(there.Statistics.Notes);
            else Assert.Equal($"'{folder["x.csv"]}' was read here and its rows were sent, because worker {two.Address} could not read them: the worker may not read this file", Assert.Single(there.Statistics.Notes));
        }
    }

    [Theory]
    [InlineData("1,2\n3,4\n5,x\n7,8\n")]
    [InlineData("1,2\n3,4\n5\n7,8\n")]
    [InlineData("1,2\n3,4\n5,6\n")]
    [InlineData("1,2\n3,\"4\n5,6\n7,8\n")]
    public async Task What_is_wrong_in_a_file_is_told_as_without_workers(string text)
    {
        folder.Write("x.csv", text, """{"numRows": 4, "numCols": 2, "valueType": "f64"}""");
        string script = $"print(1);\nX = readMatrix(\"{folder["x.csv"]}\");\nprint(sum(X + 1.0));";
        await using var set = InProcess(3);
        Assert.Equal(Assert.Throws<ScriptException>(() => Run(script)).Message, Assert.Throws<ScriptException>(() => Run(script, set)).Message);
    }

    [Fact]
    public async Task A_file_that_is_changed_or_deleted_meanwhile_is_an_error()
    {
        string script = $"X = readMatrix(\"{folder["x.csv"]}\");\nprint(\"now\");\nprint(sum(X + 1.0));";
        await using var set = InProcess(2);
        foreach (bool delete in new[] { false, true })
        {
            WriteCounting("x.csv", ValueTypeCode.F64, 40, 3);
            var e = Assert.Throws<ScriptException>(() => Run(script, set, "now", () =>
            {
                if (delete) File.Delete(folder["x.csv"]);
                else File.AppendAllText(folder["x.csv"], "1,2,3\n");
            }));
            Assert.Contains("DPH4150", e.Message);
            Assert.Contains(":1:5", e.Message);
        }
    }

    [Fact]
    public async Task A_script_may_replace_a_file_it_has_read()
    {
        await using var set = InProcess(2);
        string script = $"X = readMatrix(\"{folder["x.csv"]}\"); writeMatrix(X + 1.0, \"{folder["x.csv"]}\"); print(sum(X + 1.0)); Y = readMatrix(\"{folder["x.csv"]}\"); print(sum(Y + 1.0)); writeMatrix(fill(2.0, 40, 3), \"{folder["x.csv"]}\"); print(sum(Y * 3.0));";
        WriteCounting("x.csv", ValueTypeCode.F64, 40, 3);
        string here = Run(script).Output;
        WriteCounting("x.csv", ValueTypeCode.F64, 40, 3);
        Assert.Equal(here, Run(script, set).Output);
    }

    [Fact]
    public async Task What_a_lost_worker_had_read_another_one_reads()
    {
        WriteCounting("x.csv", ValueTypeCode.F64, 400, 3);
        string script = $"X = readMatrix(\"{folder["x.csv"]}\"); a = sum(X + 1.0); print(a); print(\"now\"); print(sum(X * a));";
        string token = TokenFile.NewToken();
        var hosts = new[] { await HostAsync(), await HostAsync() };
        var clients = hosts.Select(h => new GrpcWorkerClient(h.Address, new() { Token = token })).ToArray();
        foreach (var client in clients) await client.HelloAsync(budget, default);
        await using (var set = new WorkerSet(clients))
        {
            var there = Run(script, set, "now", () => hosts[1].DisposeAsync().AsTask().GetAwaiter().GetResult());
            Assert.Equal(Run(script).Output, there.Output);
            Assert.InRange(there.Statistics.Pipelines.Sum(p => p.Traffic.Sent), 8, 16);   // the number, to whom needs it
            Assert.Equal(hosts[0].Address, there.Statistics.Pipelines.Last().Where);
        }
        foreach (var host in hosts) await host.DisposeAsync();

        Task<WorkerHost> HostAsync() => WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token, FilesRoots = [folder[""]], DrainTimeout = TimeSpan.FromSeconds(1) });
    }

    [Fact]
    public async Task A_large_value_for_eight_workers_goes_out_twice_at_most()
    {
        await using var cluster = await PeerCluster.StartAsync(8, "tcp", run: FragmentExecution.Run);
        string script = "X = reshape(seq(1.0, 1600.0, 1.0), 160, 10); Y = reshape(seq(1.0, 200000.0, 1.0), 10, 20000); print(sum(X @ Y));";
        await using var set = new WorkerSet(cluster.Clients, ownsClients: false);
        var there = Run(script, set);
        Assert.Equal(Run(script).Output, there.Output);
        const long broadcast = 10 * 20000 * 8;
        long sent = there.Statistics.Pipelines.Sum(p => p.Traffic.Sent);
        Assert.InRange(sent, broadcast, 2 * broadcast + 100_000);
    }

    [Fact]
    public async Task What_the_script_needs_no_more_is_freed_on_workers_while_it_goes_on()
    {
        WriteCounting("x.csv", ValueTypeCode.F64, 40, 3);
        await using var set = InProcess(2);
        bool seen = false;
        Run($"X = readMatrix(\"{folder["x.csv"]}\"); a = sum(X + 1.0); print(a); print(\"now\"); print(a);", set, "now", () =>
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            foreach (var client in set.Clients)
                while (client.StatsAsync(CallBudget.Control, default).AsTask().GetAwaiter().GetResult() is { Values: > 0 } left) Assert.False(patience.IsCancellationRequested, $"{left} is left");
            seen = true;
        });
        Assert.True(seen);
    }

    [Fact]
    public async Task An_index_is_made_by_all_workers_where_a_file_is_long()
    {
        var text = new StringBuilder();
        const int rows = 130_000;
        for (int r = 0; r < rows; r++) text.Append(CultureInfo.InvariantCulture, $"{r % 100},{(r % 5 == 0 ? "\"x\ny\"" : "z")},{r}\n");
        folder.Write("x.csv", text.ToString(), $$"""{"numRows": {{rows}}, "numCols": 1, "valueType": "si64"}""");
        string script = $"X = readMatrix(\"{folder["x.csv"]}\"); print(sum(X + X));";
        var workers = Enumerable.Range(0, 3).Select(n => new CountingWorker(new InProcessWorker($"in-process {n}"))).ToArray();
        await using var set = new WorkerSet(workers);
        Assert.Equal(Run(script).Output, Run(script, set).Output);
        Assert.All(workers, w => Assert.Equal((1, 1, 0), (w.Scans, w.Reads, w.Stores)));
    }

    static WorkerSet InProcess(int workers) => new(Enumerable.Range(0, workers).Select(i => new InProcessWorker($"in-process {i}")));

    void WriteCounting(string name, ValueTypeCode type, int rows, int cols)
    {
        var meta = new FileMetaData(rows, cols) { ValueType = type };
        var numbers = Enumerable.Range(0, rows * cols).Select(i => (double)(i % 1000)).ToArray();
        if (type == ValueTypeCode.F64) MatrixFiles.Write(DenseMatrix<double>.Copy(numbers, rows, cols), folder[name]);
        else if (type == ValueTypeCode.F32) MatrixFiles.Write(DenseMatrix<float>.Copy([.. numbers.Select(n => (float)(n % 10))], rows, cols), folder[name]);
        else MatrixFiles.Write(DenseMatrix<long>.Copy([.. numbers.Select(n => (long)n)], rows, cols), folder[name]);
        Assert.Equal(meta.ValueType, FileMetaData.For(folder[name]).ValueType);
    }

    static (string Output, RunStatistics Statistics) Run(string script, WorkerSet? set = null, string? at = null, Action? then = null, bool sparse = false)
    {
        var output = new Hooked(at, then);
        RunStatistics? seen = null;
        ScriptEngine.Run(new SourceText(script), options: new()
        {
            Output = output, Vectorize = set is not null, Distributed = set is not null, SelectRepresentations = sparse,
            Backend = set is null ? null : (engine, statistics) =>
            {
                seen = statistics;
                return new DistributedBackend(set, new LocalPipelineBackend(engine, statistics), statistics) { FilesFrom = 1 };
            },
        });
        return (output.ToString(), seen!);
    }

    /// <summary>Does something when a text is printed.</summary>
    sealed class Hooked(string? at, Action? then) : StringWriter(CultureInfo.InvariantCulture)
    {
        bool done;

        public override void Write(char[] buffer, int index, int count) => Look(() => base.Write(buffer, index, count));
        public override void Write(ReadOnlySpan<char> buffer)
        {
            base.Write(buffer);
            Look(() => { });
        }
        public override void Write(string? value) => Look(() => base.Write(value));
        public override void Write(char value) => Look(() => base.Write(value));

        void Look(Action write)
        {
            write();
            if (done || at is null || !GetStringBuilder().ToString().Contains(at, StringComparison.Ordinal)) return;
            done = true;
            then!();
        }
    }

    /// <summary>Counts what is asked of a worker.</summary>
    sealed class CountingWorker(IWorkerClient inner) : IWorkerClient
    {
        int scans, reads, stores;

        public int Scans => scans;
        public int Reads => reads;
        public int Stores => stores;
        public WorkerIdentity Identity => inner.Identity;
        public bool ReadsFiles => inner.ReadsFiles;

        public ValueTask<IReadOnlyList<CsvStretch>> ScanAsync(SharedFile file, long offset, long length, long stretch, CallBudget budget, CancellationToken ct)
        {
            Interlocked.Increment(ref scans);
            return inner.ScanAsync(file, offset, length, stretch, budget, ct);
        }

        public ValueTask<Handle> ReadAsync(FileRange range, CallBudget budget, CancellationToken ct)
        {
            Interlocked.Increment(ref reads);
            return inner.ReadAsync(range, budget, ct);
        }

        public ValueTask<Handle> StoreAsync(Datum value, CallBudget budget, CancellationToken ct)
        {
            Interlocked.Increment(ref stores);
            return inner.StoreAsync(value, budget, ct);
        }

        public ValueTask<WorkerIdentity> HelloAsync(CallBudget budget, CancellationToken ct) => inner.HelloAsync(budget, ct);
        public ValueTask<IReadOnlyList<Handle>> ComputeAsync(Fragment fragment, IReadOnlyList<Handle> inputs, CallBudget budget, CancellationToken ct) => inner.ComputeAsync(fragment, inputs, budget, ct);
        public ValueTask<Datum> TransferAsync(Handle handle, CallBudget budget, CancellationToken ct) => inner.TransferAsync(handle, budget, ct);
        public ValueTask FreeAsync(IReadOnlyList<Handle> handles, CallBudget budget, CancellationToken ct) => inner.FreeAsync(handles, budget, ct);
        public ValueTask<WorkerStats> StatsAsync(CallBudget budget, CancellationToken ct) => inner.StatsAsync(budget, ct);
        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
