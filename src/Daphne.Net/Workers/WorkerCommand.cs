using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Daphne.Net;

/// <summary>The program of a worker process: <c>daphne worker</c> and the <c>Daphne.Net.Worker</c> executable.</summary>
public static class WorkerCommand
{
    const string Usage = """
        Runs a worker until it is told to stop (SIGTERM, SIGINT).

        usage: daphne worker [options] HOST:PORT

          HOST:PORT             where to listen; port 0 takes a free one, which is printed
          --token-file=FILE     the file with the secret callers must know; default: the one in your state directory,
                                made on first use, which 'daphne --distributed' reads too
          --identity-file=FILE  the worker's certificate, key and authority (PEM): TLS, and only members of its cluster get in
          --token-stdin         read the secret from the first line of standard input
          --allow-insecure      take callers that know no secret, and addresses other machines can reach; logged
          --until-stdin-ends    stop when standard input ends: the parent is gone
          --parent-pid=N        stop when this process is gone
          --dead-man=SECONDS    stop when nobody has called for so long
          --max-bytes=N         refuse values beyond this many bytes; default: three quarters of the memory
          --max-sessions=N      refuse more sessions at once; default: 4096
          --max-values=N        refuse more values in one session; default: 100000
          --max-uploads=N       refuse more values on their way at once; default: 256
          --threads=N           threads that compute one fragment; default: one per core
          --lanes=N             fragments that run at the same time; default: one per four threads, 2 to 8
          --next-port=N         where the port is taken, try up to N behind it
          --files-root=DIR      read matrices in files below this folder oneself, where the coordinator has the same files;
                                may be given several times; default: none
          --verbose             log every call
          --help                show this

        """;

    /// <summary>Runs a worker to its end.</summary>
    /// <returns>The exit status: 0 after a clean stop, 1 where the arguments are wrong or it cannot listen, 4 after a fault of ours.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        try
        {
            var line = WorkerCommandLine.Parse(args);
            if (line.Help) Console.Out.Write(Usage);
            else await ServeAsync(line.ToOptions(Console.In, Console.Out), line.Verbose).ConfigureAwait(false);
            return 0;
        }
        catch (RaisedException e)
        {
            Console.Error.Write(e.Def.At(default, [.. e.Details]));
        }
        catch (ScriptException e)
        {
            Console.Error.Write(e.Message);
        }
        catch (Exception e)   // the edge of the process
        {
            return ProcessEdge.Report(e, Console.Error);
        }
        return 1;
    }

    static async Task ServeAsync(WorkerHostOptions options, bool verbose)
    {
        // Who asks is answered by the thread pool. It grows by one or two threads a second: too slowly should values that are large and not dense keep all of it busy.
        ThreadPool.GetMinThreads(out int least, out int ports);
        ThreadPool.SetMinThreads(Math.Max(least, Environment.ProcessorCount + 16), ports);
        var builder = Host.CreateEmptyApplicationBuilder(new() { DisableDefaults = true });
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(verbose ? LogLevel.Debug : LogLevel.Warning)
            // It logs, with a stack trace, why a service did not start; we say that ourselves.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            // Whoever reads our standard error may be slow, or gone: nobody who computes waits for that. It says how many it dropped.
            console.QueueFullMode = Microsoft.Extensions.Logging.Console.ConsoleLoggerQueueFullMode.DropWrite;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout + TimeSpan.FromSeconds(5));
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        builder.Services.AddDaphneWorker(options);
        using var host = builder.Build();
        await host.RunAsync().ConfigureAwait(false);
    }
}
