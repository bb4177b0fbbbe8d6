using System.Globalization;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>The header <c>grpc-timeout</c>: at most 8 digits and a unit.</summary>
static class TimeoutText
{
    public const string Header = "grpc-timeout";
    const long MostDigits = 99_999_999;

    /// <summary>Rounds up, so that a peer never gives up before we do; at least one microsecond.</summary>
    public static string Encode(TimeSpan left)
    {
        long amount = Math.Max(1, RoundUp(left.Ticks, TimeSpan.TicksPerMicrosecond));
        foreach (var (unit, toNext) in ((char, long)[])[('u', 1000), ('m', 1000), ('S', 60), ('M', 60)])
        {
            if (amount <= MostDigits) return amount.ToString(CultureInfo.InvariantCulture) + unit;
            amount = RoundUp(amount, toNext);
        }
        return Math.Min(amount, MostDigits).ToString(CultureInfo.InvariantCulture) + 'H';
    }

    /// <summary>False for anything but 1 to 8 digits and one of the units H, M, S, m, u, n.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > 9 || !long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long amount)) return false;
        long ticks = text[^1] switch
        {
            'H' => TimeSpan.TicksPerHour,
            'M' => TimeSpan.TicksPerMinute,
            'S' => TimeSpan.TicksPerSecond,
            'm' => TimeSpan.TicksPerMillisecond,
            'u' => TimeSpan.TicksPerMicrosecond,
            'n' => 0,   // a tick is 100 ns
            _ => -1,
        };
        if (ticks < 0) return false;
        timeout = new(ticks == 0 ? RoundUp(amount, 100) : amount * ticks);   // 8 digits of hours fit
        return true;
    }

    static long RoundUp(long amount, long unit) => amount / unit + (amount % unit > 0 ? 1 : 0);
}
