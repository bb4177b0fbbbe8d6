using System.Reflection;
using System.Runtime.InteropServices;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Distributed.Mpi;
using Daphne.Net.Distributed.Mpi.Native;
using Daphne.Net.Tests.Distributed;

namespace Daphne.Net.ClusterTests.Mpi;

/// <summary>A job of four ranks in which rank 0 sends values along the others, of which rank 2 has little room. Rank 0 prints a line per test.</summary>
static class ChainProgram
{
    public const string Name = "mpi-chain";
    public const int Ranks = 4;

    const long Room = 20_000_000;

    public static async Task<int> RunAsync()
    {
        var before = CodeOfLibc();
        var launch = MpiLaunch.Detect();
        var loop = new MpiLoop(MpiLibrary.Load(launch), (loop, world) => world.Rank == 0 ? new MpiCoordinator(loop, world)
            : new MpiWorker(loop, new(new() { Run = FragmentExecution.Run, ByteLimit = world.Rank == 2 ? Room : 0 })));
        var role = loop.Start();
        int failed = role is MpiCoordinator coordinator ? await RunTestsAsync(coordinator, before) : await ((MpiWorker)role).Stopped == WorkerStop.Requested ? 0 : 1;
        loop.Leave();
        await loop.Ended;
        return failed == 0 ? 0 : 1;
    }

    /// <summary>The tests.</summary>
    public static MethodInfo[] Tests() => typeof(Chain).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);

    // The first bytes of what libraries of MPI like to hook.
    static Dictionary<string, string> CodeOfLibc()
    {
        nint libc = NativeLibrary.Load("libc.so.6");
        return new[] { "mmap", "munmap", "mremap", "madvise", "brk", "shmat", "shmdt" }.ToDictionary(name => name, name =>
        {
            byte[] first = new byte[16];
            Marshal.Copy(NativeLibrary.GetExport(libc, name), first, 0, first.Length);
            return Convert.ToHexString(first);
        });
    }

    static async Task<int> RunTestsAsync(MpiCoordinator coordinator, Dictionary<string, string> code)
    {
        int failed = 0;
        foreach (var test in Tests())
        {
            var clients = Enumerable.Range(1, Ranks - 1).Select(rank => new MpiWorkerClient(coordinator, rank, chunk: 100_000)).ToArray();
            try
            {
                foreach (var client in clients) await client.HelloAsync(CallBudget.Control, default);
                await ((Task)test.Invoke(new Chain(clients, code), [])!).WaitAsync(Processes.Patience.Most);
                Console.WriteLine($"ok {test.Name}");
            }
            catch (Exception e)   // whatever it is, the test has failed
            {
                Console.WriteLine($"failed {test.Name}: {e}");
                failed++;
            }
            foreach (var client in clients) await client.DisposeAsync();
        }
        for (int rank = 1; rank < Ranks; rank++) coordinator.Tell(rank, MpiVerb.Goodbye);
        return failed;
    }

    sealed class Chain(MpiWorkerClient[] clients, Dictionary<string, string> code)
    {
        static readonly CallBudget budget = new(TimeSpan.FromSeconds(60));

        public async Task Every_rank_has_the_bits_of_a_value_of_any_kind()
        {
            var wide = (DenseMatrix<double>)TestValues.Matrix(ValueTypeCode.F64, 500, 400, seed: 2).Object;
            string[] words = [.. Enumerable.Range(0, 40_000).Select(i => new string('ü', i % 7) + i)];
            long[] starts = [.. Enumerable.Range(0, 2001).Select(r => r * 50L)];
            int[] columns = [.. Enumerable.Range(0, 100_000).Select(i => i % 50 * 3)];
            Datum[] values =
            [
                TestValues.Matrix(ValueTypeCode.F64, 300, 700, seed: 1), Datum.Of(wide), TestValues.Matrix(ValueTypeCode.UI8, 1_000_003, 1, seed: 3), Datum.Of(2.5),
                Datum.Of(new StringMatrix(words, 10_000, 4)), Datum.Of(CsrMatrix<double>.Copy(starts, columns, [.. Enumerable.Range(0, 100_000).Select(i => i * 0.1)], 2000, 150)),
            ];
            foreach (var value in values)
            {
                var stores = MpiWorkerClient.StoreAlong(value, clients);
                foreach (var (client, store) in clients.Zip(stores)) await SameAsync(client, await store.AnswerAsync(budget, default), value);
            }
            foreach (var client in clients) Assert.Equal(values.Length, (await client.StatsAsync(budget, default)).Values);
        }

        public async Task A_rank_that_refuses_a_value_hands_it_on_all_the_same()
        {
            Datum large = TestValues.Matrix(ValueTypeCode.F64, 3_000_000, 1, seed: 4), small = TestValues.Matrix(ValueTypeCode.F64, 100_000, 1, seed: 5);
            var stores = MpiWorkerClient.StoreAlong(large, clients);
            var next = MpiWorkerClient.StoreAlong(small, clients);
            var refused = await Assert.ThrowsAsync<WorkerException>(() => stores[1].AnswerAsync(budget, default));
            Assert.Equal((WorkerFailure.TooLarge, "rank 2"), (refused.Reason, refused.Worker.Address));
            foreach (int i in (int[])[0, 2]) await SameAsync(clients[i], await stores[i].AnswerAsync(budget, default), large);
            for (int i = 0; i < clients.Length; i++) await SameAsync(clients[i], await next[i].AnswerAsync(budget, default), small);
            Assert.Equal(new(800_000, 1), await clients[1].StatsAsync(budget, default));
        }

        public async Task A_value_that_nobody_wants_any_more_leaves_nothing()
        {
            var value = TestValues.Matrix(ValueTypeCode.SI64, 250_000, 1, seed: 6);   // all of them at once fit into rank 2
            for (int i = 0; i < 8; i++)
            {
                var stores = MpiWorkerClient.StoreAlong(value, clients);
                using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(3 * i));
                foreach (var store in stores)
                    try
                    {
                        await store.AnswerAsync(budget, soon.Token);
                        store.Abandon();
                    }
                    catch (OperationCanceledException)
                    {
                        // Given up while it was on its way.
                    }
            }
            foreach (var client in clients) await Processes.Patience.Until(async () => await client.StatsAsync(budget, default) == default, "nothing is left");
            var last = MpiWorkerClient.StoreAlong(value, clients);
            foreach (var (client, store) in clients.Zip(last)) await SameAsync(client, await store.AnswerAsync(budget, default), value);
        }

        public async Task One_that_is_not_wanted_by_some_comes_to_the_others()
        {
            var value = TestValues.Matrix(ValueTypeCode.SI64, 250_000, 1, seed: 7);   // all of them at once fit into rank 2
            for (int without = 0; without < clients.Length; without++)
            {
                var stores = MpiWorkerClient.StoreAlong(value, clients);
                stores[without].Abandon();
                for (int i = 0; i < clients.Length; i++)
                {
                    if (i == without) continue;
                    var handle = await stores[i].AnswerAsync(budget, default);
                    await SameAsync(clients[i], handle, value);
                    await clients[i].FreeAsync([handle], budget, default);
                }
            }
            foreach (var client in clients) await Processes.Patience.Until(async () => await client.StatsAsync(budget, default) == default, "nothing is left");
        }

        // Any order and any number of them, with values for one rank in between: all on four lanes.
        public async Task Values_along_different_ways_at_once_do_not_disturb_each_other()
        {
            int[][] ways = [[0, 1, 2], [2, 1, 0], [0, 2], [1, 2], [2, 0, 1], [1, 0]];
            await Task.WhenAll(Enumerable.Range(0, 24).Select(async n =>
            {
                var value = TestValues.Matrix(ValueTypeCode.F64, 40_000 + n, 1, n);
                var along = ways[n % ways.Length].Select(i => clients[i]).ToArray();
                var stores = MpiWorkerClient.StoreAlong(value, along);
                var alone = await clients[n % clients.Length].StoreAsync(value, budget, default);
                await SameAsync(clients[n % clients.Length], alone, value);
                foreach (var (client, store) in along.Zip(stores))
                {
                    var handle = await store.AnswerAsync(budget, default);
                    await SameAsync(client, handle, value);
                    await client.FreeAsync([handle], budget, default);
                }
                await clients[n % clients.Length].FreeAsync([alone], budget, default);
            }));
        }

        // UCX writes over it otherwise, while our threads run there.
        public Task The_library_leaves_the_code_of_the_process_as_it_was()
        {
            Assert.Equal(code, CodeOfLibc());
            return Task.CompletedTask;
        }

        static async Task SameAsync(MpiWorkerClient client, Handle handle, Datum value)
        {
            var back = await client.TransferAsync(handle, budget, default);
            Assert.True(TestValues.Bytes(value).AsSpan().SequenceEqual(TestValues.Bytes(back)), $"{client.Identity.Address} has other bits");
            TestValues.Release(back);
        }
    }
}
