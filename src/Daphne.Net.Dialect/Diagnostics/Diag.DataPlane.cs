namespace Daphne.Net.Dialect;

public static partial class Diag
{
    /// <summary>Details: what is wrong with it.</summary>
    public static readonly DiagnosticDef PlaneMalformed = new("DPH4120", Stage.Execute, "what arrived on a connection for values is no message of ours: {0}");
}
