using Daphne.Net.Data;

namespace Daphne.Net.Distributed.Mpi;

// Files that the rank reads itself.
sealed partial class MpiWorker
{
    void Scan(int rank, long request, BinaryReader body)
    {
        var (session, file) = (body.ReadString(), body.ReadSharedFile());
        Answer(rank, request, service.Files.ScanAsync(file, body.ReadInt64(), body.ReadInt64(), body.ReadInt64(), session, Name(request), CancellationToken.None), (found, writer) => writer.Write(found, writer.Write));
    }

    void Read(int rank, long request, BinaryReader body)
    {
        string session = body.ReadString();
        Answer(rank, request, service.Files.ReadAsync(body.ReadFileRange(), session, Name(request), CancellationToken.None), (handle, writer) => writer.Write(handle));
    }
}
