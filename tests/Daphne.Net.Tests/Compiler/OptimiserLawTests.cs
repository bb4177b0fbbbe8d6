using Daphne.Net.Compiler;
using Daphne.Net.Dialect;
using Daphne.Net.Language;
using Daphne.Net.Runtime;
using Daphne.Net.Tests.Language;

namespace Daphne.Net.Tests.Compiler;

public sealed class OptimiserLawTests
{
    /// <summary>The passes make programs faster, not different. Whole numbers: sums are exact in any order.</summary>
    [Fact]
    public void Optimised_programs_print_what_unoptimised_ones_print()
    {
        for (int seed = 0; seed < 25; seed++)
        {
            string text = new RandomPrograms(seed, wholeNumbers: true).Text();
            try
            {
                string plain = Printed(text, optimize: false), optimised = Printed(text, optimize: true);
                Assert.True(plain == optimised, $"seed {seed}\n{text}\nunoptimised:\n{plain}\noptimised:\n{optimised}");
            }
            catch (ScriptException failed)
            {
                Assert.Fail($"seed {seed}: {failed.Message}\n{text}");
            }
        }
    }

    static string Printed(string text, bool optimize)
    {
        var output = new StringWriter { NewLine = "\n" };
        var compiled = DaphneCompiler.Compile(Parser.Parse(new SourceText(text)), new CompilerOptions { Optimize = optimize, Vectorize = optimize, Verify = true });
        ProgramBuilder.Build(compiled.Module).Run([], new RunContext { Output = output });
        return output.ToString();
    }
}
