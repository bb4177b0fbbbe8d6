using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Language;
using Daphne.Net.Runtime;
using Daphne.Net.Tests.Language;
using Daphne.Net.Tests.Runtime.Programs;

namespace Daphne.Net.Tests.Runtime.Scripts;

[Collection(nameof(PoolCounters))]
public sealed class ScriptLaws
{
    [Fact]
    public void A_script_prints_the_same_in_pipelines_and_without()
    {
        using var engine = new TaskEngine(3);
        int cut = 0;
        for (int seed = 0; seed < 25; seed++)
        {
            string text = new RandomPrograms(seed).Text();
            string plain = Run(text, null), one = Run(text, new RunContext());
            var statistics = new RunStatistics();
            string many = Run(text, new RunContext { Engine = engine, Pipelines = new LocalPipelineBackend(engine, statistics, batchBytes: 1) });
            Assert.True(plain == one, $"seed {seed}: the body of a pipeline as it stands\n{text}\n{plain}\n----\n{one}");
            Assert.True(plain == many, $"seed {seed}: by rows\n{text}\n{plain}\n----\n{many}");
            cut += statistics.Pipelines.Count(p => p.Tasks > 1);
        }
        Assert.True(cut > 20, $"only {cut} pipelines were cut into tasks");
    }

    [Fact]
    public void A_script_gives_back_all_memory_it_took()
    {
        PoolCounters.LiveBytes();
        for (int seed = 100; seed < 115; seed++)
        {
            string text = new RandomPrograms(seed).Text();
            long live = BufferPool.Shared.LiveBytes;
            Run(text, null);
            Assert.True(live >= BufferPool.Shared.LiveBytes, $"seed {seed}: {BufferPool.Shared.LiveBytes - live} bytes are left over\n{text}");
        }
    }

    // Null: without pipelines.
    static string Run(string text, RunContext? fused)
    {
        var module = DaphneCompiler.Compile(Parser.Parse(new SourceText(text)), new CompilerOptions()).Module;
        if (fused is not null) new FusePipelines(FusionRules.Local).Run(module);
        var output = new StringWriter();
        var program = ProgramBuilder.Build(module);
        program.Run([], new RunContext { Output = output, Pipelines = fused?.Pipelines, Engine = fused?.Engine ?? TaskEngine.Shared });
        return output.ToString();
    }
}
