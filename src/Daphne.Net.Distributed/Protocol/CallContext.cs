using Grpc.Core;

namespace Daphne.Net.Distributed.Protocol;

static class CallContext
{
    /// <summary>The session the client names; "" if it names none.</summary>
    public static string Session(this ServerCallContext context) => context.RequestHeaders.GetValue(Keys.Session) ?? "";
}
