namespace Daphne.Net.Dialect;

public static partial class Op
{
#pragma warning disable CS1591 // each row carries its own line of documentation
    /// <summary>Operands: the text, then the frames behind the names in attribute views, in this order.</summary>
    /// <remarks>Which frames are split, if any, is said by the plan of the query.</remarks>
    public static readonly OpDef Sql = Row(new("sql", -1, TypeRule.Own, ShapeRule.Own, OpTraits.Pure | OpTraits.Fusible, "The result of a SQL query over the registered views.")
    {
        Split = new(CombineKind.Rows, SplitKind.None, SplitKind.Rows) { Selects = true },
        Builtins = [new("sql", P("query", ParameterKind.Text))
        { Result = "a frame with the selected columns, called as they were written or after AS", Example = "registerView(\"people\", {\"name\": [\"ann\", \"bob\", \"cid\"], \"age\": [31, 42, 31]});\nprint(sql(\"SELECT p.age, count(*) AS n FROM people AS p GROUP BY p.age\"));\nprint(sql(\"SELECT upper(name) AS who FROM people WHERE age > 40\"));" }],
    });
    /// <summary>Lowering keeps the name and the frame; no operation is left of it.</summary>
    public static readonly OpDef RegisterView = Row(new("registerView", 2, TypeRule.None, ShapeRule.Scalar, OpTraits.None, "Gives a frame a name for queries that follow; a name given again is the new frame from there on.")
    {
        Results = 0,
        Builtins = [new("registerView", P("viewName", ParameterKind.Text), P("view", ParameterKind.Frame))
        { Example = "registerView(\"v\", {\"a\": [3, 1, 2]});\nprint(sql(\"SELECT v.a FROM v ORDER BY v.a DESC\"));" }],
    });
#pragma warning restore CS1591
}
