using Daphne.Net;
using Daphne.Net.Distributed;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>A worker in a generic host.</summary>
public static class DaphneWorkerExtensions
{
    /// <summary>Adds a worker that listens while the host runs. It logs where the host logs.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Where to listen, and what it asks of its callers.</param>
    public static IServiceCollection AddDaphneWorker(this IServiceCollection services, WorkerHostOptions options)
    {
        services.AddHostedService(provider => new DaphneWorkerService(
            options with { Log = provider.GetRequiredService<ILoggerFactory>().CreateLogger("Daphne.Net.Worker") },
            provider.GetRequiredService<IHostApplicationLifetime>()));
        return services;
    }
}
