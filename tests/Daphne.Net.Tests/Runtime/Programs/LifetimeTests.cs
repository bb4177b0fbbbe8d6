using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Runtime.Programs;

/// <summary>The counters of the pool belong to the process, so nothing else may run beside these.</summary>
[CollectionDefinition(nameof(PoolCounters), DisableParallelization = true)]
public sealed class PoolCounters
{
    /// <summary>Bytes in values, after what other tests left to the finalizers has come back.</summary>
    public static long LiveBytes()
    {
        for (int round = 0; round < 2; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return BufferPool.Shared.LiveBytes;
    }
}

[Collection(nameof(PoolCounters))]
public sealed class LifetimeTests
{
    const string Chain = """
        func.func @main(%x: !daphne.Matrix<?x?xf64>, %n: si64) -> !daphne.Matrix<?x?xf64> {
          %0 = "daphne.constant"() <{value = 0 : si64}> : () -> si64
          %1 = "daphne.constant"() <{value = 1 : si64}> : () -> si64
          %2 = "daphne.constant"() <{value = 5.000000e-01 : f64}> : () -> f64
          %3 = "scf.for"(%0, %n, %1, %x) ({
          ^bb0(%i: si64, %a: !daphne.Matrix<?x?xf64>):
            %4 = "daphne.ewMul"(%a, %2) : (!daphne.Matrix<?x?xf64>, f64) -> !daphne.Matrix<?x?xf64>
            %5 = "daphne.ewAbs"(%4) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
            %6 = "daphne.ewSub"(%2, %5) : (f64, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
            %7 = "daphne.ewAdd"(%6, %5) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
            "scf.yield"(%7) : (!daphne.Matrix<?x?xf64>) -> ()
          }) : (si64, si64, si64, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
          "daphne.return"(%3) : (!daphne.Matrix<?x?xf64>) -> ()
        }
        """;

    [Fact]
    public void An_elementwise_chain_in_a_loop_needs_two_buffers_however_long_it_runs()
    {
        var program = IrRun.Build(Chain);
        var x = DenseMatrix<double>.Copy(Enumerable.Range(0, 10_000).Select(i => i - 5_000.0).ToArray(), 100, 100);
        double[] before = x.ToArray();
        long rented = RentedBy(program, x, 1), longer = RentedBy(program, x, 1000);
        // One to leave x alone, one because abs(...) is used twice: its second use may take its place, its first may not.
        Assert.Equal(2, rented);
        Assert.Equal(1001, longer);
        Assert.Equal(before, x.ToArray());
        Assert.Equal(1, x.Owners);
    }

    [Fact]
    public void A_loop_allocates_nothing_fresh_once_it_is_warm_and_gives_everything_back()
    {
        var program = IrRun.Build(Chain);
        var x = DenseMatrix<double>.Copy(new double[12_345], 1, 12_345);
        RentedBy(program, x, 3);
        long live = PoolCounters.LiveBytes(), fresh = BufferPool.Shared.Fresh;
        RentedBy(program, x, 500);
        Assert.Equal((live, fresh), (BufferPool.Shared.LiveBytes, BufferPool.Shared.Fresh));
    }

    static long RentedBy(Program program, DenseMatrix<double> x, long iterations)
    {
        long before = BufferPool.Shared.Rented;
        program.Run([Datum.Of(x), Datum.Of(iterations)], new RunContext())[0].Object.Release();
        return BufferPool.Shared.Rented - before;
    }

    [Fact]
    public void A_value_only_one_branch_needs_is_given_up_on_the_way_into_the_other()
    {
        const string text = """
            func.func @main(%x: !daphne.Matrix<?x?xf64>, %c: i1) -> !daphne.Matrix<?x?xf64> {
              %0 = "daphne.ewAbs"(%x) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
              %1 = "daphne.ewExp"(%x) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
              %2 = "scf.if"(%c) ({
                %3 = "daphne.ewMinus"(%0) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
                "scf.yield"(%3) : (!daphne.Matrix<?x?xf64>) -> ()
              }, {
                %4 = "daphne.ewMinus"(%1) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
                "scf.yield"(%4) : (!daphne.Matrix<?x?xf64>) -> ()
              }) : (i1) -> !daphne.Matrix<?x?xf64>
              "daphne.return"(%2) : (!daphne.Matrix<?x?xf64>) -> ()
            }
            """;
        var program = IrRun.Build(text);
        var x = IrRun.Matrix(1, 2, 0, -2);
        foreach (bool c in new[] { true, false })
        {
            long live = PoolCounters.LiveBytes(), rented = BufferPool.Shared.Rented;
            var result = (DenseMatrix<double>)program.Run([Datum.Of(x), Datum.Of(c)], new RunContext())[0].Object;
            Assert.Equal(c ? [-0.0, -2] : [-1, -Math.Exp(-2)], result.ToArray());
            Assert.Equal(2, BufferPool.Shared.Rented - rented);
            result.Release();
            Assert.Equal(live, BufferPool.Shared.LiveBytes);
        }
    }

    [Fact]
    public void A_run_that_fails_gives_everything_back()
    {
        const string text = """
            func.func @main(%x: !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64> {
              %0 = "daphne.ewAbs"(%x) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
              %1 = "func.call"(%0, %0) <{callee = @f}> : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
              %2 = "daphne.ewAdd"(%0, %1) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
              "daphne.return"(%2) : (!daphne.Matrix<?x?xf64>) -> ()
            }
            func.func @f(%a: !daphne.Matrix<?x?xf64>, %b: !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64> {
              %0 = "daphne.ewMinus"(%a) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
              %1 = "daphne.ewSqrt"(%0) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>
              "daphne.return"(%1) : (!daphne.Matrix<?x?xf64>) -> ()
            }
            """;
        var program = IrRun.Build(text);
        var x = IrRun.Matrix(2, 2, 1, 2, 3, 4);
        long live = PoolCounters.LiveBytes();
        Assert.Throws<ScriptException>(() => program.Run([Datum.Of(x)], new RunContext()));
        Assert.Equal((live, 1), (BufferPool.Shared.LiveBytes, x.Owners));
    }
}
