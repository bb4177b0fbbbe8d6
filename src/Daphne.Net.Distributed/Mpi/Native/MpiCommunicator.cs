namespace Daphne.Net.Distributed.Mpi.Native;

/// <summary>MPI from <c>MPI_Init_thread</c> to <c>MPI_Finalize</c>, both on the thread that makes and disposes it.</summary>
sealed class MpiScope : IDisposable
{
    readonly MpiLibrary library;

    /// <exception cref="MpiException">The library does not start. Most libraries end the process instead, with a message of their own.</exception>
    public MpiScope(MpiLibrary library)
    {
        this.library = library;
        library.Init();
        World = new(library);
    }

    /// <summary>All ranks of the job.</summary>
    public MpiCommunicator World { get; }

    public void Dispose() => library.Finish();
}

/// <summary>A message that has come, or has been received.</summary>
readonly record struct MpiEnvelope(int Source, int Bytes);

/// <summary>A message under way.</summary>
struct MpiRequest(nint handle)
{
    internal nint Handle = handle;
}

/// <summary>
/// Ranks that talk. Nothing here waits: sends and receives are started and tested. The memory of a message must neither move nor be freed before its test
/// says so. One thread.
/// </summary>
sealed unsafe class MpiCommunicator
{
    readonly MpiLibrary library;

    internal MpiCommunicator(MpiLibrary library) => (this.library, Rank, Size) = (library, library.Rank(), library.Size());

    public int Rank { get; }

    public int Size { get; }

    public MpiRequest StartSend(ReadOnlySpan<byte> pinned, int rank, int tag)
    {
        fixed (byte* bytes = pinned) return new(library.StartSend(bytes, pinned.Length, rank, tag));
    }

    public MpiRequest StartReceive(Span<byte> pinned, int rank, int tag)
    {
        fixed (byte* bytes = pinned) return new(library.StartReceive(bytes, pinned.Length, rank, tag));
    }

    /// <summary>Looks whether a message of this tag has come from anybody.</summary>
    public bool Probe(int tag, out MpiEnvelope envelope)
    {
        bool there = library.Probe(tag, out var status);
        envelope = there ? new(library.Source(status), library.Count(status)) : default;
        return there;
    }

    /// <summary>Moves things on, and says whether this send is done.</summary>
    public bool IsSent(ref MpiRequest request) => library.Test(ref request.Handle, out _);

    /// <summary>Moves things on, and says whether this receive is done and how many bytes came.</summary>
    public bool IsReceived(ref MpiRequest request, out int bytes)
    {
        bool done = library.Test(ref request.Handle, out var status);
        bytes = done ? library.Count(status) : 0;
        return done;
    }
}
