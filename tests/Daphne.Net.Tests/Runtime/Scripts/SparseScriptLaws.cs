using System.Text.RegularExpressions;
using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Language;
using Daphne.Net.Runtime;
using Daphne.Net.Tests.Language;
using Daphne.Net.Tests.Runtime.Programs;

namespace Daphne.Net.Tests.Runtime.Scripts;

/// <summary>Dense = sparse for whole programs: with a threshold above 1 every matrix whose share of non-zero cells is known becomes sparse.</summary>
[Collection(nameof(PoolCounters))]
public sealed class SparseScriptLaws
{
    static readonly CompilerOptions sparse = new() { SelectRepresentations = true, SparsityThreshold = 2, Verify = true };

    [Fact]
    public void A_script_prints_the_same_with_sparse_matrices()
    {
        int found = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            string text = new RandomPrograms(seed).Text();
            string dense = Run(text, new CompilerOptions()), packed = Run(text, sparse), plain = Run(text, sparse with { Optimize = false }), fused = Run(text, sparse with { Vectorize = true });
            found += Regex.Count(packed, "CSRMatrix");
            Assert.True(dense == Plain(packed), $"seed {seed}\n{text}\n{dense}\n----\n{packed}");
            Assert.True(dense == Plain(plain), $"seed {seed}: not optimised\n{text}\n{dense}\n----\n{plain}");
            Assert.True(packed == fused, $"seed {seed}: in pipelines\n{text}\n{packed}\n----\n{fused}");
        }
        Assert.True(found > 20, $"only {found} sparse matrices were printed");
    }

    [Fact]
    public void A_script_with_sparse_matrices_gives_back_all_memory_it_took()
    {
        PoolCounters.LiveBytes();
        for (int seed = 200; seed < 215; seed++)
        {
            string text = new RandomPrograms(seed).Text();
            long live = BufferPool.Shared.LiveBytes;
            Run(text, sparse);
            Assert.True(live >= BufferPool.Shared.LiveBytes, $"seed {seed}: {BufferPool.Shared.LiveBytes - live} bytes are left over\n{text}");
        }
    }

    // The header says what it is.
    static string Plain(string printed) => printed.Replace("CSRMatrix", "DenseMatrix", StringComparison.Ordinal);

    static string Run(string text, CompilerOptions options)
    {
        var module = DaphneCompiler.Compile(Parser.Parse(new SourceText(text)), options).Module;
        var output = new StringWriter();
        ProgramBuilder.Build(module).Run([], new RunContext { Output = output });
        // A zero that is not stored has no sign.
        return Regex.Replace(output.ToString(), @"(?<=^| )-0(?= |$)", "0", RegexOptions.Multiline);
    }
}
