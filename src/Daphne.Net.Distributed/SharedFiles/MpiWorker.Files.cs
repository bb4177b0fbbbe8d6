using Daphne.Net.Data;

namespace Daphne.Net.Distributed.Mpi;

// Files that the rank reads itself.
sealed partial class MpiWorker
{
    void Scan(int rank, MpiFrame frame)
    {
        var (session, file, offset, length, stretch) = frame.Parse(MpiBodies.Scan);
        Answer(rank, frame.Request, service.Files.ScanAsync(file, offset, length, stretch, session, Name(frame.Request), CancellationToken.None), (found, writer) => writer.Write(found, writer.Write));
    }

    void Read(int rank, MpiFrame frame)
    {
        var (session, range) = frame.Parse(MpiBodies.Read);
        Answer(rank, frame.Request, service.Files.ReadAsync(range, session, Name(frame.Request), CancellationToken.None), (handle, writer) => writer.Write(handle));
    }
}
