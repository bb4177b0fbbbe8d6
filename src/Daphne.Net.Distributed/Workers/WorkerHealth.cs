namespace Daphne.Net.Distributed;

/// <summary>What a client knows of its worker.</summary>
public enum WorkerHealth
{
    /// <summary>It answers, and holds what was stored in its session.</summary>
    Answering,
    /// <summary>It missed signs of life; what it holds is not given up.</summary>
    Silent,
    /// <summary>It answers, but our session on it is over: what was stored there is gone.</summary>
    SessionLost,
    /// <summary>It is gone, with all it held.</summary>
    Gone,
}
