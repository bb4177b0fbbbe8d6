namespace Daphne.Net.Dialect;

public static partial class Op
{
#pragma warning disable CS1591 // each row carries its own line of documentation
    public static readonly OpDef Constant = Row(new("constant", 0, TypeRule.Own, ShapeRule.Scalar, OpTraits.Pure, "A scalar; attribute value."));
    public static readonly OpDef Return = Row(new("return", -1, TypeRule.None, ShapeRule.Scalar, OpTraits.Terminator, "Ends a function or a pipeline body with its results.") { Results = 0 });
    public static readonly OpDef Print = Row(new("print", 3, TypeRule.None, ShapeRule.Scalar, OpTraits.Effect, "Prints a value.")
    { Results = 0, Builtins = [new("print", P("arg"), P("newline", ParameterKind.Flag, true), P("err", ParameterKind.Flag, false)) { Example = "print(\"no line end\", false);\nprint(\"\");" }] });
    public static readonly OpDef Stop = Row(new("stop", 1, TypeRule.None, ShapeRule.Scalar, OpTraits.Effect, "Stops the script with a message.")
    { Results = 0, Builtins = [new("stop", P("message", ParameterKind.Text, "unspecified reason")) { Example = "if (1 > 2) { stop(\"cannot be\"); }\nprint(\"goes on\");" }] });
    public static readonly OpDef Now = Row(new("now", 0, TypeRule.SI64, ShapeRule.Scalar, OpTraits.Effect, "The time in nanoseconds.") { Builtins = [new("now") { Example = "print(now() > 0);" }] });
    public static readonly OpDef Read = Row(new("read", 1, TypeRule.Own, ShapeRule.Own, OpTraits.Effect, "Reads a file; its .meta file says of what type and shape.")
    {
        Builtins =
        [
            new("readMatrix", P("filename", ParameterKind.Text)) { Result = "a matrix of the shape and value type the .meta file says", Example = "print(mean(readMatrix(\"data/wine.csv\"), 1));" },
            new("readFrame", P("filename", ParameterKind.Text)) { Result = "a frame of the labels and value types the .meta file says", Example = "print(typeOf(readFrame(\"data/wine.csv\")));" },
        ],
    });
    public static readonly OpDef Write = Row(new("write", 2, TypeRule.None, ShapeRule.Scalar, OpTraits.Effect, "Writes a matrix or frame and its .meta file.")
    {
        Results = 0,
        Builtins =
        [
            new("write", P("arg", ParameterKind.Object), P("filename", ParameterKind.Text)) { Example = "write([1.5, 2.5], \"X.csv\");\nprint(\"written\");" },
            new("writeMatrix", P("arg", ParameterKind.Matrix), P("filename", ParameterKind.Text)) { Example = "writeMatrix([1.5, 2.5], \"X.csv\");\nprint(\"written\");" },
            new("writeFrame", P("arg", ParameterKind.Frame), P("filename", ParameterKind.Text)) { Example = "writeFrame(readFrame(\"data/wine.csv\"), \"X.csv\");\nprint(\"written\");" },
        ],
    });
    public static readonly OpDef Map = Row(new("map", 1, TypeRule.Own, ShapeRule.KeepFirst, OpTraits.None, "Applies a function to each cell; attribute func.")
    { Builtins = [new("map", P("arg", ParameterKind.Matrix), P("udf", ParameterKind.Function)) { Result = "a matrix of the shape of arg and of the result type of the function", Example = "def twice(x:f64) -> f64 { return x * 2.0; }\nprint(map([1.0, 2.0], twice));" }] });
    /// <summary>Operands: inputs, then per result its number of rows, then of columns (attribute operandSegmentSizes). Attributes splits and combines.</summary>
    public static readonly OpDef VectorizedPipeline = Row(new("vectorizedPipeline", -1, TypeRule.Own, ShapeRule.Own, OpTraits.Pure, "A fused group of operations that runs over ranges of rows or columns.") { Results = -1, Regions = 1 });

    public static readonly OpDef Func = Row(new("func", 0, TypeRule.None, ShapeRule.Scalar, OpTraits.None, "A function; attributes sym_name and function_type.") { Dialect = "func", Results = 0, Regions = 1 });
    public static readonly OpDef Call = Row(new("call", -1, TypeRule.Own, ShapeRule.Own, OpTraits.None, "Calls a function; attribute callee.") { Dialect = "func", Results = -1 });
    public static readonly OpDef If = Row(new("if", 1, TypeRule.Own, ShapeRule.Own, OpTraits.None, "Runs one of two regions.") { Dialect = "scf", Results = -1, Regions = 2 });
    /// <summary>
    /// Operands: lower (inclusive), upper (exclusive), step (all si64), initial values. Block arguments: position, carried values. A negative step
    /// counts down while the position is above upper; with a step of 0 the body never runs.
    /// </summary>
    public static readonly OpDef For = Row(new("for", -1, TypeRule.Own, ShapeRule.Own, OpTraits.Loop, "Counts from lower to upper in steps.") { Dialect = "scf", Results = -1, Regions = 1 });
    /// <summary>Region 0 ends in scf.condition(flag, values); region 1 gets these values and yields the next ones.</summary>
    public static readonly OpDef While = Row(new("while", -1, TypeRule.Own, ShapeRule.Own, OpTraits.Loop, "Runs its second region as long as the first says so.") { Dialect = "scf", Results = -1, Regions = 2 });
    public static readonly OpDef Condition = Row(new("condition", -1, TypeRule.None, ShapeRule.Scalar, OpTraits.Terminator, "Ends the first region of a while.") { Dialect = "scf", Results = 0 });
    public static readonly OpDef Yield = Row(new("yield", -1, TypeRule.None, ShapeRule.Scalar, OpTraits.Terminator, "Ends a region of a branch or loop with its results.") { Dialect = "scf", Results = 0 });
#pragma warning restore CS1591
}
