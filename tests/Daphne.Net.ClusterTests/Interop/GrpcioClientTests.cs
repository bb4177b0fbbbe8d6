using Daphne.Net.Distributed;
using Daphne.Net.Tests.Distributed;

namespace Daphne.Net.ClusterTests.Interop;

/// <summary>A coordinator on grpcio against our worker.</summary>
public sealed class GrpcioClientTests
{
    static readonly string token = TokenFile.NewToken();

    [Theory]
    [InlineData("round_trip")]
    [InlineData("asynchronous_form")]
    [InlineData("forty_megabytes")]
    [InlineData("compute")]
    [InlineData("errors")]
    [InlineData("free")]
    [InlineData("deadline_and_cancel")]
    [InlineData("control")]
    [InlineData("token")]
    [InlineData("many_at_once")]
    [InlineData("compression_is_refused")]
    public async Task Our_worker_serves_grpcio(string check)
    {
        var fragments = new ScriptedFragments(waits: 100);
        await using var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token, DrainTimeout = TimeSpan.FromSeconds(1) }, fragments.Run, default);
        using var peer = GrpcioPeer.Start("client", host.Address, token, check);
        var (output, errors) = (peer.StandardOutput.ReadToEndAsync(), peer.StandardError.ReadToEndAsync());
        await peer.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);
        Assert.True((await output).Trim() == "passed " + check && peer.ExitCode == 0, await errors);
    }
}
