using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Runtime.Scripts;

/// <summary>Mistakes with frames: what is said, and in which stage.</summary>
public sealed class FrameScriptTests
{
    const string F = "f = {\"a\": [1, 2, 3], \"b\": [0.5, 1.5, 2.5], \"s\": [\"x\", \"y\", \"z\"]}; ";

    [Theory]
    [InlineData("f[0, 0] = f;", Stage.Parse, "DPH1609: a part of a frame cannot be assigned")]
    [InlineData("print(t(f));", Stage.Parse, "DPH1612: the parameter 'arg' of 't' needs a matrix, but this is a frame")]
    [InlineData("print(f + 1);", Stage.Parse, "DPH1612: '+' needs a matrix, but this is a frame")]
    [InlineData("print(sum(f));", Stage.Parse, "DPH1612: the parameter 'arg' of 'sum' needs a matrix, but this is a frame")]
    [InlineData("print(sqrt(f));", Stage.Parse, "DPH1612: 'sqrt' needs a matrix, but this is a frame")]
    [InlineData("print(-f);", Stage.Parse, "DPH1612: '-' needs a matrix, but this is a frame")]
    [InlineData("print(reverse(f));", Stage.Parse, "DPH1612: the parameter 'arg' of 'reverse' needs a matrix, but this is a frame")]
    [InlineData("if (f) print(1);", Stage.Parse, "DPH1515: a condition is a truth value or a number, but this is a frame")]
    [InlineData("print(f[\"a\", ]);", Stage.Parse, "DPH1521: the rows of a frame have no labels")]
    [InlineData("print(f[, \"a\":\"b\"]);", Stage.Parse, "DPH1514: the end of a range needs a number, but this is a text")]
    [InlineData("print(f[, [\"a\", \"b\"] ]);", Stage.Parse, "DPH1512: the label of a column needs a scalar, but this is a 2x1 matrix of str")]
    [InlineData("print(cbind(f, [1, 2, 3]));", Stage.Parse, "DPH1613: cbind binds two matrices or two frames, but these are a frame and a 3x1 matrix of si64")]
    [InlineData("print(createFrame(f));", Stage.Parse, "DPH1603: a column of a frame is a matrix, but this is a frame")]
    [InlineData("print(createFrame(1));", Stage.Parse, "DPH1603: a column of a frame is a matrix, but this is a scalar of type si64")]
    [InlineData("print(createFrame([1], \"a\", [2]));", Stage.Parse, "DPH1603: a column of a frame is a matrix, but this is a 1x1 matrix of si64")]
    [InlineData("print(createFrame(\"a\"));", Stage.Parse, "DPH1530: 'createFrame' takes one column or more, but got none")]
    [InlineData("print({1: [2]});", Stage.Parse, "DPH1604: the label of a column is text, but this is a scalar of type si64")]
    [InlineData("print({[\"a\"], [fill(1, 1, 1)]});", Stage.Parse, "DPH1607: a cell of a frame literal is a scalar, but this is a 1x1 matrix of si64")]
    [InlineData("print({[\"a\"], [1], [\"x\"]});", Stage.Parse, "DPH1517: a matrix holds either numbers or text, not both")]
    [InlineData("print(setColLabels([1], \"a\"));", Stage.Parse, "DPH1600: the parameter 'arg' of 'setColLabels' needs a frame, but this is a 1x1 matrix of si64")]
    [InlineData("print(setColLabels(f, 1));", Stage.Parse, "DPH1604: the label of a column is text, but this is a scalar of type si64")]
    [InlineData("print(as.matrix({}));", Stage.Parse, "DPH1608: the value type of the frame's first column is not known here, so as.matrix does not say what it gives")]
    [InlineData("x = f; if (nrow(f) > 1) x = [1];", Stage.Parse, "DPH1516: 'x' is a 1x1 matrix of si64 if the condition holds and a frame if not")]
    [InlineData("for (i in 0:1) f = [1];", Stage.Compile, "DPH2302: 'f' is a frame before the loop and a 1x1 matrix of si64 after its body")]
    [InlineData("print(1); print(f[, \"q\"]);", Stage.Compile, "DPH1611: there is no column 'q'")]
    [InlineData("print(1); print(f[, \"v.*\"]);", Stage.Compile, "DPH1611: there is no column 'v.*'")]
    [InlineData("print(1); print(cbind(f[0, ], setColLabelsPrefix(f, \"g\")));", Stage.Compile, "DPH2101: cbind needs the same number of rows, but the operands are 1x3 and 3x3")]
    [InlineData("print(1); print(rbind(f, f[, 0]));", Stage.Compile, "DPH2101: rbind needs the same number of columns, but the operands are 3x3 and 3x1")]
    [InlineData("n = 2; if (sum(as.matrix(f[, 0])) > 3) { n = 1; } print(createFrame(fill(0, n, 1), fill(1, 2, 1)));", Stage.Execute, "DPH3302: the columns of a frame have equally many rows, but 'col_0' has 1 and 'col_1' has 2")]
    [InlineData("print(f[ [0, 3], ]);", Stage.Execute, "DPH3213: there is no row 3 in a 3x3 frame")]
    [InlineData("print(f[, [0, nan] ]);", Stage.Execute, "DPH3213: there is no column nan in a 3x3 frame")]
    [InlineData("print(f[[ [1, 0], ]]);", Stage.Execute, "DPH3215: a filter of 2 values does not fit the rows of a 3x3 frame")]
    [InlineData("print(order(f, 3, true, false));", Stage.Execute, "DPH3213: there is no column 3 in a 3x3 frame")]
    [InlineData("print(cbind(f, f));", Stage.Execute, "DPH3300: two columns of one frame have the label 'a'")]
    [InlineData("print(setColLabelsPrefix(cbind(f, setColLabelsPrefix(f, \"g\")), \"h\"));", Stage.Execute, "DPH3300: two columns of one frame have the label 'h.a'")]
    [InlineData("print(as.f64(f));", Stage.Execute, "DPH3014: 'x' is not a number of type f64")]
    [InlineData("print(as.frame(fill(0.0, 0, 9000000000000000000)));", Stage.Execute, "DPH3307: a frame cannot have 9000000000000000000 columns, at most 1048576")]
    public void Mistakes_are_named(string script, Stage stage, string headline)
    {
        var thrown = Assert.Throws<ScriptException>(() => ScriptEngine.Run(new SourceText(F + script), options: new ScriptOptions { Output = TextWriter.Null }));
        Assert.Contains(headline, thrown.Diagnostics[0].Headline);
        Assert.Equal(stage, thrown.Stage);
    }

    [Fact]
    public void Frames_that_grow_in_a_recursion_end()
    {
        var thrown = Assert.Throws<ScriptException>(() => ScriptEngine.Run(new SourceText("def f(x: frame) -> frame { return f(cbind(x, x)); } print(f({\"a\": [1]}));")));
        Assert.Contains("DPH3300", thrown.Diagnostics[0].Headline);
        Assert.Throws<ScriptException>(() => ScriptEngine.Run(new SourceText("def f(x) { return f(cbind(x, x)); } print(f({\"a\": [1]}));")));
        Assert.Throws<ScriptException>(() => ScriptEngine.Run(new SourceText("def g(x: frame) -> frame { return x; } def f(x: frame) -> frame { return f(g(cbind(x, x))); } print(f({\"a\": [1]}));")));
    }
}
