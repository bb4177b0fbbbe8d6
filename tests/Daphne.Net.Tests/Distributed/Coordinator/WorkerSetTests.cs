using Daphne.Net.Data;
using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed.Coordinator;

/// <summary>What a set of workers does between runs.</summary>
public sealed class WorkerSetTests
{
    static readonly WorkerSetOptions quick = new() { AskTime = TimeSpan.FromSeconds(5), AskAgain = TimeSpan.FromMilliseconds(20) };

    [Theory]
    [InlineData(WorkerFailure.TimedOut)]
    [InlineData(WorkerFailure.Unreachable)]
    [InlineData(WorkerFailure.Busy)]
    public async Task What_could_not_be_freed_is_freed_when_the_worker_answers_though_nobody_missed_it(WorkerFailure failure)
    {
        int refused = 0;
        ScriptedWorker worker = null!;
        worker = new("w", _ => [])
        {
            Before = (call, _) => call == "free" && Interlocked.Increment(ref refused) <= 2 ? throw new WorkerException(worker.Identity, failure, "not now") : Task.CompletedTask,
        };
        await using var set = new WorkerSet([worker], options: quick);
        Handle[] handles = [await worker.StoreAsync(Datum.Of(1.5), CallBudget.Control, default), await worker.StoreAsync(Datum.Of(2.5), CallBudget.Control, default)];
        set.FreeLater(set.Seats[0], handles);
        await Eventually.Holds(() => worker.Values.IsEmpty, "both values are freed");
        Assert.Equal(3, refused);
        Assert.Equal(WorkerState.Up, set.Seats[0].State);
    }

    [Theory]
    [InlineData(WorkerFailure.SessionLost, 2)]
    [InlineData(WorkerFailure.Superseded, 1)]   // it is asked nothing more
    public async Task What_is_gone_with_its_session_is_not_freed_again(WorkerFailure failure, int asked)
    {
        ScriptedWorker worker = null!;
        worker = new("w", _ => []) { Before = (call, _) => call == "free" ? throw new WorkerException(worker.Identity, failure, "gone") : Task.CompletedTask };
        await using (var set = new WorkerSet([worker], options: quick))
        {
            for (int i = 1; i <= 2; i++)
            {
                set.FreeLater(set.Seats[0], [await worker.StoreAsync(Datum.Of(1.5), CallBudget.Control, default)]);
                int due = Math.Min(i, asked);
                await Eventually.Holds(() => worker.Calls.Count(c => c == "free") >= due, "it is asked");
            }
            if (failure == WorkerFailure.Superseded) await Eventually.Holds(() => set.Superseded is not null, "the set knows");
            else Assert.Null(set.Superseded);
        }
        Assert.Equal(asked, worker.Calls.Count(c => c == "free"));
    }
}
