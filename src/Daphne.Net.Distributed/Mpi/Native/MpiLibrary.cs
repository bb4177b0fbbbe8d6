using System.Runtime.InteropServices;
using System.Text;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed.Mpi.Native;

/// <summary>The functions of the MPI library found on this machine. One binary of ours serves every make: library and constants are chosen at run time.</summary>
sealed unsafe partial class MpiLibrary
{
    /// <summary>The variable that names a library of another name, or one of several.</summary>
    public const string Variable = "DAPHNE_MPI_LIBRARY";

    static readonly string[] openMpi = ["libmpi.so.40"], mpich = ["libmpich.so.12", "libmpi.so.12", "libmpich.so"], any = ["libmpi.so"];

    readonly delegate* unmanaged<nint, nint, int, int*, int> initThread;
    readonly delegate* unmanaged<int> finalize;
    readonly delegate* unmanaged<nint, int*, int> commRank, commSize;
    readonly delegate* unmanaged<nint, nint, int> setErrorHandler;
    readonly delegate* unmanaged<byte*, int, nint, int, int, nint, nint*, int> isend, irecv;
    readonly delegate* unmanaged<int, int, nint, int*, MpiStatus*, int> iprobe;
    readonly delegate* unmanaged<nint*, int*, MpiStatus*, int> test;
    readonly delegate* unmanaged<MpiStatus*, nint, int*, int> getCount;
    readonly delegate* unmanaged<int, byte*, int*, int> errorString;

    MpiLibrary(nint handle, string name)
    {
        try
        {
            var getVersion = (delegate* unmanaged<byte*, int*, int>)NativeLibrary.GetExport(handle, "MPI_Get_library_version");
            byte[] text = new byte[16 << 10];   // MPICH says up to 8 KiB about itself
            int length;
            fixed (byte* first = text) getVersion(first, &length);
            Version = Encoding.UTF8.GetString(text, 0, length).TrimEnd('\0', '\n').Split('\n')[0];
            if (MpiAbi.MakeOf(Version) is not { } make) throw Diag.MpiLibraryUnusable.Raise(name, $"it calls itself '{Version}'; Open MPI, MPICH and its relatives are known");
            Abi = MpiAbi.Of(make, handle);
            initThread = (delegate* unmanaged<nint, nint, int, int*, int>)NativeLibrary.GetExport(handle, "MPI_Init_thread");
            finalize = (delegate* unmanaged<int>)NativeLibrary.GetExport(handle, "MPI_Finalize");
            commRank = (delegate* unmanaged<nint, int*, int>)NativeLibrary.GetExport(handle, "MPI_Comm_rank");
            commSize = (delegate* unmanaged<nint, int*, int>)NativeLibrary.GetExport(handle, "MPI_Comm_size");
            setErrorHandler = (delegate* unmanaged<nint, nint, int>)NativeLibrary.GetExport(handle, "MPI_Comm_set_errhandler");
            isend = (delegate* unmanaged<byte*, int, nint, int, int, nint, nint*, int>)NativeLibrary.GetExport(handle, "MPI_Isend");
            irecv = (delegate* unmanaged<byte*, int, nint, int, int, nint, nint*, int>)NativeLibrary.GetExport(handle, "MPI_Irecv");
            iprobe = (delegate* unmanaged<int, int, nint, int*, MpiStatus*, int>)NativeLibrary.GetExport(handle, "MPI_Iprobe");
            test = (delegate* unmanaged<nint*, int*, MpiStatus*, int>)NativeLibrary.GetExport(handle, "MPI_Test");
            getCount = (delegate* unmanaged<MpiStatus*, nint, int*, int>)NativeLibrary.GetExport(handle, "MPI_Get_count");
            errorString = (delegate* unmanaged<int, byte*, int*, int>)NativeLibrary.GetExport(handle, "MPI_Error_string");
        }
        catch (EntryPointNotFoundException e)
        {
            throw Diag.MpiLibraryUnusable.Raise(name, e.Message);
        }
    }

    public MpiAbi Abi { get; }

    /// <summary>What it calls itself, for instance <c>Open MPI v4.1.4, package: …</c>.</summary>
    public string Version { get; }

    /// <summary>Loads the library that belongs to the launcher of this process, or the one that <see cref="Variable"/> names.</summary>
    /// <exception cref="RaisedException">There is none, or it is none that is known here.</exception>
    public static MpiLibrary Load(MpiLaunch? launch)
    {
        string? chosen = Environment.GetEnvironmentVariable(Variable);
        string[] names = !string.IsNullOrEmpty(chosen) ? [chosen] : launch?.Make switch
        {
            MpiMake.OpenMpi => [.. openMpi, .. any],
            MpiMake.Mpich => [.. mpich, .. any],
            _ => [.. openMpi, .. mpich, .. any],
        };
        // UCX, which MPICH brings, takes over SIGSEGV, and then a null reference in C# ends the process. Its native getenv does not see the managed environment.
        // It also writes over the first bytes of munmap and its like while our other threads are in them: one that came back from the kernel then ran "push 1(%rbx); ret" out of what was
        // left there. Without these hooks it remembers no registered memory, which costs network cards with RDMA some time. Who sets the variables decides.
        if (!OperatingSystem.IsWindows())
        {
            SetEnvironment("UCX_ERROR_SIGNALS", "", 0);
            SetEnvironment("UCX_MEM_MMAP_HOOK_MODE", "none", 0);
        }
        foreach (string name in names)
            if (NativeLibrary.TryLoad(name, out nint handle)) return new(handle, name);
        throw Diag.MpiLibraryMissing.Raise(string.Join(", ", names));
    }

    /// <summary>MPI for one thread, which is the one that calls this.</summary>
    public void Init()
    {
        int provided;
        Check(initThread(0, 0, 1, &provided), "MPI_Init_thread");   // MPI_THREAD_FUNNELED; from MPI_THREAD_SINGLE on everything will do
        Check(setErrorHandler(Abi.World, Abi.ErrorsReturn), "MPI_Comm_set_errhandler");
    }

    public void Finish() => Check(finalize(), "MPI_Finalize");

    public int Rank()
    {
        int rank;
        Check(commRank(Abi.World, &rank), "MPI_Comm_rank");
        return rank;
    }

    public int Size()
    {
        int size;
        Check(commSize(Abi.World, &size), "MPI_Comm_size");
        return size;
    }

    public nint StartSend(byte* bytes, int count, int rank, int tag)
    {
        nint request = 0;   // MPICH writes only 4 of its bytes
        Check(isend(bytes, count, Abi.Byte, rank, tag, Abi.World, &request), "MPI_Isend");
        return request;
    }

    public nint StartReceive(byte* bytes, int count, int rank, int tag)
    {
        nint request = 0;
        Check(irecv(bytes, count, Abi.Byte, rank, tag, Abi.World, &request), "MPI_Irecv");
        return request;
    }

    public bool Probe(int tag, out MpiStatus status)
    {
        int there;
        fixed (MpiStatus* s = &status) Check(iprobe(Abi.AnySource, tag, Abi.World, &there, s), "MPI_Iprobe");
        return there != 0;
    }

    public bool Test(ref nint request, out MpiStatus status)
    {
        int done;
        fixed (MpiStatus* s = &status)
        fixed (nint* r = &request) Check(test(r, &done, s), "MPI_Test");
        return done != 0;
    }

    public int Count(MpiStatus status)
    {
        int count;
        Check(getCount(&status, Abi.Byte, &count), "MPI_Get_count");
        return count;
    }

    public int Source(MpiStatus status) => status[Abi.SourceWord];

    void Check(int code, string function)
    {
        if (code == 0) return;
        byte* text = stackalloc byte[2048];
        int length;
        throw new MpiException(function, errorString(code, text, &length) == 0 ? Encoding.UTF8.GetString(text, length).ReplaceLineEndings(" ") : $"error {code}");
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
