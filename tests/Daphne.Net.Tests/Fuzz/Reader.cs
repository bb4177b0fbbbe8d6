using System.Diagnostics;
using System.Security.Cryptography;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Fuzz;

/// <summary>Something that reads bytes which somebody else wrote, with bytes it must be able to read. Any input ends in a value or a diagnostic.</summary>
/// <param name="Name">Its folder of inputs in <c>tests/golden/fuzz</c>.</param>
/// <param name="Seeds">Valid inputs.</param>
/// <param name="Read">Reads an input and gives back what it made.</param>
sealed record Reader(string Name, IReadOnlyList<byte[]> Seeds, Action<byte[]> Read)
{
    /// <summary>No input may take longer, on whatever machine.</summary>
    static readonly TimeSpan patience = TimeSpan.FromSeconds(10);

    /// <summary>No input may allocate more on the managed heap, besides 100 times its length. Native memory has a limit in the pool.</summary>
    const long MostBytes = 96 << 20;

    /// <summary>Feeds mutated inputs, on a thread that is watched, until the time is over; returns how many there were, and how many of them were still valid.</summary>
    public (int Inputs, int Valid) Fuzz(int seed, TimeSpan budget)
    {
        var (inputs, valid) = (0, 0);
        byte[] current = [];
        long since = Stopwatch.GetTimestamp();
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                var begin = Stopwatch.StartNew();
                for (; begin.Elapsed < budget; inputs++)
                {
                    Volatile.Write(ref current, new ByteMutations(Seeds, seed + inputs).Next());
                    Volatile.Write(ref since, Stopwatch.GetTimestamp());
                    if (Check(current)) valid++;
                }
            }
            catch (Exception e)
            {
                failure = e;
            }
        }, maxStackSize: 1 << 20) { IsBackground = true };
        thread.Start();
        while (!thread.Join(TimeSpan.FromMilliseconds(20)))
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref since)) > patience) throw Failed(Volatile.Read(ref current), seed + inputs, $"still running after {patience}");
        return failure is null ? (inputs, valid) : throw Failed(current, seed + inputs, failure.ToString());
    }

    /// <summary>Reads one input; true if it was valid.</summary>
    public bool Check(byte[] input)
    {
        long before = GC.GetAllocatedBytesForCurrentThread(), live = BufferPool.Shared.LiveBytes;
        bool isValid = true;
        try
        {
            Read(input);
        }
        catch (Exception e) when (e is RaisedException or ScriptException)
        {
            isValid = false;
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > MostBytes + input.Length * 100L) throw new InvalidOperationException($"{allocated} bytes were allocated for {input.Length}");
        if (BufferPool.Shared.LiveBytes > live) throw new InvalidOperationException($"{BufferPool.Shared.LiveBytes - live} bytes were not given back");
        return isValid;
    }

    Xunit.Sdk.XunitException Failed(byte[] input, int seed, string why)
    {
        string folder = Path.Combine(Repository.Root, "artifacts", "fuzz", Name);
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(input))[..12] + ".bin");
        File.WriteAllBytes(file, input);
        return new($"{Name}, seed {seed}: {why}\nThe input is in {file}; once it is mended, keep it in tests/golden/fuzz/{Name}.");
    }
}
