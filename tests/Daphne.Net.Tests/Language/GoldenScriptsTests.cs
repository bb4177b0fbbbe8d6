using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Tests.Language;

public sealed class GoldenScriptsTests
{
    [Fact]
    public void Every_recorded_script_parses_unless_the_original_refused_it_while_parsing()
    {
        Assert.True(GoldenScripts.All.Count > 700);
        var refused = new List<string>();
        foreach (string path in GoldenScripts.All)
        {
            var diagnostics = new DiagnosticBag();
            Parser.Parse(new SourceText(File.ReadAllText(path), Path.GetFileName(path)), diagnostics);
            if (diagnostics.HasErrors && GoldenScripts.ExitStatus(path) != 1) refused.Add(string.Concat(diagnostics.All));
        }
        // One module is broken on purpose: the golden that imports it expects the refusal.
        Assert.Equal("broken.daphne:1:5: error DPH1010: expected a value, found ';'\n  x = ;\n      ^\n", Assert.Single(refused));
    }

    // These are wrong in form alone: no later stage would find the mistake.
    [Theory]
    [InlineData("err-bad-escape-01", "DPH1006")]
    [InlineData("err-dot-literal-01", "DPH1003")]
    [InlineData("err-dot-literal-02", "DPH1003")]
    [InlineData("err-empty-statement-01", "DPH1014")]
    [InlineData("err-function-dup-param-01", "DPH1031")]
    [InlineData("err-function-nested-def-01", "DPH1030")]
    [InlineData("err-index-nocomma-01", "DPH1020")]
    [InlineData("err-int-literal-too-big-01", "DPH1004")]
    [InlineData("err-keyword-identifier-01", "DPH1016,DPH1016")]
    [InlineData("err-leading-zero-literal-01", "DPH1003")]
    [InlineData("err-missing-semicolon-01", "DPH1011")]
    [InlineData("err-multi-assign-empty-arrow-01", "DPH1034")]
    [InlineData("err-not-operator-01", "DPH1002")]
    [InlineData("err-uint-literal-too-big-01", "DPH1004")]
    [InlineData("err-unterminated-string-01", "DPH1005")]
    [InlineData("err-builtin-positional-after-kw-01", "DPH1033")]
    [InlineData("err-function-positional-after-kw-01", "DPH1033")]
    public void A_script_wrong_in_form_is_refused(string name, string codes)
    {
        var diagnostics = new DiagnosticBag();
        Parser.Parse(new SourceText(File.ReadAllText(Repository.Golden($"dsl/core/{name}.daphne"))), diagnostics);
        Assert.Equal(codes, string.Join(',', diagnostics.All.Select(d => d.Def.Code)));
    }
}
