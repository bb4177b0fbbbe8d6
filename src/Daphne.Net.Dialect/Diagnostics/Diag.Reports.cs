namespace Daphne.Net.Dialect;

// Reports of a run: DPH4080-4085.
public static partial class Diag
{
    /// <summary>The file for the run report cannot be written.</summary>
    public static readonly DiagnosticDef ReportNotWritten = new("DPH4080", Stage.Execute, "the run report cannot be written to '{0}': {1}", "the script itself ran to its end; --run-report without a file prints the report");
}
