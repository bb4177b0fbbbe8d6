namespace Daphne.Net.Dialect;

// Reports of a run, and what goes to workers: DPH4080-4085.
public static partial class Diag
{
    /// <summary>The file for the run report cannot be written.</summary>
    public static readonly DiagnosticDef ReportNotWritten = new("DPH4080", Stage.Execute, "the run report cannot be written to '{0}': {1}", "the script itself ran to its end; --run-report without a file prints the report");
    /// <summary>A rule of distribution that does not exist.</summary>
    public static readonly DiagnosticDef UnknownRule = new("DPH4081", Stage.Parse, "{0} is '{1}', which is no rule", "it takes always (every pipeline that can be split goes to the workers) or cost (those that end sooner there)");
}
