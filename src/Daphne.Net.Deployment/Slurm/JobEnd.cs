using System.Collections.Immutable;

namespace Daphne.Net.Deployment;

/// <summary>How a job ended.</summary>
/// <param name="Text">In words: what happened and, where it is known, what would have been enough.</param>
/// <param name="Blamed">The nodes whose fault it is.</param>
public sealed record JobEnd(string Text, ImmutableArray<string> Blamed);
