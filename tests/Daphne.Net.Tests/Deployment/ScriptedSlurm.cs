using System.Text;
using Daphne.Net.Deployment;

namespace Daphne.Net.Tests.Deployment;

/// <summary>
/// This machine with small programs in the place of Slurm's: each answers call by call with a piece of shell, the last piece again and again. For what
/// a real Slurm will not do on demand.
/// </summary>
sealed class ScriptedSlurm : IShell
{
    public const string Down = "echo 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)' >&2; exit 1";
    public const string NoSuchJob = "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1";

    readonly LocalShell machine = new();
    readonly string programs;

    public ScriptedSlurm()
    {
        Folder = Directory.CreateTempSubdirectory("daphne-slurm-").FullName;
        programs = Directory.CreateDirectory(Path.Combine(Folder, "bin")).FullName;
        Answers("squeue", NoSuchJob);
        Answers("scontrol", NoSuchJob);
        Answers("scancel", "exit 0");
    }

    public string Folder { get; }

    public string Name => "login";

    /// <summary>What a command does at its first call, its second, and so on. In it, <c>$T</c> is this folder.</summary>
    public ScriptedSlurm Answers(string command, params string[] pieces)
    {
        var text = new StringBuilder($"#!/bin/sh\nT={ShellQuote.Word(Folder)}\necho \"{command} $*\" >> \"$T/calls\"\nn=$(grep -c '^{command} ' \"$T/calls\")\ncase $n in\n");
        for (int i = 0; i < pieces.Length; i++) text.Append(i == pieces.Length - 1 ? "*" : $"{i + 1}").Append(") ").Append(pieces[i]).Append(" ;;\n");
        string path = Path.Combine(programs, command);
        File.WriteAllText(path, text.Append("esac\n").ToString());
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return this;
    }

    /// <summary>The calls of a command so far.</summary>
    public string[] Calls(string command) => File.Exists(Path.Combine(Folder, "calls")) ? [.. File.ReadAllLines(Path.Combine(Folder, "calls")).Where(l => l.StartsWith(command + " ", StringComparison.Ordinal))] : [];

    public Task<ShellResult> RunAsync(ShellCommand command, CancellationToken ct = default) => machine.RunAsync(command with { Script = $"PATH={ShellQuote.Word(programs)}:/usr/bin:/bin; export PATH\n{command.Script}" }, ct);

    public Task<bool> UploadAsync(UploadedFile file, IProgress<long>? sentBytes = null, CancellationToken ct = default) => machine.UploadAsync(file, sentBytes, ct);

    public ValueTask<Stream> ConnectAsync(string host, int port, CancellationToken ct = default) => machine.ConnectAsync(host, port, ct);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public void Remove() => Directory.Delete(Folder, recursive: true);
}

/// <summary>A clock whose pauses are a hundred times shorter.</summary>
sealed class HurriedTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / 100 : dueTime, period);
}
