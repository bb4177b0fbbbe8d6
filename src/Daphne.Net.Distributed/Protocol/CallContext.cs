using Grpc.Core;

namespace Daphne.Net.Distributed.Protocol;

static class CallContext
{
    /// <summary>The session the client names; "" if it names none.</summary>
    public static string Session(this ServerCallContext context) => context.RequestHeaders.GetValue(Keys.Session) ?? "";

    /// <summary>The name the client gave to this request; "" if it gave none.</summary>
    public static string Request(this ServerCallContext context) => context.RequestHeaders.GetValue(Keys.Request) ?? "";
}
