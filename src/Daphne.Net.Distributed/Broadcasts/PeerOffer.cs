namespace Daphne.Net.Distributed;

/// <summary>A value on one worker that another one may fetch, once and soon. Made by a worker; a secret between the two and the coordinator.</summary>
/// <param name="Host">The worker's machine, as the coordinator calls it.</param>
/// <param name="Port">Where it waits there.</param>
/// <param name="LocalName">Its local socket; empty: none.</param>
/// <param name="Ticket">What lets the other one in.</param>
/// <param name="Proof">What the worker answers.</param>
/// <param name="Id">What it calls the value.</param>
public sealed record PeerOffer(string Host, int Port, string LocalName, string Ticket, string Proof, string Id)
{
    /// <summary>Without the secret.</summary>
    public override string ToString() => $"a value on {Host}:{Port}";
}
