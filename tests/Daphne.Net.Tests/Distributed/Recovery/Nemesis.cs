using System.Collections.Immutable;
using System.Globalization;

namespace Daphne.Net.Tests.Distributed.Recovery;

/// <summary>What may happen to a run besides work.</summary>
[Flags]
enum Fault
{
    None = 0,
    Kill = 1 << 0,
    Hang = 1 << 1,
    /// <summary>A worker becomes 40 times slower.</summary>
    Slow = 1 << 2,
    Restart = 1 << 3,
    Join = 1 << 4,
    /// <summary>A worker announces that it leaves, and does.</summary>
    Drain = 1 << 5,
    /// <summary>A worker is taken for dead for a while.</summary>
    Suspect = 1 << 6,
    /// <summary>The coordinator stands still for seconds.</summary>
    Pause = 1 << 7,
    /// <summary>A worker loses a value and stays.</summary>
    Forget = 1 << 8,
    /// <summary>News and answers of earlier generations, and answers that came before.</summary>
    Stale = 1 << 9,
    /// <summary>Answers come twice.</summary>
    Duplicate = 1 << 10,
    /// <summary>Answers never come.</summary>
    Silent = 1 << 11,
    /// <summary>Answers overtake each other by seconds.</summary>
    Reorder = 1 << 12,
    /// <summary>One fragment kills who runs it.</summary>
    Poison = 1 << 13,
    /// <summary>No fault: the machine itself listens for the workers' signs of life.</summary>
    Heartbeats = 1 << 14,
    /// <summary>The session ends amid its work: it is cancelled or disposed, or its workers obey another coordinator.</summary>
    End = 1 << 15,
}

/// <summary>One schedule. Its text repeats it.</summary>
/// <param name="Seed">Of the script, the delays and the strikes.</param>
/// <param name="Workers">How many there are at first.</param>
/// <param name="Pieces">Results of a pipeline per worker.</param>
/// <param name="Pipelines">How many the script begins.</param>
/// <param name="Strikes">Bit i for strike i, each from a seed of its own, so that one can be left out.</param>
/// <param name="Faults">What strikes choose from, and what goes on all the time.</param>
sealed record Nemesis(int Seed, int Workers, int Pieces, int Pipelines, ulong Strikes, Fault Faults)
{
    public const Fault Strike = Fault.Kill | Fault.Hang | Fault.Slow | Fault.Restart | Fault.Join | Fault.Drain | Fault.Suspect | Fault.Pause | Fault.Forget | Fault.Stale | Fault.End;

    const Fault always = Fault.Duplicate | Fault.Silent | Fault.Reorder;

    /// <summary>The schedule of a seed: mostly a few workers, once in 250 hundreds.</summary>
    public static Nemesis Of(int seed)
    {
        var random = new Random(seed);
        bool many = seed % 250 == 0;
        var faults = Fault.None;
        for (int bit = 0; bit < 16; bit++)
        {
            var fault = (Fault)(1 << bit);
            int odds = fault switch { Fault.Silent => 6, Fault.Poison => 20, Fault.Heartbeats => 16, Fault.End => 12, _ => 2 };
            if (random.Next(odds) == 0) faults |= fault;
        }
        int strikes = random.Next(many ? 40 : 14);
        return new(seed, many ? 100 + random.Next(200) : 1 + random.Next(10), 1 + random.Next(many ? 2 : 3), many ? 2 : 1 + random.Next(5), (1UL << strikes) - 1, faults);
    }

    public bool Has(Fault fault) => (Faults & fault) != 0;

    public bool Harmless => (Strikes == 0 || !Has(Strike & ~(Fault.Pause | Fault.Stale | Fault.Join | Fault.End))) && !Has(Fault.Poison | Fault.Silent);

    public IEnumerable<int> Struck => Enumerable.Range(0, 64).Where(i => (Strikes >> i & 1) == 1);

    /// <summary>Schedules with one thing less.</summary>
    public IEnumerable<Nemesis> Smaller()
    {
        for (int n = Workers / 2; n > 0 && n < Workers; n += Math.Max(1, (Workers - n) / 2)) yield return this with { Workers = n };
        if (Pieces > 1) yield return this with { Pieces = Pieces - 1 };
        if (Pipelines > 1) yield return this with { Pipelines = Pipelines - 1 };
        foreach (int i in Struck) yield return this with { Strikes = Strikes & ~(1UL << i) };
        foreach (var fault in Enum.GetValues<Fault>())
            if ((fault & (always | Fault.Poison | Fault.Heartbeats)) != 0 && Has(fault)) yield return this with { Faults = Faults & ~fault };
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seed}:{Workers}:{Pieces}:{Pipelines}:{Strikes:x}:{(int)Faults:x}");

    public static Nemesis Parse(string text) => text.Split(':') is [var seed, var workers, var pieces, var pipelines, var strikes, var faults]
        ? new(Number(seed), Number(workers), Number(pieces), Number(pipelines), ulong.Parse(strikes, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            (Fault)int.Parse(faults, NumberStyles.HexNumber, CultureInfo.InvariantCulture))
        : throw new FormatException($"'{text}' is no schedule: seed:workers:pieces:pipelines:strikes:faults");

    static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
