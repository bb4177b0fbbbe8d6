using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Daphne.Net.Deployment;

/// <summary>A machine's key that is another than the known one.</summary>
/// <param name="Shown">The fingerprint of the key the machine shows.</param>
/// <param name="Known">The fingerprint of the key it is known by.</param>
/// <param name="Place">Where that stands: the file and its line.</param>
sealed partial record ChangedHostKey(string Shown, string Known, string Place)
{
    /// <summary>From ssh's words, which name the fingerprint of the one and the place of the other; null where they do not.</summary>
    public static ChangedHostKey? Find(string said)
    {
        if (ShownKey().Match(said) is not { Success: true } shown || KnownKey().Match(said) is not { Success: true } known) return null;
        var (file, line) = (known.Groups[1].Value, int.Parse(known.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture));
        try
        {
            // "[@marker] names type key [comment]"
            string[] words = (File.ReadLines(file).ElementAtOrDefault(line - 1) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return words.ElementAtOrDefault(words is [['@', ..], ..] ? 3 : 2) is { } key ? new(shown.Groups[1].Value, Fingerprint(key), $"{file}:{line}") : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;    // ssh's own words tell the place
        }
    }

    static string Fingerprint(string key) => "SHA256:" + Convert.ToBase64String(SHA256.HashData(Convert.FromBase64String(key))).TrimEnd('=');

    [GeneratedRegex(@"key sent by the remote host is\s+(SHA256:[A-Za-z0-9+/]+)")]
    private static partial Regex ShownKey();

    [GeneratedRegex(@"Offending \S+ key in (.+):(\d+)")]
    private static partial Regex KnownKey();
}
