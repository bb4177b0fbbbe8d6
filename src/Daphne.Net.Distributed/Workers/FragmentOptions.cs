using System.Globalization;

namespace Daphne.Net.Distributed;

/// <summary>
/// How a fragment is to be computed, as its coordinator would: travels with each call to our own workers, not with the text, by which these know a fragment again. What the compiler
/// decides (representations, what is fused) stands in the text. Results have the same bits whatever is said here.
/// </summary>
public sealed record FragmentOptions
{
    /// <summary>Most threads it may use; a worker with fewer uses these. 0 (the default): all that the worker has.</summary>
    public int Threads { get; init; }

    /// <summary>About how many bytes of its widest matrix one task takes. 0 (the default): the worker's own choice.</summary>
    public int BatchBytes { get; init; }

    /// <summary><c>threads=4;batch=65536</c>; what is not said has its default.</summary>
    internal string Write() => string.Create(CultureInfo.InvariantCulture, $"threads={Threads};batch={BatchBytes}");

    /// <summary>Reads what <see cref="Write"/> wrote; options of later versions are passed over.</summary>
    /// <exception cref="WorkerRefusal">It is malformed.</exception>
    internal static FragmentOptions? Read(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        var options = new FragmentOptions();
        foreach (string part in text.Split(';'))
        {
            int at = part.IndexOf('=');
            if (at <= 0) throw Malformed(part);
            options = part[..at] switch
            {
                "threads" => options with { Threads = Number(part, at) },
                "batch" => options with { BatchBytes = Number(part, at) },
                _ => options,
            };
        }
        return options;
    }

    static int Number(string part, int at) => int.TryParse(part.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw Malformed(part);

    static WorkerRefusal Malformed(string part) => new(WorkerFailure.BadRequest, $"'{(part.Length > 64 ? part[..64] + "…" : part)}' is no option of a fragment");
}

/// <summary>A computation as a worker is asked for it.</summary>
/// <param name="Text">The fragment.</param>
/// <param name="Options">How to compute it; without them as the worker likes.</param>
/// <param name="Bring">The numbers of the results that are wanted with the answer, where they are small.</param>
readonly record struct FragmentCall(string Text, FragmentOptions? Options = null, IReadOnlyCollection<int>? Bring = null);
