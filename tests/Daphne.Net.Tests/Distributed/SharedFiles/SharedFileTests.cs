using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Tests.Data.Files;

namespace Daphne.Net.Tests.Distributed.SharedFiles;

/// <summary>Workers that read files themselves: what they read, and what they do not read for anybody.</summary>
public sealed partial class SharedFileTests : IDisposable
{
    static readonly CallBudget budget = new(TimeSpan.FromSeconds(60));
    static readonly string token = TokenFile.NewToken();
    static readonly ClusterAuthority authority = new("file-tests", TimeSpan.FromHours(1));

    readonly TemporaryFolder shared = new(), secret = new();

    public void Dispose()
    {
        shared.Dispose();
        secret.Dispose();
    }

    [Theory]
    [InlineData("in-process")]
    [InlineData("token")]
    [InlineData("tls")]
    public async Task Rows_read_there_are_the_rows_read_here(string kind)
    {
        await using var worker = await StartAsync(kind);
        Assert.True(worker.Client.ReadsFiles);
        const int seed = 4;
        var random = new Random(seed);
        foreach (var (extension, type) in new[] { (".csv", ValueTypeCode.F64), (".csv", ValueTypeCode.Str), (".csv", ValueTypeCode.UI8), (".dbdf", ValueTypeCode.F32), (".dbdf", ValueTypeCode.Str), (".mtx", ValueTypeCode.SI64) })
        {
            string path = shared["m" + extension];
            MatrixFiles.Write(RandomFrames.Matrix(type, 1000, 3, random), path);
            var (file, meta) = (Stamped(path), FileMetaData.For(path));
            var whole = MatrixFiles.Read(path);
            List<CsvMark> marks = [default];
            if (MatrixFileRows.HasMarks(path))
            {
                const int stretch = 999;
                long half = file.Stamp.Length / 2;
                foreach (var (offset, length) in new[] { (0L, half), (half, file.Stamp.Length - half) })
                {
                    long left = length;
                    foreach (var found in await worker.Client.ScanAsync(file, offset, length, stretch, budget, default))
                    {
                        marks.Add(marks[^1].After(found, Math.Min(stretch, left)));
                        left -= stretch;
                    }
                }
                Assert.Equal((file.Stamp.Length, 1000L), (marks[^1].Offset, marks[^1].Row));
            }
            foreach (var (first, count) in new[] { (0L, 1000L), (0L, 1L), (333L, 334L), (999L, 1L), (500L, 0L) })
            {
                var handle = await worker.Client.ReadAsync(new(file, meta, new(first, count), CsvMark.Before(marks, first)), budget, default);
                Assert.Equal((count, 3L), (handle.Rows, handle.Cols));
                var expected = Datum.Of(MatrixRows.Range(whole, first, count));
                Assert.Equal(new WorkerStats(ValueSize.Of(expected), 1), worker.Stats());
                var there = await worker.Client.TransferAsync(handle, budget, default);
                Assert.True(TestValues.Bytes(expected).AsSpan().SequenceEqual(TestValues.Bytes(there)), $"{extension} {type} {first} {count} (seed {seed})");
                await worker.Client.FreeAsync([handle], budget, default);
            }
            Assert.Equal(default, worker.Stats());
        }
    }

    [Theory]
    [InlineData("in-process")]
    [InlineData("token")]
    public async Task Rows_of_frames_read_there_are_those_read_here(string kind)
    {
        await using var worker = await StartAsync(kind);
        const int seed = 5;
        var random = new Random(seed);
        foreach (string extension in (string[])[".csv", ".dbdf"])
        {
            string path = shared["f" + extension];
            FrameFiles.Write(RandomFrames.Make(100, [ValueTypeCode.SI64, ValueTypeCode.Str, ValueTypeCode.F64, ValueTypeCode.UI8, ValueTypeCode.Bool], random), path);
            var whole = FrameFiles.Read(path);
            foreach (var (first, count) in new[] { (0L, 100L), (33L, 34L), (99L, 1L), (50L, 0L) })
            {
                var handle = await worker.Client.ReadAsync(new(Stamped(path), FileMetaData.For(path), new(first, count)), budget, default);
                Assert.Equal((count, 5L), (handle.Rows, handle.Cols));
                var expected = Datum.Of(whole.RowRange(first, count));
                Assert.Equal(new WorkerStats(ValueSize.Of(expected), 1), worker.Stats());
                var there = await worker.Client.TransferAsync(handle, budget, default);
                Assert.True(TestValues.Bytes(expected).AsSpan().SequenceEqual(TestValues.Bytes(there)), $"{extension} {first} {count} (seed {seed})");
                await worker.Client.FreeAsync([handle], budget, default);
            }
        }
        Assert.Equal(default, worker.Stats());
    }

    [Fact]
    public async Task What_lies_elsewhere_is_denied_in_the_same_words_whether_it_is_there_or_not()
    {
        secret.Write("there.csv", "1\n2\n");
        Directory.CreateDirectory(shared["sub"]);
        File.CreateSymbolicLink(shared["out.csv"], secret["there.csv"]);
        File.CreateSymbolicLink(shared["dangling.csv"], secret["nowhere.csv"]);
        File.CreateSymbolicLink(shared["zero.csv"], "/dev/zero");
        File.CreateSymbolicLink(shared["folder"], secret[""]);
        await using var worker = await StartAsync("token");
        string[] paths =
        [
            secret["there.csv"], secret["nowhere.csv"], shared["../" + Path.GetFileName(secret[""].TrimEnd('/')) + "/there.csv"], shared["out.csv"], shared["dangling.csv"], shared["zero.csv"],
            shared["folder/there.csv"], shared["sub/../folder/there.csv"], shared[""].TrimEnd('/') + "x/there.csv", "there.csv", "/dev/zero.csv", shared["a\0b.csv"], "/proc/self/mem.csv",
        ];
        foreach (string path in paths)
        {
            var refused = await RefusedAsync(worker, new(path, Stamped(secret["there.csv"]).Stamp));
            Assert.Equal((WorkerFailure.FileDenied, "the worker may not read this file"), (refused.Reason, refused.Detail));
        }
        Assert.Equal(default, worker.Stats());
    }

    [Fact]
    public async Task Only_regular_files_are_opened()
    {
        Assert.Equal(0, MakePipe(shared["pipe.csv"], 0x180));
        Directory.CreateDirectory(shared["folder.csv"]);
        File.CreateSymbolicLink(shared["link.csv"], shared["pipe.csv"]);
        File.CreateSymbolicLink(shared["circle.csv"], shared["circle.csv"]);
        shared.Write("m.csv", "1\n2\n");
        await using var worker = await StartAsync("token");
        foreach (string name in new[] { "pipe.csv", "folder.csv", "link.csv", "circle.csv", "nothing.csv" })
        {
            var refused = await RefusedAsync(worker, new(shared[name], Stamped(shared["m.csv"]).Stamp));
            Assert.Equal((WorkerFailure.FileUnlike, "the worker finds no file there that it can read"), (refused.Reason, refused.Detail));
        }
    }

    [Fact]
    public async Task Links_within_the_folders_are_followed_and_folders_may_be_links()
    {
        shared.Write("m.csv", "1\n2\n");
        File.CreateSymbolicLink(shared["same.csv"], "m.csv");
        File.CreateSymbolicLink(secret["root"], shared[""]);
        await using var worker = await StartAsync("token", roots: [secret["root"]]);
        foreach (string path in new[] { shared["m.csv"], shared["same.csv"], secret["root/m.csv"] })
            Assert.Equal(2, (await worker.Client.ReadAsync(new(new(path, Stamped(path).Stamp), Two, new(0, 2)), budget, default)).Rows);
        Assert.Equal(WorkerFailure.FileDenied, (await RefusedAsync(worker, new(secret["m.csv"], Stamped(shared["m.csv"]).Stamp))).Reason);
    }

    [Fact]
    public async Task Without_folders_or_permission_nothing_is_read()
    {
        shared.Write("m.csv", "1\n2\n");
        await using var none = await StartAsync("token", roots: []);
        await using var unwilling = await StartAsync("token", readFiles: false);
        foreach (var worker in new[] { none, unwilling })
        {
            Assert.False(worker.Client.ReadsFiles);
            Assert.Equal(WorkerFailure.FileDenied, (await RefusedAsync(worker, Stamped(shared["m.csv"]))).Reason);
        }
    }

    [Fact]
    public async Task Another_file_than_ours_is_not_read()
    {
        string path = shared.Write("m.csv", "1\n2\n");
        await using var worker = await StartAsync("token");
        var file = Stamped(path);
        foreach (var stamp in new[] { file.Stamp with { Length = 5 }, file.Stamp with { Written = file.Stamp.Written + 1 }, file.Stamp with { Beginning = new('0', 64) } })
        {
            var refused = await RefusedAsync(worker, new(path, stamp));
            Assert.Equal((WorkerFailure.FileUnlike, "the worker sees another file there, or the file has changed"), (refused.Reason, refused.Detail));
            Assert.Equal(WorkerFailure.FileUnlike, (await Assert.ThrowsAsync<WorkerException>(async () => await worker.Client.ScanAsync(new(path, stamp), 0, 4, 4, budget, default))).Reason);
        }
        File.WriteAllText(path, "3\n4\n");
        File.SetLastWriteTimeUtc(path, new DateTime(file.Stamp.Written));
        Assert.Equal(WorkerFailure.FileUnlike, (await RefusedAsync(worker, file)).Reason);   // same length and time
        Assert.Equal(default, worker.Stats());
    }

    [Fact]
    public async Task What_is_wrong_in_a_file_is_told_with_its_place_and_leaves_nothing()
    {
        string path = shared.Write("m.csv", "1\nx\n");
        await using var worker = await StartAsync("tls");
        var refused = await RefusedAsync(worker, Stamped(path));
        Assert.Equal((WorkerFailure.FileUnlike, $"{path}:2:1: 'x' is not a number of type f64"), (refused.Reason, refused.Detail));
        Assert.Equal(default, worker.Stats());
    }

    [Fact]
    public async Task There_must_be_room()
    {
        var text = new StringBuilder();
        for (int r = 0; r < 200; r++) text.Append(CultureInfo.InvariantCulture, $"{r}\n");
        string path = shared.Write("m.csv", text.ToString());
        await using var worker = await StartAsync("token", byteLimit: 1000);
        var meta = new FileMetaData(200, 1) { ValueType = ValueTypeCode.F64 };
        Assert.Equal(WorkerFailure.TooLarge, (await Assert.ThrowsAsync<WorkerException>(async () => await worker.Client.ReadAsync(new(Stamped(path), meta, new(0, 126)), budget, default))).Reason);
        Assert.Equal(125, (await worker.Client.ReadAsync(new(Stamped(path), meta, new(0, 125)), budget, default)).Rows);
        Assert.Equal(new WorkerStats(1000, 1), worker.Stats());
    }

    [Fact]
    public async Task Requests_that_make_no_sense_are_refused()
    {
        var file = Stamped(shared.Write("m.csv", "1\n2\n"));
        await using var worker = await StartAsync("token");
        FileRange[] ranges =
        [
            new(file, Two with { Rows = -1 }, new(0, 0)), new(file, Two, new(-1, 1)), new(file, Two, new(0, 3)), new(file, Two, new(1, -1)), new(file, Two, new(long.MaxValue, long.MaxValue)),
            new(file, Two, new(1, 1), new(-1, 0, 0)), new(file, Two, new(1, 1), new(0, -1, 0)), new(file, Two, new(1, 1), new(0, 0, 4)), new(file with { Path = shared["m.parquet"] }, Two, new(0, 1)),
            new(file, new FileMetaData(2, -1) { ValueType = ValueTypeCode.F64 }, new(0, 1)),
        ];
        foreach (var range in ranges) Assert.Equal(WorkerFailure.BadRequest, (await Assert.ThrowsAsync<WorkerException>(async () => await worker.Client.ReadAsync(range, budget, default))).Reason);
        foreach (var (offset, length, stretch) in new[] { (-1L, 1L, 1L), (0L, 5L, 1L), (0L, -1L, 1L), (0L, 4L, 0L), (long.MaxValue, long.MaxValue, 1L) })
            Assert.Equal(WorkerFailure.BadRequest, (await Assert.ThrowsAsync<WorkerException>(async () => await worker.Client.ScanAsync(file, offset, length, stretch, budget, default))).Reason);
        // Too large for any machine, and wrong about what it contains: both are answered.
        Assert.Equal(WorkerFailure.TooLarge, (await Assert.ThrowsAsync<WorkerException>(async () => await worker.Client.ReadAsync(new(file, new FileMetaData(1L << 40, 1L << 40) { ValueType = ValueTypeCode.F64 }, new(0, 1L << 40)), budget, default))).Reason);
        Assert.Equal(WorkerFailure.FileUnlike, (await Assert.ThrowsAsync<WorkerException>(async () => await worker.Client.ReadAsync(new(file, Two with { Rows = 9 }, new(8, 1), new(1 << 30, 3, 2)), budget, default))).Reason);
        Assert.Equal(default, worker.Stats());
    }

    [Fact]
    public async Task A_client_that_gives_up_leaves_nothing()
    {
        var text = new StringBuilder();
        for (int r = 0; r < 400_000; r++) text.Append(CultureInfo.InvariantCulture, $"{r}.25,{r}\n");
        var file = Stamped(shared.Write("m.csv", text.ToString()));
        await using var worker = await StartAsync("token");
        using var cancel = new CancellationTokenSource();
        var reading = worker.Client.ReadAsync(new(file, new FileMetaData(400_000, 2) { ValueType = ValueTypeCode.F64 }, new(0, 400_000)), budget, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        for (int i = 0; i < 500 && worker.Stats() != default; i++) await Task.Delay(20);
        Assert.Equal(default, worker.Stats());
    }

    static FileMetaData Two => new(2, 1) { ValueType = ValueTypeCode.F64 };

    static SharedFile Stamped(string path)
    {
        using var file = File.OpenHandle(path);
        return new(path, FileStamp.Of(file));
    }

    static async Task<WorkerException> RefusedAsync(WorkerUnderTest worker, SharedFile file) =>
        await Assert.ThrowsAsync<WorkerException>(async () => await worker.Client.ReadAsync(new(file, Two, new(0, 2)), budget, default));

    async Task<WorkerUnderTest> StartAsync(string kind, string[]? roots = null, bool readFiles = true, long byteLimit = 0)
    {
        roots ??= [shared[""]];
        if (kind == "in-process")
        {
            var service = new WorkerService(new() { Run = new ScriptedFragments().Run, FileRoots = new(roots), ByteLimit = byteLimit });
            return new(new InProcessWorker(kind, service), () => service.Values.Stats, () => ValueTask.CompletedTask);
        }
        var options = new WorkerHostOptions { Listen = "127.0.0.1:0", FilesRoots = roots, ByteLimit = byteLimit, DrainTimeout = TimeSpan.FromSeconds(1) };
        var host = await WorkerHost.StartAsync(kind == "tls" ? options with { Identity = authority.Issue("worker") } : options with { Token = token }, new ScriptedFragments().Run, default);
        var client = new GrpcWorkerClient(host.Address, kind == "tls" ? new() { Identity = authority.Issue("coordinator"), ReadFiles = readFiles } : new() { Token = token, ReadFiles = readFiles });
        await client.HelloAsync(budget, default);
        return new(client, () => host.Stats, host.DisposeAsync);
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, uint mode);
}
