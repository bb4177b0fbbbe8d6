using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Daphne.Net.Tests.Distributed.Recovery;

/// <summary>The text of a broken law, put together only when it is broken: laws are checked millions of times.</summary>
[InterpolatedStringHandler]
readonly ref struct Otherwise
{
    readonly StringBuilder? text;

    public Otherwise(int literalLength, int formattedCount, bool holds, out bool broken)
    {
        broken = !holds;
        text = holds ? null : new(literalLength + 8 * formattedCount);
    }

    public void AppendLiteral(string s) => text!.Append(s);

    public void AppendFormatted<T>(T value) => text!.Append(CultureInfo.InvariantCulture, $"{value}");

    public override string ToString() => text?.ToString() ?? "";
}
