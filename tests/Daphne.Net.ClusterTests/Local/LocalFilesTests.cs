using System.Globalization;
using System.Text;
using Daphne.Net.ClusterTests.Processes;

namespace Daphne.Net.ClusterTests.Local;

/// <summary>Worker processes that read the rows of a file themselves.</summary>
public sealed class LocalFilesTests : IDisposable
{
    const string Script = "X = readMatrix($file); print(sum(X * 2.0)); print(X[40000, ]);";

    readonly Scratch folder = new();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task They_read_below_their_folders_and_are_sent_what_lies_elsewhere()
    {
        var text = new StringBuilder();
        for (int r = 0; r < 100_000; r++) text.Append(CultureInfo.InvariantCulture, $"{r},{r % 7}.5,{r % 100},\"{r}\"\n");
        folder.Write("x.csv", text.ToString());
        folder.Write("x.csv.meta", """{"numRows": 100000, "numCols": 4, "valueType": "f64"}""");
        string file = Path.Combine(folder.Root, "x.csv"), elsewhere = Directory.CreateDirectory(Path.Combine(folder.Root, "elsewhere")).FullName;
        using var session = new DaphneSession();
        await using var here = await session.RunAsync(Script, new { file }, ct: Ct);
        foreach (var (root, reads) in new[] { (folder.Root, true), (elsewhere, false) })
        {
            await using var cluster = await DaphneCluster.Local(2, o => o.FilesRoots = [root]).Deploy(ct: Ct);
            await using var run = await cluster.RunAsync(Script, new { file }, ct: Ct);
            Assert.Equal(here.Output, run.Output);
            Assert.Contains(run.Report.Pipelines, p => p.Where.Contains(cluster.Workers[1].Address, StringComparison.Ordinal));
            long sent = run.Report.Pipelines.Sum(p => p.BytesSent);
            if (reads) Assert.True(sent < 1000 && run.Report.Notes.Count == 0, $"{sent} bytes were sent; {string.Join("; ", run.Report.Notes)}");
            else Assert.True(sent >= 100_000 * 4 * 8 && run.Report.Notes is [var note] && note.Contains("the worker may not read this file", StringComparison.Ordinal), $"{sent} bytes were sent; {string.Join("; ", run.Report.Notes)}");
        }
    }
}
