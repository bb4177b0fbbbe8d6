using System.Runtime.InteropServices;
using System.Text;

namespace Daphne.Net.Deployment;

/// <summary>
/// Lets ssh ask us: it runs a small program with its question, which hands it over a named pipe and prints what comes back. The pipes lie in a folder
/// only this account can open; an answer is never on a command line, in the environment or in a file.
/// </summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
sealed partial class AskPass : IDisposable
{
    readonly string host, folder, questions, answers;
    readonly Func<SshPrompt, CancellationToken, Task<string>> prompt;
    readonly CancellationTokenSource closing = new();
    readonly Thread thread;

    public AskPass(string host, Func<SshPrompt, CancellationToken, Task<string>> prompt, string parent)
    {
        (this.host, this.prompt) = (host, prompt);
        folder = Directory.CreateDirectory(Path.Combine(parent, "ask-" + Guid.NewGuid().ToString("n")[..8]), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        (questions, answers) = (MakePipe("questions"), MakePipe("answers"));
        string program = Path.Combine(folder, "ask");
        File.WriteAllText(program, $"#!/bin/sh\nprintf '%s\\n' \"$1\" | tr '\\n' '\\001' > {ShellQuote.Word(questions)} && cat {ShellQuote.Word(answers)}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Environment = new Dictionary<string, string> { ["SSH_ASKPASS"] = program, ["SSH_ASKPASS_REQUIRE"] = "force", ["DISPLAY"] = System.Environment.GetEnvironmentVariable("DISPLAY") ?? "none" };
        thread = new Thread(Serve) { IsBackground = true, Name = "ssh questions" };
        thread.Start();
    }

    /// <summary>What makes ssh ask us.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    public void Dispose()
    {
        closing.Cancel();
        // Opening a pipe waits for the other end: be the other end of both.
        using (new FileStream(answers, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            using (var wake = new FileStream(questions, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0)) wake.Write("\u0002"u8);
            thread.Join();
        }
        closing.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    void Serve()
    {
        // Open for writing too, so that it has no end between two questions.
        using var pipe = new FileStream(questions, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        var text = new List<byte>();
        for (int b; (b = pipe.ReadByte()) is not (-1 or 2);)
        {
            if (b != 1)
            {
                text.Add((byte)b);
                continue;
            }
            string question = Encoding.UTF8.GetString([.. text]).Trim();
            text.Clear();
            string answer;
            try
            {
                answer = prompt(new(host, question), closing.Token).GetAwaiter().GetResult();
            }
            catch (OperationCanceledException)
            {
                answer = "";        // ssh goes on without an answer and says that it was refused
            }
            // To write only: it waits for the reader. What is written into a pipe that nobody has opened is gone when it is closed.
            using var reply = new FileStream(answers, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            reply.Write(Encoding.UTF8.GetBytes(answer.TrimEnd('\n') + "\n"));
        }
    }

    string MakePipe(string name)
    {
        string path = Path.Combine(folder, name);
        if (MakeFifo(path, 0x180 /* 0600 */) != 0) throw new DeploymentException(DeploymentFailure.StartFailed, $"cannot make the pipe {path}: {Marshal.GetLastPInvokeErrorMessage()}");
        return path;
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MakeFifo(string path, uint mode);
}
