namespace Daphne.Net.Dialect;

public static partial class Diag
{
    /// <summary>A token file that others can read.</summary>
    public static readonly DiagnosticDef TokenFileOpen = new("DPH5101", Stage.Execute, "others can read the token file '{0}'",
        "a secret others know is none: delete the file, or chmod 600 it if nobody else has an account here");

    /// <summary>A token file without a secret.</summary>
    public static readonly DiagnosticDef TokenFileContent = new("DPH5102", Stage.Execute, "the token file '{0}' holds no secret",
        "it holds one line of at least 32 printable characters; delete it and a new one is made");

    /// <summary>A token file that cannot be read or made.</summary>
    public static readonly DiagnosticDef TokenFileUnusable = new("DPH5103", Stage.Execute, "the token file '{0}' cannot be used: {1}",
        "name another with --token-file");

    /// <summary>An address that is none.</summary>
    public static readonly DiagnosticDef WorkerAddress = new("DPH5104", Stage.Execute, "'{0}' is no address of a worker: {1}",
        "write HOST:PORT, for instance 127.0.0.1:50051 or [::1]:50051; port 0 takes a free one");

    /// <summary>A worker that would be open to a network.</summary>
    public static readonly DiagnosticDef WorkerNotLoopback = new("DPH5105", Stage.Execute, "a worker on {0} could be reached from other machines, over a connection that anybody between can read",
        "give it an --identity-file (TLS), listen on 127.0.0.1, or consent with --allow-insecure on a network you trust");

    /// <summary>A port that cannot be had.</summary>
    public static readonly DiagnosticDef WorkerPort = new("DPH5106", Stage.Execute, "a worker cannot listen on {0}: {1}",
        "port 0 takes a free one");

    /// <summary>Details: the file.</summary>
    public static readonly DiagnosticDef IdentityFileOpen = new("DPH5110", Stage.Parse, "others can read the identity file {0}", "chmod 600 it, and make a new one if others may have read it");

    /// <summary>Details: the file.</summary>
    public static readonly DiagnosticDef IdentityFileContent = new("DPH5111", Stage.Parse, "{0} holds no identity of a cluster", "it is written by whoever deploys the cluster: a certificate, its key and the authority's certificate in PEM");

    /// <summary>Details: the file, what the system says.</summary>
    public static readonly DiagnosticDef IdentityFileUnusable = new("DPH5112", Stage.Parse, "the identity file {0} cannot be used: {1}");
}
