using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Tests.Language;

sealed partial class RandomPrograms
{
    /// <summary>An expression of exactly this kind.</summary>
    RandomValue Value(RandomKind kind, int depth)
    {
        if (depth <= 0 || Maybe(6)) return Leaf(kind);
        var value = random.Next(3) == 0 ? Common(kind, depth - 1) : kind.IsScalar ? ScalarOnly(kind, depth - 1) : MatrixOnly(kind, depth - 1);
        return Within(value, Most);
    }

    /// <summary>The value itself, or its remainder where it might exceed <paramref name="bound"/>.</summary>
    RandomValue Within(RandomValue value, double bound) =>
        value.Bound <= bound ? value : new(new Binary("%", null, value.Expression, Number(value.Kind.Type, (long)bound)), value.Kind, (long)bound);

    static Expression Number(ValueTypeCode type, long value) => type == ValueTypeCode.SI64 ? Whole(value) : new Literal(ValueTypeCode.F64, (double)value);

    static Expression Signed(long value) => value < 0 ? new Unary("-", Whole(-value)) : Whole(value);

    RandomValue Leaf(RandomKind kind)
    {
        var fitting = variables.Where(v => v.Kind == kind).ToList();
        if (fitting.Count > 0 && !Maybe(4))
        {
            var (name, _, bound, _) = Pick(fitting);
            return new(new Identifier(name), kind, bound);
        }
        if (kind.IsScalar) return new(Constant(kind.Type), kind, 10);
        if (Maybe(3)) return new(Call("fill", Constant(kind.Type), Whole(kind.Rows), Whole(kind.Cols)), kind, 10);
        Expression[] cells = [.. Enumerable.Range(0, kind.Cells).Select(_ => Constant(kind.Type))];
        bool column = kind.Cols == 1 && Maybe();
        return new(new MatrixLiteral(new(cells), !column, column ? null : Whole(kind.Rows), column ? null : Whole(kind.Cols)), kind, 10);
    }

    // At least 0.5 in magnitude or zero; halves where fractions are allowed.
    Expression Constant(ValueTypeCode type)
    {
        long whole = random.Next(10);
        Expression magnitude = type == ValueTypeCode.SI64 ? Whole(whole) : new Literal(ValueTypeCode.F64, wholeNumbers ? whole : whole + 0.5 * random.Next(2));
        return Maybe(4) ? new Unary("-", magnitude) : magnitude;
    }

    static Call Call(string name, params Expression[] arguments) => new(name, null, new([.. arguments.Select(a => new CallArgument(null, a))]));

    static Binary Binary(string op, RandomValue left, RandomValue right) => new(op, null, left.Expression, right.Expression);

    /// <summary>What scalars and matrices have in common: operators and functions cell by cell.</summary>
    RandomValue Common(RandomKind kind, int depth)
    {
        var a = Value(kind, depth);
        switch (random.Next(10))
        {
            case 0: return new(new Unary("-", a.Expression), kind, a.Bound);
            case 1: return new(Call("abs", a.Expression), kind, a.Bound);
            case 2: return new(new Binary("%", null, a.Expression, Number(kind.Type, random.Next(1, 20))), kind, 20);
            case 3 when kind.Type == ValueTypeCode.F64:
                var from = Value(kind with { Type = ValueTypeCode.SI64 }, depth);
                return new(new CastExpression(new(null, ValueTypeCode.F64), from.Expression), kind, from.Bound);
            case 4 when kind.Type == ValueTypeCode.SI64 || !wholeNumbers:
                return new(new Binary("/", null, a.Expression, Number(kind.Type, random.Next(1, 9))), kind, a.Bound);
            case 5 when kind.Type == ValueTypeCode.F64 && !wholeNumbers:
                return new(Call("sqrt", Call("abs", a.Expression)), kind, Math.Max(1, Math.Sqrt(a.Bound)));
            case 6:
                var other = Operand(kind, depth);
                return new(Call(Maybe() ? "min" : "max", a.Expression, other.Expression), kind, Math.Max(a.Bound, other.Bound));
            case 7: return Product(a, Operand(kind, depth));
            default:
                var b = Operand(kind, depth);
                return new(Binary(Maybe() ? "+" : "-", a, b), kind, a.Bound + b.Bound);
        }
    }

    /// <summary>A right operand for a left one of this kind: the same kind, or for matrices also a scalar, a row or a column (1x1 is not stretched).</summary>
    RandomValue Operand(RandomKind kind, int depth) => kind.IsScalar ? Value(kind, depth) : random.Next(5) switch
    {
        0 => Value(kind.Scalar, depth),
        1 when kind.Cols > 1 => Value(kind with { Rows = 1 }, depth),
        2 when kind.Rows > 1 => Value(kind with { Cols = 1 }, depth),
        _ => Value(kind, depth),
    };

    // Below 10^12, so still exact; whoever asked for the value takes the remainder.
    static RandomValue Product(RandomValue a, RandomValue b) => new(Binary("*", a, b), a.Kind, a.Bound * b.Bound);

    RandomValue ScalarOnly(RandomKind kind, int depth)
    {
        var matrix = Value(MatrixKind() with { Type = kind.Type }, depth);
        switch (random.Next(8))
        {
            case 0: return new(Call("sum", matrix.Expression), kind, matrix.Bound * matrix.Kind.Cells);
            case 1: return new(Call(Maybe() ? "aggMin" : "aggMax", matrix.Expression), kind, matrix.Bound);
            case 2 when kind.Type == ValueTypeCode.F64 && !wholeNumbers: return new(Call("mean", matrix.Expression), kind, matrix.Bound);
            case 3 when kind.Type == ValueTypeCode.SI64: return new(Cast(ValueTypeCode.SI64, Call(Maybe() ? "nrow" : "ncol", matrix.Expression)), kind, 100);
            case 4 when kind.Type == ValueTypeCode.SI64: return new(Cast(ValueTypeCode.SI64, Condition(depth)), kind, 1);
            case 5:
                var cell = new IndexExpression(matrix.Expression, new(new IndexPosition(Whole(random.Next(matrix.Kind.Rows))), new IndexPosition(Whole(random.Next(matrix.Kind.Cols)))));
                return new(new CastExpression(new(DataTypeName.Scalar, null), cell), kind, matrix.Bound);
            case 6 when known.Where(f => f.Result == kind).ToList() is { Count: > 0 } callable:
                var (function, parameters, _, bound) = Pick(callable);
                return new(Call(function.Name, [.. parameters.Select(p => Within(Value(p, depth), 1000).Expression)]), kind, bound);
            case 7 when conditionals:
                var (then, otherwise) = (Value(kind, depth), Value(kind, depth));
                return new(new Conditional(Condition(depth), then.Expression, otherwise.Expression), kind, Math.Max(then.Bound, otherwise.Bound));
            default:
                return Common(kind, depth);
        }
    }

    static CastExpression Cast(ValueTypeCode type, Expression e) => new(new(null, type), e);

    /// <summary>A scalar to branch on.</summary>
    Expression Condition(int depth = 1)
    {
        var kind = ScalarKind();
        var comparison = Binary(Pick(["<", "<=", ">", ">=", "==", "!="]), Value(kind, depth), Value(kind, depth));
        return depth > 0 && kind.Type == ValueTypeCode.SI64 && Maybe(4) ? new Binary(Maybe() ? "&&" : "||", null, comparison, Binary("<", Value(kind, 0), Value(kind, 0))) : comparison;
    }

    RandomValue MatrixOnly(RandomKind kind, int depth)
    {
        switch (random.Next(9))
        {
            case 0:
                var turned = Value(new(kind.Type, kind.Cols, kind.Rows), depth);
                return new(Call("t", turned.Expression), kind, turned.Bound);
            case 1:
                int inner = random.Next(1, 5);
                var (left, right) = (Value(kind with { Cols = inner }, depth), Value(kind with { Rows = inner }, depth));
                return new(Binary("@", left, right), kind, inner * left.Bound * right.Bound);
            case 2 when kind.Cols == 1 || kind.Rows == 1:
                bool perRow = kind.Cols == 1;
                var summed = Value(perRow ? kind with { Cols = random.Next(1, 5) } : kind with { Rows = random.Next(1, 5) }, depth);
                return new(Call(Pick(["sum", "aggMin", "aggMax"]), summed.Expression, Whole(perRow ? 0 : 1)), kind, summed.Bound * 5);
            case 3 when kind.Rows > 1:
                int top = random.Next(1, kind.Rows);
                var (upper, lower) = (Value(kind with { Rows = top }, depth), Value(kind with { Rows = kind.Rows - top }, depth));
                return new(Call("rbind", upper.Expression, lower.Expression), kind, Math.Max(upper.Bound, lower.Bound));
            case 4 when kind.Cols > 1:
                int first = random.Next(1, kind.Cols);
                var (start, rest) = (Value(kind with { Cols = first }, depth), Value(kind with { Cols = kind.Cols - first }, depth));
                return new(Call("cbind", start.Expression, rest.Expression), kind, Math.Max(start.Bound, rest.Bound));
            case 5:
                var cells = Value(new(kind.Type, kind.Cells, 1), depth);
                return new(Call("reshape", cells.Expression, Whole(kind.Rows), Whole(kind.Cols)), kind, cells.Bound);
            case 6:
                int above = random.Next(3), before = random.Next(3);
                var whole = Value(new(kind.Type, kind.Rows + above, kind.Cols + before), depth);
                return new(new IndexExpression(whole.Expression, new(new IndexSlice(Whole(above), null), new IndexSlice(Whole(before), Whole(before + kind.Cols)))), kind, whole.Bound);
            case 7 when kind.Cols == 1 && kind.Rows > 1:
                return new(Call("seq", Number(kind.Type, 1), Number(kind.Type, kind.Rows)), kind, kind.Rows);
            default:
                var compared = Value(kind, depth);
                return new(Binary(Pick(["<", "<=", ">", ">=", "==", "!="]), compared, Operand(kind, depth)), kind, 1);
        }
    }
}
