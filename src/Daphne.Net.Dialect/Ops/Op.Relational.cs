namespace Daphne.Net.Dialect;

// Relational algebra on frames. Key columns are named by label; joins on several columns also take positions.
public static partial class Op
{
    const string TwoFrames = "l = {\"id\": [4, 2, 3], \"x\": [0.5, 1.5, 2.5]};\nr = {\"rid\": [3, 4, 4], \"y\": [10, 20, 30]};\n";
    const string TwoSets = "l = {\"k\": [1, 2, 2], \"s\": [\"a\", \"b\", \"b\"]};\nr = {\"k\": [2, 3], \"s\": [\"b\", \"a\"]};\n";

    // Left rows in order, each with what the whole of the right frame has for it.
    static OpSplit LeftRows => new(CombineKind.Rows, SplitKind.Rows, SplitKind.None) { Selects = true };

    // Operands: the frames, the keys of the left one, as many of the right one.
    static OpDef KeyJoin(string name, OpSplit? split, string doc, string result) => Row(new(name, -1, TypeRule.Own, ShapeRule.Own, split is null ? OpTraits.Pure : OpTraits.Pure | OpTraits.Fusible, doc)
    {
        Split = split,
        Builtins = [new(name, P("lhs", ParameterKind.Frame), P("rhs", ParameterKind.Frame), P("leftOn", ParameterKind.Scalar) with { Variadic = true }, P("rightOn", ParameterKind.Scalar) with { Variadic = true })
        { Result = result, Example = TwoFrames + $"print({name}(l, r, \"id\", \"rid\"));\nprint({name}(l, r, 0, 0));" }],
    });

    static OpDef RowSet(string name, string doc) => Row(new(name, 2, TypeRule.Own, ShapeRule.Own, OpTraits.Pure, doc)
    { Builtins = [new(name, P("lhs", ParameterKind.Frame), P("rhs", ParameterKind.Frame)) { Result = "a frame with the labels of lhs, no row twice", Example = TwoSets + $"print({name}(l, r));" }] });

#pragma warning disable CS1591 // each row carries its own line of documentation
    public static readonly OpDef Cartesian = Row(new("cartesian", 2, TypeRule.Own, ShapeRule.Own, OpTraits.Pure, "Every row of one frame beside every row of another one.")
    { Builtins = [new("cartesian", P("lhs", ParameterKind.Frame), P("rhs", ParameterKind.Frame)) { Result = "a frame of the columns of both", Example = "print(cartesian({\"a\": [1, 2]}, {\"b\": [\"x\", \"y\"]}));" }] });
    public static readonly OpDef InnerJoin = Row(new("innerJoin", 5, TypeRule.Own, ShapeRule.Own, OpTraits.Pure | OpTraits.Fusible, "Pairs of rows with equal keys: left rows in order, the matches of each in order. The size hint numRowRes is not needed and changes nothing.")
    {
        Split = LeftRows,
        Builtins = [new("innerJoin", P("lhs", ParameterKind.Frame), P("rhs", ParameterKind.Frame), P("lhsOn", ParameterKind.Text), P("rhsOn", ParameterKind.Text), P("numRowRes", ParameterKind.Integer, -1L))
        { Result = "a frame of the columns of both", Example = TwoFrames + "print(innerJoin(l, r, \"id\", \"rid\"));" }],
    });
    public static readonly OpDef SemiJoin = Row(new("semiJoin", 5, TypeRule.Own, ShapeRule.Own, OpTraits.Pure, "The left rows that have a match. The size hint numRowRes is not needed and changes nothing.")
    {
        Results = 2,
        Builtins = [new("semiJoin", P("lhs", ParameterKind.Frame), P("rhs", ParameterKind.Frame), P("lhsOn", ParameterKind.Text), P("rhsOn", ParameterKind.Text), P("numRowRes", ParameterKind.Integer, -1L))
        { Result = "two: a frame of the key column, and the positions of its rows in lhs", Example = TwoFrames + "keys, at = semiJoin(l, r, \"id\", \"rid\");\nprint(keys);\nprint(at);" }],
    });
    public static readonly OpDef AntiJoin = KeyJoin("antiJoin", LeftRows, "The left rows that have no match.", "a frame of the columns of lhs");
    public static readonly OpDef LeftOuterJoin = KeyJoin("leftOuterJoin", LeftRows, "Pairs of rows with equal keys, and the left rows without match; beside these stand nan, 0, false and empty strings.", "a frame of the columns of both");
    public static readonly OpDef FullOuterJoin = KeyJoin("fullOuterJoin", null, "Pairs of rows with equal keys, the left rows and, at the end, the right rows without match; beside these stand nan, 0, false and empty strings.", "a frame of the columns of both");
    public static readonly OpDef GroupJoin = Row(new("groupJoin", 5, TypeRule.Own, ShapeRule.Own, OpTraits.Pure, "Rows with equal keys, grouped by key: the sum of a column of the right frame for each key, in ascending order. The keys of the left frame should be unique.")
    {
        Results = 2,
        Builtins = [new("groupJoin", P("lhs", ParameterKind.Frame), P("rhs", ParameterKind.Frame), P("lhsOn", ParameterKind.Text), P("rhsOn", ParameterKind.Text), P("rhsAgg", ParameterKind.Text))
        { Result = "two: a frame of the keys and their sums, and the positions of the keys in lhs", Example = TwoFrames + "sums, at = groupJoin(l, r, \"id\", \"rid\", \"y\");\nprint(sums);\nprint(at);" }],
    });
    /// <summary>Operands: the frame, the labels of the keys, the label of the column that is added up.</summary>
    public static readonly OpDef Group = Row(new("group", -1, TypeRule.Own, ShapeRule.Own, OpTraits.Pure, "The sum of a column for each combination of keys, in ascending order of the keys.")
    {
        Builtins = [new("groupSum", P("arg", ParameterKind.Frame), P("grpColNames", ParameterKind.Text) with { Variadic = true }, P("sumColName", ParameterKind.Text))
        { Result = "a frame of the keys and their sums", Example = "f = {\"k\": [2, 1, 2], \"x\": [0.5, 1.5, 2.5]};\nprint(groupSum(f, \"k\", \"x\"));" }],
    });
    public static readonly OpDef Intersect = RowSet("intersect", "The rows that stand in both frames.");
    public static readonly OpDef Merge = RowSet("merge", "The rows that stand in either frame.");
    public static readonly OpDef Except = RowSet("except", "The rows of the first frame that do not stand in the second one.");
#pragma warning restore CS1591
}
