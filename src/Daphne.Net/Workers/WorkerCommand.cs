using System.Globalization;
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
          --token-stdin         read the secret from the first line of standard input
          --allow-insecure      take callers that know no secret, and addresses other machines can reach; logged
          --until-stdin-ends    stop when standard input ends: the parent is gone
          --parent-pid=N        stop when this process is gone
          --dead-man=SECONDS    stop when nobody has called for so long
          --max-bytes=N         refuse values beyond this many bytes
          --verbose             log every call
          --help                show this

        """;

    /// <summary>Runs a worker to its end.</summary>
    /// <returns>The exit status: 0 after a clean stop, 1 where the arguments are wrong or it cannot listen.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        if (args.Contains("--help") || args.Contains("-h"))
        {
            Console.Out.Write(Usage);
            return 0;
        }
        try
        {
            var (options, verbose) = Parse(args);
            var builder = Host.CreateEmptyApplicationBuilder(new() { DisableDefaults = true });
            builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(verbose ? LogLevel.Debug : LogLevel.Warning);
            builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
            builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout + TimeSpan.FromSeconds(5));
            builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
            builder.Services.AddDaphneWorker(options);
            using var host = builder.Build();
            await host.RunAsync().ConfigureAwait(false);
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
        return 1;
    }

    static (WorkerHostOptions Options, bool Verbose) Parse(IReadOnlyList<string> args)
    {
        var options = new WorkerHostOptions { Listen = "", Output = Console.Out };
        string? tokenFile = null;
        bool tokenFromInput = false, verbose = false;
        foreach (string arg in args)
        {
            int at = arg.IndexOf('=');
            string name = at < 0 ? arg : arg[..at], value = at < 0 ? "" : arg[(at + 1)..];
            switch (name)
            {
                case "--token-file" when value.Length > 0: tokenFile = value; break;
                case "--token-stdin": tokenFromInput = true; break;
                case "--allow-insecure": options = options with { AllowInsecure = true }; break;
                case "--until-stdin-ends": options = options with { Input = Console.In }; break;
                case "--parent-pid": options = options with { ParentProcessId = (int)Number(name, value, int.MaxValue) }; break;
                case "--dead-man": options = options with { DeadMan = TimeSpan.FromSeconds(Number(name, value, 1_000_000)) }; break;
                case "--max-bytes": options = options with { ByteLimit = Number(name, value, long.MaxValue) }; break;
                case "--verbose": verbose = true; break;
                default:
                    if (arg.StartsWith('-')) throw Wrong(Diag.UnknownOption, arg, "daphne worker --help lists the options");
                    if (options.Listen.Length > 0) throw Wrong(Diag.BadOptionValue, "HOST:PORT", arg, $"it is {options.Listen} already");
                    options = options with { Listen = arg };
                    break;
            }
        }
        if (options.Listen.Length == 0) throw Wrong(Diag.OptionNeedsValue, "HOST:PORT", "usage: daphne worker HOST:PORT");
        string? token = tokenFromInput ? Console.In.ReadLine()
            : tokenFile is not null ? TokenFile.Read(tokenFile)
            : options.AllowInsecure ? null : TokenFile.ReadOrCreate();
        if (tokenFromInput && string.IsNullOrWhiteSpace(token)) throw Wrong(Diag.BadOptionValue, "--token-stdin", "", "the first line of standard input must be the secret");
        return (options with { Token = token }, verbose);
    }

    static long Number(string name, string value, long most) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long n) && n > 0 && n <= most ? n
        : throw Wrong(Diag.BadOptionValue, name, value, $"it takes a whole number from 1 to {most}");

    static ScriptException Wrong(DiagnosticDef def, params object?[] details) => new(def.At(default, details));
}
