using System.Diagnostics.CodeAnalysis;
using Daphne.Net.Runtime;

namespace Daphne.Net;

/// <summary>How scripts run in this process.</summary>
public sealed record DaphneOptions
{
    /// <summary>Threads of the engine; 0 (the default) means one per core.</summary>
    public int Threads { get; init; }

    /// <summary>Fuse operations into pipelines that run over row ranges on all threads. Results are the same to the last bit. Default: yes.</summary>
    public bool Vectorize { get; init; } = true;

    /// <summary>
    /// Make matrices sparse whose share of non-zero cells is estimated to be below a quarter. What a script leaves behind is dense all the same. Sparse
    /// random matrices have other cells than dense ones of the same seed. Default: no.
    /// </summary>
    public bool SelectRepresentations { get; init; }
}

/// <summary>Runs scripts in this process. Thread-safe: several scripts may run at once.</summary>
public sealed class DaphneSession(DaphneOptions? options = null) : IDisposable
{
    readonly DaphneOptions settings = options ?? new();
    readonly TaskEngine? ownEngine = options is { Threads: > 0 } ? new(options.Threads) : null;

    TaskEngine Engine => ownEngine ?? TaskEngine.Shared;

    /// <summary>Runs a script; the arguments are those of <see cref="DaphneCluster.RunAsync(string, object?, RunOptions?, CancellationToken)"/>.</summary>
    /// <exception cref="Dialect.ScriptException">The script is wrong, or an operation failed; the diagnostics name the place.</exception>
    [RequiresUnreferencedCode("The properties of args are found by reflection; under trimming pass a dictionary.")]
    public Task<DaphneRun> RunAsync(string script, object? args = null, RunOptions? options = null, CancellationToken ct = default) =>
        ScriptRunner.RunAsync(script, HostArguments.From(args?.GetType() ?? typeof(object), args, null), options ?? new(), settings, Engine, ct);

    /// <summary>As <see cref="RunAsync(string, object?, RunOptions?, CancellationToken)"/>, for trimmed applications.</summary>
    public Task<DaphneRun> RunAsync<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TArgs>(
        string script, TArgs args, RunOptions? options = null, CancellationToken ct = default) where TArgs : class =>
        ScriptRunner.RunAsync(script, HostArguments.From(typeof(TArgs), args, null), options ?? new(), settings, Engine, ct);

    /// <summary>Runs the script in a file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    [RequiresUnreferencedCode("The properties of args are found by reflection; under trimming pass a dictionary.")]
    public async Task<DaphneRun> RunFileAsync(string path, object? args = null, RunOptions? options = null, CancellationToken ct = default) =>
        await RunAsync(await File.ReadAllTextAsync(path, ct).ConfigureAwait(false), args, DaphneCluster.Named(options, path), ct).ConfigureAwait(false);

    /// <summary>Ends the session's own threads, where it has some.</summary>
    public void Dispose() => ownEngine?.Dispose();
}
