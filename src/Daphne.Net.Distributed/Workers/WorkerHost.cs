using Daphne.Net.Dialect;
using Daphne.Net.Distributed.Grpc;
using Daphne.Net.Distributed.Protocol;
using Grpc.Core;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>Why a worker stopped.</summary>
public enum WorkerStop
{
    /// <summary>It was told to.</summary>
    Requested,
    /// <summary>The process it belongs to is gone.</summary>
    ParentGone,
    /// <summary>Nobody called for longer than <see cref="WorkerHostOptions.DeadMan"/>.</summary>
    Silence,
}

/// <summary>A worker that listens: the server around a <see cref="WorkerService"/>. The program that hosts it decides about signals and exit codes.</summary>
public sealed class WorkerHost : IAsyncDisposable
{
    readonly WorkerHostOptions options;
    readonly WorkerService service;
    readonly GrpcServer server;
    readonly PlaneDoor? door;
    readonly HealthService health;
    readonly CancellationTokenSource stopping;
    readonly Lazy<Task> stop;

    WorkerHost(WorkerHostOptions options, WorkerService service, GrpcServer server, PlaneDoor? door, HealthService health, CancellationTokenSource stopping, string address)
    {
        (this.options, this.service, this.server, this.door, this.health, this.stopping) = (options, service, server, door, health, stopping);
        stop = new(DrainAsync);
        Address = address;
    }

    /// <summary>Where it listens: the host as given, the real port.</summary>
    public string Address { get; }

    /// <summary>What it holds at this moment.</summary>
    public WorkerStats Stats => service.Values.Stats;

    /// <summary>Starts to listen; fragments run on the engine of this process.</summary>
    /// <exception cref="RaisedException">The address is none, is taken, or could be reached from other machines without consent.</exception>
    /// <exception cref="ArgumentException">There is neither a token nor consent to do without.</exception>
    public static Task<WorkerHost> StartAsync(WorkerHostOptions options, CancellationToken ct = default)
    {
        var engine = options.Threads > 0 ? new TaskEngine(options.Threads) : null;
        var execution = engine is null ? FragmentExecution.Shared : new FragmentExecution(engine);
        return StartAsync(options, new WorkerServiceOptions { Run = execution.RunOwn, RunWith = execution.RunWith, Ended = () => engine?.Dispose() }, ct);
    }

    internal static Task<WorkerHost> StartAsync(WorkerHostOptions options, RunFragment run, CancellationToken ct) => StartAsync(options, new WorkerServiceOptions { Run = run }, ct);

    static async Task<WorkerHost> StartAsync(WorkerHostOptions options, WorkerServiceOptions running, CancellationToken ct)
    {
        if (options.Token is null && options.Identity is null && !options.AllowInsecure) throw new ArgumentException("a worker has an identity or asks for a token, or needs AllowInsecure", nameof(options));
        var (host, listen) = await ListenAddress.ResolveAsync(options.Listen, ct).ConfigureAwait(false);
        bool loopback = System.Net.IPAddress.IsLoopback(listen.Address);
        if (!loopback && options.Identity is null && !options.AllowInsecure) throw Diag.WorkerNotLoopback.Raise(listen);

        // However much there is to say: so much is said in a second, and how much was not.
        options = options with { Log = new BoundedLog(options.Log, options.Time) };
        var refusals = new Refusals(options.Time, options.Log);
        var gate = options.Token is null ? null : new BearerGate(options.Token, refusals);
        int threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        var service = new WorkerService(running with
        {
            Lanes = options.Lanes > 0 ? options.Lanes : WorkerServiceOptions.LanesOf(threads), ByteLimit = options.ByteLimit > 0 ? options.ByteLimit : WorkerLimits.BytesOfMachine, Limits = options.Limits, FileRoots = new(options.FilesRoots), Identity = options.Identity,
            ClusterId = options.Identity?.ClusterId ?? options.ClusterId, Time = options.Time, Log = options.Log, Memory = options.Memory ?? MemoryGauge.OfProcess(options.Time, options.Log),
        });
        var health = new HealthService("distributed.Worker", "daphne.v1.Control");
        var stopping = new CancellationTokenSource();
        var door = options.DataPlane ? OpenDoor(listen, service, options) : null;
        try
        {
            var server = await ServeAsync(new() { Listen = listen, Gate = gate, Refusals = refusals, Identity = options.Identity, Log = options.Log, Time = options.Time, Limits = MessageLimits.Default with { Parsed = options.Limits.MessageBytes } },
                options.NextPorts, [new WorkerBinding(service).Bind, new ControlBinding(service, refusals, door, stopping.Token).Bind, binder => Protocol.Health.Health.BindService(binder, health)], ct).ConfigureAwait(false);
            string address = $"{host}:{server.Endpoint.Port}";
            service.Observe(address);
            if (options.Identity is null && (gate is null || !loopback)) DistributedLog.Insecure(options.Log, address, gate is null ? "without a token" : "with a token that travels unencrypted");
            options.Output?.WriteLine($"Started Distributed Worker on {address}");
            options.Output?.Flush();
            return new(options, service, server, door, health, stopping, address);
        }
        catch (Exception e)
        {
            if (door is not null) await door.DisposeAsync().ConfigureAwait(false);
            service.Dispose();
            if (e is IOException or System.Net.Sockets.SocketException) throw Diag.WorkerPort.Raise(listen, e.Message);
            throw;
        }
    }

    /// <summary>Serves until <paramref name="ct"/> is cancelled or <see cref="StopAsync"/> is called, the parent is gone or nobody calls any more; then stops gracefully.</summary>
    public async Task<WorkerStop> RunAsync(CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, stopping.Token);
        var reason = await WaitAsync(either.Token).ConfigureAwait(false);
        DistributedLog.Stopping(options.Log, Address, reason);
        await StopAsync().ConfigureAwait(false);
        return reason;
    }

    /// <summary>Takes no more calls, lets those under way end within <see cref="WorkerHostOptions.DrainTimeout"/>, then cuts them.</summary>
    public Task StopAsync() => stop.Value;

    /// <summary>Stops it.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        if (door is not null) await door.DisposeAsync().ConfigureAwait(false);
        await server.DisposeAsync().ConfigureAwait(false);
    }

    async Task DrainAsync()
    {
        health.Shutdown();
        await stopping.CancelAsync().ConfigureAwait(false);
        using var patience = new CancellationTokenSource(options.DrainTimeout, options.Time);
        await Task.WhenAll(server.StopAsync(patience.Token), door?.StopAsync(patience.Token) ?? Task.CompletedTask).ConfigureAwait(false);
        service.Dispose();
    }

    static async Task<GrpcServer> ServeAsync(GrpcServerOptions options, int nextPorts, IEnumerable<Action<ServiceBinderBase>> services, CancellationToken ct)
    {
        for (int next = 0; ; next++)
        {
            try
            {
                var at = new System.Net.IPEndPoint(options.Listen.Address, options.Listen.Port + next);
                return await GrpcServer.StartAsync(options with { Listen = at }, services, ct).ConfigureAwait(false);
            }
            catch (IOException) when (options.Listen.Port > 0 && next < nextPorts && options.Listen.Port + next < ushort.MaxValue)
            {
                DistributedLog.PortTaken(options.Log, options.Listen.Port + next);
            }
        }
    }

    // Without it values take the longer way; that is no reason not to work.
    static PlaneDoor? OpenDoor(System.Net.IPEndPoint listen, WorkerService service, WorkerHostOptions options)
    {
        try
        {
            return PlaneDoor.Open(listen.Address, service, options.Identity);
        }
        catch (System.Net.Sockets.SocketException e)
        {
            DistributedLog.PlaneNotOffered(options.Log, options.Listen, e.Message);
            return null;
        }
    }

    async Task<WorkerStop> WaitAsync(CancellationToken ct)
    {
        var parent = options.ParentProcessId is { } id ? new ParentWatch(id) : null;
        var inputEnded = options.Input is { } input ? EndOf(input) : null;
        // Often enough that silence and a lost parent are noticed within a second, or a quarter of a shorter dead-man time.
        var period = TimeSpan.FromMilliseconds(Math.Clamp((options.DeadMan ?? TimeSpan.MaxValue).TotalMilliseconds / 4, 10, 1000));
        using var timer = new PeriodicTimer(period, options.Time);
        var tick = Task.CompletedTask;
        while (!ct.IsCancellationRequested)
        {
            if (parent is { Lives: false } || inputEnded is { IsCompleted: true }) return WorkerStop.ParentGone;
            if (options.DeadMan is { } most && service.RunningForeign == 0 && service.Silence > most) return WorkerStop.Silence;
            service.CloseExpiredSessions();
            if (tick.IsCompleted) tick = timer.WaitForNextTickAsync(ct).AsTask();
            await (inputEnded is null ? tick : Task.WhenAny(tick, inputEnded)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return WorkerStop.Requested;
    }

    // A thread of its own: standard input cannot be waited for otherwise.
    static Task EndOf(TextReader input)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                while (input.ReadLine() is not null) { }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // A broken pipe is an end as well.
            }
            ended.SetResult();
        }) { IsBackground = true, Name = "daphne parent" }.Start();
        return ended.Task;
    }
}
