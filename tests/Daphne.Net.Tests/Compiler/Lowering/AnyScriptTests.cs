using Daphne.Net.Compiler;
using Daphne.Net.Dialect;
using Daphne.Net.Language;
using Daphne.Net.Tests.Language;

namespace Daphne.Net.Tests.Compiler;

/// <summary>Whatever stands in a script, it compiles to sound IR or is refused with a place: nothing else may come out.</summary>
public sealed class AnyScriptTests
{
    [Fact]
    public void Random_scripts_compile_or_are_refused()
    {
        for (int seed = 0; seed < 100; seed++) CompilesOrIsRefused(seed, SyntaxPrinter.Print(new RandomScripts(seed).Script()));
    }

    /// <summary>Scripts that almost run: programs of which some words are exchanged.</summary>
    [Fact]
    public void Programs_with_exchanged_words_compile_or_are_refused()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            string[] words = new RandomPrograms(seed).Text().Split(' ');
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                int a = random.Next(words.Length), b = random.Next(words.Length);
                (words[a], words[b]) = (words[b], words[a]);
            }
            CompilesOrIsRefused(seed, string.Join(' ', words));
        }
    }

    static void CompilesOrIsRefused(int seed, string text)
    {
        try
        {
            DaphneCompiler.Compile(Parser.Parse(new SourceText(text)), new CompilerOptions { Verify = true, Outputs = null });
        }
        catch (ScriptException refused)
        {
            Assert.True(refused.Diagnostics.All(d => d.Span.Source is not null && d.Def != Diag.IrBroken), $"seed {seed}: {refused.Message}\n{text}");
        }
        catch (Exception broken)
        {
            Assert.Fail($"seed {seed}: {broken}\n{text}");
        }
    }
}
