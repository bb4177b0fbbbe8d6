using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed.Mpi;
using Daphne.Net.Distributed.Mpi.Native;

namespace Daphne.Net.Distributed;

/// <summary>A worker that is another rank of this MPI job. Thread-safe. Made by <see cref="MpiJob"/>.</summary>
public sealed partial class MpiWorkerClient : IWorkerClient
{
    static readonly CallBudget goodbye = new(TimeSpan.FromSeconds(2));

    readonly MpiCoordinator coordinator;
    readonly int rank, chunk;
    readonly HealthReport health;
    string session = "";

    internal MpiWorkerClient(MpiCoordinator coordinator, int rank, int chunk)
    {
        (this.coordinator, this.rank, this.chunk) = (coordinator, rank, chunk);
        Identity = new($"rank {rank}");
        health = new(now => HealthChanged?.Invoke(now));
        coordinator.HasEnded += () => health.Become(WorkerHealth.Gone);
        if (coordinator.HasFailed) health.Become(WorkerHealth.Gone);
    }

    /// <inheritdoc/>
    public WorkerIdentity Identity { get; private set; }

    /// <summary><see cref="WorkerHealth.Gone"/> once any rank of the job is lost, else <see cref="WorkerHealth.Answering"/>.</summary>
    public WorkerHealth Health => health.Now;

    /// <inheritdoc/>
    public event Action<WorkerHealth>? HealthChanged;

    /// <inheritdoc/>
    public async ValueTask<WorkerIdentity> HelloAsync(CallBudget budget, CancellationToken ct)
    {
        (session, string version, string machine, var process) = await AskAsync(MpiVerb.Hello, MpiBodies.Greeted, writer =>
        {
            writer.Write(MpiFrame.Protocol);
            writer.Write(ProductVersion.Text);
            writer.Write(session);
        }, budget, ct).ConfigureAwait(false);
        coordinator.Watch(rank, process);
        return Identity = new(machine == Environment.MachineName ? $"rank {rank}" : $"rank {rank} on {machine}", version, process.Id);
    }

    /// <inheritdoc/>
    public async ValueTask<Handle> StoreAsync(Datum value, CallBudget budget, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var call = coordinator.Store([(rank, session)], Outgoing(value), chunk)[0];
        return await AnswerAsync(call, MpiBodies.Stored, budget, ct).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Handle>> ComputeAsync(Fragment fragment, IReadOnlyList<Handle> inputs, CallBudget budget, CancellationToken ct) =>
        [.. (await ComputeAsync(fragment, [.. inputs.Select(i => new CallValue(i))], [], budget, ct).ConfigureAwait(false)).Select(made => made.Handle)];

    /// <inheritdoc/>
    public int Carries => CallValue.Most;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<CallValue>> ComputeAsync(Fragment fragment, IReadOnlyList<CallValue> inputs, IReadOnlyCollection<int> bring, CallBudget budget, CancellationToken ct)
    {
        var made = await AskAsync(MpiVerb.Compute, MpiBodies.Computed, writer =>
        {
            writer.Write(session);
            writer.Write(fragment.Text);
            writer.Write(inputs, writer.Write);
            writer.Write(bring, writer.Write);
        }, budget, ct).ConfigureAwait(false);
        return made.Length == fragment.ResultCount ? made
            : throw new WorkerException(Identity, WorkerFailure.Internal, $"{made.Length} results came back for a fragment that has {fragment.ResultCount}");
    }

    /// <inheritdoc/>
    public async ValueTask<Datum> TransferAsync(Handle handle, CallBudget budget, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var call = coordinator.Ask(rank, MpiVerb.Transfer, writer =>
        {
            writer.Write(session);
            writer.Write(handle.Id);
            writer.Write(chunk);
        });
        try
        {
            using var value = (await AnswerAsync(call, budget, ct).ConfigureAwait(false)).Value!;
            return value.Reader!.Finish();
        }
        catch (RaisedException e)
        {
            throw new WorkerException(Identity, WorkerFailure.Internal, $"what it sent is no value: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask FreeAsync(IReadOnlyList<Handle> handles, CallBudget budget, CancellationToken ct)
    {
        if (handles.Count == 0) return;
        await AskAsync(MpiVerb.Free, MpiBodies.Nothing, writer =>
        {
            writer.Write(session);
            writer.Write(handles, handle => writer.Write(handle.Id));
        }, budget, ct).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<WorkerStats> StatsAsync(CallBudget budget, CancellationToken ct)
    {
        return await AskAsync(MpiVerb.Stats, MpiBodies.Stats, writer => writer.Write(session), budget, ct).ConfigureAwait(false);
    }

    /// <summary>Closes the session, which frees what it holds. The rank goes on to serve.</summary>
    public async ValueTask DisposeAsync()
    {
        if (session.Length == 0) return;
        string closing = session;
        session = "";
        try
        {
            await AskAsync(MpiVerb.CloseSession, MpiBodies.Nothing, writer => writer.Write(closing), goodbye, default).ConfigureAwait(false);
        }
        catch (WorkerException)
        {
            // The rank frees it when the job ends.
        }
    }

    MpiOutgoingValue Outgoing(Datum value)
    {
        try
        {
            return new(value);
        }
        catch (RaisedException e)
        {
            throw new WorkerException(Identity, WorkerFailure.BadRequest, e.Message, e);
        }
    }

    Task<T> AskAsync<T>(MpiVerb verb, Func<BinaryReader, T> answer, Action<BinaryWriter> body, CallBudget budget, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return AnswerAsync(coordinator.Ask(rank, verb, body), answer, budget, ct);
    }

    async Task<T> AnswerAsync<T>(MpiCall call, Func<BinaryReader, T> answer, CallBudget budget, CancellationToken ct)
    {
        var frame = (await AnswerAsync(call, budget, ct).ConfigureAwait(false)).Frame!;
        try
        {
            return frame.Parse(answer);
        }
        catch (RaisedException e)
        {
            throw new WorkerException(Identity, WorkerFailure.Internal, e.Message, e);
        }
    }

    async Task<MpiAnswer> AnswerAsync(MpiCall call, CallBudget budget, CancellationToken ct)
    {
        try
        {
            return await call.Answer.WaitAsync(budget.Timeout > TimeSpan.Zero ? budget.Timeout : TimeSpan.Zero, ct).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            coordinator.Abandon(call, session);
            throw new WorkerException(Identity, WorkerFailure.TimedOut, FormattableString.Invariant($"did not answer within {budget.Timeout.TotalSeconds:0.#} s"), e);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            coordinator.Abandon(call, session);
            throw;
        }
        catch (WorkerRefusal e)
        {
            throw new WorkerException(Identity, e.Reason, e.Message, e);
        }
        catch (Exception e) when (e is MpiException or RaisedException)
        {
            throw new WorkerException(Identity, WorkerFailure.Unreachable, e.Message, e);
        }
    }
}
