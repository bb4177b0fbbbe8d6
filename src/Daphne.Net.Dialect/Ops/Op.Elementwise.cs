namespace Daphne.Net.Dialect;

public static partial class Op
{
    const OpTraits Cell = OpTraits.Pure | OpTraits.Elementwise | OpTraits.Fusible;
    const OpTraits CellCommutative = Cell | OpTraits.Commutative;

    static OpSplit RowsToRows1 => new(CombineKind.Rows, SplitKind.Rows);
    static OpSplit RowsToRows2 => new(CombineKind.Rows, SplitKind.Rows, SplitKind.Rows);
    static OpSplit RowsToRows3 => new(CombineKind.Rows, SplitKind.Rows, SplitKind.Rows, SplitKind.Rows);

    static OpSplit ColsToCols1 => new(CombineKind.Cols, SplitKind.Cols);
    static OpSplit ColsToCols2 => new(CombineKind.Cols, SplitKind.Cols, SplitKind.Cols);
    static OpSplit ColsToCols3 => new(CombineKind.Cols, SplitKind.Cols, SplitKind.Cols, SplitKind.Cols);

    static OpDef Unary(string name, TypeRule type, string doc, string? builtin, string? token = null) =>
        Row(new(name, 1, type, ShapeRule.KeepFirst, Cell, doc) { Token = token, Split = RowsToRows1, ColumnSplit = ColsToCols1, Builtins = builtin is null ? [] : [new(builtin, P("arg")) { Example = "print(" + builtin + "([0.25, 1.0]));" }] });

    static OpDef Binary(string name, TypeRule type, string doc, string? token, string? builtin = null, OpTraits traits = Cell) =>
        Row(new(name, 2, type, ShapeRule.Broadcast, traits, doc) { Token = token, Split = RowsToRows2, ColumnSplit = ColsToCols2, Builtins = builtin is null ? [] : [new(builtin, P("lhs"), P("rhs")) { Example = type == TypeRule.Text ? "print(" + builtin + "(\"a\", \"b\"));" : "print(" + builtin + "([8.0, 9.0], [2.0, 3.0]));" }] });

#pragma warning disable CS1591 // each row carries its own line of documentation
    public static readonly OpDef EwMinus = Unary("ewMinus", TypeRule.KeepFirst, "Negates cell by cell.", "minus", "-");
    public static readonly OpDef EwAbs = Unary("ewAbs", TypeRule.KeepFirst, "Absolute value cell by cell.", "abs");
    public static readonly OpDef EwSign = Unary("ewSign", TypeRule.KeepFirst, "-1, 0 or 1 cell by cell; nan stays nan.", "sign");
    public static readonly OpDef EwExp = Unary("ewExp", TypeRule.PromoteFloat, "e to the power of each cell.", "exp");
    public static readonly OpDef EwLn = Unary("ewLn", TypeRule.PromoteFloat, "Natural logarithm cell by cell; a negative cell is an error.", "ln");
    public static readonly OpDef EwSqrt = Unary("ewSqrt", TypeRule.PromoteFloat, "Square root cell by cell; a negative cell is an error.", "sqrt");
    public static readonly OpDef EwRound = Unary("ewRound", TypeRule.KeepFirst, "Rounds cell by cell, halves away from zero.", "round");
    public static readonly OpDef EwFloor = Unary("ewFloor", TypeRule.KeepFirst, "Rounds down cell by cell.", "floor");
    public static readonly OpDef EwCeil = Unary("ewCeil", TypeRule.KeepFirst, "Rounds up cell by cell.", "ceil");
    public static readonly OpDef EwSin = Unary("ewSin", TypeRule.PromoteFloat, "Sine cell by cell.", "sin");
    public static readonly OpDef EwCos = Unary("ewCos", TypeRule.PromoteFloat, "Cosine cell by cell.", "cos");
    public static readonly OpDef EwTan = Unary("ewTan", TypeRule.PromoteFloat, "Tangent cell by cell.", "tan");
    public static readonly OpDef EwSinh = Unary("ewSinh", TypeRule.PromoteFloat, "Hyperbolic sine cell by cell.", "sinh");
    public static readonly OpDef EwCosh = Unary("ewCosh", TypeRule.PromoteFloat, "Hyperbolic cosine cell by cell.", "cosh");
    public static readonly OpDef EwTanh = Unary("ewTanh", TypeRule.PromoteFloat, "Hyperbolic tangent cell by cell.", "tanh");
    public static readonly OpDef EwAsin = Unary("ewAsin", TypeRule.PromoteFloat, "Arc sine cell by cell; a cell outside [-1, 1] is an error.", "asin");
    public static readonly OpDef EwAcos = Unary("ewAcos", TypeRule.PromoteFloat, "Arc cosine cell by cell; a cell outside [-1, 1] is an error.", "acos");
    public static readonly OpDef EwAtan = Unary("ewAtan", TypeRule.PromoteFloat, "Arc tangent cell by cell.", "atan");
    public static readonly OpDef EwIsNan = Unary("ewIsnan", TypeRule.KeepFirst, "1 where a cell is nan, else 0.", "isNan");

    public static readonly OpDef EwAdd = Binary("ewAdd", TypeRule.Promote, "Adds cell by cell; joins strings.", "+");
    public static readonly OpDef EwSub = Binary("ewSub", TypeRule.Promote, "Subtracts cell by cell.", "-");
    public static readonly OpDef EwMul = Binary("ewMul", TypeRule.Promote, "Multiplies cell by cell.", "*", traits: CellCommutative);
    public static readonly OpDef EwDiv = Binary("ewDiv", TypeRule.Promote, "Divides cell by cell; integers truncate towards zero.", "/");
    public static readonly OpDef EwPow = Binary("ewPow", TypeRule.Promote, "Raises cell by cell to a power.", "^", "pow");
    public static readonly OpDef EwMod = Binary("ewMod", TypeRule.Promote, "Remainder cell by cell with the sign of the dividend.", "%", "mod");
    public static readonly OpDef EwLog = Binary("ewLog", TypeRule.PromoteFloat, "Logarithm of the first to the base of the second operand, cell by cell.", null, "log");
    public static readonly OpDef EwMin = Binary("ewMin", TypeRule.Promote, "The smaller cell.", null, "min");
    public static readonly OpDef EwMax = Binary("ewMax", TypeRule.Promote, "The larger cell.", null, "max");
    public static readonly OpDef EwAnd = Binary("ewAnd", TypeRule.PromoteInteger, "1 where both cells are not zero, else 0.", "&&", traits: CellCommutative);
    public static readonly OpDef EwOr = Binary("ewOr", TypeRule.PromoteInteger, "1 where a cell is not zero, else 0.", "||", traits: CellCommutative);
    public static readonly OpDef EwXor = Binary("ewXor", TypeRule.PromoteInteger, "1 where one cell is zero and the other is not, else 0.", null, traits: CellCommutative);
    public static readonly OpDef EwConcat = Binary("ewConcat", TypeRule.Text, "Joins strings cell by cell.", null, "concat");
    public static readonly OpDef EwEq = Binary("ewEq", TypeRule.Compare, "1 where the cells are equal, else 0.", "==", traits: CellCommutative);
    public static readonly OpDef EwNeq = Binary("ewNeq", TypeRule.Compare, "1 where the cells differ, else 0.", "!=", traits: CellCommutative);
    public static readonly OpDef EwLt = Binary("ewLt", TypeRule.Compare, "1 where the left cell is smaller, else 0.", "<");
    public static readonly OpDef EwLe = Binary("ewLe", TypeRule.Compare, "1 where the left cell is not larger, else 0.", "<=");
    public static readonly OpDef EwGt = Binary("ewGt", TypeRule.Compare, "1 where the left cell is larger, else 0.", ">");
    public static readonly OpDef EwGe = Binary("ewGe", TypeRule.Compare, "1 where the left cell is not smaller, else 0.", ">=");

    /// <summary>A result type of its own: the most general of the two choices; a matrix if any operand is one.</summary>
    public static readonly OpDef Cond = Row(new("cond", 3, TypeRule.Own, ShapeRule.Own, Cell, "Chooses between two values by a condition, as a whole or cell by cell.") { Token = "?:", Split = RowsToRows3, ColumnSplit = ColsToCols3 });
    public static readonly OpDef Cast = Row(new("cast", 1, TypeRule.Own, ShapeRule.Own, Cell, "Changes the value type or data type; the result type says to which.") { Split = RowsToRows1, ColumnSplit = ColsToCols1 });
#pragma warning restore CS1591
}
