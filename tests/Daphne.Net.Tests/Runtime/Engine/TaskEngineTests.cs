using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Runtime.Engine;

public sealed class TaskEngineTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Every_task_runs_once(int threads)
    {
        using var engine = new TaskEngine(threads);
        for (int count = 0; count < 200; count++)
        {
            int[] runs = new int[count];
            engine.Run(count, i => Interlocked.Increment(ref runs[i]));
            Assert.All(runs, r => Assert.Equal(1, r));
        }
    }

    [Theory, InlineData(1), InlineData(3)]
    public void The_first_failure_in_number_is_the_one_that_is_thrown(int threads)
    {
        using var engine = new TaskEngine(threads);
        for (int round = 0; round < 50; round++)
        {
            var thrown = Assert.Throws<InvalidOperationException>(() => engine.Run(40, i =>
            {
                if (i % 7 == 5) throw new InvalidOperationException(i.ToString());
            }));
            Assert.Equal("5", thrown.Message);
        }
    }

    [Fact]
    public void A_job_inside_a_task_runs_on_the_task_s_thread()
    {
        using var engine = new TaskEngine(2);
        int[] sums = new int[8];
        engine.Run(8, i =>
        {
            int outer = Environment.CurrentManagedThreadId;
            engine.Run(10, j =>
            {
                Assert.Equal(outer, Environment.CurrentManagedThreadId);
                sums[i] += j;
            });
        });
        Assert.All(sums, s => Assert.Equal(45, s));
    }

    [Fact]
    public void Two_callers_at_once_both_finish()
    {
        using var engine = new TaskEngine(2);
        long total = 0;
        var callers = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            for (int round = 0; round < 100; round++) engine.Run(10, _ => Interlocked.Increment(ref total));
        })).ToArray();
        foreach (var caller in callers) caller.Start();
        foreach (var caller in callers) caller.Join();
        Assert.Equal(2000, total);
    }

    [Fact]
    public void Cancelling_stops_between_tasks()
    {
        using var engine = new TaskEngine(2);
        using var source = new CancellationTokenSource();
        int ran = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => engine.Run(1000, i =>
        {
            Interlocked.Increment(ref ran);
            if (i == 10) source.Cancel();
        }, source.Token));
        Assert.InRange(ran, 1, 50);
    }
}
