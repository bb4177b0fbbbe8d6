using System.Globalization;
using Daphne.Net.Dialect;

namespace Daphne.Net.Cli;

/// <summary>A worker of <c>--peers</c>: a machine as ssh knows it, and its port where one is given.</summary>
readonly record struct SshPeer(string Host, int Port)
{
    /// <summary>From <c>HOST</c> or <c>HOST:PORT</c>; a port of 0 is any free one.</summary>
    /// <exception cref="ScriptException">It is none.</exception>
    public static SshPeer Parse(string text, int? port)
    {
        int colon = text.LastIndexOf(':');
        if (colon < 0 || text.EndsWith(']')) return new(text, port ?? 0);
        if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort own) || own == 0) throw Wrong("its port is no number from 1 to 65535");
        return colon > 0 ? new(text[..colon], own) : throw Wrong("it has no machine");

        ScriptException Wrong(string why) => new(Diag.BadPeer.At(default, text, why));
    }
}
