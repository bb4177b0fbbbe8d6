namespace Daphne.Net.Tests;

/// <summary>A file with a full expected text. DAPHNE_UPDATE_GOLDEN=1 rewrites it, which CI refuses.</summary>
static class GoldenText
{
    /// <summary>Compares line by line; the message names the file and the first line that differs.</summary>
    public static void Check(string path, string actual)
    {
        if (Environment.GetEnvironmentVariable("DAPHNE_UPDATE_GOLDEN") == "1")
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "golden files are not rewritten in CI");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }
        Assert.True(File.Exists(path), $"{path} is missing; DAPHNE_UPDATE_GOLDEN=1 writes it");
        string[] expected = File.ReadAllText(path).Split('\n'), found = actual.Split('\n');
        for (int i = 0; i < Math.Max(expected.Length, found.Length); i++)
        {
            string? e = i < expected.Length ? expected[i] : null, f = i < found.Length ? found[i] : null;
            Assert.True(e == f, $"{path}:{i + 1}\nexpected: {e ?? "(end)"}\nfound:    {f ?? "(end)"}\nDAPHNE_UPDATE_GOLDEN=1 rewrites the file");
        }
    }
}
