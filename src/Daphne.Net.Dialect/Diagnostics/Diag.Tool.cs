namespace Daphne.Net.Dialect;

public static partial class Diag
{
    /// <summary>An option nobody knows.</summary>
    public static readonly DiagnosticDef UnknownOption = new("DPH7000", Stage.Parse, "unknown option {0}", "{1}");

    /// <summary>An option without its value.</summary>
    public static readonly DiagnosticDef OptionNeedsValue = new("DPH7001", Stage.Parse, "option {0} needs a value", "write {0}=VALUE; {1}");

    /// <summary>An option with a value it does not take.</summary>
    public static readonly DiagnosticDef BadOptionValue = new("DPH7002", Stage.Parse, "option {0} does not take '{1}'", "{2}");

    /// <summary>No script on the command line.</summary>
    public static readonly DiagnosticDef NoScript = new("DPH7003", Stage.Parse, "no script was given", "usage: daphne [options] script [name=value ...]; daphne --help lists the options");

    /// <summary>Something behind the script that is not an argument.</summary>
    public static readonly DiagnosticDef BadScriptArgument = new("DPH7004", Stage.Parse, "'{0}' is not a script argument", "arguments of a script are written name=value");

    /// <summary>A script argument given twice.</summary>
    public static readonly DiagnosticDef DuplicateScriptArgument = new("DPH7005", Stage.Parse, "the script argument {0} is given more than once", "give {0} once, either behind the script or in --args");

    /// <summary>A script that cannot be read.</summary>
    public static readonly DiagnosticDef CannotReadScript = new("DPH7006", Stage.Parse, "cannot read the script {0}: {1}", "check the path; paths are relative to the current directory");

    /// <summary>--distributed without workers.</summary>
    public static readonly DiagnosticDef NoWorkers = new("DPH7007", Stage.Parse, "--distributed needs workers, but DISTRIBUTED_WORKERS is not set", "start workers with 'daphne worker HOST:PORT' and set DISTRIBUTED_WORKERS=HOST:PORT,HOST:PORT");

    /// <summary>An option this version does not have yet.</summary>
    public static readonly DiagnosticDef OptionNotSupportedYet = new("DPH7008", Stage.Parse, "option {0} is not supported yet", "{1}");

    /// <summary>A script that is not UTF-8.</summary>
    public static readonly DiagnosticDef ScriptNotUtf8 = new("DPH7009", Stage.Parse, "{0}:{1}:{2}: the byte {3} is not UTF-8", "scripts are UTF-8 text; convert the file, for instance with iconv");

    /// <summary>Standard output that takes no more.</summary>
    public static readonly DiagnosticDef OutputFailed = new("DPH7010", Stage.Execute, "the output cannot be written: {0}");

    /// <summary>A worker's address that stands there twice.</summary>
    public static readonly DiagnosticDef WorkerTwice = new("DPH7011", Stage.Parse, "the worker {0} stands in DISTRIBUTED_WORKERS twice", "name each worker once");

    /// <summary>A worker without an address to listen on.</summary>
    public static readonly DiagnosticDef NoListenAddress = new("DPH7012", Stage.Parse, "no address to listen on was given", "usage: daphne worker [options] HOST:PORT; port 0 takes a free one");

    /// <summary>Two addresses to listen on.</summary>
    public static readonly DiagnosticDef ListenAddressTwice = new("DPH7013", Stage.Parse, "'{1}' is one address too many: a worker listens on one, and {0} was given already", "start another worker for it");

    /// <summary>An option behind the script.</summary>
    public static readonly DiagnosticDef OptionBehindScript = new("DPH7014", Stage.Parse, "the option {0} stands behind the script", "put it before the script: what follows the script are its arguments, name=value");

    /// <summary>An address in DISTRIBUTED_WORKERS that is none.</summary>
    public static readonly DiagnosticDef BadWorkerAddress = new("DPH7015", Stage.Parse, "'{0}' in DISTRIBUTED_WORKERS is no address of a worker: {1}", "write HOST:PORT,HOST:PORT, for instance 127.0.0.1:50051,127.0.0.1:50052");

    /// <summary>A name that is no built-in function.</summary>
    public static readonly DiagnosticDef NoSuchBuiltin = new("DPH7020", Stage.Parse, "there is no built-in function '{0}'", "{1}");
}
