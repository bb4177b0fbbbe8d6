using System.Collections.Concurrent;
using System.Reflection;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Distributed.Mpi;
using Daphne.Net.Distributed.Mpi.Native;
using Daphne.Net.Tests.Distributed;

namespace Daphne.Net.ClusterTests.Mpi;

/// <summary>
/// A job of two ranks in which rank 0 runs every test of <see cref="WorkerClientContract"/> against a worker on rank 1, a new one for each test. Rank 0 prints
/// a line per test.
/// </summary>
static class ContractProgram
{
    public const string Name = "mpi-contract";

    public static async Task<int> RunAsync(string[] arguments)
    {
        var launch = MpiLaunch.Detect();
        using var channel = launch!.Rank == 0 ? BackChannel.Listen(arguments[0]) : await BackChannel.ConnectAsync(arguments[0]);
        var loop = new MpiLoop(MpiLibrary.Load(launch), (loop, world) => world.Rank == 0 ? new MpiCoordinator(loop, world) : new ServedRank(loop, channel));
        var role = loop.Start();
        int failed = role is MpiCoordinator coordinator ? RunTests(coordinator, channel) : await ((ServedRank)role).EndedAsync();
        loop.Leave();
        await loop.Ended;
        return failed == 0 ? 0 : 1;
    }

    static int RunTests(MpiCoordinator coordinator, BackChannel channel)
    {
        var waits = new ConcurrentDictionary<long, CancellationTokenSource>();
        RunFragment? run = null;
        channel.Hear((verb, numbers) =>
        {
            if (verb == "cancelled") waits[numbers[0]].Cancel();
            else
            {
                var stop = waits[numbers[0]] = new();
                new Thread(() =>
                {
                    try
                    {
                        run!("wait", [], stop.Token);
                    }
                    catch (OperationCanceledException)
                    {
                        return;
                    }
                    channel.Say("go", numbers[0]);
                }) { IsBackground = true }.Start();
            }
        });
        int failed = 0;
        foreach (var (method, values) in Tests())
        {
            string name = values.Length == 0 ? method.Name : $"{method.Name}({string.Join(", ", values)})";
            try
            {
                var contract = new Contract(coordinator, channel, fragments => run = fragments);
                ((Task)method.Invoke(contract, values)!).WaitAsync(Processes.Patience.Most).GetAwaiter().GetResult();
                Console.WriteLine($"ok {name}");
            }
            catch (Exception e)   // whatever it is, the test has failed
            {
                Console.WriteLine($"failed {name}: {e}");
                failed++;
            }
        }
        coordinator.Tell(1, MpiVerb.Goodbye);
        return failed;
    }

    /// <summary>The tests of the contract with their arguments, as xunit finds them, and our own.</summary>
    public static IEnumerable<(MethodInfo Method, object?[] Values)> Tests() =>
        from method in typeof(Contract).GetMethods()
        where method.ReturnType == typeof(Task)
        from values in method.GetCustomAttributes<InlineDataAttribute>().Select(data => data.Data).DefaultIfEmpty([])
        select (method, values);

    /// <summary>The contract, and what only large values over MPI can get wrong.</summary>
    sealed class Contract(MpiCoordinator coordinator, BackChannel channel, Action<RunFragment> uses) : WorkerClientContract
    {
        static readonly CallBudget budget = new(TimeSpan.FromSeconds(60));

        private protected override async Task<WorkerUnderTest> StartAsync(RunFragment run, long byteLimit = 0)
        {
            uses(run);
            channel.Ask("start", run.Method.DeclaringType == typeof(FragmentExecution) ? 1 : 0, byteLimit);
            var client = new MpiWorkerClient(coordinator, rank: 1, chunk: 100_000);
            await client.HelloAsync(CallBudget.Control, default);
            return new(client, () => channel.Ask("stats") is [var bytes, var values] ? new(bytes, values) : throw new InvalidOperationException(), () => ValueTask.CompletedTask);
        }

        // Sixteen at once: four on each lane, every other one refused, so that their chunks have to be taken off the lanes.
        public async Task Large_values_that_are_refused_do_not_disturb_the_others()
        {
            await using var worker = await StartAsync(new ScriptedFragments().Run, byteLimit: 20_000_000);
            await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
            {
                Datum fits = TestValues.Matrix(ValueTypeCode.F64, 100_000 + i, 1, i), doesNot = TestValues.Matrix(ValueTypeCode.F64, 3_000_000, 1, i);
                var handle = worker.Client.StoreAsync(fits, budget, default);
                var e = await Assert.ThrowsAsync<WorkerException>(async () => await worker.Client.StoreAsync(doesNot, budget, default));
                Assert.Equal(WorkerFailure.TooLarge, e.Reason);
                var back = await worker.Client.TransferAsync(await handle, budget, default);
                Assert.True(TestValues.Bytes(fits).AsSpan().SequenceEqual(TestValues.Bytes(back)));
                foreach (var value in (Datum[])[fits, doesNot, back]) TestValues.Release(value);
            }));
            Assert.Equal(16, worker.Stats().Values);
        }

        // Given up at any moment: before, while and after the chunks go, in both directions.
        public async Task What_is_given_up_half_way_leaves_nothing_and_the_next_calls_go_on()
        {
            await using var worker = await StartAsync(new ScriptedFragments().Run);
            var value = TestValues.Matrix(ValueTypeCode.SI64, 5_000_000, 1, seed: 5);
            var kept = await worker.Client.StoreAsync(value, budget, default);
            int givenUp = 0;
            for (int i = 0; i < 12; i++)
            {
                using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(3 * i));
                try
                {
                    var handle = await worker.Client.StoreAsync(value, budget, soon.Token);
                    await worker.Client.FreeAsync([handle], budget, default);
                    TestValues.Release(await worker.Client.TransferAsync(kept, budget, soon.Token));
                }
                catch (OperationCanceledException)
                {
                    givenUp++;
                }
                await Assert.ThrowsAsync<WorkerException>(async () => await worker.Client.TransferAsync(kept, new(TimeSpan.FromMilliseconds(1)), default));
            }
            Assert.InRange(givenUp, 1, 12);
            var back = await worker.Client.TransferAsync(kept, budget, default);
            Assert.True(TestValues.Bytes(value).AsSpan().SequenceEqual(TestValues.Bytes(back)));
            await Processes.Patience.Until(() => worker.Stats() == new WorkerStats(40_000_000, 1), "only the value that was kept is there");
        }
    }

    /// <summary>Rank 1: one worker after the other, as rank 0 asks for them.</summary>
    sealed class ServedRank : IMpiHandler
    {
        readonly ConcurrentDictionary<long, ManualResetEventSlim> waits = [];
        readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly BackChannel channel;
        volatile MpiWorker? worker;
        long numbers;

        public ServedRank(MpiLoop loop, BackChannel channel)
        {
            this.channel = channel;
            WorkerService? service = null;
            channel.Hear((verb, numbers) =>
            {
                if (verb == "start")
                {
                    worker?.Dispose();
                    service = new(new() { Run = numbers[0] == 1 ? FragmentExecution.Run : RunScripted, ByteLimit = numbers[1] });
                    worker = new(loop, service);
                    channel.Say("answer");
                }
                else if (verb == "stats") channel.Say("answer", service!.Values.Stats.LiveBytes, service.Values.Stats.Values);
                else waits[numbers[0]].Set();
            });
        }

        public async Task<int> EndedAsync()
        {
            await ended.Task;
            return 0;
        }

        public void Received(int rank, MpiFrame frame)
        {
            if (frame.Verb == MpiVerb.Goodbye) ended.TrySetResult();
            else worker?.Received(rank, frame);
        }

        public void Tick() => worker?.Tick();

        public void Failed(Exception e) => ended.TrySetException(e);

        // Only what waits needs the test itself; everything else ends the same on either rank.
        Datum[] RunScripted(string text, IReadOnlyList<Datum> inputs, CancellationToken ct)
        {
            if (text != "wait") return new ScriptedFragments().Run(text, inputs, ct);
            long number = Interlocked.Increment(ref numbers);
            using var go = waits[number] = new();
            channel.Say("wait", number);
            try
            {
                go.Wait(ct);
            }
            catch (OperationCanceledException)
            {
                channel.Say("cancelled", number);
                throw;
            }
            return new ScriptedFragments().Run("echo", inputs, ct);
        }
    }
}
