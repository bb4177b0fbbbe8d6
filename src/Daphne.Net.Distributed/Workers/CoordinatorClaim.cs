namespace Daphne.Net.Distributed;

/// <summary>
/// A coordinator's claim to own the workers it greets. A worker obeys one owner: a claim of a newer generation ends the sessions of the older one, and whoever comes with an older
/// generation, or with the same one from elsewhere, is refused (<see cref="WorkerFailure.Superseded"/>). Clients without a claim are guests.
/// </summary>
/// <param name="Coordinator">Names the owner; scripts of one owner share it.</param>
/// <param name="Generation">From 1; who takes a cluster over comes with a higher one than its last owner.</param>
public sealed record CoordinatorClaim(string Coordinator, long Generation)
{
    /// <summary>Guests are refused too, and those that are there are sent away.</summary>
    public bool Exclusive { get; init; }

    /// <summary>A claim by somebody new.</summary>
    public static CoordinatorClaim Of(long generation) => new(Guid.NewGuid().ToString("N"), generation);
}
