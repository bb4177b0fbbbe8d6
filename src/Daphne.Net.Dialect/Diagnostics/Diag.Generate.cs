namespace Daphne.Net.Dialect;

// Raised where matrices are made from nothing, DPH3200-3299.
public static partial class Diag
{
    /// <summary>A random matrix without cells.</summary>
    public static readonly DiagnosticDef RandShape = new("DPH3200", Stage.Execute, "a random matrix needs rows and columns, {0}x{1} was asked for");

    /// <summary>Bounds of random values in the wrong order.</summary>
    public static readonly DiagnosticDef RandBounds = new("DPH3201", Stage.Execute, "random values between {0} and {1}: the least is above the most");

    /// <summary>Random values of which only zero is possible.</summary>
    public static readonly DiagnosticDef RandZero = new("DPH3202", Stage.Execute, "random values between 0 and 0 are all zero", "use fill(...), or a sparsity of 0");

    /// <summary>A share of cells outside [0, 1].</summary>
    public static readonly DiagnosticDef RandSparsity = new("DPH3203", Stage.Execute, "the sparsity of a random matrix is the share of its non-zero cells and cannot be {0}", "it lies between 0.0 and 1.0");

    /// <summary>A sample from no values.</summary>
    public static readonly DiagnosticDef SampleRange = new("DPH3204", Stage.Execute, "a sample from [0, {0}) has no values to choose from");

    /// <summary>A sample without values.</summary>
    public static readonly DiagnosticDef SampleSize = new("DPH3205", Stage.Execute, "a sample has at least one value, {0} were asked for");

    /// <summary>A sample without replacement that is larger than what it is drawn from.</summary>
    public static readonly DiagnosticDef SampleTooLarge = new("DPH3206", Stage.Execute, "{0} different values cannot be drawn from {1}", "draw with replacement, or fewer values");

    /// <summary>A sequence with a bound or step that is not a number.</summary>
    public static readonly DiagnosticDef SeqNotFinite = new("DPH3207", Stage.Execute, "a sequence from {0} to {1} in steps of {2} has no end");

    /// <summary>A sequence that does not move.</summary>
    public static readonly DiagnosticDef SeqNoStep = new("DPH3208", Stage.Execute, "a sequence in steps of 0 has no end");
}
