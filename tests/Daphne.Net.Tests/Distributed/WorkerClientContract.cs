using System.Diagnostics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed;

/// <summary>What every worker client does, whatever carries its calls; one sealed class per client inherits all of it.</summary>
public abstract class WorkerClientContract
{
    static readonly CallBudget budget = new(TimeSpan.FromSeconds(60));

    /// <summary>A worker that computes with <paramref name="run"/>, and a greeted client on it.</summary>
    private protected abstract Task<WorkerUnderTest> StartAsync(RunFragment run, long byteLimit = 0);

    [Fact]
    public async Task Every_value_type_and_shape_comes_back_bit_by_bit()
    {
        await using var worker = await StartAsync(new ScriptedFragments().Run);
        int seed = 0;
        foreach (var type in TestValues.Types)
            foreach (var (rows, cols) in ((long, long)[])[(0, 0), (0, 3), (3, 0), (1, 1), (1, 1000), (7, 5)])
            {
                var value = TestValues.Matrix(type, rows, cols, ++seed);
                var handle = await worker.Client.StoreAsync(value, budget, default);
                Assert.Equal((rows, cols), (handle.Rows, handle.Cols));
                var back = await worker.Client.TransferAsync(handle, budget, default);
                Assert.True(TestValues.Bytes(value).AsSpan().SequenceEqual(TestValues.Bytes(back)), $"{type} {rows}x{cols} (seed {seed})");
                TestValues.Release(value);
                TestValues.Release(back);
            }
    }

    [Fact]
    public async Task Sparse_matrices_strings_frames_and_lists_come_back()
    {
        await using var worker = await StartAsync(new ScriptedFragments().Run);
        string[] words = [.. Enumerable.Range(0, 20_000).Select(i => new string('ü', i % 7) + i)];
        Datum[] values =
        [
            Datum.Of("a\0ü"), Datum.Of(new StringMatrix(words, 5000, 4)), Datum.Of(CsrMatrix<sbyte>.Copy([0, 2, 2, 3], [1, 4, 0], [1, -2, 3], 3, 5)),
            Datum.Of(new Frame(2, [DenseMatrix<long>.Copy([1, 2], 2, 1), new StringMatrix(["x", ""], 2, 1), DenseMatrix<bool>.Copy([true, false], 2, 1)], ["a", "b", ""])),
            Datum.Of(new ObjectList(ValueTypeCode.F32, [DenseMatrix<float>.Copy([1], 1, 1), CsrMatrix<float>.Copy([0, 1], [2], [5], 1, 4)])),
        ];
        foreach (var value in values)
        {
            var handle = await worker.Client.StoreAsync(value, budget, default);
            Assert.Equal(new WorkerStats(ValueSize.Of(value), 1), worker.Stats());
            var back = await worker.Client.TransferAsync(handle, budget, default);
            Assert.Equal(TestValues.Bytes(value), TestValues.Bytes(back));
            await worker.Client.FreeAsync([handle], budget, default);
            TestValues.Release(value);
            TestValues.Release(back);
        }
    }

    [Fact]
    public async Task Scalars_of_every_type_come_back()
    {
        await using var worker = await StartAsync(new ScriptedFragments().Run);
        Datum[] scalars = [Datum.Of(-0.0), Datum.Of(double.NaN), Datum.Of(1.5f), Datum.Of(long.MinValue), Datum.Of(ulong.MaxValue), Datum.Of(-7), Datum.Of(7u), Datum.Of((sbyte)-1), Datum.Of((byte)255), Datum.Of(true)];
        foreach (var scalar in scalars)
        {
            var handle = await worker.Client.StoreAsync(scalar, budget, default);
            Assert.Equal((1L, 1L), (handle.Rows, handle.Cols));
            var back = await worker.Client.TransferAsync(handle, budget, default);
            Assert.Equal((scalar.Type, scalar.Bits), (back.Type, back.Bits));
        }
    }

    [Fact]
    public async Task Forty_megabytes_come_back_bit_by_bit()
    {
        await using var worker = await StartAsync(new ScriptedFragments().Run);
        var value = TestValues.Matrix(ValueTypeCode.F64, 5000, 1001, seed: 40);
        var back = await worker.Client.TransferAsync(await worker.Client.StoreAsync(value, budget, default), budget, default);
        Assert.True(TestValues.Bytes(value).AsSpan().SequenceEqual(TestValues.Bytes(back)));
        TestValues.Release(value);
        TestValues.Release(back);
    }

    [Fact]
    public async Task A_stored_value_does_not_change_with_the_callers()
    {
        await using var worker = await StartAsync(new ScriptedFragments().Run);
        var value = DenseMatrix<double>.Copy([1, 2, 3, 4], 2, 2);
        var handle = await worker.Client.StoreAsync(Datum.Of(value), budget, default);
        TestValues.Overwrite(value, 9);
        value.Release();
        var back = await worker.Client.TransferAsync(handle, budget, default);
        Assert.Equal([1, 2, 3, 4], TestValues.Doubles(back));
    }

    [Fact]
    public async Task Results_stay_on_the_worker_in_order()
    {
        await using var worker = await StartAsync(new ScriptedFragments().Run);
        var a = await worker.Client.StoreAsync(Datum.Of(DenseMatrix<double>.Copy([1, 2], 1, 2)), budget, default);
        var b = await worker.Client.StoreAsync(Datum.Of(3.5), budget, default);
        var results = await worker.Client.ComputeAsync(new("echo", 3), [a, b, a], budget, default);
        Assert.Equal([(1L, 2L), (1L, 1L), (1L, 2L)], results.Select(r => (r.Rows, r.Cols)));
        Assert.Equal(5, new HashSet<string>([a.Id, b.Id, .. results.Select(r => r.Id)]).Count);
        Assert.Equal(3.5, (await worker.Client.TransferAsync(results[1], budget, default)).As<double>());
        double[] cells = TestValues.Doubles(await worker.Client.TransferAsync(results[2], budget, default));
        Assert.Equal([1, 2], cells);
    }

    [Fact]
    public async Task Small_values_go_with_a_call_and_come_with_its_answer_and_nothing_is_kept()
    {
        await using var worker = await StartAsync(new ScriptedFragments().Run);
        Datum[] values =
        [
            Datum.Of(2.5), Datum.Of("a\0ü"), TestValues.Matrix(ValueTypeCode.F32, 7, 5, 1), TestValues.Matrix(ValueTypeCode.SI64, 0, 3, 2), Datum.Of(CsrMatrix<sbyte>.Copy([0, 2, 2, 3], [1, 4, 0], [1, -2, 3], 3, 5)),
            Datum.Of(new Frame(2, [DenseMatrix<long>.Copy([1, 2], 2, 1), new StringMatrix(["x", ""], 2, 1)], ["a", "b"])),
        ];
        CallValue[] carried = [.. values.Select(v => CallValue.TryCarry(v, CallValue.Most)!.Value)];
        // A handle among them, and a result that nobody wants yet.
        var stored = await worker.Client.StoreAsync(Datum.Of(DenseMatrix<double>.Copy([1, 2], 1, 2)), budget, default);
        var results = await worker.Client.ComputeAsync(new("echo", 8), [new(stored), .. carried, carried[0]], [0, 1, 2, 3, 4, 5, 6], budget, default);
        Assert.Equal([true, true, true, true, true, true, true, false], results.Select(r => r.IsCarried));
        for (int i = 0; i < values.Length; i++)
        {
            var back = results[i + 1].Read();
            Assert.Equal(TestValues.Bytes(values[i]), TestValues.Bytes(back));
            Assert.Equal((carried[i].Handle.Rows, carried[i].Handle.Cols), (results[i + 1].Handle.Rows, results[i + 1].Handle.Cols));
            TestValues.Release(back);
        }
        Assert.Equal([1, 2], TestValues.Doubles(results[0].Read()));
        Assert.Equal(2.5, (await worker.Client.TransferAsync(results[7].Handle, budget, default)).As<double>());
        Assert.Equal(new WorkerStats(24, 2), worker.Stats());
        foreach (var value in values) TestValues.Release(value);
    }

    [Fact]
    public async Task Large_results_stay_though_they_are_wanted()
    {
        await using var worker = await StartAsync(new ScriptedFragments().Run);
        var small = TestValues.Matrix(ValueTypeCode.F64, 30, 60, 1);
        var large = await worker.Client.StoreAsync(TestValues.Matrix(ValueTypeCode.F64, 30, 100, 1), budget, default);
        var handle = await worker.Client.StoreAsync(small, budget, default);
        // Two of the small ones are as much as an answer carries.
        var results = await worker.Client.ComputeAsync(new("echo", 4), [new(large), new(handle), new(handle), new(handle)], [0, 1, 2, 3], budget, default);
        Assert.Equal([false, true, true, false], results.Select(r => r.IsCarried));
        Assert.Equal(4, worker.Stats().Values);
        var back = await worker.Client.TransferAsync(results[3].Handle, budget, default);
        Assert.Equal(TestValues.Bytes(small), TestValues.Bytes(back));
        TestValues.Release(back);
        TestValues.Release(small);
    }

    [Fact]
    public async Task Carried_bytes_that_are_no_value_are_refused_and_the_worker_lives_on()
    {
        await using var worker = await StartAsync(new ScriptedFragments().Run);
        var value = TestValues.Matrix(ValueTypeCode.F64, 3, 4, 1);
        byte[] good = TestValues.Bytes(value), huge = [.. good];
        BitConverter.TryWriteBytes(huge.AsSpan(1), 1L << 40);   // rows
        TestValues.Release(value);
        foreach (byte[] bad in (byte[][])[good[..^1], good[..3], [.. good, 0], [255, .. good[1..]], huge])
        {
            var e = await Assert.ThrowsAsync<WorkerException>(async () => await worker.Client.ComputeAsync(new("echo", 1), [new(new("", 3, 4), bad)], [0], budget, default));
            Assert.True(e.Reason is WorkerFailure.BadRequest or WorkerFailure.TooLarge, $"{e.Reason}: {e.Message}");
        }
        Assert.Equal(default, worker.Stats());
        Assert.True((await worker.Client.ComputeAsync(new("echo", 1), [new(new("", 3, 4), good)], [0], budget, default))[0].IsCarried);
    }

    [Fact]
    public async Task Live_bytes_are_those_of_the_values_and_return_to_zero()
    {
        await using var worker = await StartAsync(new ScriptedFragments().Run);
        var x = await worker.Client.StoreAsync(TestValues.Matrix(ValueTypeCode.F32, 10, 10, 1), budget, default);
        var y = await worker.Client.StoreAsync(TestValues.Matrix(ValueTypeCode.SI8, 3, 3, 2), budget, default);
        Assert.Equal(new WorkerStats(409, 2), await worker.Client.StatsAsync(budget, default));
        var results = await worker.Client.ComputeAsync(new("echo", 1), [x], budget, default);
        Assert.Equal(new WorkerStats(809, 3), worker.Stats());
        await worker.Client.FreeAsync([x, y], budget, default);
        await worker.Client.FreeAsync([x, y, .. results, new("never heard of", 1, 1)], budget, default);   // freeing twice is no mistake
        Assert.Equal(default, await worker.Client.StatsAsync(budget, default));
        Assert.Equal(default, worker.Stats());
    }

    [Fact]
    public async Task What_was_freed_or_never_was_is_unknown()
    {
        await using var worker = await StartAsync(new ScriptedFragments().Run);
        var freed = await worker.Client.StoreAsync(Datum.Of(1.0), budget, default);
        await worker.Client.FreeAsync([freed], budget, default);
        foreach (var handle in (Handle[])[freed, new("../../etc/passwd", 1, 1), new("", 0, 0)])
        {
            Assert.Equal(WorkerFailure.UnknownHandle, (await Assert.ThrowsAsync<WorkerException>(async () => await worker.Client.TransferAsync(handle, budget, default))).Reason);
            var e = await Assert.ThrowsAsync<WorkerException>(async () => await worker.Client.ComputeAsync(new("echo", 1), [handle], budget, default));
            Assert.Equal((WorkerFailure.UnknownHandle, $"there is no value '{handle.Id}'"), (e.Reason, e.Detail));
        }
    }

    [Theory]
    [InlineData("fail", WorkerFailure.ComputeFailed, "DPH4040")]
    [InlineData("syntax", WorkerFailure.BadRequest, "DPH1000")]
    [InlineData("crash", WorkerFailure.Internal, "a bug of ours")]
    public async Task A_failing_fragment_says_why_and_the_worker_lives_on(string text, WorkerFailure reason, string detail)
    {
        await using var worker = await StartAsync(new ScriptedFragments().Run);
        var handle = await worker.Client.StoreAsync(Datum.Of(1.0), budget, default);
        var e = await Assert.ThrowsAsync<WorkerException>(async () => await worker.Client.ComputeAsync(new(text, 1), [handle], budget, default));
        Assert.Equal(reason, e.Reason);
        Assert.Contains(detail, e.Detail);
        Assert.StartsWith($"worker {worker.Client.Identity.Address}: ", e.Message);
        Assert.Single(await worker.Client.ComputeAsync(new("echo", 1), [handle], budget, default));
    }

    [Fact]
    public async Task Cancelling_stops_the_work_on_the_worker()
    {
        var fragments = new ScriptedFragments();
        await using var worker = await StartAsync(fragments.Run);
        using var cancel = new CancellationTokenSource();
        var computing = worker.Client.ComputeAsync(new("wait", 0), [], budget, cancel.Token).AsTask();
        await fragments.Begun;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => computing);
        await fragments.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(default, worker.Stats());
    }

    [Fact]
    public async Task A_call_ends_by_its_deadline_and_so_does_its_work()
    {
        var fragments = new ScriptedFragments();
        await using var worker = await StartAsync(fragments.Run);
        long began = Stopwatch.GetTimestamp();
        var e = await Assert.ThrowsAsync<WorkerException>(async () => await worker.Client.ComputeAsync(new("wait", 0), [], new(TimeSpan.FromMilliseconds(200)), default));
        Assert.Equal(WorkerFailure.TimedOut, e.Reason);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalMilliseconds, 190, 60_000);   // the fragment waits for ever
        await fragments.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_value_beyond_the_limit_is_refused_and_leaves_nothing()
    {
        await using var worker = await StartAsync(new ScriptedFragments().Run, byteLimit: 1000);
        var e = await Assert.ThrowsAsync<WorkerException>(async () => await worker.Client.StoreAsync(TestValues.Matrix(ValueTypeCode.F64, 126, 1, 1), budget, default));
        Assert.Equal(WorkerFailure.TooLarge, e.Reason);
        Assert.Contains("1008", e.Detail);
        Assert.Contains("1000", e.Detail);
        Assert.Equal(default, worker.Stats());
        var fits = await worker.Client.StoreAsync(TestValues.Matrix(ValueTypeCode.F64, 100, 1, 2), budget, default);
        Assert.Equal(WorkerFailure.TooLarge, (await Assert.ThrowsAsync<WorkerException>(async () => await worker.Client.ComputeAsync(new("echo", 1), [fits], budget, default))).Reason);
        Assert.Equal(new WorkerStats(800, 1), worker.Stats());
        await worker.Client.FreeAsync([fits], budget, default);
        await worker.Client.StoreAsync(TestValues.Matrix(ValueTypeCode.F64, 125, 1, 3), budget, default);
    }

    [Fact]
    public async Task Calls_that_ask_are_answered_while_every_lane_computes()
    {
        int lanes = new WorkerServiceOptions { Run = new ScriptedFragments().Run }.Lanes;
        var fragments = new ScriptedFragments(waits: lanes);
        await using var worker = await StartAsync(fragments.Run);
        var computing = Enumerable.Range(0, lanes).Select(_ => worker.Client.ComputeAsync(new("wait", 0), [], budget, default).AsTask()).ToArray();
        await fragments.Begun;
        for (int i = 0; i < 16; i++) await worker.Client.StatsAsync(new(TimeSpan.FromSeconds(5)), default);
        fragments.Go.Set();
        await Task.WhenAll(computing);
    }

    [Fact]
    public async Task Inputs_may_be_freed_while_they_are_computed_on()
    {
        var fragments = new ScriptedFragments();
        await using var worker = await StartAsync(fragments.Run);
        var x = await worker.Client.StoreAsync(Datum.Of(DenseMatrix<double>.Copy([1, 2], 1, 2)), budget, default);
        var computing = worker.Client.ComputeAsync(new("wait", 1), [x], budget, default).AsTask();
        await fragments.Begun;
        await worker.Client.FreeAsync([x], budget, default);
        fragments.Go.Set();
        var result = Assert.Single(await computing);
        double[] cells = TestValues.Doubles(await worker.Client.TransferAsync(result, budget, default));
        Assert.Equal([1, 2], cells);
    }

    [Fact]
    public async Task Many_calls_at_once_do_not_mix_up_their_values()
    {
        await using var worker = await StartAsync(new ScriptedFragments().Run);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            var value = TestValues.Matrix(ValueTypeCode.SI64, 50 + i, 20, seed: i);
            var stored = await worker.Client.StoreAsync(value, budget, default);
            var result = Assert.Single(await worker.Client.ComputeAsync(new("echo", 1), [stored], budget, default));
            var back = await worker.Client.TransferAsync(result, budget, default);
            Assert.Equal(TestValues.Bytes(value), TestValues.Bytes(back));
            await worker.Client.FreeAsync([stored, result], budget, default);
        }));
        Assert.Equal(default, worker.Stats());
    }

    [Fact]
    public async Task What_a_client_leaves_behind_is_freed_with_it()
    {
        await using var worker = await StartAsync(new ScriptedFragments().Run);
        await worker.Client.StoreAsync(TestValues.Matrix(ValueTypeCode.F64, 10, 10, 1), budget, default);
        await worker.Client.DisposeAsync();
        Assert.Equal(default, worker.Stats());
    }

    [Fact]
    public async Task A_worker_that_answers_is_in_its_first_generation_and_nothing_is_said_of_it()
    {
        await using var worker = await StartAsync(new ScriptedFragments().Run);
        var handle = await worker.Client.StoreAsync(Datum.Of(1.5), budget, default);
        var result = Assert.Single(await worker.Client.ComputeAsync(new("echo", 1), [handle], budget, default));
        Assert.Equal((1, 1, 1), (worker.Client.Generation, handle.Generation, result.Generation));
        Assert.Equal(0, worker.Client.Retries);
        Assert.True(worker.Client.Health is WorkerHealth.Answering or WorkerHealth.Silent, worker.Client.Health.ToString());   // silent is one of a machine that is too busy
    }

    [Fact]
    public async Task A_plan_beyond_its_limits_is_refused_and_the_worker_lives_on()
    {
        await using var worker = await StartAsync(FragmentExecution.Run);
        var limits = new WorkerLimits();
        foreach (string text in (string[])[new string('(', limits.FragmentNesting + 1), string.Concat(Enumerable.Repeat("\"daphne.x\" ", limits.FragmentOperations + 1))])
        {
            var e = await Assert.ThrowsAsync<WorkerException>(async () => await worker.Client.ComputeAsync(new(text, 1), [], budget, default));
            Assert.Equal(WorkerFailure.TooLarge, e.Reason);
            Assert.Contains(text[0] == '(' ? $"{limits.FragmentNesting}" : $"{limits.FragmentOperations}", e.Detail);
        }
        Assert.Equal(default, await worker.Client.StatsAsync(budget, default));
    }

    [Theory]
    [InlineData("d1")]
    [InlineData("d3")]
    [InlineData("d4")]
    [InlineData("x1_affine")]
    [InlineData("x2_scalararg")]
    [InlineData("x3_colsum")]
    [InlineData("x4_rowsum")]
    [InlineData("x5_fullsum")]
    [InlineData("x7_syrk")]
    [InlineData("x8_fill2x2")]
    [InlineData("x9_si64")]
    public async Task A_recorded_fragment_has_the_bits_it_has_here(string conversation)
    {
        await using var worker = await StartAsync(FragmentExecution.Run);
        var recorded = new Recording(conversation, "worker1");
        Datum[] values = [.. recorded.Stores.Select(messages => ValueReader.Read(new([.. messages.SelectMany(m => m)])))];
        Datum[] inputs = [.. recorded.Inputs.Select(i => values[i])];
        var here = FragmentExecution.Run(recorded.Fragment, inputs, default);
        List<Handle> handles = [];
        foreach (var input in inputs) handles.Add(await worker.Client.StoreAsync(input, budget, default));
        var results = await worker.Client.ComputeAsync(new(recorded.Fragment, here.Length), handles, budget, default);
        for (int i = 0; i < here.Length; i++)
        {
            var there = await worker.Client.TransferAsync(results[i], budget, default);
            Assert.True(TestValues.Bytes(here[i]).AsSpan().SequenceEqual(TestValues.Bytes(there)), conversation);
        }
    }

    [Theory]
    [InlineData("", "DPH")]
    [InlineData("func.func @dist(", "DPH")]
    [InlineData("func.func @dist(%arg0: f64) -> f64 { %0 = \"daphne.noSuchThing\"(%arg0) : (f64) -> f64 \"daphne.return\"(%0) : (f64) -> () }", "noSuchThing")]
    public async Task A_text_that_is_no_fragment_is_a_bad_request(string text, string detail)
    {
        await using var worker = await StartAsync(FragmentExecution.Run);
        var handle = await worker.Client.StoreAsync(Datum.Of(1.0), budget, default);
        var e = await Assert.ThrowsAsync<WorkerException>(async () => await worker.Client.ComputeAsync(new(text, 1), [handle], budget, default));
        Assert.Equal(WorkerFailure.BadRequest, e.Reason);
        Assert.Contains(detail, e.Detail);
    }
}
