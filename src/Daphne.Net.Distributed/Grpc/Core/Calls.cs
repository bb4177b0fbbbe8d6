using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>What every kind of call can be asked.</summary>
interface ICall : IDisposable
{
    Task<Metadata> ResponseHeadersAsync { get; }

    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    Status GetStatus();

    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    Metadata GetTrailers();
}

/// <summary>A call under way. Disposing it before its end cancels it.</summary>
abstract class CallBase(ICall call) : IDisposable
{
    public Task<Metadata> ResponseHeadersAsync => call.ResponseHeadersAsync;
    public Status GetStatus() => call.GetStatus();
    public Metadata GetTrailers() => call.GetTrailers();
    public void Dispose() => call.Dispose();
}

sealed class AsyncUnaryCall<TResponse>(ICall call, Task<TResponse> response) : CallBase(call)
{
    public Task<TResponse> ResponseAsync { get; } = response;
    public TaskAwaiter<TResponse> GetAwaiter() => ResponseAsync.GetAwaiter();
    public ConfiguredTaskAwaitable<TResponse> ConfigureAwait(bool continueOnCapturedContext) => ResponseAsync.ConfigureAwait(continueOnCapturedContext);
}

sealed class AsyncClientStreamingCall<TRequest, TResponse>(ICall call, IClientStreamWriter<TRequest> requests, Task<TResponse> response) : CallBase(call)
{
    public IClientStreamWriter<TRequest> RequestStream { get; } = requests;
    public Task<TResponse> ResponseAsync { get; } = response;
    public TaskAwaiter<TResponse> GetAwaiter() => ResponseAsync.GetAwaiter();
    public ConfiguredTaskAwaitable<TResponse> ConfigureAwait(bool continueOnCapturedContext) => ResponseAsync.ConfigureAwait(continueOnCapturedContext);
}

sealed class AsyncServerStreamingCall<TResponse>(ICall call, IAsyncStreamReader<TResponse> responses) : CallBase(call)
{
    public IAsyncStreamReader<TResponse> ResponseStream { get; } = responses;
}

sealed class AsyncDuplexStreamingCall<TRequest, TResponse>(ICall call, IClientStreamWriter<TRequest> requests, IAsyncStreamReader<TResponse> responses) : CallBase(call)
{
    public IClientStreamWriter<TRequest> RequestStream { get; } = requests;
    public IAsyncStreamReader<TResponse> ResponseStream { get; } = responses;
}
