namespace Daphne.Net.Deployment;

/// <summary>Puts a bundle on a machine, once.</summary>
static class BundleInstall
{
    /// <summary>Sends and unpacks it, if it is not there.</summary>
    /// <param name="shell">The machine.</param>
    /// <param name="bundle">What to install.</param>
    /// <param name="root">Our folder there, absolute.</param>
    /// <param name="sentBytes">Is told how much has been sent.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>The program there, and whether anything was sent.</returns>
    /// <exception cref="DeploymentException">There is no room, no right, or no <c>tar</c>.</exception>
    public static async Task<(string Program, bool Sent)> RunAsync(IShell shell, Bundle bundle, string root, IProgress<long>? sentBytes, CancellationToken ct)
    {
        string folder = $"{root}/bundles/{bundle.Name}", archive = folder + ".tar.gz", mark = folder + "/.complete", program = $"{folder}/{Bundle.Program}";
        string found = (await shell.RunAsync(new($"[ -f {ShellQuote.Word(mark)} ] && echo there || true"), ct).ConfigureAwait(false)).Demand("looking for the bundle", shell.Name);
        if (found == "there") return (program, false);
        bool sent = await shell.UploadAsync(new(bundle.Path, archive), sentBytes, ct).ConfigureAwait(false);
        // Unpacked beside and renamed: of several at once one wins, and all find it whole.
        var unpack = new ShellCommand($$"""
            umask 077; folder={{ShellQuote.Word(folder)}}
            part="$folder.$$.part"
            trap 'rm -rf "$part"' EXIT; trap 'exit 1' HUP INT TERM PIPE
            mkdir -p "$part" && tar -xzf {{ShellQuote.Word(archive)}} -C "$part" && touch "$part/.complete" || { [ -f "$folder/.complete" ]; exit; }
            mv -T "$part" "$folder" 2>/dev/null || [ -f "$folder/.complete" ] || { echo "cannot rename $part to $folder" >&2; exit 1; }
            rm -f {{ShellQuote.Word(archive)}}
            """) { Timeout = TimeSpan.FromMinutes(5) };
        (await shell.RunAsync(unpack, ct).ConfigureAwait(false)).Demand("unpacking the bundle", shell.Name);
        return (program, sent);
    }
}
