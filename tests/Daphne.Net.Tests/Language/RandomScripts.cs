using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Tests.Language;

/// <summary>
/// Random syntax trees, the same for the same seed: every construct of the language in every place the grammar allows, regardless of names and
/// types. For programs that run see <see cref="RandomPrograms"/>.
/// </summary>
sealed class RandomScripts(int seed)
{
    static readonly string[] names = ["x", "y", "X", "_a1", "acc", "list", "matrixA", "nano", "e", "f", "u"];
    static readonly string[] operators = ["@", "^", "%", "*", "/", "+", "-", "==", "!=", "<", "<=", ">", ">=", "&&", "||"];
    static readonly string[] pieces = ["a", "n", "t", "\"", "\n", "\t", "\b", "\r", "\f", " ", "ä", "{", "//", "%", "'"];

    readonly Random random = new(seed);

    /// <summary>A script of up to <paramref name="most"/> statements.</summary>
    public Script Script(int most = 6) => new(new(Many(0, most, () => random.Next(8) == 0 ? TopLevel() : Statement(3))));

    T[] Many<T>(int least, int most, Func<T> make) => [.. Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => make())];

    bool Maybe(int oneIn = 2) => random.Next(oneIn) == 0;

    T? Perhaps<T>(Func<T> make) where T : class => Maybe() ? make() : null;

    string Name() => names[random.Next(names.Length)];

    string QualifiedName() => Maybe(5) ? $"{Name()}.{Name()}" : Name();

    Statement TopLevel()
    {
        if (Maybe(4)) return new ImportStatement($"lib/{Name()}.daphne", Perhaps(Name));
        int number = 0;
        var parameters = Many(0, 3, () => new FunctionParameter($"{Name()}_{number++}", Perhaps(Type)));
        return new FunctionStatement(Name(), new(parameters), Perhaps(() => new NodeList<TypeName>(Many(1, 2, Type))), Block(2));
    }

    TypeName Type()
    {
        DataTypeName? data = Maybe() ? (DataTypeName)random.Next(3) : null;
        return new(data, data is null || Maybe() ? ValueType() : null);
    }

    ValueTypeCode ValueType()
    {
        var code = ValueTypes.All[random.Next(ValueTypes.All.Count)];
        return code == ValueTypeCode.Size ? ValueTypeCode.UI64 : code;
    }

    BlockStatement Block(int depth) => new(new(Many(0, 3, () => Statement(depth))));

    Statement Statement(int depth) => random.Next(depth > 0 ? 10 : 4) switch
    {
        0 or 1 => new AssignStatement(new(Many(1, Maybe(4) ? 3 : 1, () => new AssignTarget(QualifiedName(), Maybe(4) ? Index(2) : null))), Expression(4)),
        2 => new ReturnStatement(new(Many(0, 2, () => Expression(3)))),
        3 => new ExpressionStatement(Expression(4)),
        4 => Block(depth - 1),
        5 => new WhileStatement(Expression(2), Statement(depth - 1)),
        6 => new DoWhileStatement(Statement(depth - 1), Expression(2)),
        7 => new ForStatement(Name(), Expression(2), Expression(2), Perhaps(() => Expression(2)), Statement(depth - 1)),
        8 => new IfStatement(Expression(2), Statement(depth - 1), null),
        // A block, because an if without else in its place would take the else.
        _ => new IfStatement(Expression(2), Block(depth - 1), Statement(depth - 1)),
    };

    /// <summary>An expression at most <paramref name="depth"/> levels high.</summary>
    public Expression Expression(int depth) => random.Next(depth > 0 ? 18 : 6) switch
    {
        0 or 1 or 2 => new Identifier(QualifiedName()),
        3 => new Argument(Name()),
        4 or 5 => Literal(),
        6 or 7 or 8 or 9 => Binary(depth),
        10 => new Unary(Maybe() ? "-" : "+", Expression(depth - 1)),
        11 => new Conditional(Expression(depth - 1), Expression(depth - 1), Expression(depth - 1)),
        12 => new Call(QualifiedName(), Maybe(4) ? Name() : null, new([.. Many(0, 2, () => new CallArgument(null, Expression(depth - 1))), .. Keywords(depth - 1)])),
        13 => new CastExpression(Type(), Expression(depth - 1)),
        14 => new IndexExpression(Expression(depth - 1), Index(depth - 1)),
        15 => new FilterExpression(Expression(depth - 1), Perhaps(() => Expression(depth - 1)), Perhaps(() => Expression(depth - 1))),
        16 => Maybe()
            ? new MatrixLiteral(new(Many(0, 3, () => Expression(depth - 1))), false, null, null)
            : new MatrixLiteral(new(Many(0, 3, () => Expression(depth - 1))), true, Perhaps(() => Expression(depth - 1)), Perhaps(() => Expression(depth - 1))),
        _ => Frame(depth - 1),
    };

    Binary Binary(int depth)
    {
        string op = operators[random.Next(operators.Length)];
        return new(op, op is "+" or "-" or "*" or "/" && Maybe(8) ? Name() : null, Expression(depth - 1), Expression(depth - 1));
    }

    CallArgument[] Keywords(int depth)
    {
        int number = 0;
        return Maybe(3) ? Many(1, 2, () => new CallArgument($"k{number++}", Expression(depth))) : [];
    }

    Indexing Index(int depth) => new(Side(depth), Side(depth));

    IndexRange Side(int depth) => random.Next(3) switch
    {
        0 => new IndexAll(),
        1 => new IndexPosition(Expression(depth)),
        _ => new IndexSlice(Perhaps(() => Expression(depth)), Perhaps(() => Expression(depth))),
    };

    Expression Frame(int depth)
    {
        if (Maybe()) return new FrameLiteralByRows(new(Many(0, 2, () => Expression(depth))), new(Many(0, 2, () => new NodeList<Expression>(Many(0, 2, () => Expression(depth))))));
        var columns = Many(0, 3, () => (Label: Expression(depth), Column: Expression(depth)));
        return new FrameLiteralByColumns(new([.. columns.Select(c => c.Label)]), new([.. columns.Select(c => c.Column)]));
    }

    /// <summary>A literal of any value type that has literals.</summary>
    public Literal Literal() => random.Next(8) switch
    {
        0 => new(ValueTypeCode.Bool, Maybe()),
        1 => new(ValueTypeCode.SI64, (long)random.Next(10)),
        2 => new(ValueTypeCode.SI64, random.Next(20) == 0 ? long.MinValue : random.NextInt64()),
        3 => new(ValueTypeCode.UI64, (ulong)random.NextInt64() << random.Next(2)),
        4 => new(ValueTypeCode.F64, random.Next(6) switch { 0 => double.NaN, 1 => double.PositiveInfinity, 2 => 0.0, _ => Math.Abs(BitConverter.Int64BitsToDouble(random.NextInt64())) }),
        5 => new(ValueTypeCode.F64, Math.Round(random.NextDouble() * 100, random.Next(4))),
        6 => new(ValueTypeCode.F32, (float)random.NextDouble() * MathF.Pow(10, random.Next(-40, 38))),
        _ => new(ValueTypeCode.Str, Text()),
    };

    // A backslash only where it cannot meet a letter behind it: a literal cannot express that.
    string Text() => string.Concat(Many(0, 5, () => pieces[random.Next(pieces.Length)])) + (Maybe(4) ? "\\" : "") + (Maybe(4) ? "\n" : "");
}
