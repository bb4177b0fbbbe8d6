using Daphne.Net.Data;
using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed.Workers;

/// <summary>Sessions, requests and their ends, which clients do not show.</summary>
public sealed class WorkerServiceTests
{
    [Fact]
    public void A_session_ends_when_its_client_is_silent_for_longer_than_its_lease()
    {
        var time = new ManualTime();
        using var service = new WorkerService(new() { Run = new ScriptedFragments().Run, Time = time });
        string session = service.Sessions.Open(TimeSpan.FromSeconds(10));
        string patient = service.Sessions.Open(TimeSpan.Zero);
        var handle = service.Store(Datum.Of(1.0), session);
        var kept = service.Store(Datum.Of(2.0), patient);
        time.Advance(TimeSpan.FromSeconds(9));
        service.Enter(session);
        time.Advance(TimeSpan.FromSeconds(9));
        service.CloseExpiredSessions();
        Assert.Equal(1.0, service.Take(handle.Id, session).As<double>());
        time.Advance(TimeSpan.FromSeconds(11));
        service.CloseExpiredSessions();
        Assert.Equal(new WorkerStats(8, 1), service.Values.Stats);
        Assert.Equal(2.0, service.Take(kept.Id, patient).As<double>());
        Assert.Equal("the session has ended", Assert.Throws<WorkerRefusal>(() => service.Take(handle.Id, session)).Message);
        Assert.Equal(0, service.Free([handle.Id], session));
    }

    [Fact]
    public async Task Closing_a_session_stops_what_it_computes_and_keeps_nothing()
    {
        var fragments = new ScriptedFragments();
        using var service = new WorkerService(new() { Run = fragments.Run });
        string session = service.Sessions.Open(TimeSpan.Zero);
        var input = service.Store(TestValues.Matrix(Dialect.ValueTypeCode.F64, 4, 4, 1), session);
        var computing = service.ComputeAsync("wait", [input.Id], session, "", default);
        await fragments.Begun;
        Assert.Equal(new WorkerStats(128, 1), service.CloseSession(session));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => computing);
        Assert.Equal(default, service.Values.Stats);
        Assert.Equal(default, service.CloseSession(session));
    }

    [Fact]
    public async Task A_request_is_cancelled_by_its_name_and_only_while_it_runs()
    {
        var fragments = new ScriptedFragments();
        using var service = new WorkerService(new() { Run = fragments.Run });
        Assert.False(service.Cancel("mine"));
        var computing = service.ComputeAsync("wait", [], "", "mine", default);
        await fragments.Begun;
        Assert.False(service.Cancel("yours"));
        Assert.True(service.Cancel("mine"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => computing);
        Assert.False(service.Cancel("mine"));
    }

    [Fact]
    public async Task Work_that_waits_for_a_lane_is_cancelled_at_once()
    {
        var fragments = new ScriptedFragments();
        using var service = new WorkerService(new() { Run = fragments.Run, Lanes = 1 });
        var running = service.ComputeAsync("wait", [], "", "", default);
        await fragments.Begun;
        using var cancel = new CancellationTokenSource();
        var waiting = service.ComputeAsync("echo", [], "", "", cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(running.IsCompleted);
        fragments.Go.Set();
        Assert.Empty(await running);
    }

    [Fact]
    public async Task Results_that_come_after_their_client_gave_up_do_not_stay()
    {
        using var cancel = new CancellationTokenSource();
        // One large kernel looks at no token: the client gives up under it, and it ends all the same.
        using var service = new WorkerService(new() { Run = (_, _, _) => { cancel.Cancel(); return [Datum.Of(1.0), TestValues.Matrix(Dialect.ValueTypeCode.F64, 2, 2, 1)]; } });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.ComputeAsync("any", [], service.Sessions.Open(TimeSpan.Zero), "", cancel.Token));
        Assert.Equal(default, service.Values.Stats);
    }

    [Fact]
    public void Handles_cannot_be_guessed()
    {
        using var service = new WorkerService(new() { Run = new ScriptedFragments().Run });
        string[] ids = [.. Enumerable.Range(0, 100).Select(_ => service.Store(Datum.Of(1.0), "").Id)];
        Assert.Equal(100, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{32}$", id));
    }
}
