namespace Daphne.Net.Dialect;

public static partial class Diag
{
    /// <summary>Nobody is left to compute.</summary>
    public static readonly DiagnosticDef NoWorkersLeft = new("DPH4070", Stage.Execute, "no worker is left: {0}",
        "see why they ended and start the script again; one that joins within the time a run waits for it takes the work over");

    /// <summary>A fragment ends the workers that run it.</summary>
    public static readonly DiagnosticDef PoisonTask = new("DPH4071", Stage.Execute, "{1} workers were lost while they computed {0}, so it is not given to another; the last: {2}",
        "it may need more memory than a worker has: more workers make smaller parts");

    /// <summary>A call was tried again and again.</summary>
    public static readonly DiagnosticDef WorkerGaveUp = new("DPH4072", Stage.Execute, "given up after {1} attempts; the last: {0}");

    /// <summary>A value that a script left on workers, and that cannot be made again.</summary>
    public static readonly DiagnosticDef ValueLost = new("DPH4073", Stage.Execute, "the value is lost with the worker that held it: since the script has ended, the memory it was made from is the caller's again",
        "fetch what is needed before the script ends, for instance with a print or by naming fewer outputs, or run the script again");

    /// <summary>The workers obey somebody else.</summary>
    public static readonly DiagnosticDef ClusterTakenOver = new("DPH4074", Stage.Execute, "another coordinator has taken over this cluster, and what lay on it is gone ({0}: {1})",
        "start the script again from where the cluster is used now, or on workers of its own");
}
