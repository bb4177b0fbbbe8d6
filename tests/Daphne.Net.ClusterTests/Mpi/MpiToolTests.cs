using System.Text.RegularExpressions;
using Daphne.Net.ClusterTests.Processes;

namespace Daphne.Net.ClusterTests.Mpi;

/// <summary><c>mpirun -np N daphne --distributed script</c> with either make: rank 0 prints and decides the exit status, the others serve and keep quiet.</summary>
[Collection(MpiJobs.Name)]
public sealed partial class MpiToolTests : IDisposable
{
    const string Rounds = "X = fill(1.0, 40, 3);\ni = 0;\nwhile (i < 5) {\n    X = X + 1.0;\n    i = i + 1;\n}\nprint(sum(X));\nprint(X[39, ]);\n";

    // Row-wise results and sums that workers add up, from cells of any digits; as files, because printing rounds.
    const string Sums = """
        X = rand(301, 20, -1.0, 1.0, 1.0, 7);
        Y = exp(X * 1.1) / (X * X + 0.3);
        writeMatrix(Y, $folder + "/rows.dbdf");
        writeMatrix(sum(Y, 1), $folder + "/columns.dbdf");
        writeMatrix(t(Y) @ X, $folder + "/product.dbdf");
        print(sum(Y));

        """;

    readonly Scratch folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(Launcher.OpenMpi)]
    [InlineData(Launcher.Mpich)]
    public async Task A_script_prints_what_it_prints_here_and_ranks_are_the_default(string launcher)
    {
        folder.Write("rounds.daphne", Rounds);
        var here = await Tool.RunAsync(folder, "rounds.daphne");
        var there = await Launcher.RunAsync(folder, launcher, 3, "--distributed", "--verbose", "--statistics", "rounds.daphne");
        Assert.Equal((0, here.Output), (there.Status, there.Output));
        Assert.Contains($"3 ranks, {Launcher.Library(launcher)}", there.Error, StringComparison.Ordinal);
        Assert.Equal(2, WorkerLine().Count(there.Error));
        Assert.Contains("in 2 tasks on rank 1, rank 2, ", there.Error, StringComparison.Ordinal);
        Assert.Equal(here.Output, (await Launcher.RunAsync(folder, launcher, 2, "--distributed", "--dist_backend=MPI", "--max-distr-chunk-size=100", "rounds.daphne")).Output);
    }

    [Theory]
    [InlineData(Launcher.OpenMpi)]
    [InlineData(Launcher.Mpich)]
    public async Task Ranks_read_their_rows_of_a_file(string launcher)
    {
        folder.Write("x.csv", string.Concat(Enumerable.Range(0, 100_000).Select(r => $"{r},{r % 7}.5,\"{r % 100}\"\n")));
        folder.Write("x.csv.meta", """{"numRows": 100000, "numCols": 3, "valueType": "f64"}""");
        folder.Write("read.daphne", "X = readMatrix(\"x.csv\");\nprint(sum(X * 2.0));\n");
        var here = await Tool.RunAsync(folder, "read.daphne");
        var there = await Launcher.RunAsync(folder, launcher, 3, "--distributed", "--statistics", "read.daphne");
        Assert.Equal((0, here.Output), (there.Status, there.Output));
        Assert.Contains("rank 1, rank 2, ", there.Error, StringComparison.Ordinal);
        Assert.Matches("sent [0-9]{1,2} B, ", there.Error);
        Assert.DoesNotContain("note: ", there.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_have_the_bits_that_two_workers_over_gRPC_or_in_process_give()
    {
        folder.Write("sums.daphne", Sums);
        using WorkerProcess one = await WorkerProcess.StartAsync(folder), two = await WorkerProcess.StartAsync(folder);
        var workers = new Dictionary<string, string> { ["DISTRIBUTED_WORKERS"] = $"{one.Address},{two.Address}" };
        var expected = await Tool.RunAsync(folder, workers, ["--distributed", "sums.daphne", Folder("grpc")]);
        Assert.Equal((0, ""), (expected.Status, expected.Error));
        await using (var cluster = await DaphneCluster.InProcess(2).Deploy(ct: TestContext.Current.CancellationToken))
        {
            Folder("inside");
            await using var run = await cluster.RunAsync(Sums, new { folder = Path.Combine(folder.Root, "inside") }, ct: TestContext.Current.CancellationToken);
            AssertSame("inside");
        }
        foreach (string launcher in (string[])[Launcher.OpenMpi, Launcher.Mpich])
        {
            Assert.Equal((0, expected.Output), Ended(await Launcher.RunAsync(folder, launcher, 3, "--distributed", "sums.daphne", Folder(launcher))));
            AssertSame(launcher);
            foreach (string[] sample in (string[][])[
                [Sample("linreg.daphne"), $"data=\"{Sample("data/diabetes.csv")}\"", "lambda=0.5"],
                [Sample("kmeans.daphne"), $"data=\"{Sample("data/wine.csv")}\"", "k=3", "maxIter=20", "seed=7"]])
                Assert.Equal(Ended(await Tool.RunAsync(folder, workers, ["--distributed", .. sample])), Ended(await Launcher.RunAsync(folder, launcher, 3, ["--distributed", .. sample])));
        }

        string Folder(string name) => $"folder=\"{Directory.CreateDirectory(Path.Combine(folder.Root, name)).FullName}\"";
        static string Sample(string name) => Path.Combine(Repository.Root, "samples", name);
        static (int, string) Ended(ToolResult result) => (result.Status, result.Output);

        void AssertSame(string name)
        {
            foreach (string file in (string[])["rows.dbdf", "columns.dbdf", "product.dbdf"])
                Assert.True(File.ReadAllBytes(Path.Combine(folder.Root, "grpc", file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(folder.Root, name, file))), $"{file} of {name} differs");
        }
    }

    // What three workers add up is added in the order of their ranks, and the right factor of the product, which all of them need, leaves rank 0 once.
    [Theory]
    [InlineData(Launcher.OpenMpi)]
    [InlineData(Launcher.Mpich)]
    public async Task Three_ranks_give_the_bits_of_three_workers_in_process_and_a_value_for_all_is_sent_once(string launcher)
    {
        const string script = """
            X = rand(1201, 200, -1.0, 1.0, 1.0, 7);
            W = rand(200, 300, -1.0, 1.0, 1.0, 8);
            Y = X @ W;
            writeMatrix(Y, $folder + "/rows.dbdf");
            writeMatrix(sum(Y * 0.1, 1), $folder + "/columns.dbdf");
            writeMatrix(t(Y) @ X, $folder + "/product.dbdf");
            print(sum(exp(Y)));

            """;
        folder.Write("three.daphne", script);
        string inside = Directory.CreateDirectory(Path.Combine(folder.Root, "inside")).FullName, ranks = Directory.CreateDirectory(Path.Combine(folder.Root, "ranks")).FullName;
        var there = await Launcher.RunAsync(folder, launcher, 4, "--distributed", "--statistics", "three.daphne", $"folder=\"{ranks}\"");
        Assert.True(there.Status == 0, there.Error);
        await using var cluster = await DaphneCluster.InProcess(3).Deploy(ct: TestContext.Current.CancellationToken);
        await using var run = await cluster.RunAsync(script, new { folder = inside }, ct: TestContext.Current.CancellationToken);
        Assert.Equal(run.Output, there.Output);
        foreach (string file in (string[])["rows.dbdf", "columns.dbdf", "product.dbdf"])
            Assert.True(File.ReadAllBytes(Path.Combine(inside, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(ranks, file))), $"{file} differs");
        Assert.Contains("in 3 tasks on rank 1, rank 2, rank 3, ", there.Error, StringComparison.Ordinal);
        Assert.Contains($"sent {(1201 + 300) * 200 * sizeof(double)} B, ", there.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Launcher.OpenMpi)]
    [InlineData(Launcher.Mpich)]
    public async Task A_script_that_fails_gives_the_job_its_exit_status_and_says_why_once(string launcher)
    {
        folder.Write("sqrt.daphne", "X = fill(5.5, 10, 2) - seq(1.0, 10.0);\nprint(\"before\");\nprint(sum(sqrt(X)));\n");
        folder.Write("stop.daphne", "print(sum(fill(1.0, 10, 1) + 1.0));\nstop(\"enough\");\n");
        folder.Write("shapes.daphne", "print(fill(1.0, 2, 2) @ fill(1.0, 3, 3));\n");
        foreach (var (arguments, status, output, error) in ((string[], int, string, string)[])[
            (["sqrt.daphne"], 3, "before\n", "sqrt.daphne:3:11: error DPH5500: worker rank 2 (rows 5 to 9) could not compute this: sqrt(-0.5) has no result in cell [0, 0] "),
            (["stop.daphne"], 3, "20\n[error]: Execution error: enough\n", ""),
            (["shapes.daphne"], 3, "", "shapes.daphne:1:7: error DPH2104: "),
            (["nothing.daphne"], 1, "", "error DPH7006: "),
            (["--nonsense", "sqrt.daphne"], 1, "", "error DPH7000: "),
            (["--dist_backend=XYZ", "sqrt.daphne"], 1, "", "error DPH7002: ")])
        {
            var end = await Launcher.RunAsync(folder, launcher, 3, ["--distributed", .. arguments]);
            Assert.True((status, output.Split('\n')[0]) == (end.Status, end.Output.Split('\n')[0]), $"status {end.Status}, {end.Output}{end.Error}");
            Assert.Contains(error, end.Error, StringComparison.Ordinal);
            Assert.Equal(error.Length > 0 ? 1 : 0, Regex.Count(end.Error, "error DPH"));
        }
    }

    [Theory]
    [InlineData(Launcher.OpenMpi, 0)]
    [InlineData(Launcher.OpenMpi, 2)]
    [InlineData(Launcher.Mpich, 0)]
    [InlineData(Launcher.Mpich, 2)]
    public async Task A_killed_rank_ends_the_job_as_a_whole(string launcher, int rank)
    {
        using var job = StartEndless(launcher);
        var processes = await ProcessesOfAsync(job);
        Signal.Send(processes[rank], Signal.Kill);
        var end = await job.EndAsync();
        Assert.NotEqual(0, end.Status);
        // The launchers say this: one of them by rank, the other by process and signal.
        Assert.Contains(launcher == Launcher.OpenMpi ? $"process rank {rank} with PID " : "Killed (signal 9)", end.Error + end.Output, StringComparison.Ordinal);
        Assert.Contains("signal 9", end.Error + end.Output, StringComparison.Ordinal);
        await Patience.Until(() => !processes.Any(Signal.Lives), "all ranks have ended");
    }

    [Theory]
    [InlineData(Launcher.OpenMpi, Signal.Kill)]
    [InlineData(Launcher.OpenMpi, Signal.Term)]
    [InlineData(Launcher.Mpich, Signal.Kill)]
    [InlineData(Launcher.Mpich, Signal.Int)]
    public async Task No_rank_outlives_its_launcher(string launcher, int signal)
    {
        using var job = StartEndless(launcher);
        var processes = await ProcessesOfAsync(job);
        Signal.Send(job.Id, signal);
        await Patience.Until(() => !processes.Any(Signal.Lives), "all ranks have ended");
    }

    [Theory]
    [InlineData("", null, "DPH4063")]
    [InlineData(Launcher.OpenMpi, null, "DPH4063")]
    [InlineData(Launcher.Mpich, "libmpi.so.40", "DPH4062")]
    [InlineData(Launcher.OpenMpi, "libmpich.so.12", "DPH4062")]
    [InlineData(Launcher.OpenMpi, "libno.so", "DPH4060")]
    [InlineData(Launcher.Mpich, "libc.so.6", "DPH4061")]
    public async Task What_cannot_be_a_job_is_refused_in_words(string launcher, string? library, string code)
    {
        folder.Write("rounds.daphne", Rounds);
        var environment = new Dictionary<string, string>();
        if (library is not null) environment.Add("DAPHNE_MPI_LIBRARY", library);
        string[] arguments = ["--distributed", "--dist_backend=MPI", "rounds.daphne"];
        using var job = launcher.Length == 0 ? Tool.Start(folder, environment, Tool.Program, arguments)
            : Launcher.Start(folder, launcher, library is null ? 1 : 2, environment, [Tool.Program, .. arguments]);
        var end = await job.EndAsync();
        // MPICH's launcher adds its own report to the output of a job that failed.
        Assert.DoesNotContain("720", end.Output, StringComparison.Ordinal);
        Assert.Equal(3, end.Status);
        Assert.Contains($"error {code}: ", end.Error, StringComparison.Ordinal);
        Assert.Contains("--dist_backend=sync-gRPC", end.Error, StringComparison.Ordinal);
    }

    // By hand (-explicit on): it takes 10 GB of memory.
    [Fact(Explicit = true)]
    public async Task A_message_may_be_longer_than_two_gigabytes()
    {
        // 2^31 bytes and a row more, there and back.
        folder.Write("big.daphne", "X = fill(1.5, 268436, 1000);\nY = X + 1.0;\nprint(Y[268435, 999]);\nprint(sum(Y));\n");
        foreach (string launcher in (string[])[Launcher.OpenMpi, Launcher.Mpich])
        {
            var end = await Launcher.RunAsync(folder, launcher, 2, "--distributed", "--statistics", "big.daphne");
            Assert.Equal((0, "DenseMatrix(1x1, double)\n2.5\n6.7109e+08\n"), (end.Status, end.Output));
            Assert.Contains("sent 2147488000 B, received 2147488008 B", end.Error, StringComparison.Ordinal);   // the cells and their sum
        }
    }

    RunningTool StartEndless(string launcher)
    {
        folder.Write("endless.daphne", "X = fill(1.0, 2000, 500);\nprint(\"ready\", true, true);\nwhile (sum(X) > 0.0) { X = exp(sqrt(X)) / exp(sqrt(X)) + X * 0.0; }\n");
        return Launcher.Start(folder, launcher, 3, Tool.Program, "--distributed", "--verbose", "endless.daphne");
    }

    // Rank 0 first: it is the one whose command line nobody prints, so it is found as the child of the launcher that is not a worker.
    static async Task<int[]> ProcessesOfAsync(RunningTool job)
    {
        var workers = new List<int>();
        while (await job.ErrorLineAsync() is var line && line != "ready")
            if (WorkerLine().Match(line) is { Success: true } match) workers.Add(int.Parse(match.Groups[1].Value));
        Assert.Equal(2, workers.Count);
        int parent = ParentOf(workers[0]);
        int rank0 = Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!))
            .Single(id => !workers.Contains(id) && ParentOf(id) == parent && File.ReadAllText($"/proc/{id}/cmdline").Contains("endless.daphne", StringComparison.Ordinal));
        return [rank0, .. workers];
    }

    static int ParentOf(int process)
    {
        try
        {
            string status = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(status[(status.LastIndexOf(')') + 2)..].Split(' ')[1]);
        }
        catch (IOException)
        {
            return 0;   // it has just ended
        }
    }

    [GeneratedRegex(@"worker rank \d, version \S+, process (\d+)")]
    private static partial Regex WorkerLine();
}
