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
        Do(new RunEvent.Ticked(TimeSpan.FromSeconds(59)));
        Assert.DoesNotContain(effects, e => e is RunEffect.Fail);
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
