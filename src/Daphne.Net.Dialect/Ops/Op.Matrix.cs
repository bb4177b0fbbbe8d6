namespace Daphne.Net.Dialect;

public static partial class Op
{
#pragma warning disable CS1591 // each row carries its own line of documentation
    // Making matrices
    public static readonly OpDef Fill = Row(new("fill", 3, TypeRule.MatrixOfFirst, ShapeRule.FromScalars12, OpTraits.Pure, "A matrix of one value.")
    { Builtins = [new("fill", P("value", ParameterKind.Scalar), P("numRows", ParameterKind.Size), P("numCols", ParameterKind.Size)) { Example = "print(fill(1.5, 2, 3));" }] });
    public static readonly OpDef Seq = Row(new("seq", 3, TypeRule.MatrixOfAll, ShapeRule.Own, OpTraits.Pure, "A column from a first value to a last one in steps, both ends included.")
    { Builtins = [new("seq", P("from", ParameterKind.Scalar), P("to", ParameterKind.Scalar), P("inc", ParameterKind.Scalar, (sbyte)1)) { Result = "as many rows as steps fit x 1", Example = "print(seq(1, 10, 3));" }] });
    public static readonly OpDef RandMatrix = Row(new("randMatrix", 6, TypeRule.Own, ShapeRule.FromScalars01, OpTraits.None, "Random cells, evenly distributed; a seed of -1 takes a random one.")
    {
        Builtins = [new("rand", P("numRows", ParameterKind.Size), P("numCols", ParameterKind.Size), P("min", ParameterKind.Scalar), P("max", ParameterKind.Scalar),
            P("sparsity", ParameterKind.Float), P("seed", ParameterKind.Integer)) { Result = "a matrix of the value type of min", Example = "print(rand(2, 3, 0.0, 1.0, 1.0, 7));" }],
    });
    public static readonly OpDef Sample = Row(new("sample", 4, TypeRule.MatrixOfFirst, ShapeRule.Own, OpTraits.None, "A random column drawn from [0, range - 1], with or without replacement.")
    { Builtins = [new("sample", P("range", ParameterKind.Scalar), P("size", ParameterKind.Size), P("withReplacement", ParameterKind.Flag), P("seed", ParameterKind.Integer)) { Result = "size x 1", Example = "print(sample(10, 3, false, 7));" }] });
    public static readonly OpDef MatrixConstant = Row(new("matrixConstant", -1, TypeRule.Own, ShapeRule.Own, OpTraits.Pure, "A matrix literal: its cells, row by row; attributes rows and cols."));
    public static readonly OpDef DiagMatrix = Row(new("diagMatrix", 1, TypeRule.MatrixOfFirst, ShapeRule.SquareOfRows, OpTraits.Pure, "A square matrix with a column on its diagonal.")
    { Builtins = [new("diagMatrix", P("arg", ParameterKind.Matrix)) { Example = "print(diagMatrix([1, 2, 3]));" }] });

    // Facts about matrices
    public static readonly OpDef NumRows = Row(new("numRows", 1, TypeRule.Size, ShapeRule.Scalar, OpTraits.Pure, "Number of rows.") { Builtins = [new("nrow", P("arg", ParameterKind.Object)) { Example = "print(nrow([1, 2, 3]));" }] });
    public static readonly OpDef NumCols = Row(new("numCols", 1, TypeRule.Size, ShapeRule.Scalar, OpTraits.Pure, "Number of columns.") { Builtins = [new("ncol", P("arg", ParameterKind.Object)) { Example = "print(ncol([1, 2, 3]));" }] });
    public static readonly OpDef NumCells = Row(new("numCells", 1, TypeRule.Size, ShapeRule.Scalar, OpTraits.Pure, "Number of cells.") { Builtins = [new("ncell", P("arg", ParameterKind.Object)) { Example = "print(ncell([1, 2, 3, 4](2, 2)));" }] });
    public static readonly OpDef Sparsity = Row(new("sparsity", 1, TypeRule.F64, ShapeRule.Scalar, OpTraits.Pure, "Share of cells that are not zero.") { Builtins = [new("sparsity", P("arg", ParameterKind.Matrix)) { Example = "print(sparsity([1, 0, 0, 2]));" }] });
    public static readonly OpDef TypeOf = Row(new("typeOf", 1, TypeRule.String, ShapeRule.Scalar, OpTraits.Pure, "Data type, shape and value type as text.") { Builtins = [new("typeOf", P("arg")) { Example = "print(typeOf([1.5, 2.5]));" }] });
    public static readonly OpDef IsSymmetric = Row(new("isSymmetric", 1, TypeRule.Bool, ShapeRule.Scalar, OpTraits.Pure, "True where a square matrix equals its transpose.") { Builtins = [new("isSymmetric", P("arg", ParameterKind.Matrix)) { Example = "print(isSymmetric([1, 2, 2, 1](2, 2)));" }] });

    // Products
    public static readonly OpDef MatMul = Row(new("matMul", 4, TypeRule.Own, ShapeRule.Own, OpTraits.Pure | OpTraits.Fusible, "Matrix product; two flags say which operand is transposed first.")
    { Token = "@", Split = new(CombineKind.Rows, SplitKind.Rows, SplitKind.None), ColumnSplit = new(CombineKind.Cols, SplitKind.None, SplitKind.Cols) });
    public static readonly OpDef Syrk = Row(new("syrk", 2, TypeRule.MatrixOfFirst, ShapeRule.Own, OpTraits.Pure | OpTraits.Fusible, "t(A) @ A if the flag is true, else A @ t(A).")
    { Split = new(CombineKind.Add, SplitKind.Rows), Builtins = [new("syrk", P("arg", ParameterKind.Matrix)) { Result = "columns x columns of arg: t(arg) @ arg", Example = "print(syrk([1.0, 2.0, 3.0, 4.0](2, 2)));" }] });
    public static readonly OpDef Gemv = Row(new("gemv", 2, TypeRule.MatrixOfAll, ShapeRule.Own, OpTraits.Pure | OpTraits.Fusible, "t(A) @ x for a column x.")
    { Split = new(CombineKind.Add, SplitKind.Rows, SplitKind.Rows), Builtins = [new("gemv", P("lhs", ParameterKind.Matrix), P("rhs", ParameterKind.Matrix)) { Result = "a column with the columns of lhs: t(lhs) @ rhs", Example = "print(gemv([1.0, 2.0, 3.0, 4.0](2, 2), [1.0, 10.0]));" }] });
    public static readonly OpDef Solve = Row(new("solve", 2, TypeRule.MatrixOfAll, ShapeRule.Own, OpTraits.Pure, "The x with A @ x = b, by LU decomposition with partial pivoting.")
    { Builtins = [new("solve", P("lhs", ParameterKind.Matrix), P("rhs", ParameterKind.Matrix)) { Result = "columns of lhs x columns of rhs", Example = "print(solve([2.0, 0.0, 0.0, 4.0](2, 2), [1.0, 2.0]));" }] });

    // Moving cells
    public static readonly OpDef Transpose = Row(new("transpose", 1, TypeRule.KeepFirst, ShapeRule.Transposed, OpTraits.Pure | OpTraits.Fusible, "Swaps rows and columns.")
    { Split = new(CombineKind.Cols, SplitKind.Rows), ColumnSplit = new(CombineKind.Rows, SplitKind.Cols), Builtins = [new("t", P("arg", ParameterKind.Matrix)) { Example = "print(t([1, 2, 3]));" }, new("transpose", P("arg", ParameterKind.Matrix)) { Example = "print(transpose([1, 2, 3]));" }] });
    public static readonly OpDef Reshape = Row(new("reshape", 3, TypeRule.KeepFirst, ShapeRule.FromScalars12, OpTraits.Pure, "The same cells, row by row, in another shape.")
    { Builtins = [new("reshape", P("arg", ParameterKind.Matrix), P("numRows", ParameterKind.Size), P("numCols", ParameterKind.Size)) { Example = "print(reshape([1, 2, 3, 4], 2, 2));" }] });
    public static readonly OpDef ColBind = Row(new("colBind", 2, TypeRule.Own, ShapeRule.BesideEachOther, OpTraits.Pure | OpTraits.Fusible, "Two matrices, or two frames, side by side.")
    { Split = RowsToRows2, Builtins = [new("cbind", P("lhs", ParameterKind.Object), P("rhs", ParameterKind.Object)) { Result = "a matrix of the most general value type, or a frame of the columns of both", Example = "print(cbind([1, 2], [3, 4]));\nprint(cbind({\"a\": [1, 2]}, {\"b\": [0.5, 1.5]}));" }] });
    public static readonly OpDef RowBind = Row(new("rowBind", 2, TypeRule.Own, ShapeRule.AboveEachOther, OpTraits.Pure | OpTraits.Fusible, "Two matrices, or two frames of the same labels and value types, one above the other.")
    { ColumnSplit = ColsToCols2, Builtins = [new("rbind", P("lhs", ParameterKind.Object), P("rhs", ParameterKind.Object)) { Result = "a matrix of the most general value type, or a frame of the rows of both", Example = "print(rbind([1, 2], [3, 4]));\nprint(rbind({\"a\": [1, 2]}, {\"a\": [3]}));" }] });
    public static readonly OpDef Reverse = Row(new("reverse", 1, TypeRule.KeepFirst, ShapeRule.KeepFirst, OpTraits.Pure | OpTraits.Fusible, "The rows in reverse order.") { ColumnSplit = ColsToCols1, Builtins = [new("reverse", P("arg", ParameterKind.Matrix)) { Example = "print(reverse([1, 2, 3]));" }] });
    public static readonly OpDef Order = Row(new("order", -1, TypeRule.Own, ShapeRule.Own, OpTraits.Pure, "Rows sorted (stable) by columns; or the positions that would sort them.")
    { Builtins = [new("order", P("arg", ParameterKind.Object), P("colIdxs and ascs", ParameterKind.Scalar) with { Variadic = true }, P("returnIdxs", ParameterKind.Flag)) { Result = "the rows of arg sorted, or with returnIdxs their positions as a column", Example = "X = [3, 1, 2];\nprint(order(X, 0, true, false));\nprint(order(X, 0, false, true));" }] });
    public static readonly OpDef DiagVector = Row(new("diagVector", 1, TypeRule.MatrixOfFirst, ShapeRule.ColumnOfRows, OpTraits.Pure, "The diagonal of a square matrix as a column.")
    { Builtins = [new("diagVector", P("arg", ParameterKind.Matrix)) { Example = "print(diagVector([1, 2, 3, 4](2, 2)));" }] });
    public static readonly OpDef Tri = Row(new("tri", 4, TypeRule.MatrixOfFirst, ShapeRule.KeepFirst, OpTraits.Pure, "The upper or lower triangle: flags upper, diag (keep the diagonal), values (else ones).")
    {
        Builtins = [new("upperTri", P("arg", ParameterKind.Matrix), P("diag", ParameterKind.Flag), P("values", ParameterKind.Flag)) { Example = "X = [1, 2, 3, 4](2, 2);\nprint(upperTri(X, true, true));\nprint(upperTri(X, false, false));" },
            new("lowerTri", P("arg", ParameterKind.Matrix), P("diag", ParameterKind.Flag), P("values", ParameterKind.Flag)) { Example = "X = [1, 2, 3, 4](2, 2);\nprint(lowerTri(X, true, true));\nprint(lowerTri(X, false, false));" }],
    });
    public static readonly OpDef Replace = Row(new("replace", 3, TypeRule.MatrixOfAll, ShapeRule.KeepFirst, OpTraits.Pure | OpTraits.Fusible, "Puts one value where another one stands; nan matches nan.")
    { Split = RowsToRows1, ColumnSplit = ColsToCols1, Builtins = [new("replace", P("arg", ParameterKind.Matrix), P("pattern", ParameterKind.Scalar), P("replacement", ParameterKind.Scalar)) { Example = "print(replace([1.0, nan], nan, 0.0));" }] });
    public static readonly OpDef CTable = Row(new("ctable", 5, TypeRule.Own, ShapeRule.Own, OpTraits.Pure, "Contingency table: adds a weight at each pair of coordinates; sizes of -1 are derived.")
    {
        Builtins = [new("ctable", P("lhs", ParameterKind.Matrix), P("rhs", ParameterKind.Matrix), P("weight", ParameterKind.Scalar, 1.0),
            P("resNumRows", ParameterKind.Integer, -1L), P("resNumCols", ParameterKind.Integer, -1L)) { Result = "resNumRows x resNumCols, or as large as the coordinates need, of the value type of weight", Example = "print(ctable([0, 1, 1], [1, 0, 0]));" }],
    });

    // Indexing; bounds of slices and insertions are si64, lower inclusive, upper exclusive. A negative bound counts from the end; with a negative
    // lower bound an upper one of 0 is the end (so that [p, p + 1) is one row for p = -1). Operands of insertions: target, source, lower, upper.
    // Positions of extractions are a column of any numeric value type, truncated, negative ones counting from the end.
    public static readonly OpDef SliceRow = Row(new("sliceRow", 3, TypeRule.KeepFirst, ShapeRule.Own, OpTraits.Pure | OpTraits.Fusible, "A range of rows.") { ColumnSplit = ColsToCols1 });
    public static readonly OpDef SliceCol = Row(new("sliceCol", 3, TypeRule.Own, ShapeRule.Own, OpTraits.Pure | OpTraits.Fusible, "A range of columns.") { Split = RowsToRows1 });
    public static readonly OpDef ExtractRow = Row(new("extractRow", 2, TypeRule.KeepFirst, ShapeRule.Own, OpTraits.Pure | OpTraits.Fusible, "The rows at positions given by a column.") { ColumnSplit = ColsToCols1 });
    public static readonly OpDef ExtractCol = Row(new("extractCol", 2, TypeRule.Own, ShapeRule.Own, OpTraits.Pure | OpTraits.Fusible, "The columns at positions given by a column.") { Split = RowsToRows1 });
    public static readonly OpDef FilterRow = Row(new("filterRow", 2, TypeRule.KeepFirst, ShapeRule.Own, OpTraits.Pure | OpTraits.Fusible, "The rows where a column of 0 and 1 has 1.") { Split = RowsToRows2 with { Selects = true } });
    public static readonly OpDef FilterCol = Row(new("filterCol", 2, TypeRule.KeepFirst, ShapeRule.Own, OpTraits.Pure, "The columns where a column of 0 and 1 has 1."));
    public static readonly OpDef InsertRow = Row(new("insertRow", 4, TypeRule.KeepFirst, ShapeRule.KeepFirst, OpTraits.Pure, "The first operand with a range of rows replaced by the second."));
    public static readonly OpDef InsertCol = Row(new("insertCol", 4, TypeRule.KeepFirst, ShapeRule.KeepFirst, OpTraits.Pure, "The first operand with a range of columns replaced by the second."));
#pragma warning restore CS1591
}
