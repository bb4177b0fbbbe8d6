namespace Daphne.Net.Deployment;

/// <summary>What one of several jobs of a cluster is.</summary>
/// <param name="Number">Which, from 1.</param>
/// <param name="Workers">How many workers it has.</param>
/// <param name="Exclude">Nodes it must not get.</param>
public sealed record JobPart(int Number, int Workers, IReadOnlyList<string> Exclude);
