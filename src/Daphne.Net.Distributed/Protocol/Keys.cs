namespace Daphne.Net.Distributed.Protocol;

/// <summary>Metadata of our own peers; a peer without them works too.</summary>
static class Keys
{
    /// <summary>The session that owns what a call stores or computes.</summary>
    public const string Session = "daphne-session";

    /// <summary>The name of a call: under it a running Compute can be cancelled, and a call that comes again is answered without being done twice.</summary>
    public const string Request = "daphne-request";

    /// <summary>How a fragment is to be computed, see <see cref="FragmentOptions"/>.</summary>
    public const string Options = "daphne-options";

    /// <summary>A trailer: the <see cref="WorkerFailure"/> behind a status, since several share one.</summary>
    public const string Failure = "daphne-failure";

    /// <summary>Ways to move values, in the answer to Hello, and that connections for values carry small calls.</summary>
    public const string GrpcPlane = "grpc", SocketPlane = "socket", CallPlane = "calls", PeerPlane = "peer";

    /// <summary>The version of the control protocol: a peer of another major version is refused.</summary>
    public const uint ProtocolMajor = 1, ProtocolMinor = 0;
}
