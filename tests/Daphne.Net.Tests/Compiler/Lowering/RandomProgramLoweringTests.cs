using Daphne.Net.Compiler;
using Daphne.Net.Dialect;
using Daphne.Net.Tests.Language;

namespace Daphne.Net.Tests.Compiler;

public sealed class RandomProgramLoweringTests
{
    /// <summary>Programs that run must compile, into sound IR before and after every pass.</summary>
    [Fact]
    public void Random_programs_compile_to_sound_ir()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            string text = new RandomPrograms(seed).Text();
            try
            {
                var compiled = DaphneCompiler.Compile(Daphne.Net.Language.Parser.Parse(new SourceText(text)), new CompilerOptions { Verify = true, Outputs = null });
                Assert.DoesNotContain(compiled.Outputs, o => o.Type is not (ScalarType or MatrixType { ValueType: not null }));
            }
            catch (ScriptException wrong)
            {
                Assert.Fail($"seed {seed}: {wrong.Message}\n{text}");
            }
        }
    }

    /// <summary>Names and value types of outputs do not depend on the optimiser.</summary>
    [Fact]
    public void Optimising_keeps_value_types_of_outputs()
    {
        for (int seed = 100; seed < 115; seed++)
        {
            string text = new RandomPrograms(seed).Text();
            Assert.True(Kinds(text, optimize: true).SequenceEqual(Kinds(text, optimize: false)), $"seed {seed}\n{text}");
        }

        static IEnumerable<(string, IrType)> Kinds(string text, bool optimize) =>
            DaphneCompiler.Compile(Daphne.Net.Language.Parser.Parse(new SourceText(text)), new CompilerOptions { Optimize = optimize, Outputs = null })
                .Outputs.Select(o => (o.Name, o.Type.WithoutShape()));
    }
}
