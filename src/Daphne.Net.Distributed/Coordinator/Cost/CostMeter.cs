using System.Globalization;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>
/// What a run knows of machines and links: first what a usual one has, then what its own pipelines took. Used by the thread that runs the script.
/// </summary>
/// <param name="cores">Threads that compute here.</param>
/// <param name="machines">Machines the workers are on; workers of this machine share its cores.</param>
sealed class CostMeter(int cores, double machines)
{
    // A connection of 10 Gbit/s that is not alone, gRPC or the data plane over loopback; a call within a machine room.
    const double UsualRate = 1e9, UsualRoundTrip = 0.5e-3;

    // What takes less says more of the clock than of the machine.
    static readonly TimeSpan least = TimeSpan.FromMilliseconds(2);

    // One figure is an accident, and a machine may become busy: what is new counts as much as all before.
    const double Weight = 0.5;

    // Beyond this a measurement says that the estimate was wrong, not that the machine is.
    const double MostFactor = 30;

    readonly double usualLocal = cores * 1e9, usualWorkers = machines * cores * 1e9;
    double local = double.NaN, workers = double.NaN, sending = double.NaN, receiving = double.NaN, roundTrip = double.NaN;

    /// <summary>What is known now.</summary>
    public CostSpeeds Speeds => new(Or(local, usualLocal), Or(workers, usualWorkers), Or(sending, UsualRate), Or(receiving, UsualRate), Or(roundTrip, UsualRoundTrip));

    /// <summary>Workers that came or went: what was measured of the others does not hold.</summary>
    public CostMeter On(double otherMachines) => new(cores, otherMachines) { local = local, sending = sending, receiving = receiving, roundTrip = roundTrip };

    /// <summary>How many machines that is in cores like ours: this one once, however many workers it has.</summary>
    public static double MachinesOf(IEnumerable<WorkerIdentity> workers) => workers.Select(MachineOf).Distinct(StringComparer.OrdinalIgnoreCase).Count();

    /// <summary>A pipeline ran here, all its inputs being here.</summary>
    public void RanHere(double work, TimeSpan took)
    {
        if (took >= least) local = Learnt(local, usualLocal, work / took.TotalSeconds);
    }

    /// <summary>A pipeline ran on workers. Where its work is 0 only what it moved counts.</summary>
    public void RanThere(double work, in LinkFigures figures)
    {
        if (work > 0 && figures.Computing >= least) workers = Learnt(workers, usualWorkers, work / figures.Computing.TotalSeconds);
        Moved(figures);
    }

    /// <summary>What has been moved for a pipeline, also after its end.</summary>
    public void Moved(in LinkFigures figures)
    {
        if (figures.Shortest > TimeSpan.Zero) roundTrip = Math.Min(Or(roundTrip, double.MaxValue), figures.Shortest.TotalSeconds);
        if (figures.Sending >= least) sending = Learnt(sending, UsualRate, figures.Sent / figures.Sending.TotalSeconds);
        if (figures.Receiving >= least) receiving = Learnt(receiving, UsualRate, figures.Received / figures.Receiving.TotalSeconds);
    }

    static double Or(double known, double usual) => double.IsNaN(known) ? usual : known;

    static double Learnt(double known, double usual, double now)
    {
        now = Math.Clamp(now, usual / MostFactor, usual * MostFactor);
        return double.IsNaN(known) ? now : Weight * now + (1 - Weight) * known;
    }

    // Workers are host:port, or ranks that say which machine they are on where it is another one; the rest is inside this process.
    static string MachineOf(WorkerIdentity worker)
    {
        string address = worker.Address;
        int on = address.IndexOf(" on ", StringComparison.Ordinal), port = address.LastIndexOf(':');
        string host = on >= 0 ? address[(on + 4)..] : port > 0 && int.TryParse(address.AsSpan(port + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _) ? address[..port].Trim('[', ']') : "";
        bool ours = host.Length == 0 || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase)
            || (System.Net.IPAddress.TryParse(host, out var ip) && System.Net.IPAddress.IsLoopback(ip));
        return ours ? "" : host;
    }
}

/// <summary>What a recorder knows of links and of the workers' speed. Times are those of a union: two calls at once count once.</summary>
/// <param name="Sent">Bytes of values.</param>
/// <param name="Sending">While any was on its way.</param>
/// <param name="Received">Bytes of results.</param>
/// <param name="Receiving">While any was on its way.</param>
/// <param name="Computing">While any worker computed.</param>
/// <param name="Shortest">The shortest call that ended well; zero if there was none.</param>
readonly record struct LinkFigures(long Sent, TimeSpan Sending, long Received, TimeSpan Receiving, TimeSpan Computing, TimeSpan Shortest);
