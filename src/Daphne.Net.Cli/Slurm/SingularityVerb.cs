using Daphne.Net.Deployment;

namespace Daphne.Net.Cli;

/// <summary><c>singularity [SOURCE]</c>: builds the image, here or, where only the login node has a runtime, there; and puts it on the login node.</summary>
sealed class SingularityVerb() : SlurmVerb("singularity", "Builds the container image (optional) and puts it on the login node.")
{
    /// <summary>The image's name.</summary>
    public const string Image = "daphne.sif";

    const string DefinitionFile = "daphne.def";
    static readonly TimeSpan buildTime = TimeSpan.FromHours(1);

    public override string Words => "[SOURCE]";

    public override async Task<int> RunAsync(SlurmSession session, CancellationToken ct)
    {
        session.AtMost(1, Name);
        await using var here = new LocalShell();
        string source = session.Words is [var given] ? given : DefinitionFile;
        if (session.Words.Count == 0 && !File.Exists(DefinitionFile))
        {
            await File.WriteAllTextAsync(DefinitionFile, Container.Definition, ct).ConfigureAwait(false);
            session.Report.Say($"wrote {DefinitionFile}");
        }
        if (await Container.FindRuntimeAsync(here, ct).ConfigureAwait(false) is { } runtime)
        {
            await BuildAsync(here, Container.Build(runtime, Image, Path.Exists(source) ? Path.GetFullPath(source) : source), Directory.GetCurrentDirectory(), session, ct).ConfigureAwait(false);
            if (session.Settings.Login is not null) await SendAsync(session, ct).ConfigureAwait(false);
            else await KeepAsync(here, session, ct).ConfigureAwait(false);
            return 0;
        }
        if (session.Settings.Login is null) await Container.RuntimeOfAsync(here, ct).ConfigureAwait(false);
        string there = await Container.RuntimeOfAsync(session.Login, ct).ConfigureAwait(false), folder = await FolderAsync(session, ct).ConfigureAwait(false);
        if (File.Exists(source))
        {
            await session.Login.UploadAsync(new(Path.GetFullPath(source), $"{folder}/{DefinitionFile}"), null, ct).ConfigureAwait(false);
            source = DefinitionFile;
        }
        await BuildAsync(session.Login, Container.Build(there, Image, source), folder, session, ct).ConfigureAwait(false);
        Made(session, $"{folder}/{Image}");
        return 0;
    }

    static async Task<string> FolderAsync(SlurmSession session, CancellationToken ct)
    {
        string folder = $"{await ClusterFolder.RootAsync(session.Login, session.Settings.Root, ct).ConfigureAwait(false)}/{Container.Folder}";
        (await session.Login.RunAsync(new($"umask 077; mkdir -p {ShellQuote.Word(folder)}"), ct).ConfigureAwait(false)).Demand("making the folder of images", session.Login.Name);
        return folder;
    }

    static async Task BuildAsync(IShell shell, IReadOnlyList<string> words, string folder, SlurmSession session, CancellationToken ct)
    {
        string command = string.Join(' ', words.Select(ShellQuote.Word));
        session.Report.Say(command);
        (await shell.RunAsync(new($"cd {ShellQuote.Word(folder)} && {command}") { Timeout = buildTime, OnLine = session.Report.Say }, ct).ConfigureAwait(false)).Demand("building the image", shell.Name);
    }

    static async Task SendAsync(SlurmSession session, CancellationToken ct)
    {
        string image = $"{await FolderAsync(session, ct).ConfigureAwait(false)}/{Image}";
        bool sent = await session.Login.UploadAsync(new(Path.GetFullPath(Image), image, Executable: true), null, ct).ConfigureAwait(false);
        session.Report.Say(sent ? $"sent: {Image}" : $"sent: {Image} was there");
        Made(session, image);
    }

    static async Task KeepAsync(IShell here, SlurmSession session, CancellationToken ct)
    {
        string image = $"{await FolderAsync(session, ct).ConfigureAwait(false)}/{Image}";
        await here.UploadAsync(new(Path.GetFullPath(Image), image, Executable: true), null, ct).ConfigureAwait(false);
        Made(session, image);
    }

    static void Made(SlurmSession session, string image) => session.Report.Result(image, ("image", image));
}
