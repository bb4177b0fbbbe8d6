using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed.InProcess;

/// <summary>The worker without a wire keeps the same promises as one behind it.</summary>
public sealed class InProcessWorkerTests : WorkerClientContract
{
    private protected override Task<WorkerUnderTest> StartAsync(RunFragment run, long byteLimit = 0)
    {
        var service = new WorkerService(new() { Run = run, ByteLimit = byteLimit });
        return Task.FromResult(new WorkerUnderTest(new InProcessWorker("in-process", service) { Carries = CallValue.Most }, () => service.Values.Stats, () => ValueTask.CompletedTask));
    }

    [Fact]
    public async Task One_that_was_disposed_is_gone()
    {
        var worker = new InProcessWorker("in-process");
        var heard = new List<WorkerHealth>();
        worker.HealthChanged += heard.Add;
        Assert.Equal(WorkerHealth.Answering, worker.Health);
        await worker.DisposeAsync();
        Assert.Equal((WorkerHealth.Gone, WorkerHealth.Gone), (worker.Health, Assert.Single(heard)));
    }
}
