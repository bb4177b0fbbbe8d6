using Daphne.Net.Data;
using Daphne.Net.Runtime;
using Daphne.Net.Tests.Runtime.Programs;

namespace Daphne.Net.Tests.Runtime.Engine;

public sealed class LargeKernelLaws
{
    public static TheoryData<string, string> Operations => new()
    {
        { "\"daphne.ewExp\"(%x) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>", "!daphne.Matrix<?x?xf64>" },
        { "\"daphne.ewMul\"(%x, %x) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>", "!daphne.Matrix<?x?xf64>" },
        { "\"daphne.ewSub\"(%x, %r) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>", "!daphne.Matrix<?x?xf64>" },
        { "\"daphne.ewDiv\"(%x, %c) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>", "!daphne.Matrix<?x?xf64>" },
        { "\"daphne.ewDiv\"(%s, %x) : (f64, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>", "!daphne.Matrix<?x?xf64>" },
        { "\"daphne.ewPow\"(%x, %s) : (!daphne.Matrix<?x?xf64>, f64) -> !daphne.Matrix<?x?xf64>", "!daphne.Matrix<?x?xf64>" },
        { "\"daphne.sumAll\"(%x) : (!daphne.Matrix<?x?xf64>) -> f64", "f64" },
        { "\"daphne.maxAll\"(%x) : (!daphne.Matrix<?x?xf64>) -> f64", "f64" },
        { "\"daphne.sumCol\"(%x) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>", "!daphne.Matrix<?x?xf64>" },
        { "\"daphne.minCol\"(%x) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>", "!daphne.Matrix<?x?xf64>" },
        { "\"daphne.sumRow\"(%x) : (!daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>", "!daphne.Matrix<?x?xf64>" },
        { "\"daphne.syrk\"(%x, %t) : (!daphne.Matrix<?x?xf64>, i1) -> !daphne.Matrix<?x?xf64>", "!daphne.Matrix<?x?xf64>" },
        { "\"daphne.gemv\"(%x, %c) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>) -> !daphne.Matrix<?x?xf64>", "!daphne.Matrix<?x?xf64>" },
        { "\"daphne.matMul\"(%x, %x, %t, %f) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>, i1, i1) -> !daphne.Matrix<?x?xf64>", "!daphne.Matrix<?x?xf64>" },
        { "\"daphne.matMul\"(%x, %x, %f, %t) : (!daphne.Matrix<?x?xf64>, !daphne.Matrix<?x?xf64>, i1, i1) -> !daphne.Matrix<?x?xf64>", "!daphne.Matrix<?x?xf64>" },
    };

    [Theory, MemberData(nameof(Operations))]
    public void Any_number_of_threads_gives_the_same_bits(string operation, string type)
    {
        // x @ t(x) is square in the rows, so fewer of them do.
        int rows = operation.Contains("%f, %t", StringComparison.Ordinal) ? 1_000 : 40_003, cols = 37;
        var random = new Random(rows);
        double[] Cells(long n) => [.. Enumerable.Range(0, (int)n).Select(_ => random.NextDouble() * 3 - 1)];
        Datum[] inputs = [Datum.Of(DenseMatrix<double>.Copy(Cells((long)rows * cols), rows, cols)), Datum.Of(DenseMatrix<double>.Copy(Cells(cols), 1, cols)),
            Datum.Of(DenseMatrix<double>.Copy(Cells(rows), rows, 1)), Datum.Of(1.7), Datum.Of(true), Datum.Of(false)];
        var program = IrRun.Build($$"""
            func.func @main(%x: !daphne.Matrix<?x?xf64>, %r: !daphne.Matrix<?x?xf64>, %c: !daphne.Matrix<?x?xf64>, %s: f64, %t: i1, %f: i1) -> {{type}} {
              %0 = {{operation}}
              "daphne.return"(%0) : ({{type}}) -> ()
            }
            """);
        ulong[]? expected = null;
        foreach (int threads in new[] { 1, 2, 3 })
        {
            using var engine = new TaskEngine(threads);
            var result = program.Run(inputs, new RunContext { Engine = engine })[0];
            ulong[] bits = result.IsScalar ? [result.Bits] : [.. ((DenseMatrix<double>)result.Object).ToArray().Select(BitConverter.DoubleToUInt64Bits)];
            if (!result.IsScalar) result.Object.Release();
            expected ??= bits;
            Assert.True(expected.AsSpan().SequenceEqual(bits), $"{threads} threads: {operation}");
        }
    }
}
