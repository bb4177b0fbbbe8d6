namespace Daphne.Net.Distributed;

/// <summary>What one worker takes on at most. What is beyond is refused before anything is done about it, with what was asked for and what there is.</summary>
public sealed record WorkerLimits
{
    /// <summary>Most bytes of one message other than a value. Default 16 MiB.</summary>
    public int MessageBytes { get; init; } = 16 << 20;

    /// <summary>Most values in one session. Default 100,000.</summary>
    public int HandlesPerSession { get; init; } = 100_000;

    /// <summary>Most sessions at once. Default 4,096.</summary>
    public int Sessions { get; init; } = 4096;

    /// <summary>Most values on their way to the worker at once. Default 256.</summary>
    public int Uploads { get; init; } = 256;

    /// <summary>Most operations in one fragment. Default 100,000.</summary>
    public int FragmentOperations { get; init; } = 100_000;

    /// <summary>How deep brackets may stand in each other in a fragment. Default 100.</summary>
    public int FragmentNesting { get; init; } = 100;

    /// <summary>Answers remembered per session, for requests that come again because the network lost them; each may carry 32 KiB of values. Default 1,024.</summary>
    public int RememberedRequests { get; init; } = 1024;

    /// <summary>Three quarters of the memory of the machine, or of what its container or job allows.</summary>
    internal static long BytesOfMachine { get; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes is > 0 and var total ? total / 4 * 3 : 0;

    /// <summary>Refuses the text of a fragment that is larger than a plan may be.</summary>
    /// <exception cref="WorkerRefusal">It is.</exception>
    internal void Check(string fragment)
    {
        const string operation = "\"daphne.";
        int operations = fragment.AsSpan().Count(operation);
        if (operations > FragmentOperations) throw new WorkerRefusal(WorkerFailure.TooLarge, $"the fragment has {operations} operations; at most {FragmentOperations} are allowed");
        int depth = 0;
        bool quoted = false;
        for (int i = 0; i < fragment.Length; i++)
        {
            char c = fragment[i];
            if (quoted && c == '\\') i++;
            else if (c == '"') quoted = !quoted;
            else if (quoted || c == '>' && i > 0 && fragment[i - 1] == '-') continue;
            else if (c is '(' or '{' or '[' or '<') depth++;
            else if (c is ')' or '}' or ']' or '>') depth--;
            if (depth > FragmentNesting) throw new WorkerRefusal(WorkerFailure.TooLarge, $"the brackets of the fragment stand more than {FragmentNesting} deep in each other");
        }
    }
}
