using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>A worker does not do what it was asked. How it travels is the transport's business; at the other end it is a <see cref="WorkerException"/>.</summary>
sealed class WorkerRefusal(WorkerFailure reason, string detail, Exception? inner = null) : Exception(detail, inner)
{
    /// <summary>Why.</summary>
    public WorkerFailure Reason => reason;

    /// <summary>A handle nobody has, that was freed, or that belongs to another session: these look alike to the caller.</summary>
    public static WorkerRefusal Unknown(string id) => new(WorkerFailure.UnknownHandle, $"there is no value '{(id.Length > 64 ? id[..64] + "…" : id)}'");

    /// <summary>Bytes that are no value, or one there is no memory for.</summary>
    public static WorkerRefusal BadValue(RaisedException e) =>
        new(e.Def == Diag.WireTooLarge || e.Def == Diag.OutOfMemory ? WorkerFailure.TooLarge : WorkerFailure.BadRequest, e.Message, e);
}
