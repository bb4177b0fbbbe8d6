namespace Daphne.Net.Dialect;

// Frames and lists: while compiling DPH1600-1649, while executing DPH3300-3349.
public static partial class Diag
{
    /// <summary>Details: what takes a frame, what it got.</summary>
    public static readonly DiagnosticDef FrameNeeded = new("DPH1600", Stage.Parse, "{0} needs a frame, but this is a {1}", "as.frame(...) makes a frame of a matrix");

    /// <summary>Details: what takes a list, what it got.</summary>
    public static readonly DiagnosticDef ListNeeded = new("DPH1601", Stage.Parse, "{0} needs a list, but this is a {1}", "createList(...) makes a list of matrices");

    /// <summary>Details: the label.</summary>
    public static readonly DiagnosticDef LabelTwice = new("DPH3300", Stage.Execute, "two columns of one frame have the label '{0}'", "setColLabels(...) or setColLabelsPrefix(...) gives other labels");
}
