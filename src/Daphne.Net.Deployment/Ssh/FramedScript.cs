using System.Globalization;
using System.Text;

namespace Daphne.Net.Deployment;

/// <summary>
/// A script on its way to a machine whose login shell may be any and may print what it likes. The script goes ahead of the command's input on standard
/// input, so that no shell but ours reads it; its output stands between two marks, the second with its exit status, so that banners are passed over,
/// an output cut short shows, and ssh's own status 255 is not taken for the command's.
/// </summary>
sealed class FramedScript
{
    readonly string begin, end;
    readonly Action<string>? onLine;
    readonly List<string> lines = [];
    long kept;
    bool begun;

    public FramedScript(ShellCommand command)
    {
        string mark = Guid.NewGuid().ToString("n");
        (begin, end, onLine) = ($"daphne-begin-{mark} ", $"daphne-end-{mark} ", command.OnLine);
        // The subshell keeps an 'exit' of the script from taking the end mark with it.
        Bytes = Encoding.UTF8.GetBytes($"LC_ALL=C; export LC_ALL\nprintf '%s%s\\n' '{begin}' $$\n(\n{command.Script}\n)\nprintf '\\n%s%s\\n' '{end}' $?\n");
    }

    /// <summary>What is sent before the command's own input.</summary>
    public byte[] Bytes { get; }

    /// <summary>What ssh is told to run: in words that sh, csh and fish understand alike.</summary>
    public string Launcher => $"exec /bin/sh -c 'eval \"$(head -c {Bytes.Length.ToString(CultureInfo.InvariantCulture)})\"'";

    /// <summary>The process group of the command there, once it runs.</summary>
    public int? Group { get; private set; }

    /// <summary>The exit status; null as long as the end has not come.</summary>
    public int? ExitStatus { get; private set; }

    /// <summary>What it printed.</summary>
    public string Output => string.Join('\n', lines);

    /// <summary>Takes one line of what came back.</summary>
    public void Take(string line)
    {
        if (!begun)
        {
            int at = line.IndexOf(begin, StringComparison.Ordinal);
            begun = at >= 0;
            if (begun && int.TryParse(line[(at + begin.Length)..], CultureInfo.InvariantCulture, out int group)) Group = group;
        }
        else if (ExitStatus is not null) { }
        else if (line.StartsWith(end, StringComparison.Ordinal) && int.TryParse(line[end.Length..], CultureInfo.InvariantCulture, out int status)) ExitStatus = status;
        else if (onLine is not null) onLine(line);
        else if ((kept += line.Length) <= ChildProcess.MostKept) lines.Add(line);
    }
}
