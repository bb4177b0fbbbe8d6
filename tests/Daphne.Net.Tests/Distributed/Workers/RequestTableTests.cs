using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed.Workers;

/// <summary>Requests that come again, late or without anybody who waits for them.</summary>
public sealed class RequestTableTests
{
    readonly ManualTime time = new();

    WorkerService Service(RunFragment run) => new(new() { Run = run, Time = time });

    [Fact]
    public async Task A_computation_that_comes_again_runs_once_and_has_one_answer()
    {
        var fragments = new ScriptedFragments();
        int runs = 0;
        using var service = Service((text, inputs, ct) => { Interlocked.Increment(ref runs); return fragments.Run(text, inputs, ct); });
        string session = service.Sessions.Open(TimeSpan.Zero);
        var input = service.Store(Datum.Of(2.5), session);
        var first = service.ComputeAsync("wait", [input.Id], session, "r1", default);
        await fragments.Begun;
        var second = service.ComputeAsync("wait", [input.Id], session, "r1", default);
        fragments.Go.Set();
        Assert.Equal(await first, await second);
        Assert.Equal(await first, await service.ComputeAsync("wait", [input.Id], session, "r1", default));
        Assert.Equal((1, 2L), (runs, service.Values.Stats.Values));
        // In another session the name says nothing.
        string other = service.Sessions.Open(TimeSpan.Zero);
        await Assert.ThrowsAsync<WorkerRefusal>(() => service.ComputeAsync("echo", [input.Id], other, "r1", default));
    }

    [Fact]
    public async Task What_came_with_an_answer_comes_again_with_the_same_one()
    {
        var fragments = new ScriptedFragments();
        int runs = 0;
        using var service = Service((text, inputs, ct) => { Interlocked.Increment(ref runs); return fragments.Run(text, inputs, ct); });
        string session = service.Sessions.Open(TimeSpan.Zero);
        var input = CallValue.TryCarry(Datum.Of(2.5), CallValue.Most)!.Value;
        var first = await service.ComputeAsync(new("echo", Bring: [0]), [input], session, "r1", default);
        var second = await service.ComputeAsync(new("echo", Bring: [0]), [input], session, "r1", default);
        Assert.Equal([2.5, 2.5], [first[0].Read().As<double>(), second[0].Read().As<double>()]);
        Assert.Equal((1, 0L), (runs, service.Values.Stats.Values));
    }

    [Fact]
    public async Task What_failed_fails_again_without_being_done_again()
    {
        int runs = 0;
        using var service = Service((_, _, _) => { runs++; throw Diag.OutOfMemory.Raise(2, 1); });
        string session = service.Sessions.Open(TimeSpan.Zero);
        for (int i = 0; i < 3; i++) Assert.Equal(WorkerFailure.TooLarge, (await Assert.ThrowsAsync<WorkerRefusal>(() => service.ComputeAsync("any", [], session, "r1", default))).Reason);
        Assert.Equal(1, runs);
    }

    [Fact]
    public void A_value_that_comes_again_is_kept_once()
    {
        using var service = Service(new ScriptedFragments().Run);
        string session = service.Sessions.Open(TimeSpan.Zero);
        var value = TestValues.Matrix(ValueTypeCode.F64, 3, 4, seed: 1);
        Handle Store()
        {
            using var upload = service.Upload(session, "r1");
            upload.Feed(TestValues.Bytes(value));
            return upload.Finish();
        }
        Assert.Null(service.Stored(session, "r1"));
        var first = Store();
        Assert.Equal(first, service.Stored(session, "r1"));
        Assert.Equal(first, Store());   // both were on their way when the first was whole
        Assert.Equal(new WorkerStats(96, 1), service.Values.Stats);
        Assert.Equal(0, service.Uploads);
        TestValues.Release(value);
    }

    [Fact]
    public async Task What_was_cancelled_is_not_done_when_it_comes_late()
    {
        int runs = 0;
        using var service = Service((_, _, _) => { runs++; return [Datum.Of(1.0)]; });
        string session = service.Sessions.Open(TimeSpan.Zero);
        Assert.False(service.Cancel("r1", session));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.ComputeAsync("any", [], session, "r1", default));
        Assert.Equal(WorkerFailure.Cancelled, Assert.Throws<WorkerRefusal>(() => service.Stored(session, "r1")).Reason);
        // What it made before is freed, although its answer is remembered.
        Assert.Single(await service.ComputeAsync("any", [], session, "r2", default));
        service.Cancel("r2", session);
        Assert.Equal((1, default), (runs, service.Values.Stats));
    }

    [Fact]
    public async Task What_nobody_waits_for_goes_on_for_a_while_and_then_ends()
    {
        var fragments = new ScriptedFragments(waits: 1);
        using var service = Service(fragments.Run);
        string session = service.Sessions.Open(TimeSpan.Zero);
        using var hangUp = new CancellationTokenSource();
        var first = service.ComputeAsync("wait", [], session, "r1", hangUp.Token);
        await fragments.Begun;
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        time.Advance(RequestTable.Grace / 2);
        using var again = new CancellationTokenSource();
        var second = service.ComputeAsync("wait", [], session, "r1", again.Token);   // back in time: the clock of the first is void
        time.Advance(RequestTable.Grace);
        Assert.False(fragments.Cancelled.Task.IsCompleted || second.IsCompleted);
        await again.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        time.Advance(RequestTable.Grace);
        await fragments.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_came_again_and_has_the_answer_keeps_it_whatever_became_of_the_first(bool firstIsSeenLate)
    {
        var fragments = new ScriptedFragments(waits: 1);
        using var service = Service(fragments.Run);
        string session = service.Sessions.Open(TimeSpan.Zero);
        using var hangUp = new CancellationTokenSource();
        var input = service.Store(Datum.Of(2.5), session);
        var first = service.ComputeAsync("wait", [input.Id], session, "r1", hangUp.Token);
        await fragments.Begun;
        if (!firstIsSeenLate)
        {
            await hangUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        }
        var second = service.ComputeAsync("wait", [input.Id], session, "r1", default);
        fragments.Go.Set();
        var made = await second;
        if (firstIsSeenLate) service.Unheard(session, "r1", await first);   // its connection was cut, which shows when the answer is sent
        time.Advance(2 * RequestTable.Grace);
        Assert.Equal(2, service.Values.Stats.Values);
        // Had nobody heard it, it would be gone.
        service.Unheard(session, "r1", made);
        time.Advance(2 * RequestTable.Grace);
        Assert.Equal(1, service.Values.Stats.Values);
    }

    [Fact]
    public async Task Who_came_again_and_was_cut_off_at_once_takes_nothing_from_who_has_the_answer()
    {
        using var service = Service((_, _, _) => [Datum.Of(1.0)]);
        string session = service.Sessions.Open(TimeSpan.Zero);
        await service.ComputeAsync("any", [], session, "r1", default);
        for (int i = 0; i < 3; i++)
        {
            try
            {
                service.Unheard(session, "r1", await service.ComputeAsync("any", [], session, "r1", new(canceled: true)));
            }
            catch (OperationCanceledException)
            {
                // It has no answer to lose.
            }
        }
        time.Advance(2 * RequestTable.Grace);
        Assert.Equal(1, service.Values.Stats.Values);
    }

    [Fact]
    public async Task Memory_for_answers_is_bounded_and_ends_with_the_session()
    {
        using var service = new WorkerService(new() { Run = (_, _, _) => [], Time = time, Limits = new() { RememberedRequests = 100 } });
        string[] sessions = [.. Enumerable.Range(0, 3).Select(_ => service.Sessions.Open(TimeSpan.Zero))];
        for (int i = 0; i < 500; i++)
            foreach (string session in sessions) await service.ComputeAsync("any", [], session, $"r{i}", default);
        Assert.Equal(300, service.Remembered);
        foreach (string session in sessions) service.CloseSession(session);
        Assert.Equal(0, service.Remembered);
    }
}
