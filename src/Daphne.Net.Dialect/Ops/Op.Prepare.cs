namespace Daphne.Net.Dialect;

public static partial class Op
{
#pragma warning disable CS1591 // each row carries its own line of documentation
    public static readonly OpDef Bin = Row(new("bin", 4, TypeRule.Own, ShapeRule.KeepFirst, OpTraits.Pure | OpTraits.Fusible, "The number of the bin of each cell, the interval [min, max] cut into bins of one width; cells outside go to the first or last one.")
    {
        Split = RowsToRows1, ColumnSplit = ColsToCols1,
        Builtins = [new("bin", P("arg", ParameterKind.Matrix), P("numBins", ParameterKind.Integer), P("min", ParameterKind.Scalar) with { Optional = true }, P("max", ParameterKind.Scalar) with { Optional = true })
        { Result = "a matrix of the shape and value type of arg (of si64 for bool); without min and max the interval is that of the cells", Example = "print(t(bin([10, 20, 30, 40, 50, 60, 70], 3)));\nprint(t(bin([5.0, 20.0, nan, inf], 3, 10.0, 70.0)));" }],
    });
    public static readonly OpDef Recode = Row(new("recode", 2, TypeRule.Own, ShapeRule.Own, OpTraits.Pure, "Numbers for the distinct values of a column: in the order of the values, or in that of their first appearance.")
    {
        Results = 2,
        Builtins = [new("recode", P("arg", ParameterKind.Matrix), P("orderPreserving", ParameterKind.Flag))
        { Result = "two columns: the code of each cell (si64), and the distinct values, of the value type of arg, each at the position of its code", Example = "codes, values = recode([\"pear\", \"fig\", \"pear\"], true);\nprint(codes);\nprint(values);" }],
    });
    public static readonly OpDef OneHot = Row(new("oneHot", 2, TypeRule.Own, ShapeRule.Own, OpTraits.Pure, "Columns of codes as columns of zeros and ones; info says per column: the number of codes, 0 to leave it out, -1 to keep it as it is.")
    {
        Builtins = [new("oneHot", P("arg", ParameterKind.Matrix), P("info", ParameterKind.Matrix))
        { Result = "a matrix with the rows and the value type of arg (of si64 for strings, which are recoded first)", Example = "print(oneHot([0, 2, 1], [3](1, 1)));" }],
    });
    public static readonly OpDef Quantize = Row(new("quantize", 3, TypeRule.Own, ShapeRule.KeepFirst, OpTraits.Pure | OpTraits.Fusible, "Cells of [min, max], widened to hold 0, as one of 256 numbers; cells outside become the first or last one.")
    {
        Split = RowsToRows1, ColumnSplit = ColsToCols1,
        Builtins = [new("quantize", P("arg", ParameterKind.Matrix), P("min", ParameterKind.Scalar), P("max", ParameterKind.Scalar))
        { Result = "a matrix of ui8 of the shape of arg; computed in f32", Example = "print(quantize([0.0f, 0.5f, 1.0f, 2.0f], 0.0, 1.0));" }],
    });

    public static readonly OpDef EwLower = Row(new("ewLower", 1, TypeRule.Text, ShapeRule.KeepFirst, OpTraits.Pure | OpTraits.Elementwise, "Letters A to Z as small ones, string by string.")
    { Builtins = [new("lower", P("arg")) { Example = "print(lower(\"MIXED Case\"));" }] });
    public static readonly OpDef EwUpper = Row(new("ewUpper", 1, TypeRule.Text, ShapeRule.KeepFirst, OpTraits.Pure | OpTraits.Elementwise, "Letters a to z as capitals, string by string.")
    { Builtins = [new("upper", P("arg")) { Example = "print(upper(\"mixed Case\"));" }] });
#pragma warning restore CS1591
}
