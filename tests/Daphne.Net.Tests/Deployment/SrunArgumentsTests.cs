using Daphne.Net.Deployment;

namespace Daphne.Net.Tests.Deployment;

/// <summary>Options written for srun: what becomes the job's and what the step's.</summary>
public sealed class SrunArgumentsTests
{
    [Fact]
    public void The_published_examples_are_sorted_into_job_and_step()
    {
        var slurm = Applied("-t 120 --mem-per-cpu=10G --cpu-bind=cores --cpus-per-task=2");
        Assert.Equal((TimeSpan.FromMinutes(120), 2), (slurm.WallTime, slurm.CoresPerWorker));
        Assert.Equal(["--mem-per-cpu=10G"], slurm.Directives);
        Assert.Equal(["--cpu-bind=cores"], slurm.StepOptions);

        slurm = Applied("--time=30 --cpu-bind=cores --nodes=1 --ntasks-per-node=1 --cpus-per-task=1");
        Assert.Equal((TimeSpan.FromMinutes(30), 1, 1), (slurm.WallTime, slurm.WorkersPerNode, slurm.CoresPerWorker));
        Assert.Equal(["--nodes=1"], slurm.Directives);
    }

    [Theory]
    [InlineData("-p gpu", "-p gpu", "")]
    [InlineData("-pgpu", "-p gpu", "")]
    [InlineData("--partition gpu --exclusive", "--partition=gpu|--exclusive", "")]
    [InlineData("-l -u --mpi none", "", "--label|--unbuffered|--mpi=none")]
    [InlineData("--comment='two words'", "--comment=\"two words\"", "")]
    public void Options_keep_their_values_however_they_are_written(string text, string job, string step)
    {
        var slurm = Applied(text);
        Assert.Equal((job, step), (string.Join('|', slurm.Directives), string.Join('|', slurm.StepOptions)));
    }

    [Theory]
    [InlineData("5", 5)]
    [InlineData("5:30", 5.5)]
    [InlineData("2:00:00", 120)]
    [InlineData("1-12", 2160)]
    [InlineData("1-0:30", 1470)]
    public void Times_are_read_as_slurm_writes_them(string text, double minutes) => Assert.Equal(TimeSpan.FromMinutes(minutes), SrunArguments.Time(text));

    [Theory]
    [InlineData("--time=soon")]
    [InlineData("--time=1-2-3")]
    [InlineData("--time=0")]
    [InlineData("word")]
    [InlineData("-")]
    public void What_is_no_option_is_refused(string text) => Assert.Equal(DeploymentFailure.BadOption, Assert.Throws<DeploymentException>(() => Applied(text)).Reason);

    [Theory]
    [InlineData("a 'b c' d\\ e \"f'g\" ''", "a|b c|d e|f'g|")]
    [InlineData("", "")]
    [InlineData("  x  ", "x")]
    public void Words_are_parted_as_a_shell_parts_them(string text, string words) => Assert.Equal(words, string.Join('|', ShellWords.Split(text)));

    [Fact]
    public void A_quote_that_does_not_end_is_refused() => Assert.Throws<DeploymentException>(() => ShellWords.Split("a 'b"));

    static SlurmOptions Applied(string text)
    {
        var slurm = new SlurmOptions();
        SrunArguments.Apply(ShellWords.Split(text), slurm);
        return slurm;
    }
}
