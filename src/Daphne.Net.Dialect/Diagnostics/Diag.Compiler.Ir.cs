namespace Daphne.Net.Dialect;

// IR text, the verifier, passes: 25xx.
public static partial class Diag
{
    /// <summary>IR text that is not what the grammar wants.</summary>
    public static readonly DiagnosticDef IrSyntax = new("DPH2500", Stage.Compile, "expected {0}, but found {1}", "IR text is MLIR's generic form: %0 = \"daphne.op\"(%a) <{{attributes}}> : (types) -> type");
    /// <summary>An operation that has no row in the operator table.</summary>
    public static readonly DiagnosticDef IrUnknownOperation = new("DPH2501", Stage.Compile, "unknown operation {0}", "the other side may be a newer version; the operator table lists what this one knows");
    /// <summary>A value that is not defined, or not yet.</summary>
    public static readonly DiagnosticDef IrUnknownValue = new("DPH2502", Stage.Compile, "{0} is not defined before it is used");
    /// <summary>A type in a signature differs from the value's.</summary>
    public static readonly DiagnosticDef IrTypeMismatch = new("DPH2503", Stage.Compile, "{0} has type {1}, but is used as {2}");
    /// <summary>IR text beyond a limit.</summary>
    public static readonly DiagnosticDef IrLimit = new("DPH2504", Stage.Compile, "IR text has more than {0} {1}", "the limits protect workers from texts that are not fragments of a script");
    /// <summary>A type nobody knows.</summary>
    public static readonly DiagnosticDef IrUnknownType = new("DPH2505", Stage.Compile, "unknown type {0}");
    /// <summary>A name given twice.</summary>
    public static readonly DiagnosticDef IrRedefined = new("DPH2506", Stage.Compile, "{0} is already defined");
    /// <summary>A number that its type cannot hold.</summary>
    public static readonly DiagnosticDef IrNumber = new("DPH2507", Stage.Compile, "{0} is not a number of type {1}");
    /// <summary>The number of regions, operands, results or types does not fit.</summary>
    public static readonly DiagnosticDef IrCount = new("DPH2508", Stage.Compile, "{0} has {1} {2}, but {3} are needed");
    /// <summary>The verifier found the IR broken.</summary>
    public static readonly DiagnosticDef IrBroken = new("DPH2510", Stage.Compile, "broken IR in {0}: {1}", "where no IR text was given by hand this is a mistake of the compiler; please report it with the script");
    /// <summary>A pass nobody knows.</summary>
    public static readonly DiagnosticDef UnknownPass = new("DPH2520", Stage.Compile, "unknown pass '{0}'", "passes: {1}");
    /// <summary>A text that should hold one function holds none or several.</summary>
    public static readonly DiagnosticDef FragmentShape = new("DPH2530", Stage.Compile, "a fragment is one function that ends in daphne.return, but {0}");
}
