using Daphne.Net.Data;
using Daphne.Net.Distributed.Recovery;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>
/// Makes the calls of one pipeline to workers, and notes what they move and how long they take: <see cref="TimeSplit"/> says how overlapping calls are counted.
/// Thread-safe, and used beyond the end of the pipeline, for results that are fetched and pieces that are made again.
/// </summary>
sealed class PipelineRecorder : IDisposable
{
    const int Idle = 3;
    // A moment counts as the first of these that is under way.
    static readonly CallKind[] order = [CallKind.Compute, CallKind.Send, CallKind.Fetch];

    readonly Pipeline pipeline;
    readonly long rows, begin;
    readonly int pieces;
    readonly TimeProvider time;
    readonly PipelineTrace trace;
    readonly Lock gate = new();
    readonly int[] underWay = new int[Idle];
    readonly long[] spent = new long[Idle + 1], busy = new long[Idle];
    readonly Dictionary<string, Counts> workers = new(StringComparer.Ordinal);
    readonly HashSet<(CallKind Kind, int Piece, string? Worker)> made = [];
    long last, shortest = long.MaxValue;
    bool ended;

    /// <summary>The pipeline begins.</summary>
    /// <param name="pipeline">What is run.</param>
    /// <param name="rows">Rows of its split inputs.</param>
    /// <param name="pieces">How many ranges these are cut into.</param>
    /// <param name="time">The clock.</param>
    public PipelineRecorder(Pipeline pipeline, long rows, int pieces, TimeProvider time)
    {
        (this.pipeline, this.rows, this.pieces, this.time) = (pipeline, rows, pieces, time);
        begin = last = time.GetTimestamp();
        trace = PipelineTrace.Begin(pipeline, rows, pieces);
    }

    /// <summary>Bytes moved until now.</summary>
    public Traffic Traffic { get; } = new();

    /// <summary>What happened until now.</summary>
    public PipelineFigures Figures
    {
        get
        {
            lock (gate)
            {
                Count();
                return new(new(Spent((int)CallKind.Send), Spent((int)CallKind.Compute), Spent((int)CallKind.Fetch), Spent(Idle)),
                    workers.Values.Sum(w => w.Messages), workers.Values.Sum(w => w.Retries),
                    [.. workers.OrderBy(w => w.Key.Length).ThenBy(w => w.Key, StringComparer.Ordinal).Select(w => w.Value.Of(w.Key, time))]);
            }
        }
    }

    /// <summary>What happened until now, as far as it says how fast workers and links are.</summary>
    public LinkFigures Links
    {
        get
        {
            lock (gate)
            {
                Count();
                return new(Traffic.Sent, Busy(CallKind.Send), Traffic.Received, Busy(CallKind.Fetch), Busy(CallKind.Compute), shortest == long.MaxValue ? TimeSpan.Zero : time.GetElapsedTime(0, shortest));
            }
        }
    }

    /// <summary>Sends a value; see <see cref="IWorkerClient.StoreAsync"/>.</summary>
    /// <param name="client">To whom.</param>
    /// <param name="piece">The number of what is sent: the second time to the same worker is another attempt.</param>
    /// <param name="value">What is sent.</param>
    /// <param name="budget">How long it may take.</param>
    /// <param name="ct">Ends the call.</param>
    public async ValueTask<Handle> StoreAsync(IWorkerClient client, int piece, Datum value, CallBudget budget, CancellationToken ct)
    {
        using var call = new Call(this, CallKind.Send, client.Identity, piece);
        call.Sent(ValueSize.Of(value));
        try
        {
            var handle = await client.StoreAsync(value, budget, ct).ConfigureAwait(false);
            call.Done(handle.Rows);
            return handle;
        }
        catch (WorkerException e)
        {
            call.Failed(e);
            throw;
        }
    }

    /// <summary>Brings a value to a worker in another way: by way of other workers, or because it reads a file.</summary>
    /// <param name="client">The worker.</param>
    /// <param name="piece">The number of the value.</param>
    /// <param name="way">Says what the worker calls it, or null if it did not get there, and how many bytes were sent from here.</param>
    public async ValueTask<Handle?> PlaceAsync(IWorkerClient client, int piece, Func<ValueTask<(Handle? Handle, long Sent)>> way)
    {
        using var call = new Call(this, CallKind.Send, client.Identity, piece);
        try
        {
            var (handle, sent) = await way().ConfigureAwait(false);
            if (sent > 0) call.Sent(sent);
            if (handle is { } there) call.Done(there.Rows);
            else call.Pass();
            return handle;
        }
        catch (WorkerException e)
        {
            call.Failed(e);
            throw;
        }
    }

    /// <summary>Runs a fragment; see <see cref="IWorkerClient"/>. The second time for the same piece is another attempt.</summary>
    public async ValueTask<IReadOnlyList<CallValue>> ComputeAsync(IWorkerClient client, int piece, Fragment fragment, IReadOnlyList<CallValue> inputs, IReadOnlyCollection<int> bring, CallBudget budget, CancellationToken ct)
    {
        using var call = new Call(this, CallKind.Compute, client.Identity, piece);
        long carried = inputs.Sum(i => i.Size);
        if (carried > 0) call.Sent(carried);
        try
        {
            var made = await client.ComputeAsync(fragment, inputs, bring, budget, ct).ConfigureAwait(false);
            call.Done(inputs.Count == 0 ? 1 : inputs.Max(i => i.Handle.Rows));
            return made;
        }
        catch (WorkerException e)
        {
            call.Failed(e);
            throw;
        }
    }

    /// <summary>A result has come with the answer of its computation.</summary>
    public void Brought(IWorkerClient client, long bytes)
    {
        Traffic.AddReceived(bytes);
        lock (gate) Of(client.Identity).Received += bytes;
    }

    /// <summary>Fetches a value; see <see cref="IWorkerClient.TransferAsync"/>. The second time for the same piece is another attempt.</summary>
    public async ValueTask<Datum> TransferAsync(IWorkerClient client, int piece, Handle handle, CallBudget budget, CancellationToken ct)
    {
        using var call = new Call(this, CallKind.Fetch, client.Identity, piece);
        try
        {
            var value = await client.TransferAsync(handle, budget, ct).ConfigureAwait(false);
            call.Received(ValueSize.Of(value));
            call.Done(handle.Rows);
            return value;
        }
        catch (WorkerException e)
        {
            call.Failed(e);
            throw;
        }
    }

    /// <summary>The pipeline has ended: what comes now is not its time, but is its work.</summary>
    /// <param name="where">Who computed.</param>
    public PipelineRun End(string where)
    {
        long elapsed;
        lock (gate)
        {
            Count();
            ended = true;
            elapsed = last - begin;
        }
        trace.End(failed: false);
        return new(pipeline.Span, pipeline.Describe(), rows, pieces, time.GetElapsedTime(0, elapsed), where) { Traffic = Traffic, Recorded = () => Figures };
    }

    /// <summary>The pipeline has failed, unless it has ended.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (ended) return;
            Count();
            ended = true;
        }
        trace.End(failed: true);
    }

    Counts Of(WorkerIdentity worker)
    {
        if (!workers.TryGetValue(worker.Address, out var counts)) workers.Add(worker.Address, counts = new());
        return counts;
    }

    TimeSpan Busy(CallKind kind) => time.GetElapsedTime(0, busy[(int)kind]);

    TimeSpan Spent(int what) => time.GetElapsedTime(0, spent[what]);

    // Gives the time since the last change to what has been under way since.
    void Count()
    {
        long now = time.GetTimestamp();
        int doing = Idle;
        foreach (var kind in order)
            if (doing == Idle && underWay[(int)kind] > 0) doing = (int)kind;
        if (doing != Idle || !ended) spent[doing] += now - last;
        for (int kind = 0; kind < Idle; kind++)
            if (underWay[kind] > 0) busy[kind] += now - last;
        last = now;
    }

    /// <summary>A call that is under way.</summary>
    sealed class Call : IDisposable
    {
        readonly PipelineRecorder recorder;
        readonly CallKind kind;
        readonly (CallKind, int, string?) what;
        readonly Counts worker;
        readonly long begin;
        CallTrace trace;   // it changes: not readonly
        bool done;

        public Call(PipelineRecorder recorder, CallKind kind, WorkerIdentity identity, int piece)
        {
            (this.recorder, this.kind) = (recorder, kind);
            what = (kind, piece, kind == CallKind.Send ? identity.Address : null);
            bool again;
            lock (recorder.gate)
            {
                recorder.Count();
                begin = recorder.last;
                recorder.underWay[(int)kind]++;
                again = !recorder.made.Add(what);
                worker = recorder.Of(identity);
                worker.Messages++;
                if (again) worker.Retries++;
            }
            trace = recorder.trace.Call(kind, identity, again);
        }

        public void Sent(long bytes)
        {
            recorder.Traffic.AddSent(bytes);
            lock (recorder.gate) worker.Sent += bytes;
            trace.Sent(bytes);
        }

        public void Received(long bytes)
        {
            recorder.Traffic.AddReceived(bytes);
            lock (recorder.gate) worker.Received += bytes;
            trace.Received(bytes);
        }

        public void Done(long rows)
        {
            trace.Done(rows);
            done = true;
            if (kind != CallKind.Compute) return;
            lock (recorder.gate) worker.Pieces++;
        }

        /// <summary>Nothing came of it, and nothing failed: what is tried next is no other attempt.</summary>
        public void Pass()
        {
            lock (recorder.gate) recorder.made.Remove(what);
        }

        public void Failed(WorkerException e) => trace.Failed(e);

        public void Dispose()
        {
            long took;
            lock (recorder.gate)
            {
                recorder.Count();
                recorder.underWay[(int)kind]--;
                took = recorder.last - begin;
                if (kind == CallKind.Compute) worker.Computing += took;
                if (done) recorder.shortest = Math.Min(recorder.shortest, took);
            }
            trace.End(recorder.time.GetElapsedTime(0, took));
        }
    }

    sealed class Counts
    {
        public long Sent, Received, Computing;
        public int Messages, Pieces, Retries;

        public WorkerFigures Of(string address, TimeProvider time) => new(address, Sent, Received, Messages, Pieces, Retries, time.GetElapsedTime(0, Computing));
    }
}
