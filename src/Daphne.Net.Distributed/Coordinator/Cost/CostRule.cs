using System.Collections.Immutable;
using System.Globalization;

namespace Daphne.Net.Distributed;

/// <summary>Which pipelines go to the workers, of those that have rows (or columns) to split.</summary>
public enum DistributionRule
{
    /// <summary>Those that end sooner there, by estimates of work and transfers that follow what the run has measured. The others run here, with the same bits.</summary>
    WhenItPays,
    /// <summary>All, but small ones over what was added up here from parts of workers, which run here with the same bits.</summary>
    Always,
}

/// <summary>An input of a pipeline that may go to workers.</summary>
/// <param name="Bytes">What it takes in memory.</param>
/// <param name="Copies">How often all of it would be sent from here: 1 where it is split, or handed on among the workers.</param>
/// <param name="There">It lies on the workers already, as they need it, or goes there with the computation.</param>
/// <param name="Here">Its cells lie here.</param>
/// <param name="Credit">Seconds that earlier pipelines would have saved, had it been there.</param>
readonly record struct CostInput(double Bytes, int Copies, bool There, bool Here, double Credit = 0);

/// <summary>What is known of machines and links: guesses at first, then what the run measures.</summary>
/// <param name="Local">Work per second done here: nanoseconds of one core of the reference machine.</param>
/// <param name="Workers">The same for all workers together.</param>
/// <param name="SendRate">Bytes per second to all workers together.</param>
/// <param name="ReceiveRate">Bytes per second from all workers together.</param>
/// <param name="RoundTrip">Seconds for a call that does nothing.</param>
readonly record struct CostSpeeds(double Local, double Workers, double SendRate, double ReceiveRate, double RoundTrip);

/// <summary>All that the decision about a pipeline depends on.</summary>
/// <param name="Work">What it computes, see <see cref="WorkEstimate"/>.</param>
/// <param name="Workers">How many workers would take part.</param>
/// <param name="Inputs">Its inputs.</param>
/// <param name="Collected">Bytes of results that are fetched at once, from all workers together: those whose parts are added, unless they come with the answer.</param>
/// <param name="Speeds">What is known of machines and links.</param>
readonly record struct CostQuestion(double Work, int Workers, ImmutableArray<CostInput> Inputs, double Collected, CostSpeeds Speeds);

/// <summary>What was decided, with the estimates it comes from.</summary>
/// <param name="Distributed">True for the workers.</param>
/// <param name="Here">Seconds it takes here.</param>
/// <param name="There">Seconds it takes on the workers, sending and collecting included, credit subtracted.</param>
/// <param name="Saved">Seconds the workers would save if all inputs were there; 0 where they are, or would not.</param>
/// <param name="Why">In words.</param>
readonly record struct CostAnswer(bool Distributed, double Here, double There, double Saved, string Why);

/// <summary>
/// Whether a pipeline is worth distributing. A pure function: the same question has the same answer. What lies on workers costs nothing there and a fetch
/// here. What does not is sent at once where that pays, else once as many pipelines have asked for it as would have paid for the sending: never more than
/// twice the time of the best choice in hindsight, as with skis that are rented until the rent has reached their price.
/// </summary>
static class CostRule
{
    // A call costs the coordinator this much of its own time, whoever waits for whom.
    const double PerCall = 50e-6;

    public static CostAnswer Decide(in CostQuestion q)
    {
        var speeds = q.Speeds;
        double fetchBytes = 0, detourBytes = 0, send = 0, sendBytes = 0, credit = 0;
        int sends = 0;
        foreach (var input in q.Inputs)
        {
            if (!input.Here) fetchBytes += input.Bytes;
            if (input.There) continue;
            // It lies on workers, but not as they need it: it comes here and goes out again.
            if (!input.Here) detourBytes += input.Bytes;
            double bytes = input.Bytes * input.Copies, seconds = bytes / speeds.SendRate + PerCall * q.Workers;
            sendBytes += bytes;
            send += seconds;
            credit += Math.Min(seconds, input.Credit);
            sends++;
        }
        double fetch = Fetching(fetchBytes), detour = Fetching(detourBytes);
        if (sends > 0) send += speeds.RoundTrip;
        double computeHere = q.Work / speeds.Local;
        double computeThere = q.Work / speeds.Workers + speeds.RoundTrip + PerCall * q.Workers;
        double collect = q.Collected > 0 ? q.Collected / speeds.ReceiveRate + speeds.RoundTrip + PerCall * q.Workers : 0;
        double here = fetch + computeHere, there = detour + send - credit + computeThere + collect;
        bool distributed = there < here;
        double saved = distributed || sends == 0 ? 0 : Math.Max(0, here - detour - computeThere - collect);
        string who = q.Workers == 1 ? "on 1 worker" : string.Create(CultureInfo.InvariantCulture, $"on {q.Workers} workers");
        string why = $"{Seconds(here)} here ({(fetch > 0 ? $"fetching {Bytes(fetchBytes)} {Seconds(fetch)}, " : "")}computing {Seconds(computeHere)}), "
            + $"{Seconds(there)} {who} ({(detour > 0 ? $"fetching {Bytes(detourBytes)} {Seconds(detour)}, " : "")}{(sends > 0 ? $"sending {Bytes(sendBytes)} {Seconds(send)}{(credit > 0 ? $" less {Seconds(credit)} that earlier pipelines would have saved" : "")}, " : "nothing to send, ")}"
            + $"computing {Seconds(computeThere)}{(collect > 0 ? $", collecting {Bytes(q.Collected)} {Seconds(collect)}" : "")})";
        return new(distributed, here, there, saved, why);

        double Fetching(double bytes) => bytes > 0 ? bytes / speeds.ReceiveRate + speeds.RoundTrip : 0;
    }

    static string Seconds(double s) => s switch
    {
        >= 10 => string.Create(CultureInfo.InvariantCulture, $"{s:0} s"),
        >= 1 => string.Create(CultureInfo.InvariantCulture, $"{s:0.0} s"),
        >= 0.01 => string.Create(CultureInfo.InvariantCulture, $"{s * 1e3:0} ms"),
        >= 0.001 => string.Create(CultureInfo.InvariantCulture, $"{s * 1e3:0.0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{s * 1e3:0.00} ms"),
    };

    static string Bytes(double bytes) => bytes switch
    {
        >= 10e9 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0} GB"),
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB"),
        >= 1e3 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B"),
    };
}
