using System.Diagnostics;
using Daphne.Net.Deployment;

namespace Daphne.Net.Tests.Deployment;

/// <summary>Whose a recorded cluster is: one that is being deployed is nobody else's to remove, one whose process died is a leftover.</summary>
public sealed class OwnerTests
{
    static DeploymentRecord Of(OwnerProcess? owner) => new() { ClusterId = "c", Kind = "slurm", Created = DateTimeOffset.UnixEpoch, Version = "1", Identity = "x", Hosts = [], Owner = owner };

    [Fact]
    public async Task A_cluster_is_left_once_its_process_is_gone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "starts sleep");
        Assert.False(Of(OwnerProcess.Current).IsLeft());
        Assert.Null(Of(null).IsLeft());

        using var process = Process.Start("sleep", "60");
        string status = File.ReadAllText($"/proc/{process.Id}/stat");
        var owner = OwnerProcess.Current with { ProcessId = process.Id, Started = long.Parse(status[(status.LastIndexOf(')') + 2)..].Split(' ')[19]) };
        Assert.False(Of(owner).IsLeft());
        // The same number at another time, or in another life of the machine, is another process.
        Assert.True(Of(owner with { Started = owner.Started - 1 }).IsLeft());
        Assert.True(Of(owner with { BootId = "another" }).IsLeft());
        Assert.Null(Of(owner with { Host = "another" }).IsLeft());
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(Of(owner).IsLeft());
    }

    [Fact]
    public void It_is_recorded()
    {
        string folder = Directory.CreateTempSubdirectory("daphne-records-").FullName;
        var records = new DeploymentRecords(folder);
        records.Save(Of(OwnerProcess.Current));
        Assert.Equal(OwnerProcess.Current, records.Find("c")!.Owner);
        Directory.Delete(folder, recursive: true);
    }
}
