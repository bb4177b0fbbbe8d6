using Daphne.Net.Deployment;

namespace Daphne.Net.Tests.Deployment;

/// <summary>The script that is submitted, to the letter.</summary>
public sealed class JobScriptTests
{
    static readonly string[] program = ["/home/ada/.daphne/bundles/daphne-0123456789abcdef/daphne"];
    const string Folder = "/home/ada/.daphne/clusters/c0ffee";

    static SlurmOptions Of(string name)
    {
        var o = new SlurmOptions();
        switch (name)
        {
            case "all":
                (o.Workers, o.CoresPerWorker, o.WorkersPerNode, o.MemoryPerCore) = (128, 8, 4, "4G");
                (o.Partition, o.Account, o.Qos, o.Constraint) = ("cpu", "math", "long", "avx512&ib");
                o.FilesRoots.Add("/data");
                o.FilesRoots.Add("/scratch/ada's files");
                (o.WallTime, o.DrainLead, o.DeadMan) = (TimeSpan.FromHours(30), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(3));
                break;
            case "ports":
                o.Ports = (50000, 50031);
                break;
            case "prologue":
                o.Directives.Add("--exclusive");
                o.Directives.Add("--mail-type=END");
                o.Prologue.Add("module load gcc/13");
                o.Prologue.Add("export OMP_NUM_THREADS=\"$SLURM_CPUS_PER_TASK\"");
                break;
            case "elastic":
                (o.Elastic, o.Workers) = (new() { MaxWorkers = 8, WorkersPerJob = 2 }, 4);
                break;
            case "scratch":
                o.NodeScratch = "/scratch/$USER";
                break;
            case "hostile":
                (o.Partition, o.Account, o.Qos, o.Constraint) = ("a b --wrap=id", "\"quoted\" \\ 'so'", "$(id)`id`", "# no comment");
                o.MemoryPerCore = new string('9', 200);
                break;
        }
        return o;
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("all")]
    [InlineData("ports")]
    [InlineData("prologue")]
    [InlineData("container")]
    [InlineData("elastic")]
    [InlineData("scratch")]
    [InlineData("hostile")]
    public void It_is_the_recorded_text(string name)
    {
        string folder = name == "hostile" ? $"/home/it's a \"home\"/$(touch x)/100%/{new string('d', 200)}" : Folder;
        string[] launch = name switch
        {
            "container" => ["apptainer", "exec", "--bind", "/scratch:/scratch", "/images/base image.sif", .. program],
            "hostile" => [folder + "/daphne"],
            _ => program,
        };
        GoldenText.Check(Path.Combine(Repository.Golden("slurm"), name + ".sh"), JobScript.Render(Of(name), "c0ffee", folder, launch, name == "elastic" ? new(3, 2, ["n7", "n12"]) : null));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r")]
    [InlineData("\0")]
    public void A_value_that_would_begin_another_line_is_refused(string end)
    {
        string evil = $"cpu{end}#SBATCH --uid=0";
        Action<SlurmOptions>[] places =
        [
            o => o.Partition = evil, o => o.Account = evil, o => o.Qos = evil, o => o.Constraint = evil, o => o.MemoryPerCore = evil, o => o.Directives.Add(evil), o => o.Prologue.Add(evil), o => o.FilesRoots.Add(evil),
        ];
        foreach (var place in places)
        {
            var options = new SlurmOptions();
            place(options);
            Assert.Equal(DeploymentFailure.BadOption, Assert.Throws<DeploymentException>(() => JobScript.Render(options, "c", Folder, program)).Reason);
        }
        Assert.Equal(DeploymentFailure.BadOption, Assert.Throws<DeploymentException>(() => JobScript.Render(new(), "c", "/home/" + evil, program)).Reason);
    }
}
