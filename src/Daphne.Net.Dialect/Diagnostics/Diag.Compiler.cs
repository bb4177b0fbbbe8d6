namespace Daphne.Net.Dialect;

public static partial class Diag
{
#pragma warning disable CS1591 // the message says it
    // Shapes. Those of stage Compile stop a script before it prints anything. The others are found by a kernel where the shapes are not known
    // earlier; the stage (and exit code) is the same wherever they are found.
    public static readonly DiagnosticDef BindShapes = new("DPH2101", Stage.Compile, "{0} needs the same number of {1}, but the operands are {2} and {3}", "check the slices or the t(...) they came from");
    public static readonly DiagnosticDef PositionOutOfBounds = new("DPH2102", Stage.Compile, "{0} {1} is out of bounds: there are {2}", "positions start at 0; negative ones count from the end");
    public static readonly DiagnosticDef RangeOutOfBounds = new("DPH2103", Stage.Compile, "{0} range {1}:{2} is out of bounds: there are {3}", "the lower bound is a position that exists; the upper one is exclusive and not below it");
    public static readonly DiagnosticDef InnerDimensions = new("DPH2104", Stage.Execute, "{0} needs matching inner dimensions, but the operands are {1} and {2}", "transpose one operand with t(...), or check the slice it came from");
    public static readonly DiagnosticDef ElementwiseShapes = new("DPH2105", Stage.Execute, "{0} works cell by cell, but the operands are {1} and {2}", "the right operand may be a scalar, a row or a column that fits the left one; the left one is never stretched");
    public static readonly DiagnosticDef NotSquare = new("DPH2106", Stage.Execute, "{0} needs a square matrix, but it is {1}");
    public static readonly DiagnosticDef SolveShapes = new("DPH2107", Stage.Execute, "solve needs as many rows on the right as on the left, but the operands are {0} and {1}");
    public static readonly DiagnosticDef ReshapeShapes = new("DPH2108", Stage.Execute, "reshape keeps the number of cells, but {0} and {1} differ in it");

    public static readonly DiagnosticDef LiteralShape = new("DPH2109", Stage.Execute, "this matrix literal has {0} elements, which do not fill a {1} matrix", "leave one extent out and it is derived: (rows, )");

    // Values
    public static readonly DiagnosticDef DivisionByZero = new("DPH2201", Stage.Compile, "{0} of whole numbers by zero", "make one of them a float (1.0) for inf or nan");

    // Types
    public static readonly DiagnosticDef ConditionalTypes = new("DPH2301", Stage.Compile, "the two values of '?:' are a {0} and a {1}; both must be scalars or both matrices");
    public static readonly DiagnosticDef LoopChangesDataType = new("DPH2302", Stage.Compile, "'{0}' is a {1} before the loop and a {2} after its body", "use another name inside, or make it a {2} before the loop");
#pragma warning restore CS1591
}
