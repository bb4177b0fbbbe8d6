using System.Globalization;

namespace Daphne.Net.Distributed.Mpi;

/// <summary>A process by number and start time, as <c>/proc</c> shows it: one of another machine or namespace is not taken for it.</summary>
readonly record struct LocalProcess(int Id, string Started)
{
    public static LocalProcess Own => new(Environment.ProcessId, StartOf(Environment.ProcessId) ?? "");

    /// <summary>False once it has ended, even where its parent has not noticed; and where there is no <c>/proc</c>.</summary>
    public bool Lives => Started.Length > 0 && StartOf(Id) == Started;

    /// <summary>Who started us; 1, or another process that adopts orphans, once that has ended.</summary>
    public static int Parent => Words(Environment.ProcessId) is { } words ? int.Parse(words[1], CultureInfo.InvariantCulture) : 0;

    static string? StartOf(int id) => Words(id) is { } words && words[0] is not ("Z" or "X") ? words[19] : null;

    // From the state on: "pid (name) state parent …", and the name may hold blanks and parentheses.
    static string[]? Words(int id)
    {
        try
        {
            string status = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            return status[(status.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
