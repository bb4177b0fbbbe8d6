using System.Net;
using Daphne.Net.Distributed.Grpc;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Original = Daphne.Net.Distributed.Protocol.Original;

namespace Daphne.Net.Tests.Distributed.Grpc;

/// <summary>A server on loopback whose methods do what the text of the request says, with a client on it.</summary>
sealed class ProbeServer : IAsyncDisposable
{
    static readonly Marshaller<Original.Data> data = Marshallers.Create<Original.Data>(
        (value, to) => to.Complete(Google.Protobuf.MessageExtensions.ToByteArray(value)), from => Original.Data.Parser.ParseFrom(from.PayloadAsReadOnlySequence()));

    /// <summary>Sends back each message; has no counterpart in the product's services.</summary>
    public static readonly Method<Original.Data, Original.Data> Echo = new(MethodType.DuplexStreaming, "probe.Echo", "Echo", data, data);

    /// <summary>A message large enough to fill every buffer on the way, over and over.</summary>
    public static readonly Method<Original.Data, Original.Data> Flood = new(MethodType.ServerStreaming, "probe.Echo", "Flood", data, data);

    readonly GrpcServer server;

    ProbeServer(GrpcServer server, Handlers handlers, BearerGate? gate) => (this.server, Calls, Gate) = (server, handlers, gate);

    public Handlers Calls { get; }

    public BearerGate? Gate { get; }

    public string Address => server.Endpoint.ToString();

    public static async Task<ProbeServer> StartAsync(string? token = null, MessageLimits? limits = null)
    {
        var handlers = new Handlers();
        var gate = token is null ? null : new BearerGate(token);
        var options = new GrpcServerOptions { Listen = new(IPAddress.Loopback, 0), Gate = gate, Limits = limits ?? MessageLimits.Default, Log = NullLogger.Instance };
        var server = await GrpcServer.StartAsync(options, [
            binder => Original.Worker.BindService(binder, handlers),
            binder =>
            {
                binder.AddMethod(Echo, (IAsyncStreamReader<Original.Data> requests, IServerStreamWriter<Original.Data> responses, ServerCallContext context) => handlers.EchoAsync(requests, responses));
                binder.AddMethod(Flood, (Original.Data request, IServerStreamWriter<Original.Data> responses, ServerCallContext context) => handlers.FloodAsync(request, responses, context));
            }], default);
        return new(server, handlers, gate);
    }

    public GrpcChannel Channel(GrpcChannelOptions? options = null) => GrpcChannel.ForAddress(Address, options ?? new());

    public Task StopAsync(TimeSpan patience) => server.StopAsync(new CancellationTokenSource(patience).Token);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    internal sealed class Handlers : Original.Worker.WorkerBase
    {
        /// <summary>Completes when a handler that waits saw its token cancelled.</summary>
        public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when a handler that waits has begun.</summary>
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Lets a handler go on that ignores its token.</summary>
        public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async Task<Original.StoredData> Store(IAsyncStreamReader<Original.Data> requestStream, ServerCallContext context)
        {
            ulong bytes = 0, messages = 0;
            int stopAfter = int.Parse(context.RequestHeaders.GetValue("x-stop-after") ?? "-1");
            while (await requestStream.MoveNext(context.CancellationToken))
            {
                bytes += (ulong)requestStream.Current.Bytes.Length;
                if ((int)++messages == stopAfter) throw new RpcException(StatusCode.ResourceExhausted, "the store is full");
            }
            return new() { Identifier = "stored", NumRows = bytes, NumCols = messages };
        }

        public override async Task<Original.ComputeResult> Compute(Original.Task request, ServerCallContext context)
        {
            string[] words = request.MlirCode.Split(':', 3);
            switch (words[0])
            {
                case "status":
                    context.ResponseTrailers.Add("x-why", "asked for");
                    context.ResponseTrailers.Add("x-why-bin", [0, 255]);
                    throw new RpcException((StatusCode)int.Parse(words[1]), words[2]);
                case "throw":
                    throw new InvalidOperationException("a secret");
                case "wait":
                    Begun.TrySetResult();
                    await Task.Delay(Timeout.Infinite, context.CancellationToken).ContinueWith(_ => Cancelled.TrySetResult());
                    throw new OperationCanceledException();
                case "stubborn":
                    await Released.Task;
                    break;
                case "headers":
                    await context.WriteResponseHeadersAsync(Returned(context));
                    foreach (var entry in Returned(context)) context.ResponseTrailers.Add(entry);
                    break;
            }
            return new() { Outputs = { request.Inputs } };
        }

        public override Task<Original.Data> Transfer(Original.StoredData request, ServerCallContext context) =>
            Task.FromResult(new Original.Data { Bytes = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(new byte[(int)request.NumRows]) });

        public async Task EchoAsync(IAsyncStreamReader<Original.Data> requests, IServerStreamWriter<Original.Data> responses)
        {
            await foreach (var message in requests.ReadAllAsync()) await responses.WriteAsync(message);
        }

        public async Task FloodAsync(Original.Data request, IServerStreamWriter<Original.Data> responses, ServerCallContext context)
        {
            context.CancellationToken.Register(() => Cancelled.TrySetResult());
            while (true) await responses.WriteAsync(request);
        }

        static Metadata Returned(ServerCallContext context)
        {
            var metadata = new Metadata();
            foreach (var entry in context.RequestHeaders)
                if (entry.Key.StartsWith("x-", StringComparison.Ordinal)) metadata.Add(entry);
            return metadata;
        }
    }
}
