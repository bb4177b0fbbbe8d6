using Daphne.Net.Data;

namespace Daphne.Net.Distributed.Mpi;

/// <summary>What belongs to each frame, read.</summary>
static class MpiBodies
{
    public static bool Nothing(BinaryReader body) => true;

    public static (int Protocol, string Version, string Session) Hello(BinaryReader body) => (body.ReadInt32(), body.ReadString(), body.ReadString());

    public static (string Session, string Version, string Machine, LocalProcess Process) Greeted(BinaryReader body) =>
        (body.ReadString(), body.ReadString(), body.ReadString(), new(body.ReadInt32(), body.ReadString()));

    public static (string Session, MpiWay Way, MpiValueHead Head) Store(BinaryReader body) => (body.ReadString(), body.ReadWay(), MpiValueHead.Read(body));

    public static (string Session, string Text, CallValue[] Inputs, int[] Bring) Compute(BinaryReader body) =>
        (body.ReadString(), body.ReadString(), body.ReadArray(body.ReadCallValue), body.ReadArray(body.ReadInt32));

    public static (string Session, string Id, int Chunk) Transfer(BinaryReader body) => (body.ReadString(), body.ReadString(),
        body.ReadInt32() is > 0 and var chunk ? chunk : throw new InvalidDataException("messages of that length bring nothing"));

    public static (string Session, string[] Ids) Free(BinaryReader body) => (body.ReadString(), body.ReadArray(body.ReadString));

    public static (string Session, SharedFile File, long Offset, long Length, long Stretch) Scan(BinaryReader body) =>
        (body.ReadString(), body.ReadSharedFile(), body.ReadInt64(), body.ReadInt64(), body.ReadInt64());

    public static (string Session, FileRange Range) Read(BinaryReader body) => (body.ReadString(), body.ReadFileRange());

    public static string Session(BinaryReader body) => body.ReadString();

    public static Handle Stored(BinaryReader body) => body.ReadHandle();

    public static CallValue[] Computed(BinaryReader body) => body.ReadArray(body.ReadCallValue);

    public static CsvStretch[] Scanned(BinaryReader body) => body.ReadArray(body.ReadStretch);

    public static WorkerStats Stats(BinaryReader body) => new(body.ReadInt64(), body.ReadInt64());

    public static WorkerRefusal Failed(BinaryReader body) => new(body.ReadOneOf<WorkerFailure>(), body.ReadString());
}
