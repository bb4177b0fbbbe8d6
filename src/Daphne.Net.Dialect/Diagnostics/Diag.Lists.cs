namespace Daphne.Net.Dialect;

// DPH1650-1654, while executing DPH3350-3351.
public static partial class Diag
{
    /// <summary>A list of nothing.</summary>
    public static readonly DiagnosticDef ListOfNothing = new("DPH1650", Stage.Parse, "createList needs at least one matrix", "the elements say of what value type a list is; remove(...) empties it");

    /// <summary>Details: what it is.</summary>
    public static readonly DiagnosticDef ListElement = new("DPH1651", Stage.Compile, "an element of a list is a matrix, but this is a {0}", "as.matrix(...) makes a 1x1 matrix of a scalar");

    /// <summary>Details: what the list holds, what this is.</summary>
    public static readonly DiagnosticDef ListElementTypes = new("DPH1652", Stage.Compile, "the list holds matrices of {0}, but this is a {1}", "convert it with as.{0}(...)");

    /// <summary>Details: the position, the length.</summary>
    public static readonly DiagnosticDef ListPosition = new("DPH3350", Stage.Execute, "position {0} is outside a list of length {1}", "positions count from 0");
}
