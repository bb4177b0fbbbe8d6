using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>The methods of a server by path, and what every other request is answered.</summary>
sealed class MethodTable(GrpcServerOptions options) : ServiceBinderBase
{
    readonly Dictionary<string, RequestDelegate> methods = new(StringComparer.Ordinal);

    public Task HandleAsync(HttpContext http)
    {
        var (request, response) = (http.Request, http.Response);
        bool grpc = HeaderText.IsGrpc(request.ContentType) && HttpMethods.IsPost(request.Method);
        if (options.Gate is { } gate && !gate.Admits(request, out bool tooOften))
        {
            if (!tooOften) return Refuse(response, grpc, BearerGate.Refusal, StatusCodes.Status401Unauthorized);
            http.Abort();   // whoever guesses has to come again each time
            return Task.CompletedTask;
        }
        if (!grpc) return Refuse(response, grpc, default, StatusCodes.Status415UnsupportedMediaType);
        if (request.Headers.TryGetValue(HeaderText.EncodingHeader, out var encoding) && encoding != "identity")
        {
            response.Headers[HeaderText.AcceptEncodingHeader] = "identity";
            return Refuse(response, grpc, new Status(StatusCode.Unimplemented, $"{HeaderText.EncodingHeader} '{encoding}' is not supported"), 0);
        }
        return methods.TryGetValue(request.Path.Value ?? "", out var method)
            ? method(http)
            : Refuse(response, grpc, new Status(StatusCode.Unimplemented, $"there is no method {request.Path} here"), 0);
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
        Add(method, handler, async call => await call.SendLastAsync(await handler!(await call.SingleRequestAsync().ConfigureAwait(false), call).ConfigureAwait(false)).ConfigureAwait(false));

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
        Add(method, handler, async call => await call.SendLastAsync(await handler!(call, call).ConfigureAwait(false)).ConfigureAwait(false));

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
        Add(method, handler, async call => await handler!(await call.SingleRequestAsync().ConfigureAwait(false), call, call).ConfigureAwait(false));

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
        Add(method, handler, call => handler!(call, call, call));

    void Add<TRequest, TResponse>(Method<TRequest, TResponse> method, Delegate? handler, Func<ServerCall<TRequest, TResponse>, Task> handle)
        where TRequest : class where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(handler);
        // The first binding of a path stays: whoever moves bytes without copies binds before the generated code does.
        methods.TryAdd(method.FullName, http => new ServerCall<TRequest, TResponse>(http, method, options).RunAsync(handle));
    }

    static Task Refuse(HttpResponse response, bool grpc, Status status, int httpStatus)
    {
        if (!grpc)
        {
            response.StatusCode = httpStatus;
            return Task.CompletedTask;
        }
        response.ContentType = HeaderText.ContentType;
        ServerStatus.Write(response.Headers, status);
        return Task.CompletedTask;
    }
}
