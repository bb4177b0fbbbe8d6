using Daphne.Net.Compiler;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Tests.Compiler;

/// <summary>What is known of frames before a script runs: the type of the variable f at its end.</summary>
public sealed class FrameTypesTests
{
    const string F = "f = {\"a\": [1, 2], \"b\": [0.5, 1.5], \"s\": [\"x\", \"y\"]}; ";

    static string TypeOf(string script) =>
        DaphneCompiler.Compile(Parser.Parse(new SourceText(script)), new CompilerOptions { Outputs = new HashSet<string> { "f" }, Verify = true }).Outputs[0].Type.ToString();

    [Theory]
    [InlineData("f = f[, 1];", "!daphne.Frame<2x[1: f64], [\"b\"]>")]
    [InlineData("f = f[, -1];", "!daphne.Frame<2x[1: !daphne.String], [\"s\"]>")]
    [InlineData("f = f[, 1:];", "!daphne.Frame<2x[2: f64, !daphne.String], [\"b\", \"s\"]>")]
    [InlineData("f = f[, [2, 0, -1] ];", "!daphne.Frame<2x[3: !daphne.String, si64, !daphne.String], [\"s\", \"a\", \"col_2\"]>")]
    [InlineData("f = f[, \"b\"];", "!daphne.Frame<2x[1: f64], [\"b\"]>")]
    [InlineData("f = f[[, [1, 0, 1] ]];", "!daphne.Frame<2x[2: si64, !daphne.String], [\"a\", \"s\"]>")]
    [InlineData("f = f[1, ];", "!daphne.Frame<1x[3: si64, f64, !daphne.String], [\"a\", \"b\", \"s\"]>")]
    [InlineData("f = f[[as.matrix(f) > 1, ]];", "!daphne.Frame<?x[3: si64, f64, !daphne.String], [\"a\", \"b\", \"s\"]>")]
    [InlineData("f = rbind(f, f);", "!daphne.Frame<4x[3: si64, f64, !daphne.String], [\"a\", \"b\", \"s\"]>")]
    [InlineData("f = cbind(f[, 0], setColLabelsPrefix(f[, 1], \"p\"));", "!daphne.Frame<2x[2: si64, f64], [\"a\", \"p.b\"]>")]
    [InlineData("f = setColLabels(f[, 0:2], \"u\", \"v\");", "!daphne.Frame<2x[2: si64, f64], [\"u\", \"v\"]>")]
    [InlineData("f = order(f, 0, true, false);", "!daphne.Frame<2x[3: si64, f64, !daphne.String], [\"a\", \"b\", \"s\"]>")]
    [InlineData("f = order(f, 0, true, true);", "!daphne.Matrix<2x1xindex>")]
    [InlineData("f = as.matrix(f);", "!daphne.Matrix<2x3xsi64>")]
    [InlineData("f = as.f32(f[, :2]);", "!daphne.Frame<2x[2: f32, f32], [\"a\", \"b\"]>")]
    [InlineData("f = as.frame([1u, 2u]);", "!daphne.Frame<2x[1: ui64], [\"col_0\"]>")]
    [InlineData("f = createFrame(order(f, 0, true, true));", "!daphne.Frame<2x[1: ui64], [\"col_0\"]>")]
    [InlineData("for (i in 0:2) f = rbind(f, f);", "!daphne.Frame<?x[3: si64, f64, !daphne.String], [\"a\", \"b\", \"s\"]>")]
    [InlineData("for (i in 0:2) f = cbind(f, createFrame([1, 2], \"c\" + i));", "!daphne.Frame<2x[?: ?], ?>")]
    [InlineData("if (sum(as.matrix(f[, 0])) > 1) f = setColLabels(f, \"u\", \"b\", \"s\");", "!daphne.Frame<2x[3: si64, f64, !daphne.String], ?>")]
    [InlineData("if (sum(as.matrix(f[, 0])) > 1) f = f[, :2]; else f = f[, 1:];", "!daphne.Frame<2x[2: !daphne.Unknown, !daphne.Unknown], ?>")]
    [InlineData("f = sum(as.matrix(f[, 0])) > 1 ? f[, 0] : f[, 0];", "!daphne.Frame<2x[1: si64], [\"a\"]>")]
    public void A_frame_is_known_as_far_as_constants_say(string script, string type) => Assert.Equal(type, TypeOf(F + script));

    [Theory]
    [InlineData("def g(x: frame) -> frame { return setColLabels(x, \"u\"); } f = g({\"a\": [1.5]});", "!daphne.Frame<1x[1: f64], [\"u\"]>")]
    [InlineData("def g(x) { return as.matrix(x); } f = g({\"a\": [1.5]}); h = g({\"a\": [1u]});", "!daphne.Matrix<1x1xf64>")]
    [InlineData("def g(x: frame, n: si64) -> frame { if (n == 0) return x; return g(x, n - 1); } f = g({\"a\": [1.5]}, 3);", "!daphne.Frame<?x[?: ?], ?>")]
    public void A_function_sees_the_columns_of_each_call(string script, string type) => Assert.Equal(type, TypeOf(script));
}
