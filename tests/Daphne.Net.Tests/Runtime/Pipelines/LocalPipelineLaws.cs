using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;
using Daphne.Net.Tests.Runtime.Programs;

namespace Daphne.Net.Tests.Runtime.Pipelines;

[Collection(nameof(PoolCounters))]
public sealed class LocalPipelineLaws
{
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void A_pipeline_has_the_bits_of_a_run_in_one_piece(int threads)
    {
        using var engine = new TaskEngine(threads);
        int byRows = 0;
        PoolCounters.LiveBytes();
        for (int seed = 0; seed < 70; seed++)
        {
            var random = new RandomPipeline(seed);
            var program = ProgramBuilder.Build(random.Module);
            long live = BufferPool.Shared.LiveBytes;
            string expected = Outcome(program, random, null);
            foreach (int batchBytes in random.Rows < 700 ? new[] { 1, 700 } : [5_000, 40_000])
            {
                var statistics = new RunStatistics();
                string actual = Outcome(program, random, new LocalPipelineBackend(engine, statistics, batchBytes));
                Assert.True(expected == actual, $"seed {seed}, {threads} threads, batches of {batchBytes} bytes\n{IrText.Print(random.Module)}\n{Shortened(expected)}\n----\n{Shortened(actual)}");
                byRows += statistics.Pipelines.Count(p => p.Tasks > 1);
                Assert.True(live >= BufferPool.Shared.LiveBytes, $"seed {seed}, batches of {batchBytes} bytes: {BufferPool.Shared.LiveBytes - live} bytes are left over");
            }
            foreach (var input in random.Inputs)
                if (!input.IsScalar) input.Object.Release();
        }
        Assert.True(threads == 1 || byRows > 20, $"only {byRows} runs were cut into tasks");
    }

    static string Outcome(Program program, RandomPipeline random, IPipelineBackend? backend)
    {
        try
        {
            var results = program.Run(random.Inputs.AsSpan(), new RunContext { Pipelines = backend });
            string text = string.Join('\n', results.Select(Bits));
            foreach (var result in results)
                if (!result.IsScalar) result.Object.Release();
            return text;
        }
        catch (ScriptException e)
        {
            return e.Message;
        }
    }

    // The sign of a nan depends on which operand the compiled loop happens to put first; nobody can see it (docs/deviations.md, row 5).
    static string Bits(ValueTypeCode type, ulong bits) =>
        type == ValueTypeCode.F64 && double.IsNaN(Datum.FromBits<double>(bits)) || type == ValueTypeCode.F32 && float.IsNaN(Datum.FromBits<float>(bits)) ? "nan" : bits.ToString("x");

    // A law that does not hold must not drown its seed in cells.
    static string Shortened(string text) => text.Length <= 2000 ? text : text[..2000] + "…";

    static string Bits(Datum value) => value.IsScalar ? $"{value.Type} {Bits(value.Type!.Value, value.Bits)}" : DenseMatrix.Dispatch<Text, string>((Matrix)value.Object, default);

    readonly struct Text : IMatrixVisitor<string>
    {
        public string Visit<T>(DenseMatrix<T> m) where T : unmanaged =>
            $"{m.Rows}x{m.Cols} {m.ValueType}: {string.Join(' ', m.ToArray().Select(c => Bits(m.ValueType, Datum.ToBits(c))))}";
    }
}
