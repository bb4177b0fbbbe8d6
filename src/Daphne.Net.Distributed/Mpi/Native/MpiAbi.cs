using System.Runtime.InteropServices;

namespace Daphne.Net.Distributed.Mpi.Native;

/// <summary>Who made an MPI library: the constants of MPI differ between makes, and no standard says what they are.</summary>
enum MpiMake
{
    OpenMpi,
    /// <summary>MPICH and what shares its binary interface (Intel MPI, MVAPICH, Cray MPICH).</summary>
    Mpich,
}

/// <summary>
/// The handles and constants of one make, from its headers. Handles travel as <see cref="nint"/>: Open MPI's are addresses of exported objects, MPICH's are
/// 32-bit numbers, which a 64-bit argument carries too on x64 and arm64.
/// </summary>
sealed record MpiAbi
{
    public required MpiMake Make { get; init; }
    public required nint World { get; init; }
    public required nint Byte { get; init; }
    public required nint ErrorsReturn { get; init; }
    public required int AnySource { get; init; }

    /// <summary>Where in an <c>MPI_Status</c> the source stands, counted in 32-bit words.</summary>
    public required int SourceWord { get; init; }

    public static MpiAbi Of(MpiMake make, nint library) => make switch
    {
        MpiMake.OpenMpi => new()
        {
            Make = make, World = NativeLibrary.GetExport(library, "ompi_mpi_comm_world"), Byte = NativeLibrary.GetExport(library, "ompi_mpi_byte"),
            ErrorsReturn = NativeLibrary.GetExport(library, "ompi_mpi_errors_return"), AnySource = -1, SourceWord = 0,
        },
        _ => new() { Make = make, World = 0x44000000, Byte = 0x4c00010d, ErrorsReturn = 0x54000001, AnySource = -2, SourceWord = 2 },
    };

    /// <summary>Which make calls itself so; null for one whose constants are not known here.</summary>
    public static MpiMake? MakeOf(string version) =>
        version.Contains("Open MPI", StringComparison.Ordinal) ? MpiMake.OpenMpi
        : new[] { "MPICH", "Intel(R) MPI", "MVAPICH" }.Any(name => version.Contains(name, StringComparison.OrdinalIgnoreCase)) ? MpiMake.Mpich : null;
}

/// <summary>An <c>MPI_Status</c> of either make: 24 bytes in Open MPI, 20 in MPICH.</summary>
[System.Runtime.CompilerServices.InlineArray(8)]
struct MpiStatus
{
    int word0;
}
