namespace Daphne.Net.Dialect;

public static partial class Op
{
    static OpDef OuterRow(string name, string builtin, TypeRule type, string doc) =>
        Row(new(name, 2, type, ShapeRule.Outer, OpTraits.Pure | OpTraits.Fusible, doc)
        {
            Split = new(CombineKind.Rows, SplitKind.Rows, SplitKind.None), ColumnSplit = new(CombineKind.Cols, SplitKind.None, SplitKind.Cols),
            Builtins = [new(builtin, P("lhs", ParameterKind.Matrix), P("rhs", ParameterKind.Matrix)) { Example = "print(" + builtin + "([1, 2, 4], [2, 4](1, 2)));" }],
        });

#pragma warning disable CS1591 // each row carries its own line of documentation
    public static readonly OpDef OuterAdd = OuterRow("outerAdd", "outerAdd", TypeRule.MatrixOfAll, "Sum of each cell of a column with each cell of a row.");
    public static readonly OpDef OuterSub = OuterRow("outerSub", "outerSub", TypeRule.MatrixOfAll, "Difference of each cell of a column and each cell of a row.");
    public static readonly OpDef OuterMul = OuterRow("outerMul", "outerMul", TypeRule.MatrixOfAll, "Product of each cell of a column with each cell of a row.");
    public static readonly OpDef OuterDiv = OuterRow("outerDiv", "outerDiv", TypeRule.MatrixOfAll, "Quotient of each cell of a column and each cell of a row.");
    public static readonly OpDef OuterPow = OuterRow("outerPow", "outerPow", TypeRule.MatrixOfAll, "Power of each cell of a column to each cell of a row.");
    public static readonly OpDef OuterMod = OuterRow("outerMod", "outerMod", TypeRule.MatrixOfAll, "Remainder of each cell of a column and each cell of a row.");
    public static readonly OpDef OuterLog = OuterRow("outerLog", "outerLog", TypeRule.MatrixOfAllFloat, "Logarithm of each cell of a column to the base of each cell of a row.");
    public static readonly OpDef OuterMin = OuterRow("outerMin", "outerMin", TypeRule.MatrixOfAll, "Minimum of each cell of a column and each cell of a row.");
    public static readonly OpDef OuterMax = OuterRow("outerMax", "outerMax", TypeRule.MatrixOfAll, "Maximum of each cell of a column and each cell of a row.");
    public static readonly OpDef OuterAnd = OuterRow("outerAnd", "outerAnd", TypeRule.PromoteInteger, "1 where a cell of a column and a cell of a row are not zero, else 0.");
    public static readonly OpDef OuterOr = OuterRow("outerOr", "outerOr", TypeRule.PromoteInteger, "1 where a cell of a column or a cell of a row is not zero, else 0.");
    public static readonly OpDef OuterXor = OuterRow("outerXor", "outerXor", TypeRule.PromoteInteger, "1 where one of a cell of a column and a cell of a row is zero and the other is not, else 0.");
    public static readonly OpDef OuterConcat = OuterRow("outerConcat", "outerConcat", TypeRule.Text, "Each string of a column joined with each string of a row.");
    public static readonly OpDef OuterEq = OuterRow("outerEq", "outerEq", TypeRule.Compare, "1 where a cell of a column equals a cell of a row, else 0.");
    public static readonly OpDef OuterNeq = OuterRow("outerNeq", "outerNeq", TypeRule.Compare, "1 where a cell of a column differs from a cell of a row, else 0.");
    public static readonly OpDef OuterLt = OuterRow("outerLt", "outerLt", TypeRule.Compare, "1 where a cell of a column is smaller than a cell of a row, else 0.");
    public static readonly OpDef OuterLe = OuterRow("outerLe", "outerLe", TypeRule.Compare, "1 where a cell of a column is not larger than a cell of a row, else 0.");
    public static readonly OpDef OuterGt = OuterRow("outerGt", "outerGt", TypeRule.Compare, "1 where a cell of a column is larger than a cell of a row, else 0.");
    public static readonly OpDef OuterGe = OuterRow("outerGe", "outerGe", TypeRule.Compare, "1 where a cell of a column is not smaller than a cell of a row, else 0.");
#pragma warning restore CS1591
}
