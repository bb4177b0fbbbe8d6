using Daphne.Net.Cli;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Cli;

/// <summary>Words of a command line, and what they ask for.</summary>
public sealed class OptionParserTests
{
    [Fact]
    public void Nothing_but_a_script_asks_for_nothing_else()
    {
        var s = OptionParser.Parse(["x.daphne"]);
        Assert.Equal("x.daphne", s.Script);
        Assert.False(s.Help || s.Version || s.Verbose || s.Timing || s.Statistics || s.Vectorize || s.Distributed || s.AllowInsecure);
        Assert.True(s.PropagateConstants);
        Assert.Empty(s.Arguments);
        Assert.Equal((0, 0, null, null), (s.Threads, s.MaxChunkBytes, s.Backend, s.TokenFile));
    }

    [Theory]
    [InlineData("--num-threads=3"), InlineData("--num-threads 3"), InlineData("-num-threads=3"), InlineData("-num-threads 3")]
    public void A_value_stands_behind_an_equals_sign_or_is_the_next_word(string option)
    {
        var s = OptionParser.Parse([.. option.Split(' '), "x.daphne"]);
        Assert.Equal((3, "x.daphne"), (s.Threads, s.Script));
    }

    [Fact]
    public void Every_option_with_an_effect_is_read()
    {
        var s = OptionParser.Parse(["--verbose", "--timing", "--statistics", "--vec", "--distributed", "--allow-insecure", "--no-ipa-const-propa", "--dist_backend=async-gRPC",
            "--max-distr-chunk-size=4096", "--token-file", "secret", "--explain=parsing,vectorized", "--explain", "type_adaptation", "x.daphne"]);
        Assert.True(s.Verbose && s.Timing && s.Statistics && s.Vectorize && s.Distributed && s.AllowInsecure && !s.PropagateConstants);
        Assert.Equal(("async-gRPC", 4096, "secret"), (s.Backend, s.MaxChunkBytes, s.TokenFile));
        Assert.Equal(["parsing", "type_adaptation", "vectorized"], s.Explain.Order());
        Assert.Empty(s.WithoutEffect);
    }

    [Theory]
    [InlineData("--vec=true", true), InlineData("--vec=1", true), InlineData("--vec=false", false), InlineData("--vec=0", false)]
    public void A_switch_may_say_true_or_false(string option, bool on) => Assert.Equal(on, OptionParser.Parse([option, "x"]).Vectorize);

    [Theory]
    [InlineData("--GSS", "--partitioning"), InlineData("--partitioning=GSS", "--partitioning"), InlineData("--PERCPU", "--queue_layout"), InlineData("--RANDOMPRI", "--victim_selection"),
     InlineData("--matmul-fixed-tile-sizes=4,8", "--matmul-fixed-tile-sizes"), InlineData("--libdir=/x", "--libdir"), InlineData("--explain=llvm", "--explain=llvm")]
    public void What_has_no_effect_here_is_accepted_and_noted(string option, string noted) => Assert.Equal([noted], OptionParser.Parse([option, "x"]).WithoutEffect);

    [Fact]
    public void The_run_report_is_text_or_a_file_and_the_rule_is_a_word()
    {
        var s = OptionParser.Parse(["--run-report", "x.daphne"]);
        Assert.Equal((true, null, null, "x.daphne"), (s.RunReport, s.RunReportFile, s.Rule, s.Script));
        s = OptionParser.Parse(["--run-report=r.json", "--run-report", "--dist_rule=cost", "--explain=distribution", "x.daphne"]);
        Assert.Equal((true, "r.json", "cost"), (s.RunReport, s.RunReportFile, s.Rule));
        Assert.Equal(["distribution"], s.Explain);
        Assert.Equal("always", OptionParser.Parse(["--dist_rule", "always", "x.daphne"]).Rule);
        Assert.Equal((false, null), (OptionParser.Parse(["--run-report=false", "x"]).RunReport, OptionParser.Parse(["--run-report=false", "x"]).RunReportFile));
        Assert.Equal(Diag.BadOptionValue, Assert.Throws<ScriptException>(() => OptionParser.Parse(["--run-report=", "x"])).Diagnostics.Single().Def);
        Assert.Equal(Diag.BadOptionValue, Assert.Throws<ScriptException>(() => OptionParser.Parse(["--dist_rule=never", "x"])).Diagnostics.Single().Def);
    }

    [Fact]
    public void Script_arguments_come_from_both_places_in_order()
    {
        var s = OptionParser.Parse(["--args", "a=1,b=\"x=y\"", "--args=c=true", "x.daphne", "d=-1.5", "e=\"--vec\"", "f="]);
        Assert.Equal(["a=1", "b=\"x=y\"", "c=true", "d=-1.5", "e=\"--vec\"", "f="], s.Arguments.Select(a => $"{a.Key}={a.Value}"));
    }

    [Theory]
    [InlineData("--help"), InlineData("-h"), InlineData("-help"), InlineData("--help missing.daphne nonsense")]
    public void Help_needs_no_script(string line) => Assert.True(OptionParser.Parse(line.Split(' ')).Help);

    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "", "DPH7003", "no script was given" },
        { "--vec", "DPH7003", "no script was given" },
        { "--hepl", "DPH7000", "unknown option --hepl\nhint: did you mean --help?" },
        { "-distribted x", "DPH7000", "unknown option -distribted\nhint: did you mean --distributed?" },
        { "--stat x", "DPH7000", "unknown option --stat\nhint: did you mean --statistics?" },
        { "--gss x", "DPH7000", "unknown option --gss\nhint: did you mean --GSS?" },
        { "-v x", "DPH7000", "unknown option -v\nhint: daphne --help lists the options" },
        { "--partitionning=GSS x", "DPH7000", "unknown option --partitionning\nhint: did you mean --partitioning?" },
        { "--GSS=3 x", "DPH7000", "unknown option --GSS" },
        { "--num-threads", "DPH7001", "option --num-threads needs a value" },
        { "--num-threads=0 x", "DPH7002", "option --num-threads does not take '0'\nhint: it takes a whole number from 1 to 4096" },
        { "--num-threads=1e3 x", "DPH7002", "does not take '1e3'" },
        { "--vec=yes x", "DPH7002", "option --vec does not take 'yes'\nhint: it takes no value, or true or false" },
        { "--partitioning=gss x", "DPH7002", "option --partitioning does not take 'gss'\nhint: it takes STATIC, SS, GSS" },
        { "--dist_backend=TCP x", "DPH7002", "it takes sync-gRPC, async-gRPC, MPI" },
        { "--explain=pasing x", "DPH7002", "there is no stage 'pasing'; stages are parsing, " },
        { "--args=a x", "DPH7002", "'a' is not name=value" },
        { "--args=a=1,,b=2 x", "DPH7002", "'' is not name=value" },
        { "x --vec", "DPH7014", "the option --vec stands behind the script\nhint: put it before the script" },
        { "x y", "DPH7004", "'y' is not a script argument\nhint: arguments of a script are written name=value" },
        { "x =1", "DPH7004", "'=1' is not a script argument" },
        { "x a=1 a=2", "DPH7005", "the script argument a is given more than once" },
        { "--args=a=1 x a=1", "DPH7005", "the script argument a is given more than once" },
    };

    [Theory, MemberData(nameof(Mistakes))]
    public void A_mistake_is_named_with_its_cure(string line, string code, string text)
    {
        var e = Assert.Throws<ScriptException>(() => OptionParser.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.StartsWith($"error {code}: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(text, e.Message, StringComparison.Ordinal);
        Assert.Equal(Stage.Parse, e.Stage);
    }
}
