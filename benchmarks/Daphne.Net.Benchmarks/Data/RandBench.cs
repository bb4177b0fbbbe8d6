using BenchmarkDotNet.Attributes;
using Daphne.Net.Data;
using Daphne.Net.Kernels;

namespace Daphne.Net.Benchmarks;

/// <summary>A seeded matrix of random doubles against the same stream drawn number by number from a textbook generator.</summary>
[MemoryDiagnoser]
public class RandBench
{
    const int Rows = 1000, Cols = 1000;
    readonly double[] textbook = new double[Rows * Cols];
    readonly uint[] state = new uint[624];
    int next;

    [GlobalSetup]
    public void Setup()
    {
        Textbook();
        if (!textbook.AsSpan().SequenceEqual(Rand.Dense(Rows, Cols, 0.0, 1.0, 1.0, seed: 7).ToArray()))
            throw new InvalidOperationException("The two sides disagree; do not time them.");
    }

    [Benchmark(Baseline = true)]
    public void Textbook()
    {
        state[0] = 7;
        for (uint i = 1; i < 624; i++) state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >> 30)) + i;
        next = 624;
        for (int i = 0; i < textbook.Length; i++) textbook[i] = (Draw() + Draw() * 4294967296.0) / 18446744073709551616.0;
    }

    [Benchmark] public void Daphne() => Rand.Dense(Rows, Cols, 0.0, 1.0, 1.0, seed: 7).Release();

    [Benchmark] public void DaphneIntegers() => Rand.Dense(Rows, Cols, 0L, 9L, 1.0, seed: 7).Release();

    [Benchmark] public void DaphneSparse() => Rand.Dense(Rows, Cols, 0.0, 1.0, 0.1, seed: 7).Release();

    [Benchmark] public void DaphneFill() => Fill.With(1.5, Rows, Cols).Release();

    uint Draw()
    {
        if (next == 624)
        {
            for (int k = 0; k < 624; k++)
            {
                uint mixed = (state[k] & 0x80000000) | (state[(k + 1) % 624] & 0x7FFFFFFF);
                state[k] = state[(k + 397) % 624] ^ (mixed >> 1) ^ ((mixed & 1) * 0x9908B0DF);
            }
            next = 0;
        }
        uint y = state[next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9D2C5680;
        y ^= (y << 15) & 0xEFC60000;
        return y ^ (y >> 18);
    }
}
