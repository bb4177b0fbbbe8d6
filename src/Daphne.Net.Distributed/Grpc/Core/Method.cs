namespace Grpc.Core;

/// <summary>Which side streams.</summary>
enum MethodType { Unary, ClientStreaming, ServerStreaming, DuplexStreaming }

/// <summary>One method of a service, with how its messages are written and read.</summary>
sealed class Method<TRequest, TResponse>(MethodType type, string serviceName, string name, Marshaller<TRequest> requestMarshaller, Marshaller<TResponse> responseMarshaller)
{
    public MethodType Type { get; } = type;
    public string ServiceName { get; } = serviceName;
    public string Name { get; } = name;
    public Marshaller<TRequest> RequestMarshaller { get; } = requestMarshaller;
    public Marshaller<TResponse> ResponseMarshaller { get; } = responseMarshaller;

    /// <summary>The path of its requests.</summary>
    public string FullName { get; } = "/" + serviceName + "/" + name;
}
