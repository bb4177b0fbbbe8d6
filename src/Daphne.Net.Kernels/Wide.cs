using System.Runtime.Intrinsics.X86;

namespace Daphne.Net.Kernels;

/// <summary>
/// Which vector width the loops take. 512-bit code pays on Xeons of which the runtime says <c>Vector512.IsHardwareAccelerated == false</c> (it prefers
/// 256 bits there), so the question is put to the instruction set itself. Results never depend on the answer.
/// </summary>
public static class Wide
{
    /// <summary>The AppContext switch; <c>false</c> keeps every loop at 256 bits. The environment variable <c>DAPHNE_USE512=0</c> does the same.</summary>
    public const string Switch = "Daphne.Net.Use512";

    /// <summary>True if 512-bit loops run. Read once, so that the JIT compiles the answer in.</summary>
    public static readonly bool Use512 = Avx512F.IsSupported
        && (!AppContext.TryGetSwitch(Switch, out bool wanted) || wanted)
        && Environment.GetEnvironmentVariable("DAPHNE_USE512") != "0";
}
