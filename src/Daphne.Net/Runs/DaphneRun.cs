using Daphne.Net.Data;

namespace Daphne.Net;

/// <summary>A script that has run: what it printed, the variables it left, what it did. Dispose it to give back their memory, here and on workers.</summary>
public sealed class DaphneRun : IAsyncDisposable
{
    readonly IReadOnlyDictionary<string, Datum> outputs;
    readonly Func<RunReport> report;
    bool disposed;

    internal DaphneRun(string output, IReadOnlyDictionary<string, Datum> outputs, Func<RunReport> report) => (Output, this.outputs, this.report) = (output, outputs, report);

    /// <summary>What the script printed.</summary>
    public string Output { get; }

    /// <summary>What the run did; values fetched from workers after the run are counted too.</summary>
    public RunReport Report => report();

    /// <summary>The names of the variables it left.</summary>
    public IEnumerable<string> Names => outputs.Keys;

    /// <summary>
    /// A variable the script left: a scalar as its own C# type (an integer also as any integer type that holds it, any number as double), a string, a
    /// matrix as <see cref="Matrix"/> or <see cref="DenseMatrix{T}"/> (valid until the run is disposed), as a two-dimensional array, or (one row or
    /// one column) as an array, a frame as <see cref="Frame"/> (valid until the run is disposed too). A value that lies on workers is fetched.
    /// </summary>
    /// <exception cref="KeyNotFoundException">The script left no such variable.</exception>
    /// <exception cref="InvalidCastException">It is something else; the message says what.</exception>
    public T Get<T>(string name)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (!outputs.TryGetValue(name, out var value))
            throw new KeyNotFoundException($"the script left no variable {name}; it left {(outputs.Count == 0 ? "none" : string.Join(", ", outputs.Keys))}");
        return HostResults.To<T>(name, value);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (disposed) return ValueTask.CompletedTask;
        disposed = true;
        foreach (var value in outputs.Values)
            if (!value.IsScalar) value.Object.Release();
        return ValueTask.CompletedTask;
    }

    /// <summary>The printed text, cut after 1,000 characters.</summary>
    public override string ToString() => Output.Length <= 1000 ? Output : Output[..1000] + "…";
}
