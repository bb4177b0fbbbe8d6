using Daphne.Net.Compiler;
using Daphne.Net.Dialect;
using Daphne.Net.Language;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Language;

public sealed class RandomProgramsTests
{
    [Fact]
    public void Programs_are_reproducible_and_come_back_from_their_text()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var program = new RandomPrograms(seed).Program();
            Assert.True(program.Equals(new RandomPrograms(seed).Program()), $"seed {seed}");
            string text = SyntaxPrinter.Print(program);
            Assert.True(program.Equals(Parser.Parse(new SourceText(text))), $"seed {seed}:\n{text}");
        }
    }

    [Fact]
    public void Programs_hold_every_kind_of_statement()
    {
        string all = string.Concat(Enumerable.Range(0, 100).Select(seed => new RandomPrograms(seed).Text()));
        foreach (string part in (string[])["def ", "return ", "if (", " else {", "for (", "while (", "do {", "print(", ":", " @ ", "sum(", "] = ", " ? "])
            Assert.Contains(part, all);
    }

    [Fact]
    public void Programs_without_control_flow_and_functions_hold_none()
    {
        string all = string.Concat(Enumerable.Range(0, 100).Select(seed => new RandomPrograms(seed, wholeNumbers: true, controlFlow: false, functions: false).Text()));
        foreach (string part in (string[])["def ", "if (", "for (", "while (", "do {", "sqrt(", "mean("]) Assert.DoesNotContain(part, all);
    }

    // Keeps the promise of the generator, and states the first law of the passes.
    [Fact]
    public void Programs_run_to_their_end_and_print_the_same_optimised_or_not()
    {
        for (int seed = 0; seed < 6; seed++)
        {
            var program = Parser.Parse(new SourceText(new RandomPrograms(seed, conditionals: false).Text()));
            string plain = Run(program, optimize: false), optimised = Run(program, optimize: true);
            Assert.True(plain == optimised, $"seed {seed}:\n{SyntaxPrinter.Print(program)}\nplain:\n{plain}\noptimised:\n{optimised}");
            Assert.DoesNotContain("nan", plain);
            Assert.DoesNotContain("inf", plain);
        }
    }

    static string Run(Script script, bool optimize)
    {
        var output = new StringWriter();
        var compiled = DaphneCompiler.Compile(script, new CompilerOptions { Optimize = optimize });
        ProgramBuilder.Build(compiled.Module).Run([], new RunContext { Output = output });
        return output.ToString();
    }
}
