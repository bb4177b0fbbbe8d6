using System.Text;

namespace Daphne.Net.Deployment;

/// <summary>
/// What a cluster has on a machine: one folder below ours (<c>$DAPHNE_HOME</c>, else <c>~/.daphne</c>), which only its owner can enter, with its identity,
/// its logs and a mark that says it is ours. Nothing else is ever removed.
/// </summary>
public sealed class ClusterFolder
{
    /// <summary>The file that says that a folder is ours to remove; it holds the cluster's id.</summary>
    public const string Mark = ".daphne-cluster";

    ClusterFolder(IShell shell, string root, string name, string clusterId) => (Shell, Root, Path, ClusterId) = (shell, root, $"{root}/clusters/{name}", clusterId);

    /// <summary>The machine.</summary>
    public IShell Shell { get; }

    /// <summary>Our folder there, with bundles and clusters.</summary>
    public string Root { get; }

    /// <summary>The cluster's folder there, absolute.</summary>
    public string Path { get; }

    /// <summary>The cluster.</summary>
    public string ClusterId { get; }

    /// <summary>The identity of the cluster's workers.</summary>
    public string IdentityFile => Path + "/identity.pem";

    /// <summary>Makes the folder. The identity goes over the encrypted connection into a file only its owner can read.</summary>
    /// <param name="shell">The machine.</param>
    /// <param name="root">Our folder there; null for the default.</param>
    /// <param name="name">The name of the cluster's folder. Machines may share one home: there each needs one of its own.</param>
    /// <param name="clusterId">The cluster's id.</param>
    /// <param name="identityPem">What workers show and know each other by.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<ClusterFolder> MakeAsync(IShell shell, string? root, string name, string clusterId, string identityPem, CancellationToken ct)
    {
        string there = Named(root);
        var make = new ShellCommand($$"""
            umask 077; root={{there}}
            mkdir -p "$root/clusters" && cd "$root" && root=$(pwd -P) || exit 1
            folder="$root/clusters/{{name}}"
            mkdir "$folder" && printf '%s\n' {{clusterId}} > "$folder/{{Mark}}" && cat > "$folder/identity.pem" || exit 1
            printf '%s\n' "$root"
            """) { Input = new MemoryStream(Encoding.ASCII.GetBytes(identityPem)) };
        string found = (await shell.RunAsync(make, ct).ConfigureAwait(false)).Demand("making the cluster's folder", shell.Name);
        return Known(shell, found, name, clusterId);
    }

    /// <summary>The folder of a cluster whose making was cut short, so that nobody wrote down where it is; null where there is none.</summary>
    public static async Task<ClusterFolder?> FindAsync(IShell shell, string? root, string name, string clusterId, CancellationToken ct)
    {
        string found = (await shell.RunAsync(new($"root={Named(root)}\nif [ -d \"$root/clusters/{name}\" ]; then cd \"$root\" && pwd -P; fi"), ct).ConfigureAwait(false)).Demand("looking for the cluster's folder", shell.Name);
        return found.Length == 0 ? null : new(shell, found, name, clusterId);
    }

    /// <summary>Our folder on a machine, absolute; made where it is not there.</summary>
    public static async Task<string> RootAsync(IShell shell, string? root, CancellationToken ct) =>
        (await shell.RunAsync(new($"umask 077; root={Named(root)}\nmkdir -p \"$root\" && cd \"$root\" && pwd -P"), ct).ConfigureAwait(false)).Demand("making our folder", shell.Name);

    // A home is where the machine says it is, not where this one would.
    static string Named(string? root) =>
        root is null ? "\"${DAPHNE_HOME:-$HOME/.daphne}\"" : root == "~" ? "\"$HOME\"" : root.StartsWith("~/", StringComparison.Ordinal) ? "\"$HOME\"/" + ShellQuote.Word(root[2..]) : ShellQuote.Word(root);

    /// <summary>The folder of a cluster that was made before.</summary>
    public static ClusterFolder Known(IShell shell, string root, string name, string clusterId) => new(shell, root, name, clusterId);

    /// <summary>Removes the folder, if it is this cluster's.</summary>
    /// <exception cref="DeploymentException">It is not: nothing is removed then.</exception>
    public async Task RemoveAsync(CancellationToken ct)
    {
        string folder = ShellQuote.Word(Path);
        var remove = new ShellCommand($"[ -e {folder} ] || exit 0\nrmdir {folder} 2>/dev/null && exit 0      # made, and cut short before the mark\n[ \"$(cat {folder}/{Mark} 2>/dev/null)\" = {ClusterId} ] || {{ echo 'it does not hold our mark' >&2; exit 1; }}\ni=0; until rm -rf {folder} 2>/dev/null || [ $i -ge 50 ]; do sleep 0.1; i=$((i + 1)); done      # somebody may be writing into it for a moment yet\nrm -rf {folder}");
        (await Shell.RunAsync(remove, ct).ConfigureAwait(false)).Demand($"removing {Path}", Shell.Name);
    }
}
