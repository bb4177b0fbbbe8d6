using System.Globalization;

namespace Daphne.Net.Deployment;

/// <summary>Names of nodes as Slurm lists them: <c>node[1-3,07],gpu1</c>.</summary>
static class HostList
{
    const int Most = 100_000;

    /// <summary>The names; empty where the text is no such list.</summary>
    public static IReadOnlyList<string> Expand(string text)
    {
        List<string> names = [];
        foreach (string one in Split(text.Trim()))
            if (!Expand(one, "", names)) return [];
        return names;
    }

    static bool Expand(string pattern, string begun, List<string> names)
    {
        int open = pattern.IndexOf('['), close = pattern.IndexOf(']');
        if (open < 0 && close < 0)
        {
            if (pattern.Length + begun.Length > 0) names.Add(begun + pattern);
            return names.Count <= Most;
        }
        if (open < 0 || close < open) return false;
        foreach (string range in pattern[(open + 1)..close].Split(','))
        {
            string[] ends = range.Split('-');
            if (ends.Length > 2 || !ends.All(e => int.TryParse(e, NumberStyles.None, CultureInfo.InvariantCulture, out _))) return false;
            int first = int.Parse(ends[0], CultureInfo.InvariantCulture), last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
            if (last - first > Most) return false;
            string form = "D" + ends[0].Length.ToString(CultureInfo.InvariantCulture);
            for (int n = first; n <= last; n++)
                if (!Expand(pattern[(close + 1)..], begun + pattern[..open] + n.ToString(form, CultureInfo.InvariantCulture), names)) return false;
        }
        return true;
    }

    // At commas, not at those between brackets.
    static IEnumerable<string> Split(string text)
    {
        int from = 0, depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '[' => 1, ']' => -1, _ => 0 };
            if (text[i] != ',' || depth > 0) continue;
            yield return text[from..i];
            from = i + 1;
        }
        if (from < text.Length) yield return text[from..];
    }
}
