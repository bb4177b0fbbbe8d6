namespace Daphne.Net.Dialect;

public static partial class Op
{
    static OpDef Grp(string name, string builtin, string result, string doc) => Row(new(name, 3, TypeRule.Own, ShapeRule.Own, OpTraits.Pure | (builtin == "count" ? OpTraits.None : OpTraits.Fusible), doc)
    {
        ColumnSplit = builtin == "count" ? null : ColsToCols1,
        Builtins = [new(builtin, P("arg", ParameterKind.Matrix), P(builtin == "count" ? "groupIds" : "axisOrGroups", ParameterKind.Matrix), P("numGroups", ParameterKind.Size))
        { ByGroups = builtin != "count", Result = $"numGroups x columns of arg, {result}", Example = $"X = [1, 2, 3, 4];\nids = [0, 1, 0, 1];\nprint({builtin}(X, ids, 2));" }],
    });

#pragma warning disable CS1591 // each row carries its own line of documentation
    public static readonly OpDef CountGrp = Grp("countGrp", "count", "as sizes (uint64_t)", "Number of rows of each group; a column says to which group each row belongs.");
    public static readonly OpDef SumGrp = Grp("sumGrp", "sum", "of the value type of arg (of si64 for bool)", "Sum of the rows of each group, 0 where it has none.");
    public static readonly OpDef MinGrp = Grp("minGrp", "aggMin", "of the value type of arg", "Smallest cell of each column in each group.");
    public static readonly OpDef MaxGrp = Grp("maxGrp", "aggMax", "of the value type of arg", "Largest cell of each column in each group.");
    public static readonly OpDef MeanGrp = Grp("meanGrp", "mean", "of f64, of f32 where the argument is", "Mean of the rows of each group, nan where it has none.");
    public static readonly OpDef VarGrp = Grp("varGrp", "var", "of f64, of f32 where the argument is", "Population variance of the rows of each group.");
    public static readonly OpDef StddevGrp = Grp("stddevGrp", "stddev", "of f64, of f32 where the argument is", "Population standard deviation of the rows of each group.");
#pragma warning restore CS1591
}
