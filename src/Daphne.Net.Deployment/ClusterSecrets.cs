namespace Daphne.Net.Deployment;

/// <summary>Who the members of a new cluster are. Made by whoever deploys; this room only carries them.</summary>
/// <param name="ClusterId">The cluster's id: letters, digits and <c>-</c>.</param>
/// <param name="CoordinatorPem">The identity that calls workers.</param>
/// <param name="WorkerPem">The identity of the workers.</param>
/// <param name="Version">The version of the product.</param>
public sealed record ClusterSecrets(string ClusterId, string CoordinatorPem, string WorkerPem, string Version)
{
    /// <summary>Without the secrets.</summary>
    public override string ToString() => $"the secrets of cluster {ClusterId}";
}
