namespace Grpc.Core;

/// <summary>Starts calls.</summary>
abstract class CallInvoker
{
    public abstract TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        where TRequest : class where TResponse : class;

    public abstract AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        where TRequest : class where TResponse : class;

    public abstract AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        where TRequest : class where TResponse : class;

    public abstract AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
        where TRequest : class where TResponse : class;

    public abstract AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
        where TRequest : class where TResponse : class;
}

/// <summary>A way to a server.</summary>
abstract class ChannelBase
{
    public abstract CallInvoker CreateCallInvoker();
}

/// <summary>Base of generated clients.</summary>
abstract class ClientBase
{
    protected ClientBase() => Configuration = null!;   // for test doubles of generated clients only

    protected ClientBase(ClientBaseConfiguration configuration) => Configuration = configuration;

    protected CallInvoker CallInvoker => Configuration.Invoker;

    ClientBaseConfiguration Configuration { get; }

    protected internal sealed class ClientBaseConfiguration(CallInvoker invoker)
    {
        internal CallInvoker Invoker => invoker;
    }
}

/// <summary>Base of generated clients.</summary>
abstract class ClientBase<T> : ClientBase where T : ClientBase<T>
{
    protected ClientBase() { }
    protected ClientBase(ClientBaseConfiguration configuration) : base(configuration) { }
    protected ClientBase(ChannelBase channel) : this(channel.CreateCallInvoker()) { }
    protected ClientBase(CallInvoker invoker) : base(new ClientBaseConfiguration(invoker)) { }
    protected abstract T NewInstance(ClientBaseConfiguration configuration);
}
