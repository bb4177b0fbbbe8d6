using System.Buffers;

namespace Daphne.Net.Data;

/// <summary>
/// A value that lives in memory of its own: a matrix, a frame, a list. Reference counted, because its pages are the dearest thing a matrix engine
/// buys: whoever keeps it calls <see cref="Retain"/>, whoever is done calls <see cref="Release"/>; a value with one owner may be overwritten in place.
/// An object that nobody releases is collected like any other.
/// </summary>
public abstract class DataObject
{
    int owners = 1;

    /// <summary>How many owners it has; a new object has one.</summary>
    public int Owners => Volatile.Read(ref owners);

    /// <summary>Adds an owner; only who is one may do it.</summary>
    /// <exception cref="InvalidOperationException">The last owner had released it already.</exception>
    public void Retain()
    {
        if (Interlocked.Increment(ref owners) <= 1) throw new InvalidOperationException($"{GetType().Name} was retained after its last owner released it");
    }

    /// <summary>Takes an owner away; with the last one the memory goes back to the pool and the object must not be used any more.</summary>
    public void Release()
    {
        int left = Interlocked.Decrement(ref owners);
        if (left == 0)
        {
            Companion?.Dispose();
            Free();
        }
        if (left < 0) throw new InvalidOperationException($"{GetType().Name} was released more often than it was retained");
    }

    /// <summary>
    /// Something that is disposed with the object: what remembers its copies elsewhere. An object with a companion is never overwritten in place,
    /// because its copies would no longer be copies. Set by one thread while it owns the object.
    /// </summary>
    public IDisposable? Companion { get; set; }

    /// <summary>
    /// The value here, in this process: one that lies elsewhere (on workers, in a file) is fetched on the first call and kept. The caller does not own the result.
    /// </summary>
    public virtual DataObject Here() => this;

    /// <summary>The first line of its print form, without line end; also what <c>typeOf</c> answers.</summary>
    public abstract string Header { get; }

    /// <summary>Writes the print form: the header, then the content, a line end after every line.</summary>
    public abstract void Print(IBufferWriter<byte> utf8);

    /// <summary>Gives the memory back.</summary>
    protected abstract void Free();
}
