namespace Daphne.Net.Dialect;

public static partial class Op
{
    static OpDef Agg(string name, string builtin, int? axis, TypeRule type, string doc, CombineKind? combine)
    {
        // Aggregates share one parameter list; the axis is not an operand, it chooses the row.
        var shape = axis switch { null => ShapeRule.Scalar, 0 => ShapeRule.ColumnOfRows, _ => ShapeRule.RowOfCols };
        // What goes down a column needs all of it and nothing else. Of all cells, the parts of either cut are joined in the same way.
        var columns = axis == 1 ? CombineKind.Cols : axis is null ? combine : null;
        return Row(new(name, 1, type, shape, OpTraits.Pure | (combine is null && columns is null ? OpTraits.None : OpTraits.Fusible), doc)
        {
            Split = combine is { } c ? new(c, SplitKind.Rows) : null,
            ColumnSplit = columns is { } d ? new(d, SplitKind.Cols) : null,
            Builtins = [new(builtin, P("arg", ParameterKind.Matrix)) { Axis = axis, Example = "X = [3, 1, 2, 4](2, 2);\nprint(" + builtin + (axis is null ? "(X));" : axis == 0 ? "(X, 0));" : "(X, 1));") }],
        });
    }

#pragma warning disable CS1591 // each row carries its own line of documentation
    public static readonly OpDef SumAll = Agg("sumAll", "sum", null, TypeRule.ScalarOfFirstNumber, "Sum of all cells.", CombineKind.Add);
    public static readonly OpDef SumRow = Agg("sumRow", "sum", 0, TypeRule.MatrixOfFirstNumber, "Sum of each row.", CombineKind.Rows);
    public static readonly OpDef SumCol = Agg("sumCol", "sum", 1, TypeRule.MatrixOfFirstNumber, "Sum of each column.", CombineKind.Add);
    public static readonly OpDef MinAll = Agg("minAll", "aggMin", null, TypeRule.ScalarOfFirst, "Smallest cell.", CombineKind.Min);
    public static readonly OpDef MinRow = Agg("minRow", "aggMin", 0, TypeRule.MatrixOfFirst, "Smallest cell of each row.", CombineKind.Rows);
    public static readonly OpDef MinCol = Agg("minCol", "aggMin", 1, TypeRule.MatrixOfFirst, "Smallest cell of each column.", CombineKind.Min);
    public static readonly OpDef MaxAll = Agg("maxAll", "aggMax", null, TypeRule.ScalarOfFirst, "Largest cell.", CombineKind.Max);
    public static readonly OpDef MaxRow = Agg("maxRow", "aggMax", 0, TypeRule.MatrixOfFirst, "Largest cell of each row.", CombineKind.Rows);
    public static readonly OpDef MaxCol = Agg("maxCol", "aggMax", 1, TypeRule.MatrixOfFirst, "Largest cell of each column.", CombineKind.Max);
    public static readonly OpDef MeanAll = Agg("meanAll", "mean", null, TypeRule.ScalarOfFirstFloat, "Mean of all cells.", null);
    public static readonly OpDef MeanRow = Agg("meanRow", "mean", 0, TypeRule.MatrixOfFirstFloat, "Mean of each row.", CombineKind.Rows);
    public static readonly OpDef MeanCol = Agg("meanCol", "mean", 1, TypeRule.MatrixOfFirstFloat, "Mean of each column.", null);
    public static readonly OpDef VarAll = Agg("varAll", "var", null, TypeRule.ScalarOfFirstFloat, "Population variance of all cells.", null);
    public static readonly OpDef VarRow = Agg("varRow", "var", 0, TypeRule.MatrixOfFirstFloat, "Population variance of each row.", CombineKind.Rows);
    public static readonly OpDef VarCol = Agg("varCol", "var", 1, TypeRule.MatrixOfFirstFloat, "Population variance of each column.", null);
    public static readonly OpDef StddevAll = Agg("stddevAll", "stddev", null, TypeRule.ScalarOfFirstFloat, "Population standard deviation of all cells.", null);
    public static readonly OpDef StddevRow = Agg("stddevRow", "stddev", 0, TypeRule.MatrixOfFirstFloat, "Population standard deviation of each row.", CombineKind.Rows);
    public static readonly OpDef StddevCol = Agg("stddevCol", "stddev", 1, TypeRule.MatrixOfFirstFloat, "Population standard deviation of each column.", null);
    public static readonly OpDef IdxMinRow = Agg("idxminRow", "idxMin", 0, TypeRule.MatrixOfSize, "Position of the first smallest cell of each row.", CombineKind.Rows);
    public static readonly OpDef IdxMinCol = Agg("idxminCol", "idxMin", 1, TypeRule.MatrixOfSize, "Position of the first smallest cell of each column.", null);
    public static readonly OpDef IdxMaxRow = Agg("idxmaxRow", "idxMax", 0, TypeRule.MatrixOfSize, "Position of the first largest cell of each row.", CombineKind.Rows);
    public static readonly OpDef IdxMaxCol = Agg("idxmaxCol", "idxMax", 1, TypeRule.MatrixOfSize, "Position of the first largest cell of each column.", null);

    static OpDef Cum(string name, string builtin, TypeRule type, string doc) =>
        Row(new(name, 1, type, ShapeRule.KeepFirst, OpTraits.Pure | OpTraits.Fusible, doc) { ColumnSplit = ColsToCols1, Builtins = [new(builtin, P("arg", ParameterKind.Matrix)) { Example = "print(" + builtin + "([3, 1, 2, 4]));" }] });

    public static readonly OpDef SumCum = Cum("sumCum", "cumSum", TypeRule.MatrixOfFirstNumber, "Running sum down each column.");
    public static readonly OpDef ProdCum = Cum("prodCum", "cumProd", TypeRule.MatrixOfFirstNumber, "Running product down each column.");
    public static readonly OpDef MinCum = Cum("minCum", "cumMin", TypeRule.MatrixOfFirst, "Running minimum down each column.");
    public static readonly OpDef MaxCum = Cum("maxCum", "cumMax", TypeRule.MatrixOfFirst, "Running maximum down each column.");
#pragma warning restore CS1591
}
