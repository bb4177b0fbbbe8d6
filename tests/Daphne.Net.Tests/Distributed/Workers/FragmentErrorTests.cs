using Daphne.Net.Dialect;
using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed.Workers;

/// <summary>The line and the words of an operation that failed, there and back.</summary>
public sealed class FragmentErrorTests
{
    [Fact]
    public void What_was_written_is_read()
    {
        var fragment = new SourceText("head\n  one\n  two: line 7: x\n", "<fragment>");
        string text = FragmentError.Write(new(Diag.Stopped.At(new(fragment, fragment.Text.IndexOf("two", StringComparison.Ordinal), 3), "a: b")));
        Assert.Equal("line 3: system stopped: a: b (DPH3000)", text);
        Assert.Equal((3, "system stopped: a: b (DPH3000)"), FragmentError.Read(text));
        Assert.Equal("system stopped: a (DPH3000)", FragmentError.Write(new(Diag.Stopped.At(default, "a"))));
    }

    [Theory]
    [InlineData(""), InlineData("line"), InlineData("line : x"), InlineData("line x: y"), InlineData("line -1: y"), InlineData("line 99999999999: y"), InlineData("something else: line 3: x"), InlineData("line 3:x")]
    public void Words_of_others_stay_as_they_are(string text) => Assert.Equal((null, text), FragmentError.Read(text));
}
