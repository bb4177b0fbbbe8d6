using System.Collections.Concurrent;
using Daphne.Net.Data;
using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed.Coordinator;

/// <summary>A worker whose computation is a delegate; it keeps real values and records every call.</summary>
sealed class ScriptedWorker(string name, Func<IReadOnlyList<Datum>, DataObject[]> compute) : IWorkerClient
{
    int next;

    public ConcurrentDictionary<string, Datum> Values { get; } = new();

    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Called before each call with its name, and before questions for a sign of life with "stats"; may throw or wait.</summary>
    public Func<string, CancellationToken, Task>? Before { get; set; }

    /// <summary>What it says of its results instead of the truth.</summary>
    public (long Rows, long Cols)? Shape { get; set; }

    public WorkerIdentity Identity { get; } = new(name, "0.1.0");

    public ValueTask<WorkerIdentity> HelloAsync(CallBudget budget, CancellationToken ct) => new(Identity);

    public async ValueTask<Handle> StoreAsync(Datum value, CallBudget budget, CancellationToken ct)
    {
        await EnterAsync("store " + (value.IsScalar ? "scalar" : value.Object.Header), ct);
        if (value.IsScalar) return Keep(value);
        // A real worker has a copy of its own.
        var matrix = (DenseMatrix<double>)value.Object;
        return Keep(Datum.Of(DenseMatrix<double>.Copy(matrix.ToArray(), matrix.Rows, matrix.Cols)));
    }

    public async ValueTask<IReadOnlyList<Handle>> ComputeAsync(Fragment fragment, IReadOnlyList<Handle> inputs, CallBudget budget, CancellationToken ct)
    {
        await EnterAsync("compute", ct);
        return [.. compute([.. inputs.Select(h => Values[h.Id])]).Select(o => Keep(Datum.Of(o))).Select(h => Shape is { } lie ? h with { Rows = lie.Rows, Cols = lie.Cols } : h)];
    }

    public async ValueTask<Datum> TransferAsync(Handle handle, CallBudget budget, CancellationToken ct)
    {
        await EnterAsync("transfer", ct);
        var value = Values[handle.Id];
        value.Object.Retain();
        return value;
    }

    public async ValueTask FreeAsync(IReadOnlyList<Handle> handles, CallBudget budget, CancellationToken ct)
    {
        await EnterAsync("free", ct);
        foreach (var handle in handles)
            if (Values.TryRemove(handle.Id, out var value) && !value.IsScalar) value.Object.Release();
    }

    public async ValueTask<WorkerStats> StatsAsync(CallBudget budget, CancellationToken ct)
    {
        await (Before?.Invoke("stats", ct) ?? Task.CompletedTask);
        return new(0, Values.Count);
    }

    public ValueTask DisposeAsync() => default;

    Task EnterAsync(string call, CancellationToken ct)
    {
        Calls.Enqueue(call);
        return Before?.Invoke(call, ct) ?? Task.CompletedTask;
    }

    Handle Keep(Datum value)
    {
        string id = $"{name}/{Interlocked.Increment(ref next)}";
        Values[id] = value;
        return value.IsScalar ? new(id, 1, 1) : new(id, ((Matrix)value.Object).Rows, ((Matrix)value.Object).Cols);
    }
}
