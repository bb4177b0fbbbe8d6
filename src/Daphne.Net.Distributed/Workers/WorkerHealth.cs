namespace Daphne.Net.Distributed;

/// <summary>What a client knows of its worker without being asked.</summary>
public enum WorkerHealth
{
    /// <summary>It answers, and what was placed on it in this generation is there.</summary>
    Answering,
    /// <summary>It leaves signs of life unanswered, or the connection broke. What was placed may still be there: the client goes on asking, and one of the others follows.</summary>
    Silent,
    /// <summary>
    /// What was placed is lost: the worker has dropped the session, is another process than before, or has been silent for longer than the lease. Once it answers, the client
    /// opens a new session by itself (so does the next call) and says <see cref="Answering"/>, in a new generation.
    /// </summary>
    SessionLost,
    /// <summary>Its process has ended: nobody listens at its address. What was placed is lost; should a worker listen there again, <see cref="Answering"/> follows, in a new generation.</summary>
    Gone,
    /// <summary>Its cluster has a newer coordinator, or one that wants it alone. What was placed is lost, and nothing follows: it will never do again what this client says.</summary>
    Superseded,
}
