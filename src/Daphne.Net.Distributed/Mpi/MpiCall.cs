using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed.Mpi;

/// <summary>A request under way, until its answer has come, whoever still waits for that. Everything but <see cref="Answer"/> is the MPI thread's.</summary>
/// <param name="number">Of the request.</param>
/// <param name="rank">Who is asked.</param>
/// <param name="wantsValue">The answer brings a value.</param>
sealed class MpiCall(long number, int rank, bool wantsValue)
{
    readonly TaskCompletionSource<MpiAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    MpiDownload? value;
    bool abandoned;

    public long Number => number;

    public int Rank => rank;

    public Task<MpiAnswer> Answer => answer.Task;

    /// <summary>Ends the sending of the value that goes out with the request, as far as this call is concerned; null where that is done.</summary>
    public Action? Sending { get; set; }

    /// <summary>The value is not wanted any more, or is there.</summary>
    public void StopSending()
    {
        Sending?.Invoke();
        Sending = null;
    }

    /// <summary>The answer has come.</summary>
    /// <param name="frame">Done or Failed.</param>
    /// <param name="loop">Takes the cells of a value that comes behind it.</param>
    /// <param name="hold">Tells the other side to send no more.</param>
    /// <exception cref="RaisedException">It is malformed, and where the value behind it ends is not known.</exception>
    public void Answered(MpiFrame frame, MpiLoop loop, Action hold)
    {
        try
        {
            if (frame.Verb == MpiVerb.Failed) answer.TrySetException(frame.Parse(MpiBodies.Failed));
            else if (wantsValue) Begin(frame.Parse(MpiValueHead.Read), loop, hold);
            else answer.TrySetResult(new(frame, null));
        }
        catch (RaisedException e) when (frame.Verb == MpiVerb.Failed)
        {
            answer.TrySetException(new WorkerRefusal(WorkerFailure.Internal, e.Message, e));
        }
        catch (RaisedException e)
        {
            answer.TrySetException(e);
            throw;
        }
    }

    /// <summary>Nobody waits any more: what comes is received and thrown away.</summary>
    public void Abandon()
    {
        abandoned = true;
        StopSending();
        if (answer.Task.IsCompletedSuccessfully) value?.Dispose();
    }

    public void Fail(Exception e) => answer.TrySetException(e);

    void Begin(MpiValueHead head, MpiLoop loop, Action hold)
    {
        value = new();
        if (abandoned) value.Dispose();
        value.Feed(head.First);
        if (value.Reader is null && head.Rest > 0) hold();
        if (head.Rest == 0) Ended(true);
        else loop.Receive(rank, head.Lane, new IncomingCells(value, head, rank, Ended));

        void Ended(bool whole)
        {
            if (abandoned) value.Dispose();
            else if (value.Refusal is { } refusal) answer.TrySetException(refusal);
            else if (whole && answer.TrySetResult(new(null, value))) return;
            else
            {
                value.Dispose();
                answer.TrySetException(new WorkerRefusal(WorkerFailure.Cancelled, "it stopped sending the value"));
            }
        }
    }
}

/// <summary>A value on its way to rank 0.</summary>
sealed class MpiDownload : MpiIncomingValue, IDisposable
{
    ValueReader? reader = new();

    public override ValueReader? Reader => reader;

    /// <summary>What is wrong with what came.</summary>
    public RaisedException? Refusal { get; private set; }

    public override void Feed(ReadOnlySpan<byte> bytes)
    {
        try
        {
            reader?.Feed(bytes);
        }
        catch (RaisedException e)
        {
            Refusal = e;
            Dispose();
        }
    }

    public void Dispose()
    {
        reader?.Dispose();
        reader = null;
    }
}

/// <summary>What a worker answered: its frame, or a value that is whole.</summary>
readonly record struct MpiAnswer(MpiFrame? Frame, MpiDownload? Value);
