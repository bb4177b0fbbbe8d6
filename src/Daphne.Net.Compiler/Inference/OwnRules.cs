using System.Collections.Immutable;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>The result types of an operation whose rule is its own.</summary>
delegate ImmutableArray<IrType> OwnRule(Operation op);

/// <summary>Result types of the operations whose row says that the rule is their own. One file per family; this one has the matrices.</summary>
static partial class OwnRules
{
    const long Unknown = IrType.Unknown;

    // Opened only when an operation is not one of the matrices': a script pays for what it uses.
    static readonly Func<Dictionary<OpDef, OwnRule>>[] families = [Frames, Lists, Decompositions, Relational, () => Preparation, Queries, NeuralNetworks];

    static readonly Dictionary<OpDef, OwnRule>?[] opened = new Dictionary<OpDef, OwnRule>?[families.Length];

    static readonly Dictionary<OpDef, Func<Operation, IrType>> matrices = new()
    {
        [Op.Constant] = op => ((ScalarAttribute)op.Attributes["value"]).Type,
        [Op.Cond] = Cond,
        [Op.Cast] = Cast,
        [Op.Seq] = op => IrType.Matrix(TypeRules.MostGeneral(op.Operands), SeqLength(op), 1),
        [Op.RandMatrix] = op => IrType.Matrix(op.Operands[2].Type.ValueType(), KnownIntegers.AsDimension(op.Operands[0]), KnownIntegers.AsDimension(op.Operands[1])),
        [Op.Sample] = op => IrType.Matrix(op.Operands[0].Type.ValueType(), KnownIntegers.AsDimension(op.Operands[1]), 1),
        [Op.MatrixConstant] = op => IrType.Matrix(TypeRules.MostGeneral(op.Operands), Integer(op, "rows"), Integer(op, "cols")),
        [Op.MatMul] = MatMul,
        [Op.Syrk] = op => Square(op.Operands[0].Type, KnownIntegers.Flag(op.Operands[1]) switch { true => op.Operands[0].Type.Cols(), false => op.Operands[0].Type.Rows(), null => Unknown }),
        [Op.Gemv] = op => IrType.Matrix(TypeRules.Number(TypeRules.MostGeneral(op.Operands)), op.Operands[0].Type.Cols(), 1),
        [Op.Solve] = op => IrType.Matrix(TypeRules.MostGeneral(op.Operands), op.Operands[0].Type.Cols(), op.Operands[1].Type.Cols()),
        [Op.ColBind] = Bind,
        [Op.RowBind] = Bind,
        [Op.Order] = Order,
        [Op.CTable] = op => IrType.Matrix(TypeRules.Number(op.Operands[2].Type.ValueType()), KnownIntegers.AsDimension(op.Operands[3]), KnownIntegers.AsDimension(op.Operands[4])),
        [Op.SliceRow] = op => WithShape(op.Operands[0].Type, SliceLength(op), op.Operands[0].Type.Cols()),
        [Op.SliceCol] = op => op.Operands[0].Type is FrameType f ? SliceCol(op, f) : WithShape(op.Operands[0].Type, op.Operands[0].Type.Rows(), SliceLength(op)),
        [Op.ExtractRow] = op => WithShape(op.Operands[0].Type, op.Operands[1].Type.Rows(), op.Operands[0].Type.Cols()),
        [Op.ExtractCol] = op => op.Operands[0].Type is FrameType f ? ExtractCol(op, f) : WithShape(op.Operands[0].Type, op.Operands[0].Type.Rows(), op.Operands[1].Type.Rows()),
        [Op.FilterRow] = op => WithShape(op.Operands[0].Type, Unknown, op.Operands[0].Type.Cols()),
        [Op.FilterCol] = op => op.Operands[0].Type is FrameType f ? FilterCol(op, f) : WithShape(op.Operands[0].Type, op.Operands[0].Type.Rows(), Unknown),
        // Lowering knows the function and says the value type; the shape is that of the argument.
        [Op.Map] = op => WithShape(op.Results[0].Type, op.Operands[0].Type.Rows(), op.Operands[0].Type.Cols()),
        // Lowering looks into the .meta file.
        [Op.Read] = op => op.Results[0].Type,
    };

    /// <summary>True if the operation has a body here.</summary>
    public static bool Has(OpDef def) => matrices.ContainsKey(def) || (def.Type == TypeRule.Own && OfFamilies(def) is not null);

    /// <summary>The types of its results.</summary>
    public static ImmutableArray<IrType> Apply(Operation op) => matrices.TryGetValue(op.Def, out var one) ? [one(op)] : OfFamilies(op.Def)!(op);

    static OwnRule? OfFamilies(OpDef def)
    {
        for (int i = 0; i < families.Length; i++)
            if ((opened[i] ??= families[i]()).TryGetValue(def, out var rule)) return rule;
        return null;
    }

    static IrType Cond(Operation op)
    {
        var (condition, then, otherwise) = (op.Operands[0].Type, op.Operands[1].Type, op.Operands[2].Type);
        var code = TypeRules.MostGeneral([then, otherwise]);
        if (condition is MatrixType) return IrType.Matrix(code, condition.Rows(), condition.Cols());
        return (then, otherwise) switch
        {
            (MatrixType, MatrixType) => IrType.Matrix(code, ShapeRules.Same(then.Rows(), otherwise.Rows()), ShapeRules.Same(then.Cols(), otherwise.Cols())),
            (ScalarType, ScalarType) => IrType.Scalar(code!.Value),
            _ => TypeFacts.Join(then, otherwise),
        };
    }

    // The result type says to what; only the shape follows from the operand.
    static IrType Cast(Operation op) => op.Results[0].Type switch
    {
        MatrixType to => to.WithShape(op.Operands[0].Type.Rows(), op.Operands[0].Type.Cols()),
        FrameType => ToFrame(op),
        var scalar => scalar,
    };

    static IrType MatMul(Operation op)
    {
        var (left, right) = (op.Operands[0].Type, op.Operands[1].Type);
        long rows = KnownIntegers.Flag(op.Operands[2]) switch { false => left.Rows(), true => left.Cols(), null => Unknown };
        long cols = KnownIntegers.Flag(op.Operands[3]) switch { false => right.Cols(), true => right.Rows(), null => Unknown };
        return IrType.Matrix(TypeRules.Number(TypeRules.MostGeneral([left, right])), rows, cols);
    }

    static IrType Bind(Operation op)
    {
        if (op.Operands[0].Type is FrameType left && op.Operands[1].Type is FrameType right) return op.Def == Op.ColBind ? Beside(left, right) : Above(left, right);
        var (rows, cols) = ShapeRules.Apply(op.Def.Shape, op.Operands);
        return IrType.Matrix(TypeRules.MostGeneral(op.Operands), rows, cols);
    }

    // Operands: the matrix, n column numbers, n directions, the flag.
    static IrType Order(Operation op) => KnownIntegers.Flag(op.Operands[^1]) switch
    {
        true => IrType.Matrix(ValueTypeCode.Size, op.Operands[0].Type.Rows(), 1),
        false => op.Operands[0].Type,
        null => IrType.NotInferred,
    };

    static MatrixType Square(IrType of, long n) => IrType.Matrix(TypeRules.Number(of.ValueType()), n, n);

    static IrType WithShape(IrType type, long rows, long cols) => type switch
    {
        MatrixType m => IrType.Matrix(m.ValueType, rows, cols),
        FrameType f => f with { Rows = rows },
        _ => type,
    };

    static long Integer(Operation op, string attribute) => (long)((ScalarAttribute)op.Attributes[attribute]).Value;

    // Both bounds may count from the end: with a negative lower bound an upper one of 0 is the end.
    static long SliceLength(Operation op)
    {
        var (lower, upper) = (op.Operands[1], op.Operands[2]);
        if (upper.Producer is { } next && next.Def == Op.EwAdd && ReferenceEquals(next.Operands[0], lower) && KnownIntegers.Of(next.Operands[1]) is 1) return 1;
        if (KnownIntegers.Of(lower) is not { } from || KnownIntegers.Of(upper) is not { } to) return Unknown;
        bool fromEnd = from < 0, toEnd = to < 0 || (fromEnd && to == 0);
        if (fromEnd == toEnd) return Math.Max(0, to - from);
        long n = op.Def == Op.SliceRow ? op.Operands[0].Type.Rows() : op.Operands[0].Type.Cols();
        return n < 0 ? Unknown : Math.Max(0, (toEnd ? to + n : to) - (fromEnd ? from + n : from));
    }

    // Whole numbers only: how many steps a float sequence takes is decided by the additions themselves.
    static long SeqLength(Operation op)
    {
        if (TypeRules.MostGeneral(op.Operands) is not { } code || !code.IsInteger()) return Unknown;
        if (KnownIntegers.Of(op.Operands[0]) is not { } from || KnownIntegers.Of(op.Operands[1]) is not { } to || KnownIntegers.Of(op.Operands[2]) is not { } step || step == 0) return Unknown;
        var distance = (Int128)to - from;
        return distance != 0 && distance > 0 != step > 0 ? 0 : (long)(distance / step + 1);
    }
}
