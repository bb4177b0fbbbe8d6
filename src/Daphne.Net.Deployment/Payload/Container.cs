namespace Daphne.Net.Deployment;

/// <summary>An image of Apptainer or Singularity in which the bundle runs. The image holds the system's libraries; the bundle comes from outside, so that one image serves every version.</summary>
public static class Container
{
    /// <summary>The programs that can be there, in the order they are looked for; their command lines are the same.</summary>
    public static readonly IReadOnlyList<string> Runtimes = ["apptainer", "singularity"];

    /// <summary>What the image is built from unless something else is named: the libraries the bundle loads, nothing of ours.</summary>
    public const string Definition = """
        Bootstrap: docker
        From: debian:12-slim

        %post
            apt-get update
            apt-get install -y --no-install-recommends ca-certificates libgcc-s1 libssl3 libstdc++6 zlib1g
            rm -rf /var/lib/apt/lists/*

        %labels
            Purpose the system libraries that the bundle of Daphne.Net needs

        %runscript
            exec "$@"

        """;

    /// <summary>Where images lie below our folder on a machine.</summary>
    public const string Folder = "images";

    /// <summary>Words that build an image.</summary>
    /// <param name="runtime">One of <see cref="Runtimes"/>.</param>
    /// <param name="image">The file to make.</param>
    /// <param name="source">A definition file, a folder with a root file system, or an address such as <c>docker://debian:12-slim</c>.</param>
    public static IReadOnlyList<string> Build(string runtime, string image, string source) => [runtime, "build", "--force", image, source];

    /// <summary>Words before the program's path: our folder is bound into the image at its own place.</summary>
    /// <param name="runtime">One of <see cref="Runtimes"/>.</param>
    /// <param name="image">The image on the nodes.</param>
    /// <param name="root">Our folder there.</param>
    /// <param name="arguments">Further options of <c>exec</c>, for instance <c>--nv</c>.</param>
    public static IReadOnlyList<string> Exec(string runtime, string image, string root, IEnumerable<string> arguments) => [runtime, "exec", "--bind", root, .. arguments, image];

    /// <summary>The runtime a machine has.</summary>
    /// <exception cref="DeploymentException">It has none.</exception>
    public static async Task<string> RuntimeOfAsync(IShell shell, CancellationToken ct) => await FindRuntimeAsync(shell, ct).ConfigureAwait(false)
        ?? throw new DeploymentException(DeploymentFailure.ProgramMissing, $"{shell.Name} has neither {string.Join(" nor ", Runtimes)} on its PATH; load the module that brings one, or run without an image: the bundle needs none");

    /// <summary>The runtime a machine has; null where it has none.</summary>
    public static async Task<string?> FindRuntimeAsync(IShell shell, CancellationToken ct)
    {
        var found = await shell.RunAsync(new($"for r in {string.Join(' ', Runtimes)}; do command -v $r && exit; done; exit 0"), ct).ConfigureAwait(false);
        return found.Output.Trim() is { Length: > 0 } path ? path : null;
    }
}
