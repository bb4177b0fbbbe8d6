namespace Daphne.Net.Dialect;

/// <summary>The known name that an unknown one was probably meant to be.</summary>
public static class Nearest
{
    /// <summary>
    /// The candidate with the smallest optimal string alignment distance (insert, delete, replace, swap neighbours; case counts half as much as a
    /// letter), or null where none is within a third of the name's length (at least 1). The first of equals wins.
    /// </summary>
    public static string? To(string name, IEnumerable<string> candidates)
    {
        string? best = null;
        int limit = 2 * Math.Max(1, name.Length / 3), least = limit + 1;
        foreach (string candidate in candidates)
        {
            if (Math.Abs(candidate.Length - name.Length) * 2 > limit) continue;
            int distance = Distance(name, candidate);
            if (distance < least) (best, least) = (candidate, distance);
        }
        return best;
    }

    // Twice the distance, so that a difference in case can cost 1.
    static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) d[i, 0] = 2 * i;
        for (int j = 0; j <= b.Length; j++) d[0, j] = 2 * j;
        for (int i = 1; i <= a.Length; i++)
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = a[i - 1] == b[j - 1] ? 0 : char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 1 : 2;
                int least = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 2, d[i - 1, j - 1] + replace);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) least = Math.Min(least, d[i - 2, j - 2] + 2);
                d[i, j] = least;
            }
        return d[a.Length, b.Length];
    }
}
