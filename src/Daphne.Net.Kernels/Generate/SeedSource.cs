using System.Buffers.Binary;

namespace Daphne.Net.Kernels;

/// <summary>Where the seed of <c>rand</c> and <c>sample</c> comes from when a script leaves it to chance with -1. Thread-safe if its function is.</summary>
/// <param name="any">Gives any seed; only the low 32 bits matter. The default asks the system.</param>
public sealed class SeedSource(Func<long>? any = null)
{
    /// <summary>What a script writes for "any seed".</summary>
    public const long Any = -1;

    /// <summary>The seed to use for the one the script wrote.</summary>
    public long Resolve(long seed) => seed == Any ? any?.Invoke() ?? System() : seed;

    // The first four bytes of a version 4 GUID are random throughout, and come from the system without loading a crypto library.
    static long System()
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.NewGuid().TryWriteBytes(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}
