namespace Daphne.Net.Dialect;

// DPH1630-1649.
public static partial class Diag
{
    /// <summary>An import of a file that is not there.</summary>
    public static readonly DiagnosticDef ImportMissing = new("DPH1630", Stage.Parse, "there is no script '{0}' to import", "{1}");

    /// <summary>An import that could mean several files.</summary>
    public static readonly DiagnosticDef ImportAmbiguous = new("DPH1631", Stage.Parse, "'{0}' could be each of these scripts: {1}", "write the path so that only one of them fits, or change default_dirs in the configuration");

    /// <summary>A script that imports itself, or is imported by one that it imports.</summary>
    public static readonly DiagnosticDef ImportCycle = new("DPH1632", Stage.Parse, "scripts import each other in a circle: {0}", "move what they share into a script that imports none of them");

    /// <summary>One script imported twice by another.</summary>
    public static readonly DiagnosticDef ImportTwice = new("DPH1633", Stage.Parse, "'{0}' is imported already", "remove one of the two imports");

    /// <summary>An alias that is in use.</summary>
    public static readonly DiagnosticDef ImportAliasTaken = new("DPH1634", Stage.Parse, "'{0}' is the name of another imported script", "choose another name behind 'as'");

    /// <summary>A default alias that is in use, with its directory in front too.</summary>
    public static readonly DiagnosticDef ImportNameTaken = new("DPH1635", Stage.Parse, "'{0}' and '{1}' are names of other imported scripts already", "choose a name: import \"…\" as \"name\"");

    /// <summary>An alias that is no name.</summary>
    public static readonly DiagnosticDef ImportAlias = new("DPH1636", Stage.Parse, "'{0}' is no name for an imported script", "a name is made of letters, digits and '_' and does not begin with a digit");

    /// <summary>A file that the host does not want imported.</summary>
    public static readonly DiagnosticDef ImportNotAllowed = new("DPH1637", Stage.Parse, "'{0}' may not be imported here", "the program that runs this script says which folders it may import from");

    /// <summary>An assignment to a variable of an imported script.</summary>
    public static readonly DiagnosticDef ImportedAssigned = new("DPH1638", Stage.Parse, "'{0}' belongs to an imported script and cannot be assigned", "assign it to a variable of this script first");

    /// <summary>A library without scripts.</summary>
    public static readonly DiagnosticDef ImportEmptyLibrary = new("DPH1639", Stage.Parse, "the library '{0}' has no scripts: {1}", "daphnedsl_import_paths in the configuration says where a library lies; its scripts end in .daphne or .daph");

    /// <summary>Too many imports, one from the other or in all.</summary>
    public static readonly DiagnosticDef ImportTooMany = new("DPH1640", Stage.Parse, "the script imports more than {0} scripts {1}", "a script that two others import is run for each of them; import it once, where it is needed");
}
