using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Daphne.Net.ClusterTests.Processes;

namespace Daphne.Net.ClusterTests.Chaos;

/// <summary>
/// A coordinator as a process of its own, so that a test can stop it: it attaches to the workers at the addresses it is given, with the secret in its first line of input, and says when
/// it is in the middle of its work; with the next line it goes on, and says what came out.
/// </summary>
static class CoordinatorProgram
{
    public const string Name = "coordinator", Middle = "in the middle";

    /// <summary>It is stopped for longer.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string[] addresses)
    {
        string token = await Console.In.ReadLineAsync() ?? "";
        await using var cluster = await DaphneCluster.Attach(addresses, attach =>
        {
            attach.Token = token;
            attach.HelloTimeout = Patience.Most;
            attach.Adjust = (_, options) => options with { Lease = Lease };
        }).Deploy();
        var middle = new AtPipeline(9, () =>
        {
            Console.WriteLine(Middle);
            Console.ReadLine();
        });
        await using var run = await cluster.RunAsync(ChaosWork.Rounds, options: new() { Progress = middle });
        Console.WriteLine(Digest(ChaosWork.Bits(run)));
        return middle.Fired ? 0 : 1;
    }

    public static string Digest(long[] bits) => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(bits.AsSpan())));
}
