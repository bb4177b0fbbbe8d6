using Daphne.Net.Data;

namespace Daphne.Net.Distributed;

/// <summary>
/// A worker inside this process: the same service as a worker process, without a wire. What is stored is copied, as a wire would, so that nobody
/// sees the other side's changes.
/// </summary>
public sealed class InProcessWorker : IWorkerClient
{
    readonly WorkerService service;
    readonly string session;
    readonly HealthReport health;

    /// <summary>Starts a worker.</summary>
    /// <param name="name">What reports and errors call it.</param>
    /// <param name="byteLimit">Most bytes of values it holds; 0 means no limit.</param>
    public InProcessWorker(string name, long byteLimit = 0) : this(name, new WorkerService(new() { Run = FragmentExecution.Run, ByteLimit = byteLimit, FileRoots = new([Path.GetPathRoot(Environment.CurrentDirectory)!]) })) { }

    internal InProcessWorker(string name, WorkerService service)
    {
        this.service = service;
        Identity = new(name, ProductVersion.Text, Environment.ProcessId);
        session = service.Sessions.Open(TimeSpan.Zero, readsFiles: true);
        service.Observe(name);
        health = new(now => HealthChanged?.Invoke(now));
    }

    /// <inheritdoc/>
    public WorkerIdentity Identity { get; }

    /// <summary><see cref="WorkerHealth.Gone"/> once it is disposed, else <see cref="WorkerHealth.Answering"/>.</summary>
    public WorkerHealth Health => health.Now;

    /// <inheritdoc/>
    public event Action<WorkerHealth>? HealthChanged;

    /// <inheritdoc/>
    public ValueTask<WorkerIdentity> HelloAsync(CallBudget budget, CancellationToken ct) => new(Identity);

    /// <inheritdoc/>
    public ValueTask<Handle> StoreAsync(Datum value, CallBudget budget, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Answer(() => service.Store(Copy(value), session));
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Handle>> ComputeAsync(Fragment fragment, IReadOnlyList<Handle> inputs, CallBudget budget, CancellationToken ct) =>
        await WithinAsync(budget, ct, end => service.ComputeAsync(fragment.Text, inputs.Select(h => h.Id), session, "", end)).ConfigureAwait(false);

    /// <summary>As a wire would; 0 (the default): small values are stored and fetched too, which takes no longer here. At most <see cref="CallValue.Most"/>.</summary>
    public int Carries { get; init; }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<CallValue>> ComputeAsync(Fragment fragment, IReadOnlyList<CallValue> inputs, IReadOnlyCollection<int> bring, CallBudget budget, CancellationToken ct) =>
        await WithinAsync(budget, ct, end => service.ComputeAsync(new FragmentCall(fragment.Text, Bring: Carries > 0 ? bring : null), [.. inputs], session, "", end)).ConfigureAwait(false);

    async ValueTask<T> WithinAsync<T>(CallBudget budget, CancellationToken ct, Func<CancellationToken, Task<T>> call)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(budget.Timeout);
        try
        {
            return await call(deadline.Token).ConfigureAwait(false);
        }
        catch (WorkerRefusal e)
        {
            throw Refused(e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new WorkerException(Identity, WorkerFailure.TimedOut, $"did not finish within {budget.Timeout.TotalSeconds:0.#} s", e);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Datum> TransferAsync(Handle handle, CallBudget budget, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Answer(() => service.Take(handle.Id, session));
    }

    /// <inheritdoc/>
    public ValueTask FreeAsync(IReadOnlyList<Handle> handles, CallBudget budget, CancellationToken ct)
    {
        Answer(() => service.Free(handles.Select(h => h.Id), session));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public bool ReadsFiles => service.Files.IsOffered;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<CsvStretch>> ScanAsync(SharedFile file, long offset, long length, long stretch, CallBudget budget, CancellationToken ct) =>
        await WithinAsync(budget, ct, end => service.Files.ScanAsync(file, offset, length, stretch, session, "", end)).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<Handle> ReadAsync(FileRange range, CallBudget budget, CancellationToken ct) => WithinAsync(budget, ct, end => service.Files.ReadAsync(range, session, "", end));

    /// <inheritdoc/>
    public ValueTask<WorkerStats> StatsAsync(CallBudget budget, CancellationToken ct) => new(service.Values.Stats);

    /// <summary>Ends the worker: stops what it computes, frees what it holds.</summary>
    public ValueTask DisposeAsync()
    {
        service.CloseSession(session);
        service.Dispose();
        health.Become(WorkerHealth.Gone);
        return ValueTask.CompletedTask;
    }

    ValueTask<T> Answer<T>(Func<T> call)
    {
        try
        {
            return new(call());
        }
        catch (WorkerRefusal e)
        {
            throw Refused(e);
        }
    }

    WorkerException Refused(WorkerRefusal e) => new(Identity, e.Reason, e.Message, e);

    static Datum Copy(Datum value) => value.IsScalar ? value : ValueReader.Read(ValueWriter.Bytes(value));
}
