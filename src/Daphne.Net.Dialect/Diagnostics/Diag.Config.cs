namespace Daphne.Net.Dialect;

// DPH7100-7119.
public static partial class Diag
{
    /// <summary>A configuration file that is not there.</summary>
    public static readonly DiagnosticDef ConfigMissing = new("DPH7100", Stage.Parse, "the configuration '{0}' does not exist; the script runs without it", "check the path; it is relative to the current directory", Severity.Warning);

    /// <summary>A configuration file that cannot be read.</summary>
    public static readonly DiagnosticDef ConfigUnreadable = new("DPH7101", Stage.Parse, "the configuration '{0}' cannot be read: {1}");

    /// <summary>A configuration that is no JSON.</summary>
    public static readonly DiagnosticDef ConfigMalformed = new("DPH7102", Stage.Parse, "the configuration is no JSON: {0}");

    /// <summary>A key that the configuration does not have.</summary>
    public static readonly DiagnosticDef ConfigUnknownKey = new("DPH7103", Stage.Parse, "the configuration has no key '{0}'", "{1}");

    /// <summary>A value that its key does not take.</summary>
    public static readonly DiagnosticDef ConfigValue = new("DPH7104", Stage.Parse, "'{0}' in the configuration must be {1}");
}
