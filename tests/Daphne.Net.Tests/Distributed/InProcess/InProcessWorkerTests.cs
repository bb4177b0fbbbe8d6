using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed.InProcess;

/// <summary>The worker without a wire keeps the same promises as one behind it.</summary>
public sealed class InProcessWorkerTests : WorkerClientContract
{
    private protected override Task<WorkerUnderTest> StartAsync(RunFragment run, long byteLimit = 0)
    {
        var service = new WorkerService(new() { Run = run, ByteLimit = byteLimit });
        return Task.FromResult(new WorkerUnderTest(new InProcessWorker("in-process", service), () => service.Values.Stats, () => ValueTask.CompletedTask));
    }
}
