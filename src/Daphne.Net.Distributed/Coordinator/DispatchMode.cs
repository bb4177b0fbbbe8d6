namespace Daphne.Net.Distributed;

/// <summary>How the coordinator hands out work.</summary>
public enum DispatchMode
{
    /// <summary>One call at a time per worker, one row range per worker and pipeline: what the original calls sync-gRPC.</summary>
    Synchronous,
    /// <summary>
    /// Several row ranges per worker and several calls under way, so that the next range travels while the last one is computed: async-gRPC. Sums of parts
    /// are added in another order than in <see cref="Synchronous"/>, so their last digits may differ; each mode gives the same bits in every run.
    /// </summary>
    Asynchronous,
}
