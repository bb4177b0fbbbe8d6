using System.Collections.Concurrent;
using System.Diagnostics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed.Workers;

/// <summary>What a client notices of its worker, and what it does when connections break: calls are made again and not done twice.</summary>
public sealed class WorkerHealthTests
{
    static readonly CallBudget budget = new(TimeSpan.FromSeconds(60));
    static readonly string token = TokenFile.NewToken();

    static GrpcWorkerClientOptions Quick => new() { Token = token, Beat = TimeSpan.FromMilliseconds(50), Lease = TimeSpan.FromMinutes(5) };

    // A call to a worker that has been silent is not made again, and on a busy machine three short beats are soon missed.
    static GrpcWorkerClientOptions Patient => Quick with { MissedBeats = 1000 };

    static Task<WorkerHost> StartAsync(RunFragment run, TimeProvider? time = null, string listen = "127.0.0.1:0") =>
        WorkerHost.StartAsync(new() { Listen = listen, Token = token, Time = time ?? TimeProvider.System, DrainTimeout = TimeSpan.FromSeconds(1) }, run, default);

    static async Task<(GrpcWorkerClient Client, ConcurrentQueue<(WorkerHealth Health, int Generation)> Heard)> ConnectAsync(string address, GrpcWorkerClientOptions options)
    {
        var client = new GrpcWorkerClient(address, options);
        var heard = new ConcurrentQueue<(WorkerHealth, int)>();
        client.HealthChanged += health => heard.Enqueue((health, client.Generation));
        await client.HelloAsync(budget, default);
        return (client, heard);
    }

    // Without the moments in which a busy machine missed some beats.
    static IEnumerable<(WorkerHealth, int)> Losses(IEnumerable<(WorkerHealth Health, int Generation)> heard)
    {
        int generation = 1;
        foreach (var (health, now) in heard)
        {
            if (health == WorkerHealth.Silent || health == WorkerHealth.Answering && now == generation) continue;
            generation = now;
            yield return (health, now);
        }
    }

    static async Task UntilAsync(Func<bool> isSo, string what)
    {
        long began = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(40), what);
            await Task.Delay(5);
        }
    }

    [Fact]
    public async Task Nothing_is_said_of_a_worker_that_answers()
    {
        await using var host = await StartAsync(new ScriptedFragments().Run);
        var (client, heard) = await ConnectAsync(host.Address, Quick with { Beat = TimeSpan.FromMilliseconds(100), MissedBeats = 100 });
        await using (client)
        {
            var handle = await client.StoreAsync(Datum.Of(2.5), budget, default);
            await Task.Delay(500);
            Assert.Equal((1, WorkerHealth.Answering, 0L, 1), (client.Generation, client.Health, client.Retries, handle.Generation));
            Assert.Empty(heard);
        }
    }

    [Fact]
    public async Task A_worker_that_ended_is_gone_and_a_new_one_at_its_address_is_another_generation()
    {
        var host = await StartAsync(new ScriptedFragments().Run);
        string address = host.Address;
        var (client, heard) = await ConnectAsync(address, Quick);
        await using (client)
        {
            var handle = await client.StoreAsync(Datum.Of(2.5), budget, default);
            await host.DisposeAsync();
            await UntilAsync(() => client.Health == WorkerHealth.Gone, "not gone");
            Assert.Equal(1, client.Generation);
            await using var another = await StartAsync(new ScriptedFragments().Run, listen: address);
            await UntilAsync(() => client.Health == WorkerHealth.Answering, "not back");
            Assert.Equal(2, client.Generation);
            Assert.Equal([(WorkerHealth.Gone, 1), (WorkerHealth.Answering, 2)], Losses(heard));
            var e = await Assert.ThrowsAsync<WorkerException>(async () => await client.TransferAsync(handle, budget, default));
            Assert.Equal(WorkerFailure.SessionLost, e.Reason);
            await client.FreeAsync([handle], budget, default);   // it was freed with its session
            var there = await client.StoreAsync(Datum.Of(3.5), budget, default);
            Assert.Equal(2, there.Generation);
            Assert.Equal(3.5, (await client.TransferAsync(there, budget, default)).As<double>());
        }
    }

    [Fact]
    public async Task A_session_the_worker_dropped_is_lost_and_replaced()
    {
        var time = new ManualTime();
        await using var host = await StartAsync(new ScriptedFragments().Run, time);
        var (client, heard) = await ConnectAsync(host.Address, Quick with { Lease = TimeSpan.FromSeconds(30) });
        await using (client)
        {
            var handle = await client.StoreAsync(Datum.Of(2.5), budget, default);
            time.Advance(TimeSpan.FromSeconds(31));
            await UntilAsync(() => client.Generation == 2 && client.Health == WorkerHealth.Answering, "no new generation");
            Assert.Equal([(WorkerHealth.SessionLost, 1), (WorkerHealth.Answering, 2)], Losses(heard));
            Assert.Equal(default, host.Stats);
            Assert.Equal(WorkerFailure.SessionLost, (await Assert.ThrowsAsync<WorkerException>(async () => await client.ComputeAsync(new("echo", 1), [handle], budget, default))).Reason);
        }
    }

    [Fact]
    public async Task A_call_finds_the_session_lost_before_the_next_beat_and_the_one_after_it_goes_on()
    {
        var time = new ManualTime();
        await using var host = await StartAsync(new ScriptedFragments().Run, time);
        for (int tries = 0; ; tries++)
        {
            var (client, heard) = await ConnectAsync(host.Address, Quick with { Lease = TimeSpan.FromSeconds(30), Beat = TimeSpan.FromHours(1) });
            await using (client)
            {
                await client.StoreAsync(Datum.Of(1.5), budget, default);
                time.Advance(TimeSpan.FromSeconds(31));
                var failure = await Record.ExceptionAsync(async () => await client.StoreAsync(Datum.Of(2.5), budget, default));
                if (failure is null && tries < 20) continue;   // the first beat came that late
                Assert.Equal(WorkerFailure.SessionLost, Assert.IsType<WorkerException>(failure).Reason);
                Assert.Equal([(WorkerHealth.SessionLost, 1)], Losses(heard));
                Assert.Equal(2, (await client.StoreAsync(Datum.Of(2.5), budget, default)).Generation);
                Assert.Equal([(WorkerHealth.SessionLost, 1), (WorkerHealth.Answering, 2)], Losses(heard));
                return;
            }
        }
    }

    [Fact]
    public async Task A_worker_that_does_not_answer_is_silent_and_keeps_what_it_holds()
    {
        var network = new ShakyNetwork();
        await using var host = await StartAsync(new ScriptedFragments().Run);
        var (client, heard) = await ConnectAsync(host.Address, Quick with { Connect = network.ConnectAsync });
        await using (client)
        {
            var handle = await client.StoreAsync(Datum.Of(2.5), budget, default);
            network.Hold();
            await UntilAsync(() => client.Health == WorkerHealth.Silent, "not silent");
            network.Release();
            await UntilAsync(() => client.Health == WorkerHealth.Answering, "not back");
            Assert.Contains((WorkerHealth.Silent, 1), heard);
            Assert.Empty(Losses(heard));
            Assert.Equal((1, 0), (client.Generation, network.Cuts));
            Assert.Equal(2.5, (await client.TransferAsync(handle, budget, default)).As<double>());
        }
    }

    [Fact]
    public async Task One_that_is_silent_for_longer_than_its_lease_has_lost_its_session()
    {
        var network = new ShakyNetwork();
        await using var host = await StartAsync(new ScriptedFragments().Run);
        var (client, heard) = await ConnectAsync(host.Address, Quick with { Connect = network.ConnectAsync, Lease = TimeSpan.FromSeconds(1) });
        await using (client)
        {
            network.Hold();
            await UntilAsync(() => client.Health == WorkerHealth.SessionLost, "not lost");
            Assert.Equal([(WorkerHealth.Silent, 1), (WorkerHealth.SessionLost, 1)], heard.TakeLast(2));
            network.Release();
            await UntilAsync(() => client.Health == WorkerHealth.Answering, "not back");
            Assert.True(client.Generation > 1);
        }
    }

    [Fact]
    public async Task A_computation_whose_connection_is_cut_goes_on_and_is_answered_on_the_next()
    {
        var network = new ShakyNetwork();
        var fragments = new ScriptedFragments();
        int runs = 0;
        await using var host = await StartAsync((text, inputs, ct) =>
        {
            Interlocked.Increment(ref runs);
            return fragments.Run(text, inputs, ct);
        });
        var (client, heard) = await ConnectAsync(host.Address, Patient with { Connect = network.ConnectAsync });
        await using (client)
        {
            var handle = await client.StoreAsync(Datum.Of(2.5), budget, default);
            var computing = client.ComputeAsync(new("wait", 1), [handle], budget, default).AsTask();
            await fragments.Begun;
            network.Cut();
            await UntilAsync(() => client.Retries == 1, "not made again");
            fragments.Go.Set();
            var result = Assert.Single(await computing);
            Assert.Equal(2.5, (await client.TransferAsync(result, budget, default)).As<double>());
            Assert.Equal((1, 1, new WorkerStats(16, 2)), (runs, client.Generation, host.Stats));
            Assert.True(network.Cuts > 0 && network.Made > network.Cuts);
            Assert.Empty(Losses(heard));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_value_whose_connection_is_cut_is_stored_once(bool plane)
    {
        var network = new ShakyNetwork();
        await using var host = await StartAsync(new ScriptedFragments().Run);
        var (client, _) = await ConnectAsync(host.Address, Patient with { Connect = network.ConnectAsync, DataPlane = plane });
        await using (client)
        {
            var value = TestValues.Matrix(ValueTypeCode.F64, 300, 1000, seed: 1);
            long bytes = TestValues.Bytes(value).Length;
            int fired = 0;
            // Before the first byte, amid the cells, and just at the end, where the value may be whole there already.
            foreach (long after in (long[])[1, bytes / 2, bytes - 10, bytes + 30])
            {
                int cuts = network.Cuts;
                network.CutAfter(after);
                var handle = await client.StoreAsync(value, budget, default);
                network.CutAfter(long.MaxValue);
                if (network.Cuts > cuts) fired++;
                await UntilAsync(() => host.Stats.Values == 1, $"{host.Stats.Values} values after a cut at {after}");
                var back = await client.TransferAsync(handle, budget, default);
                Assert.True(TestValues.Bytes(value).AsSpan().SequenceEqual(TestValues.Bytes(back)));
                TestValues.Release(back);
                await client.FreeAsync([handle], budget, default);
            }
            Assert.True(fired >= 2, $"{fired} cuts");
            Assert.InRange(client.Retries, 1, 12);
            Assert.Equal(default, host.Stats);
            TestValues.Release(value);
        }
    }

    [Fact]
    public async Task What_a_worker_made_for_a_call_that_was_given_up_while_it_hung_is_freed_when_it_goes_on()
    {
        var network = new ShakyNetwork();
        var fragments = new ScriptedFragments();
        await using var host = await StartAsync(fragments.Run);
        var (client, heard) = await ConnectAsync(host.Address, Patient with { Connect = network.ConnectAsync });
        await using (client)
        {
            var handle = await client.StoreAsync(Datum.Of(2.5), budget, default);
            using var giveUp = new CancellationTokenSource();
            var computing = client.ComputeAsync(new("wait", 1), [handle], budget, giveUp.Token).AsTask();
            await fragments.Begun;
            network.Hold(bothWays: true);
            fragments.Go.Set();
            await UntilAsync(() => host.Stats.Values == 2, "not computed");
            await giveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => computing);
            // Longer than the client waits when it first says so.
            await Task.Delay(TimeSpan.FromSeconds(2.5));
            Assert.Equal(2, host.Stats.Values);
            network.Release();
            await UntilAsync(() => host.Stats.Values == 1, "the result stayed");
            Assert.Equal(1, client.Generation);
            Assert.Empty(Losses(heard));
        }
    }

    [Theory]
    [InlineData("pull")]
    [InlineData("read")]
    [InlineData("scan")]
    [InlineData("compute")]
    public async Task A_request_whose_answer_is_cut_off_comes_again_and_is_not_done_twice(string what)
    {
        using var folder = new Data.Files.TemporaryFolder();
        string path = folder.Write("m.csv", "1\n2\n3\n");
        SharedFile file;
        using (var open = File.OpenHandle(path)) file = new(path, FileStamp.Of(open));
        var network = new ShakyNetwork();
        int runs = 0;
        // There is room for the value once.
        await using var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token, FilesRoots = [folder[""]], ByteLimit = 24, DrainTimeout = TimeSpan.FromSeconds(1) }, (_, inputs, _) =>
        {
            Interlocked.Increment(ref runs);
            return [Datum.Of(4.5)];
        }, default);
        await using var other = await StartAsync(new ScriptedFragments().Run);
        var (client, heard) = await ConnectAsync(host.Address, Patient with { Connect = network.ConnectAsync, PeersMeet = true, Beat = TimeSpan.FromHours(1) });
        await using var holder = new GrpcWorkerClient(other.Address, Quick);
        await holder.HelloAsync(budget, default);
        await using (client)
        {
            var offer = await holder.OfferAsync(await holder.StoreAsync(Datum.Of(4.5), budget, default), budget, default);
            bool makes = what != "scan";
            await client.FreeAsync([await client.StoreAsync(Datum.Of(1.0), budget, default)], budget, default);   // all its connections are up
            network.Hold();
            long sent = network.Sent;
            Task<Handle> made = Task.FromResult(default(Handle));
            Task<IReadOnlyList<CsvStretch>>? scanned = null;
            // A ticket is good once, and a fragment is counted: done twice would show.
            switch (what)
            {
                case "pull": made = client.PullAsync(offer, budget, default).AsTask(); break;
                case "read": made = client.ReadAsync(new(file, new FileMetaData(3, 1) { ValueType = ValueTypeCode.F64 }, new(0, 3)), budget, default).AsTask(); break;
                case "compute": made = OnlyAsync(client.ComputeAsync(new("any", 1), [], budget, default)); break;
                default: scanned = client.ScanAsync(file, 0, 6, 2, budget, default).AsTask(); break;
            }
            await UntilAsync(() => network.Sent > sent && (!makes || host.Stats.Values == 1), "not done");
            network.Cut();
            network.Release();
            if (scanned is not null) Assert.Equal(3, (await scanned).Count);
            var handle = await made;
            Assert.InRange(client.Retries, 1, 2);   // its other connections were cut too, and may not know yet
            Assert.True(network.Cuts > 0 && network.Made > network.Cuts);
            Assert.Equal((makes ? 1 : 0, what == "compute" ? 1 : 0), (host.Stats.Values, runs));
            Assert.Empty(Losses(heard));
            if (makes) await client.FreeAsync([handle], budget, default);
            Assert.Equal(default, host.Stats);
        }

        static async Task<Handle> OnlyAsync(ValueTask<IReadOnlyList<Handle>> handles) => Assert.Single(await handles);
    }

    [Fact]
    public async Task A_value_that_comes_from_another_worker_goes_on_coming_when_the_connection_of_who_asked_is_cut()
    {
        var network = new ShakyNetwork();
        await using var relay = new Broadcasts.CuttingRelay(long.MaxValue, held: true);
        await using var host = await StartAsync(new ScriptedFragments().Run);
        await using var other = await StartAsync(new ScriptedFragments().Run);
        await using var holder = new GrpcWorkerClient(other.Address, Quick);
        await holder.HelloAsync(budget, default);
        var (client, _) = await ConnectAsync(host.Address, Patient with { Connect = network.ConnectAsync, PeersMeet = true });
        await using (client)
        {
            // It is good once: fetched anew it would be refused.
            var offer = await holder.OfferAsync(await holder.StoreAsync(Datum.Of(2.5), budget, default), budget, default);
            var pulling = client.PullAsync(offer with { Port = relay.For(offer.Port), LocalName = "" }, budget, default).AsTask();
            await relay.Reached;
            network.Cut();
            await UntilAsync(() => client.Retries > 0, "not made again");
            relay.Release();
            Assert.Equal(2.5, (await client.TransferAsync(await pulling, budget, default)).As<double>());
            Assert.Equal((1, 1), (host.Stats.Values, client.Generation));
        }
    }

    [Fact]
    public async Task A_handler_that_hears_of_a_change_may_call_the_client()
    {
        var time = new ManualTime();
        await using var host = await StartAsync(new ScriptedFragments().Run, time);
        var (client, _) = await ConnectAsync(host.Address, Quick with { Lease = TimeSpan.FromSeconds(30) });
        await using (client)
        {
            var stored = new TaskCompletionSource<Handle>(TaskCreationOptions.RunContinuationsAsynchronously);
            client.HealthChanged += health =>
            {
                if (health == WorkerHealth.SessionLost) _ = Task.Run(async () => stored.TrySetResult(await client.StoreAsync(Datum.Of(1.5), budget, default)));
            };
            time.Advance(TimeSpan.FromSeconds(31));
            Assert.Equal(2, (await stored.Task.WaitAsync(TimeSpan.FromSeconds(40))).Generation);
        }
    }
}
