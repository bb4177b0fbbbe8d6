using System.Text.RegularExpressions;

namespace Daphne.Net.Tests.Distributed;

/// <summary>What one worker was sent, and what it answered; the files are numbered in the order of the calls.</summary>
sealed partial class Recording(string conversation, string worker)
{
    readonly string[] files = [.. Directory.GetFiles(Path.Combine(Repository.Golden("wire"), conversation), worker + "_*").Order(StringComparer.Ordinal)];

    /// <summary>The messages of each Store. The asynchronous client had one, its messages are not marked.</summary>
    public IEnumerable<List<byte[]>> Stores
    {
        get
        {
            List<byte[]>? open = null;
            foreach (string file in files.Where(f => f.Contains("_store", StringComparison.Ordinal)))
            {
                byte[] bytes = File.ReadAllBytes(file);
                if (open is null || file.Contains("_store_first.", StringComparison.Ordinal))
                {
                    if (open is not null) yield return open;
                    open = [];
                }
                open!.Add(bytes);
            }
            if (open is not null) yield return open;
        }
    }

    public string Fragment => File.ReadAllText(files.First(f => f.EndsWith(".mlir_code", StringComparison.Ordinal)));

    /// <summary>Which stored values the fragment gets, in order.</summary>
    public IEnumerable<int> Inputs => Identifier().Matches(File.ReadAllText(files.First(f => f.Contains("compute.Task.pb_debug", StringComparison.Ordinal)))).Select(m => int.Parse(m.Groups[1].Value));

    public IEnumerable<byte[]> Answers => files.Where(f => f.Contains("_transfer.Data", StringComparison.Ordinal)).Select(File.ReadAllBytes);

    [GeneratedRegex("identifier: \"tmp_([0-9]+)\"")]
    private static partial Regex Identifier();
}
