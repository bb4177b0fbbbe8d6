using System.Collections.Immutable;

namespace Daphne.Net.Dialect;

/// <summary>What an operation is and may be used for.</summary>
[Flags]
public enum OpTraits
{
    /// <summary>Nothing is promised.</summary>
    None = 0,
    /// <summary>Same operands, same result; no effect. May be removed, merged and moved.</summary>
    Pure = 1,
    /// <summary>Works cell by cell: scalars, rows and columns are broadcast.</summary>
    Elementwise = 2,
    /// <summary>May be part of a pipeline (then <see cref="OpDef.Split"/> and <see cref="OpDef.ColumnSplit"/> say how).</summary>
    Fusible = 4,
    /// <summary>The first two operands may be swapped.</summary>
    Commutative = 8,
    /// <summary>Ends a block.</summary>
    Terminator = 16,
    /// <summary>Its regions run zero or more times (loops).</summary>
    Loop = 32,
    /// <summary>Reads or changes something outside the values: output, files, time.</summary>
    Effect = 64,
}

/// <summary>How the value type and the data type of a result follow from the operands.</summary>
public enum TypeRule
{
    /// <summary>No result.</summary>
    None,
    /// <summary>The rule is the operation's own; inference has a body for it.</summary>
    Own,
    /// <summary>The type of the first operand.</summary>
    KeepFirst,
    /// <summary>The most general value type of all operands; a matrix if any operand is one.</summary>
    Promote,
    /// <summary>As <see cref="Promote"/>, integers and bool become f64.</summary>
    PromoteFloat,
    /// <summary>As <see cref="Promote"/>, floats become ui64.</summary>
    PromoteInteger,
    /// <summary>As <see cref="Promote"/>, strings compare to si64.</summary>
    Compare,
    /// <summary>Strings; a matrix if any operand is one.</summary>
    Text,
    /// <summary>A matrix of the first operand's value type.</summary>
    MatrixOfFirst,
    /// <summary>A matrix of the first operand's value type, integers become f64.</summary>
    MatrixOfFirstFloat,
    /// <summary>A matrix of the most general value type of all operands.</summary>
    MatrixOfAll,
    /// <summary>A matrix of the most general value type of all operands, integers become f64.</summary>
    MatrixOfAllFloat,
    /// <summary>A matrix of positions.</summary>
    MatrixOfSize,
    /// <summary>A scalar of the first operand's value type.</summary>
    ScalarOfFirst,
    /// <summary>A scalar of the first operand's value type, integers become f64.</summary>
    ScalarOfFirstFloat,
    /// <summary>A scalar of the first operand's value type, bool becomes si64: sums and products count.</summary>
    ScalarOfFirstNumber,
    /// <summary>A matrix of the first operand's value type, bool becomes si64.</summary>
    MatrixOfFirstNumber,
    /// <summary>A size.</summary>
    Size,
    /// <summary>An si64 scalar.</summary>
    SI64,
    /// <summary>An f64 scalar.</summary>
    F64,
    /// <summary>A bool scalar.</summary>
    Bool,
    /// <summary>A string scalar.</summary>
    String,
}

/// <summary>How the shape of a result follows from the operands; scalars have none.</summary>
public enum ShapeRule
{
    /// <summary>The result has no shape.</summary>
    Scalar,
    /// <summary>The rule is the operation's own; inference has a body for it.</summary>
    Own,
    /// <summary>The shape of the first operand.</summary>
    KeepFirst,
    /// <summary>The shape of the first matrix operand; later ones are equal to it, a row, a column or 1x1.</summary>
    Broadcast,
    /// <summary>Rows and columns of the first operand swapped.</summary>
    Transposed,
    /// <summary>rows x 1.</summary>
    ColumnOfRows,
    /// <summary>1 x columns.</summary>
    RowOfCols,
    /// <summary>Operands 1 and 2 are the numbers of rows and columns.</summary>
    FromScalars12,
    /// <summary>Operands 0 and 1 are the numbers of rows and columns.</summary>
    FromScalars01,
    /// <summary>rows of the first x rows of the second... the result of an outer operation: rows of the first, columns of the second.</summary>
    Outer,
    /// <summary>n x n for a column of n.</summary>
    SquareOfRows,
    /// <summary>n x n for n columns.</summary>
    SquareOfCols,
    /// <summary>Side by side: columns add up.</summary>
    BesideEachOther,
    /// <summary>One above the other: rows add up.</summary>
    AboveEachOther,
}

/// <summary>How an input of a pipeline is handed out.</summary>
public enum SplitKind : byte
{
    /// <summary>Everybody gets all of it.</summary>
    None,
    /// <summary>Everybody gets a range of rows; a value of one row is handed out whole.</summary>
    Rows,
    /// <summary>Everybody gets a range of columns; a value of one column is handed out whole.</summary>
    Cols,
}

/// <summary>How the parts of a pipeline's output become one value.</summary>
public enum CombineKind : byte
{
    /// <summary>One below the other.</summary>
    Rows,
    /// <summary>One beside the other.</summary>
    Cols,
    /// <summary>Cell by cell sum.</summary>
    Add,
    /// <summary>Cell by cell minimum.</summary>
    Min,
    /// <summary>Cell by cell maximum.</summary>
    Max,
}

/// <summary>How an operation may be cut into row ranges, or into column ranges: per operand (operands beyond the list: not split) and for its result.</summary>
public sealed record OpSplit(CombineKind Combine, params SplitKind[] Inputs)
{
    /// <summary>How operands beyond the list are split, where there may be more. Default: not.</summary>
    public SplitKind Rest { get; init; }

    /// <summary>How many rows a range gives is not known before it is done: some rows are left out, or stand there several times.</summary>
    public bool Selects { get; init; }

    /// <summary>How operand <paramref name="index"/> is split.</summary>
    public SplitKind Of(int index) => index < Inputs.Length ? Inputs[index] : Rest;
}

/// <summary>What a parameter of a built-in function takes.</summary>
public enum ParameterKind
{
    /// <summary>Any value.</summary>
    Any,
    /// <summary>A matrix or a frame.</summary>
    Object,
    /// <summary>A matrix.</summary>
    Matrix,
    /// <summary>A frame.</summary>
    Frame,
    /// <summary>A list.</summary>
    List,
    /// <summary>A scalar.</summary>
    Scalar,
    /// <summary>A number of rows, columns or cells; cast to a size.</summary>
    Size,
    /// <summary>A scalar cast to si64.</summary>
    Integer,
    /// <summary>A scalar cast to f64.</summary>
    Float,
    /// <summary>A scalar cast to bool.</summary>
    Flag,
    /// <summary>A string.</summary>
    Text,
    /// <summary>The literal 0 (per row) or 1 (per column).</summary>
    Axis,
    /// <summary>The name of a user function.</summary>
    Function,
}

/// <summary>One parameter of a built-in function. A parameter with a default may be left out.</summary>
public sealed record Parameter(string Name, ParameterKind Kind = ParameterKind.Any)
{
    /// <summary>The value used where the argument is missing: a bool, long, double or string; null where the parameter is required.</summary>
    public object? Default { get; init; }

    /// <summary>May be left out without a default value; the operation then has no such operand.</summary>
    public bool Optional { get; init; }

    /// <summary>Takes all further arguments.</summary>
    public bool Variadic { get; init; }
}

/// <summary>How a built-in function of DaphneDSL reaches an operation: its name and parameters, in operand order.</summary>
public sealed record Builtin(string Name, params ImmutableArray<Parameter> Parameters)
{
    /// <summary>0 or 1 where this spelling is the one with that axis argument (which is not an operand); null otherwise.</summary>
    public int? Axis { get; init; }

    /// <summary>True where this spelling is the one with a column of group numbers and the number of groups behind the first argument.</summary>
    public bool ByGroups { get; init; }

    /// <summary>What comes back, where the operation's rules for type and shape are its own; null where they say it.</summary>
    public string? Result { get; init; }

    /// <summary>An example: a short script that runs and prints something.</summary>
    public string? Example { get; init; }
}

/// <summary>A built-in function with the operation it becomes.</summary>
public sealed record BuiltinRow(OpDef Op, Builtin Builtin);

/// <summary>An operation of the IR, declared once as a row of <see cref="Op"/>; parser, inference, fusion, splitting, kernels and documentation read it.</summary>
/// <param name="Name">The mnemonic without its dialect, for instance <c>ewAdd</c>.</param>
/// <param name="Arity">The number of operands; -1 where it varies.</param>
/// <param name="Type">The rule for result types.</param>
/// <param name="Shape">The rule for result shapes.</param>
/// <param name="Traits">What may be done with it.</param>
/// <param name="Doc">One line: what it does.</param>
public sealed record OpDef(string Name, int Arity, TypeRule Type, ShapeRule Shape, OpTraits Traits, string Doc)
{
    /// <summary>The MLIR dialect: <c>daphne</c>, <c>func</c> or <c>scf</c>.</summary>
    public string Dialect { get; init; } = "daphne";

    /// <summary>The infix or prefix operator of the language, where it has one.</summary>
    public string? Token { get; init; }

    /// <summary>The built-in functions that become this operation.</summary>
    public ImmutableArray<Builtin> Builtins { get; init; } = [];

    /// <summary>How it is cut into row ranges; null where it is not.</summary>
    public OpSplit? Split { get; init; }

    /// <summary>How it is cut into column ranges; null where it is not. Where both are possible, rows come first: matrices lie row by row.</summary>
    public OpSplit? ColumnSplit { get; init; }

    /// <summary>The number of results; -1 where it varies.</summary>
    public int Results { get; init; } = 1;

    /// <summary>The number of regions.</summary>
    public int Regions { get; init; }

    /// <summary>The name in IR text, for instance <c>daphne.ewAdd</c>.</summary>
    public string FullName => Dialect + "." + Name;

    /// <summary>What a script calls it: its operator, else its built-in function, else its IR name. For messages.</summary>
    public string ScriptName => Token ?? (Builtins.Length > 0 ? Builtins[0].Name : Name);

    /// <summary>True if all of <paramref name="traits"/> hold.</summary>
    public bool Is(OpTraits traits) => (Traits & traits) == traits;

    /// <summary>Rows are unique, so identity is equality.</summary>
    public bool Equals(OpDef? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    /// <inheritdoc/>
    public override string ToString() => FullName;
}
