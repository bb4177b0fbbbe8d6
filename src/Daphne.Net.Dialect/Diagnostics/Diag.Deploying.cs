namespace Daphne.Net.Dialect;

public static partial class Diag
{
    /// <summary>A command of <c>daphne slurm</c> that is none.</summary>
    public static readonly DiagnosticDef NoSuchVerb = new("DPH7030", Stage.Parse, "'{0}' is no command of daphne slurm", "{1}");

    /// <summary><c>daphne slurm</c> without a command.</summary>
    public static readonly DiagnosticDef NoVerb = new("DPH7031", Stage.Parse, "daphne slurm needs a command", "it is one of {0}");

    /// <summary>A word behind a command that takes none.</summary>
    public static readonly DiagnosticDef WordTooMany = new("DPH7032", Stage.Parse, "'{0}' is too much: {1} takes {2}", "daphne slurm --help shows how it is called");

    /// <summary>No cluster is recorded for a login node.</summary>
    public static readonly DiagnosticDef NoClusterThere = new("DPH7033", Stage.Parse, "no cluster of {0} is recorded here", "start one with 'daphne slurm {1}start', or look with 'daphne clusters list'");

    /// <summary>There is nothing to build.</summary>
    public static readonly DiagnosticDef NothingToBuild = new("DPH7034", Stage.Parse, "there is nothing to build: no sources above {0}, and no bundle ({1})", "call it in the source tree, or name a bundle with --bundle=FILE");

    /// <summary>A local step of a deployment failed.</summary>
    public static readonly DiagnosticDef BuildFailed = new("DPH7035", Stage.Execute, "{0} failed with exit status {1}", "its messages stand above");

    /// <summary><c>daphne ssh</c> is asked for nothing.</summary>
    public static readonly DiagnosticDef NothingToDo = new("DPH7036", Stage.Parse, "daphne ssh is asked for nothing", "give one of --deploy, --run, --status, --kill");

    /// <summary>A peer of <c>daphne ssh</c> that is none.</summary>
    public static readonly DiagnosticDef BadPeer = new("DPH7037", Stage.Parse, "'{0}' is no peer: {1}", "write HOST or HOST:PORT, with commas between them");

    /// <summary><c>--cluster</c> names no cluster that runs.</summary>
    public static readonly DiagnosticDef NoSuchCluster = new("DPH7039", Stage.Parse, "{0}", "daphne clusters list shows what is recorded here");

    /// <summary>The machines of a cluster are not reached.</summary>
    public static readonly DiagnosticDef ClusterNotReached = new("DPH7040", Stage.Execute, "{0}", "daphne clusters status shows how it stands");

    /// <summary>A script cannot be read from where it was said to be.</summary>
    public static readonly DiagnosticDef CannotReadDeployed = new("DPH7038", Stage.Parse, "cannot read the script {0}: {1}", "check the path; '-' is standard input");
}
