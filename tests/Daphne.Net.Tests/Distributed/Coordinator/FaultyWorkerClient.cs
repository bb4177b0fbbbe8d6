using Daphne.Net.Data;
using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed.Coordinator;

/// <summary>What goes wrong.</summary>
public enum Fault
{
    None,
    /// <summary>The worker ends before it does what it is asked.</summary>
    DiesBefore,
    /// <summary>The worker does what it is asked and ends before it answers.</summary>
    DiesAfter,
    /// <summary>The connection breaks, and comes up again at once.</summary>
    Breaks,
    /// <summary>The worker does what it is asked, but the answer never comes.</summary>
    AnswerLost,
    /// <summary>The worker forgets all values it has.</summary>
    Forgets,
    /// <summary>The worker loses the session, with all values in it; a new one is opened.</summary>
    SessionLost,
    /// <summary>Neither this call nor any other is answered for a while.</summary>
    Hangs,
    /// <summary>Every call takes its time from now on.</summary>
    Slow,
}

/// <summary>A worker on which something goes wrong at one of its calls that move values or compute, counted from 1.</summary>
sealed class FaultyWorkerClient : IWorkerClient
{
    static readonly TimeSpan hang = TimeSpan.FromSeconds(1.5), slowness = TimeSpan.FromMilliseconds(30);

    readonly InProcessWorker inner;
    readonly List<Handle> values = [];
    readonly TaskCompletionSource resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile bool dead, hung, slow, taken;
    int calls;

    public FaultyWorkerClient(string name, Fault fault = Fault.None, int at = 0, bool carries = false)
    {
        inner = new(name) { Carries = carries ? CallValue.Most : 0 };
        (Fault, At) = (fault, at);
    }

    public int Carries => inner.Carries;

    public Fault Fault { get; set; }

    public int At { get; set; }

    /// <summary>Only calls of this name count: store, compute or transfer; null: all.</summary>
    public string? Only { get; init; }

    /// <summary>A fragment of which this is true ends the worker.</summary>
    public Func<Fragment, bool> Poison { get; init; } = _ => false;

    /// <summary>True once the fault has happened.</summary>
    public bool Fired { get; private set; }

    /// <summary>Fragments that were computed to their end.</summary>
    public int Computed { get; private set; }

    public WorkerIdentity Identity => inner.Identity;

    public int Generation { get; private set; } = 1;

    public event Action<WorkerHealth>? HealthChanged;

    public bool IsDead => dead;

    public async Task DieAsync()
    {
        dead = Fired = true;
        await inner.DisposeAsync();
    }

    /// <summary>Answers nothing until <see cref="Resume"/>, and its client notices.</summary>
    public void Hang()
    {
        hung = true;
        HealthChanged?.Invoke(WorkerHealth.Silent);
    }

    public void Resume()
    {
        hung = false;
        resumed.TrySetResult();
    }

    /// <summary>From now on it obeys somebody else.</summary>
    /// <param name="noticed">Its client hears of that before it is called again.</param>
    public async Task BeTakenOverAsync(bool noticed)
    {
        await ForgetAsync();
        taken = Fired = true;
        if (noticed) HealthChanged?.Invoke(WorkerHealth.Superseded);
    }

    /// <summary>What it was asked for after that.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> AskedInVain { get; } = [];

    /// <summary>As a client does that finds out.</summary>
    public async Task LoseSessionAsync()
    {
        await ForgetAsync();
        HealthChanged?.Invoke(WorkerHealth.SessionLost);
        Generation++;
        HealthChanged?.Invoke(WorkerHealth.Answering);
    }

    public ValueTask<WorkerIdentity> HelloAsync(CallBudget budget, CancellationToken ct) => dead ? throw Gone() : inner.HelloAsync(budget, ct);

    public ValueTask<Handle> StoreAsync(Datum value, CallBudget budget, CancellationToken ct) =>
        CallAsync("store", budget, ct, async () => Note(await inner.StoreAsync(value, budget, ct)), handle => inner.FreeAsync([handle], budget, default));

    public async ValueTask<IReadOnlyList<Handle>> ComputeAsync(Fragment fragment, IReadOnlyList<Handle> inputs, CallBudget budget, CancellationToken ct) =>
        [.. (await ComputeAsync(fragment, [.. inputs.Select(i => new CallValue(i))], [], budget, ct)).Select(m => m.Handle)];

    public ValueTask<IReadOnlyList<CallValue>> ComputeAsync(Fragment fragment, IReadOnlyList<CallValue> inputs, IReadOnlyCollection<int> bring, CallBudget budget, CancellationToken ct) =>
        CallAsync("compute", budget, ct, async () =>
        {
            if (Poison(fragment))
            {
                await DieAsync();
                throw Gone();
            }
            CheckThere(inputs.Where(i => !i.IsCarried).Select(i => i.Handle));
            var made = await inner.ComputeAsync(fragment, inputs, bring, budget, ct);
            Computed++;
            return (IReadOnlyList<CallValue>)[.. made.Select(m => m.IsCarried ? m : new(Note(m.Handle)))];
        }, made => inner.FreeAsync([.. made.Where(m => !m.IsCarried).Select(m => m.Handle)], budget, default));

    public ValueTask<Datum> TransferAsync(Handle handle, CallBudget budget, CancellationToken ct) =>
        CallAsync("transfer", budget, ct, () =>
        {
            CheckThere([handle]);
            return inner.TransferAsync(handle, budget, ct).AsTask();
        }, value =>
        {
            value.Object.Release();
            return default;
        });

    public async ValueTask FreeAsync(IReadOnlyList<Handle> handles, CallBudget budget, CancellationToken ct)
    {
        await AnswersAsync("free", budget, ct);
        await inner.FreeAsync(handles, budget, ct);
    }

    public async ValueTask<WorkerStats> StatsAsync(CallBudget budget, CancellationToken ct)
    {
        await AnswersAsync("stats", budget, ct);
        return await inner.StatsAsync(budget, ct);
    }

    /// <summary>What it really holds.</summary>
    public async Task<WorkerStats> HoldsAsync() => await inner.StatsAsync(CallBudget.Control, default);

    public ValueTask DisposeAsync() => dead ? default : inner.DisposeAsync();

    async ValueTask<T> CallAsync<T>(string name, CallBudget budget, CancellationToken ct, Func<Task<T>> call, Func<T, ValueTask> undo)
    {
        await AnswersAsync(name, budget, ct);
        bool now = (Only ?? name) == name && Interlocked.Increment(ref calls) == At && Fault != Fault.None;
        if (slow) await Task.Delay(slowness, ct);
        if (!now) return await call();
        Fired = true;
        switch (Fault)
        {
            case Fault.DiesBefore:
                await DieAsync();
                throw Gone();
            case Fault.DiesAfter:
                await undo(await call());
                await DieAsync();
                throw Gone();
            case Fault.Breaks:
                throw new WorkerException(Identity, WorkerFailure.Unreachable, "the connection broke");
            case Fault.AnswerLost:
                // A client that hears nothing has the worker free what it will never learn the name of.
                await undo(await call());
                throw new WorkerException(Identity, WorkerFailure.Unreachable, "the answer was cut off");
            case Fault.Forgets:
                await ForgetAsync();
                break;
            case Fault.SessionLost:
                await LoseSessionAsync();
                throw new WorkerException(Identity, WorkerFailure.SessionLost, "what was placed there is gone with an earlier session");
            case Fault.Hangs:
                Hang();
                _ = Task.Delay(hang, CancellationToken.None).ContinueWith(_ => Resume(), TaskScheduler.Default);
                await AnswersAsync(name, budget, ct);
                break;
            case Fault.Slow:
                slow = true;
                break;
        }
        return await call();
    }

    async Task AnswersAsync(string name, CallBudget budget, CancellationToken ct)
    {
        if (dead) throw Gone();
        if (taken)
        {
            AskedInVain.Enqueue(name);
            throw new WorkerException(Identity, WorkerFailure.Superseded, "the worker obeys a coordinator of generation 2; this one is of generation 1");
        }
        if (!hung) return;
        try
        {
            await resumed.Task.WaitAsync(budget.Timeout, ct);
        }
        catch (TimeoutException)
        {
            throw new WorkerException(Identity, WorkerFailure.TimedOut, $"did not answer within {budget.Timeout.TotalSeconds:0.0} s");
        }
    }

    Handle Note(Handle handle)
    {
        handle = handle with { Generation = Generation };
        lock (values) values.Add(handle);
        return handle;
    }

    void CheckThere(IEnumerable<Handle> handles)
    {
        foreach (var handle in handles)
            if (handle.Generation != Generation) throw new WorkerException(Identity, WorkerFailure.SessionLost, "what was placed there is gone with an earlier session");
    }

    async Task ForgetAsync()
    {
        Handle[] all;
        lock (values)
        {
            all = [.. values];
            values.Clear();
        }
        await inner.FreeAsync(all, CallBudget.Control, default);
    }

    WorkerException Gone() => new(Identity, WorkerFailure.Unreachable, "connection refused");
}
