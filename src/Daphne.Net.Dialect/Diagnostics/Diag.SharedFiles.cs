namespace Daphne.Net.Dialect;

public static partial class Diag
{
    /// <summary>A file that was changed between its reading in the script and the first use of its cells.</summary>
    public static readonly DiagnosticDef FileNotTheSame = new("DPH4150", Stage.Execute, "'{0}' is not the file any more that was there when the script came here: {1}",
        "in a distributed run a file is read where and when its cells are needed; let nobody replace it meanwhile");
}
