using Daphne.Net.Deployment;

namespace Daphne.Net.Tests.Deployment;

/// <summary>What is submitted and how containers are called, word for word.</summary>
public sealed class SlurmGoldenTests
{
    static string Golden(string name) => Path.Combine(Repository.Root, "tests", "golden", "slurm", name);

    [Fact]
    public void Containers_are_built_and_run_with_these_command_lines()
    {
        string text = string.Join('\n',
            Line(Container.Build("apptainer", "daphne.sif", "daphne.def")), Line(Container.Build("singularity", "daphne.sif", "docker://debian:12-slim")),
            Line(Container.Exec("apptainer", "/r/images/daphne.sif", "/r", [])), Line(Container.Exec("singularity", "/r/images/my image.sif", "/r", ["--nv", "--env", "A=b c"])),
            Line(Container.Exec("apptainer", "/r/images/daphne.sif", "/r's place", ["--bind", "/usr:/usr:ro,/scratch", "-C"])), Line(Container.Build("apptainer", "daphne.sif", "/src/root fs")), "", Container.Definition);
        GoldenText.Check(Golden("containers.txt"), text);

        static string Line(IEnumerable<string> words) => string.Join(' ', words.Select(ShellQuote.Word));
    }

    [Theory]
    [InlineData("machine", "Linux aarch64", "machine", "Linux aarch64, and the bundle is made for Linux x86_64")]
    [InlineData("glibc", "", "libc", "no GNU C library: the bundle needs one; an image (-G) brings it")]
    [InlineData("glibc", "glibc 2.17 GLIBC_2.27", "libc", "glibc 2.17 is too old: the bundle needs 2.27 or newer; an image (-G) brings it")]
    [InlineData("noruntime", "apptainer", "containers", "apptainer is not on the PATH of the node; load its module there, or run without an image")]
    [InlineData("noimage", "/r/x.sif", "image", "/r/x.sif is not there; 'daphne slurm singularity' makes it, --image names another")]
    [InlineData("nobind", "/scratch", "bind path", "/scratch, which is to be bound into the image, is not there on the node")]
    [InlineData("lacks", "libssl.so.3", "library", "libssl.so.3 is missing")]
    [InlineData("noscratch", "/local", "scratch", "/local (TMPDIR) cannot be written")]
    [InlineData("fails", "Killed", "bundle", "the program does not start: Killed")]
    public void A_node_says_exactly_what_is_missing(string key, string text, string name, string detail) =>
        Assert.Equal(new NodeFinding(name, false, detail), NodeCheck.Finding(key, text, "/r/daphne"));

    [Theory]
    [InlineData("glibc", "glibc 2.28 GLIBC_2.27", true, "glibc 2.28, at least 2.27 is needed")]
    [InlineData("mpi", "", null, "neither libmpi.so.40 (Open MPI) nor libmpich.so.12 (MPICH); needed only for --dist_backend=MPI")]
    public void A_node_says_what_it_has(string key, string text, bool? good, string detail)
    {
        var finding = NodeCheck.Finding(key, text, "/r/daphne")!;
        Assert.Equal((good, detail), (finding.Good, finding.Detail));
    }

    [Theory]
    [InlineData("srun: error: node2: task 1: Killed\nsrun: error: node1: task 0: Terminated\n", "rank 1 on node2 was ended by signal 9 (Killed)")]
    [InlineData("slurmstepd: error: x\nsrun: error: cn-07: task 12: Segmentation fault (core dumped)\n", "rank 12 on cn-07 was ended by signal 11 (Segmentation fault)")]
    [InlineData("srun: error: node[1-2]: tasks 3-5: Aborted\n", "rank 3 on node[1-2] was ended by signal 6 (Aborted)")]
    [InlineData("srun: error: node1: task 0: Exited with exit code 3\nsrun: error: node2: task 1: Killed\n", null)]
    [InlineData("error DPH1012: node2: task 1: Killed\n", null)]
    public void The_first_rank_that_ended_tells_why_the_job_did(string said, string? death) => Assert.Equal(death, MpiStep.Death(said));

    [Theory]
    [InlineData("srun: error: node1: task 0: Exited with exit code 3\nsrun: error: node2: task 1: Killed\n", 3)]
    [InlineData("srun: error: node[1-2]: tasks 0-3: Exited with exit code 1\n", 1)]
    [InlineData("srun: error: node3: task 10: Exited with exit code 4\n", 0)]
    [InlineData("srun: error: node2: task 1: Exited with exit code 4\nsrun: error: node1: task 0: Exited with exit code 143\n", 143)]
    [InlineData("srun: error: node1: task 0: Terminated\n", null)]
    [InlineData("srun: error: Unable to create step for job 4: More processors requested than permitted\n", null)]
    public void The_status_of_a_run_is_that_of_rank_0(string said, int? status) => Assert.Equal(status, MpiStep.StatusOfRank0(said));

    [Fact]
    public void A_record_keeps_how_to_log_in()
    {
        string folder = Directory.CreateTempSubdirectory("daphne-records-").FullName;
        try
        {
            var ssh = new SshOptions { User = "hpc", IdentityFile = "/k", Port = 2222, JumpHosts = "j", ConfigFile = "/c" };
            ssh.Arguments.Add("-oCompression=yes");
            var records = new DeploymentRecords(folder);
            records.Save(new() { ClusterId = "a1", Kind = "slurm", Created = DateTimeOffset.UnixEpoch, Version = "1", Identity = "PEM", Hosts = [RecordedHost.Of("login", ssh)], Workers = 3, Launch = ["x", "y"] });
            var found = records.Find("a")!;
            var again = found.Hosts[0].Ssh();
            Assert.Equal(("hpc", "/k", 2222, "j", "/c"), (again.User, again.IdentityFile, again.Port, again.JumpHosts, again.ConfigFile));
            Assert.Equal(["-oCompression=yes"], again.Arguments);
            Assert.Equal((3, "x y"), (found.Workers, string.Join(' ', found.Launch)));
            string identity = records.WriteIdentity(found);
            Assert.Equal("PEM", File.ReadAllText(identity));
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(identity));
            records.Remove("a1");
            Assert.Empty(Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
