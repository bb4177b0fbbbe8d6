using Daphne.Net.Distributed.Recovery;

namespace Daphne.Net.Tests.Distributed.Recovery;

/// <summary>Single faults, one step at a time.</summary>
public sealed class RunMachineTests
{
    readonly List<RunEffect> effects = [];
    RunState state = new(new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60)));

    [Fact]
    public void What_a_lost_worker_made_is_made_again_from_the_host_and_only_when_needed()
    {
        Start();
        Do(new RunEvent.Done(3));
        Do(new RunEvent.Done(4));
        Do(new RunEvent.Lost(1, 1));
        Assert.Empty(effects);
        Do(new RunEvent.Needed([3, 4]));
        Assert.Equal([new RunEffect.Fetch(5, 3, 0, 1, 3), new RunEffect.Send(6, 2, 0, 1)], effects);
        Do(new RunEvent.Done(6));
        var compute = Assert.IsType<RunEffect.Compute>(Assert.Single(effects));
        Assert.Equal((4, 0, 6), (compute.Piece, compute.Worker, Assert.Single(compute.Inputs)));
    }

    [Fact]
    public void A_second_answer_and_news_of_an_old_generation_change_nothing()
    {
        Start();
        Do(new RunEvent.Done(3));
        var before = state;
        foreach (RunEvent late in (RunEvent[])[new RunEvent.Done(3), new RunEvent.Joined(0, 1), new RunEvent.Lost(0, 0), new RunEvent.Back(0, 1)])
        {
            Do(late);
            Assert.Empty(effects);
            Assert.Equal(before, state);
        }
    }

    [Fact]
    public void An_operation_that_fails_is_not_tried_again_and_the_workers_stay_usable()
    {
        Start();
        Do(new RunEvent.Failed(3, CallFailureKind.Work, "division by zero"));
        Assert.Contains(new RunEffect.Fail(RunFailure.Work, 3, "division by zero"), effects);
        Assert.Empty(state.Goals);
        Do(new RunEvent.Began([new(5, null, [], 0, "x")], [5]));
        Assert.Contains(effects, e => e is RunEffect.Send { Piece: 5 });
    }

    [Fact]
    public void Without_workers_a_run_waits_for_the_grace_and_then_fails()
    {
        Start();
        Do(new RunEvent.Lost(0, 1));
        Do(new RunEvent.Lost(1, 1));
        for (int second = 0; second < 60; second++)
        {
            Do(new RunEvent.Ticked(TimeSpan.FromSeconds(second)));
            Assert.DoesNotContain(effects, e => e is RunEffect.Fail);
        }
        Do(new RunEvent.Ticked(TimeSpan.FromSeconds(60)));
        Assert.Contains(effects, e => e is RunEffect.Fail { Reason: RunFailure.NoWorkers });
    }

    [Fact]
    public void A_worker_that_joins_within_the_grace_takes_the_work_over()
    {
        Start();
        Do(new RunEvent.Lost(0, 1));
        Do(new RunEvent.Lost(1, 1));
        Do(new RunEvent.Joined(7, 1));
        Assert.Equal([1, 2], effects.OfType<RunEffect.Send>().Where(s => s.Worker == 7).Select(s => s.Piece));
    }

    [Fact]
    public void A_slow_computation_gets_one_twin_on_an_idle_worker_and_the_first_result_wins()
    {
        StartFour();
        Run(seconds: 4);
        Assert.Empty(effects);
        Run(seconds: 2);
        Assert.Equal([new RunEffect.Send(9, 1, 1, 1)], effects);
        Assert.Equal((0, 1, 1), (state.Goals[5].Worker, state.Goals[5].Twin, state.Twins));
        Do(new RunEvent.Done(9));
        Assert.Equal((10, 5, 1), Assert.IsType<RunEffect.Compute>(Assert.Single(effects)) is var twin ? (twin.Call, twin.Piece, twin.Worker) : default);
        Run(seconds: 10);
        Assert.Empty(effects);
        Do(new RunEvent.Done(10));
        Assert.Equal([new RunEffect.Made(5), new RunEffect.Cancel(5)], effects);
        Do(new RunEvent.Done(5));
        Assert.Equal([new RunEffect.Free(5, 0, 1)], effects);
        Assert.Equal([1], state.Holders[5]);
        Assert.Equal((0, 1), (state.Retries, state.Twins));
    }

    [Fact]
    public void The_first_worker_may_still_win_and_its_twin_is_freed()
    {
        StartFour();
        Run(seconds: 6);
        Do(new RunEvent.Done(9));
        Do(new RunEvent.Done(5));
        Assert.Equal([new RunEffect.Made(5), new RunEffect.Cancel(10)], effects);
        Do(new RunEvent.Failed(10, CallFailureKind.Transient, "cancelled"));
        Assert.Empty(effects);
        Assert.Empty(state.Goals);
        Assert.Equal(0, state.Retries);
    }

    [Fact]
    public void Nobody_gets_a_twin_while_all_have_work()
    {
        StartFour();
        Do(new RunEvent.Began([new(9, null, [], 1, "x"), new(10, null, [], 2, "x"), new(11, null, [], 3, "x")], [9, 10, 11]));
        Run(seconds: 12);
        Assert.Equal(0, state.Twins);
        Do(new RunEvent.Done(11));
        Run(seconds: 1);
        Assert.Equal((1, 3), (state.Twins, state.Goals[5].Twin));
    }

    [Fact]
    public void A_fragment_that_a_worker_died_of_gets_no_twin()
    {
        StartFour();
        Do(new RunEvent.Lost(0, 1));
        Do(new RunEvent.Done(9));
        Assert.IsType<RunEffect.Compute>(Assert.Single(effects));
        Run(seconds: 20);
        Assert.Equal(0, state.Twins);
    }

    [Fact]
    public void A_pause_of_this_process_makes_no_call_late_and_no_worker_suspect()
    {
        state = new(new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60)) { Silence = TimeSpan.FromSeconds(5), Lease = TimeSpan.FromSeconds(12) });
        Do(new RunEvent.Ticked(TimeSpan.FromDays(9)));
        Start();
        Do(new RunEvent.Ticked(TimeSpan.FromDays(10)));
        Assert.Empty(effects);
        Assert.Equal((TimeSpan.FromSeconds(2), 0), (state.Elapsed, state.Retries));
        Assert.True(state.IsUp(0) && state.IsUp(1));
        Do(new RunEvent.Ticked(TimeSpan.FromDays(9)));
        Assert.Equal(TimeSpan.FromSeconds(2), state.Elapsed);
    }

    [Fact]
    public void A_silent_worker_is_suspected_then_lost_and_a_sign_of_life_in_between_saves_it()
    {
        state = new(new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60)) { Silence = TimeSpan.FromSeconds(5), Lease = TimeSpan.FromSeconds(12) });
        Do(new RunEvent.Ticked(default));
        Do(new RunEvent.Joined(0, 1));
        Do(new RunEvent.Joined(1, 1));
        Run(seconds: 4);
        Do(new RunEvent.Heard(0, 1));
        Run(seconds: 1);
        Assert.Equal((MemberStatus.Up, MemberStatus.Suspected), (state.Members[0].Status, state.Members[1].Status));
        Do(new RunEvent.Heard(1, 0));
        Assert.False(state.IsUp(1));
        Do(new RunEvent.Heard(1, 1));
        Assert.True(state.IsUp(1));
        Run(seconds: 10);
        Assert.Equal((MemberStatus.Suspected, MemberStatus.Suspected), (state.Members[0].Status, state.Members[1].Status));
        Run(seconds: 2);
        Assert.Equal((MemberStatus.Lost, MemberStatus.Lost), (state.Members[0].Status, state.Members[1].Status));
    }

    [Fact]
    public void A_worker_that_leaves_ends_what_it_runs_and_hands_out_what_it_holds_but_gets_nothing_new()
    {
        Start();
        Do(new RunEvent.Draining(0, 1));
        Assert.Empty(effects);
        Do(new RunEvent.Done(3));
        Assert.Equal([new RunEffect.Made(3)], effects);
        Do(new RunEvent.Began([new(5, "g", [3], 0, "g")], [5]));
        Assert.Equal([new RunEffect.Send(5, 1, 1, 1)], effects);
        Do(new RunEvent.Needed([3]));
        Assert.Equal([new RunEffect.Fetch(6, 3, 0, 1, 3)], effects);
        Do(new RunEvent.Suspected(0, 1));
        Do(new RunEvent.Back(0, 1));
        Assert.Equal(MemberStatus.Draining, state.Members[0].Status);
        Do(new RunEvent.Ended());
        Assert.Contains(new RunEffect.Close(0, 1), effects);
    }

    [Fact]
    public void After_its_grace_the_work_of_a_worker_that_leaves_moves()
    {
        Do(new RunEvent.Ticked(default));
        Start();
        Do(new RunEvent.Draining(0, 1, TimeSpan.FromSeconds(5)));
        Run(seconds: 4);
        Assert.Empty(effects);
        Run(seconds: 1);
        Assert.Equal([new RunEffect.Cancel(3), new RunEffect.Send(5, 1, 1, 1)], effects);
    }

    [Fact]
    public void A_worker_that_joined_late_is_used_for_pieces_that_begin_afterwards()
    {
        Start();
        Do(new RunEvent.Joined(2, 1));
        Assert.Empty(effects);
        Do(new RunEvent.Began([new(5, null, [], 2, "x"), new(6, null, [], -1, "x"), new(7, null, [], -1, "x")], [5, 6, 7]));
        Assert.Equal([2, 0, 1], effects.OfType<RunEffect.Send>().Select(s => s.Worker));
    }

    [Fact]
    public void A_thousand_workers_that_join_at_once_cost_each_as_much_as_the_first()
    {
        Do(new RunEvent.Joined(0, 1));
        Do(new RunEvent.Began([.. Enumerable.Range(1, 500).Select(p => new Piece(p, null, [], 0, "x"))], [.. Enumerable.Range(1, 500)]));
        for (int w = 1; w <= 1000; w++)
        {
            var turn = new RunTurn(state);
            turn.Take(new RunEvent.Joined(w, 1));
            new Scheduling(turn).Run();
            Assert.Equal(0, turn.Looked);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Do(new RunEvent.Joined(w, 1));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16_384);
        }
        Assert.Equal(1001, state.Ready.Count);
    }

    [Fact]
    public void An_answer_costs_what_it_concerns_however_much_there_is()
    {
        for (int w = 0; w < 300; w++) Do(new RunEvent.Joined(w, 1));
        Do(new RunEvent.Began([.. Enumerable.Range(0, 600).Select(p => new Piece(p, null, [], p / 2, "x"))], [.. Enumerable.Range(0, 600)]));
        for (int call = 1; call <= 600; call++)
        {
            var turn = new RunTurn(state);
            turn.Take(new RunEvent.Done(call));
            new Scheduling(turn).Run();
            Assert.InRange(turn.Looked, 1, 6);
            state = turn.State;
        }
        Assert.Empty(state.Goals);
    }

    // Pieces 1 to 4 are rows of the host, 5 to 8 the results of a pipeline over them, on four workers; all have finished but the first ones.
    [Fact]
    public void A_fetch_that_finds_its_copy_freed_says_nothing_of_the_one_that_was_made_since()
    {
        Do(new RunEvent.Joined(0, 1));
        Do(new RunEvent.Began([new(1, null, [], 0, "x"), new(2, "f", [1], 0, "f")], [2]));
        Do(new RunEvent.Done(1));
        Do(new RunEvent.Done(2));
        Do(new RunEvent.Needed([1]));
        Assert.Equal([new RunEffect.Fetch(3, 1, 0, 1, 1)], effects);
        Do(new RunEvent.Dropped([1]));
        Assert.Equal([new RunEffect.Cancel(3), new RunEffect.Free(1, 0, 1)], effects);
        // The worker forgets what was made of it: it is sent again.
        Do(new RunEvent.Needed([2]));
        Do(new RunEvent.Failed(4, CallFailureKind.Forgotten, "unknown handle"));
        Assert.Equal([new RunEffect.Send(5, 1, 0, 1)], effects);
        Do(new RunEvent.Done(5));
        Assert.Equal(6, Assert.IsType<RunEffect.Compute>(Assert.Single(effects)).Call);
        Do(new RunEvent.Failed(3, CallFailureKind.Forgotten, "unknown handle"));
        Assert.Empty(effects);
        Assert.Equal(5, state.Copies[(1, 0)]);
        Do(new RunEvent.Done(6));
        Assert.Equal([new RunEffect.Fetch(7, 2, 0, 1, 6), new RunEffect.Free(5, 0, 1)], effects);
    }

    void StartFour(int finished = 3)
    {
        Do(new RunEvent.Ticked(default));
        for (int w = 0; w < 4; w++) Do(new RunEvent.Joined(w, 1));
        Do(new RunEvent.Began([.. Enumerable.Range(0, 8).Select(i => i < 4 ? new Piece(i + 1, null, [], i, "x") : new Piece(i + 1, "f", [i - 3], i - 4, "f"))], [5, 6, 7, 8]));
        for (int call = 1; call <= 4; call++) Do(new RunEvent.Done(call));
        for (int call = 9 - finished; call <= 8; call++) Do(new RunEvent.Done(call));
    }

    void Run(int seconds)
    {
        var all = new List<RunEffect>();
        for (; seconds > 0; seconds--)
        {
            Do(new RunEvent.Ticked(state.Now + TimeSpan.FromSeconds(1)));
            all.AddRange(effects);
        }
        effects.Clear();
        effects.AddRange(all);
    }

    [Fact]
    public void What_the_host_has_is_sent_again_and_not_computed_again()
    {
        Start();
        Do(new RunEvent.Done(3));
        Do(new RunEvent.Done(4));
        Do(new RunEvent.Dropped([1, 2]));
        Do(new RunEvent.Kept([3, 4]));
        Assert.Equal([3, 4], state.Pieces.Keys.Order());
        Do(new RunEvent.Lost(1, 1));
        Do(new RunEvent.Began([new(5, "g", [4], 0, "g")], [5]));
        Assert.Equal(4, Assert.IsType<RunEffect.Send>(Assert.Single(effects)).Piece);
    }

    // Pieces 1 and 2 are rows of the host, 3 and 4 a fragment over them; calls 1 and 2 sent the rows, 3 and 4 compute.
    void Start()
    {
        Do(new RunEvent.Joined(0, 1));
        Do(new RunEvent.Joined(1, 1));
        Do(new RunEvent.Began([new(1, null, [], 0, "x"), new(2, null, [], 1, "x"), new(3, "f", [1], 0, "f"), new(4, "f", [2], 1, "f")], [3, 4]));
        Do(new RunEvent.Done(1));
        Do(new RunEvent.Done(2));
    }

    void Do(RunEvent happened)
    {
        effects.Clear();
        (state, var more) = RunMachine.Next(state, happened);
        effects.AddRange(more);
    }
}
