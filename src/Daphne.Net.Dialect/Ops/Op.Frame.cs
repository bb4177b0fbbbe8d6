namespace Daphne.Net.Dialect;

// Making and labelling frames. What works on matrices too (cbind, rbind, order, indexing, casts) has its row in Op.Matrix.cs.
public static partial class Op
{
#pragma warning disable CS1591 // each row carries its own line of documentation
    /// <summary>Operands: the columns, then as many labels.</summary>
    public static readonly OpDef CreateFrame = Row(new("createFrame", -1, TypeRule.Own, ShapeRule.Own, OpTraits.Pure | OpTraits.Fusible, "A frame of columns; without labels they are called col_0, col_1, and so on.")
    {
        Split = RowsToRows1 with { Rest = SplitKind.Rows },
        Builtins = [new("createFrame", P("column", ParameterKind.Matrix) with { Variadic = true }, P("labels", ParameterKind.Text) with { Variadic = true, Optional = true })
        { Result = "a frame of these columns", Example = "print(createFrame([1, 2], [0.5, 1.5], [\"x\", \"y\"], \"id\", \"share\", \"name\"));\nprint(createFrame([1, 2]));" }],
    });
    public static readonly OpDef SetColLabels = Row(new("setColLabels", -1, TypeRule.Own, ShapeRule.Own, OpTraits.Pure | OpTraits.Fusible, "The same columns with other labels, one for each.")
    {
        Split = RowsToRows1,
        Builtins = [new("setColLabels", P("arg", ParameterKind.Frame), P("labels", ParameterKind.Text) with { Variadic = true })
        { Result = "a frame of the same columns", Example = "f = createFrame([1, 2], [0.5, 1.5]);\nprint(setColLabels(f, \"id\", \"share\"));" }],
    });
    public static readonly OpDef SetColLabelsPrefix = Row(new("setColLabelsPrefix", 2, TypeRule.Own, ShapeRule.Own, OpTraits.Pure | OpTraits.Fusible, "The same columns with a prefix and a dot before each label; a prefix that is there already is replaced.")
    {
        Split = RowsToRows1,
        Builtins = [new("setColLabelsPrefix", P("frame", ParameterKind.Frame), P("prefix", ParameterKind.Text))
        { Result = "a frame of the same columns", Example = "f = {\"id\": [1, 2], \"share\": [0.5, 1.5]};\ng = setColLabelsPrefix(f, \"g\");\nprint(g);\nprint(typeOf(setColLabelsPrefix(g, \"h\")));" }],
    });
#pragma warning restore CS1591
}
