using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Tests.Language;

/// <summary>What a value of a random program is; a scalar has no rows and no columns.</summary>
readonly record struct RandomKind(ValueTypeCode Type, int Rows, int Cols)
{
    public bool IsScalar => Rows == 0;
    public int Cells => IsScalar ? 1 : Rows * Cols;
    public RandomKind Scalar => new(Type, 0, 0);
}

/// <summary>An expression with its kind and a bound on the magnitude of its cells.</summary>
readonly record struct RandomValue(Expression Expression, RandomKind Kind, double Bound);

/// <summary>
/// Random programs that run to their end: names are known, types and shapes fit, positions lie in bounds, nothing overflows, no loop is endless.
/// Scalars and dense matrices of si64 and f64; every live variable is printed at the end. The same seed gives the same program.
/// With <paramref name="wholeNumbers"/> all values are whole and below 2^40, so that sums are exact in any order.
/// The other switches leave out blocks, branches and loops; function definitions; <c>?:</c>.
/// </summary>
sealed partial class RandomPrograms(int seed, bool wholeNumbers = false, bool controlFlow = true, bool functions = true, bool conditionals = true)
{
    // Cells stay below this; what would exceed it is reduced by '%'.
    const double Most = 1e6;

    readonly Random random = new(seed);
    readonly List<(string Name, RandomKind Kind, double Bound, bool ReadOnly)> variables = [];
    readonly List<(FunctionStatement Function, RandomKind[] Parameters, RandomKind Result, double Bound)> known = [];
    int names;
    int loops;

    /// <summary>A program of about <paramref name="statements"/> statements before the final prints.</summary>
    public Script Program(int statements = 12)
    {
        var script = new List<Statement>();
        for (int i = functions ? random.Next(3) : 0; i > 0; i--) script.Add(Function());
        script.Add(Declare(new(ValueTypeCode.SI64, 0, 0)));
        script.Add(Declare(MatrixKind()));
        Add(script, statements, 2);
        foreach (var variable in variables) script.Add(Print(new Identifier(variable.Name)));
        return new(new([.. script]));
    }

    /// <summary>The program as text.</summary>
    public string Text(int statements = 12) => SyntaxPrinter.Print(Program(statements));

    bool Maybe(int oneIn = 2) => random.Next(oneIn) == 0;

    T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    string Fresh(string prefix) => $"{prefix}{names++}";

    ValueTypeCode Type() => Maybe() ? ValueTypeCode.SI64 : ValueTypeCode.F64;

    RandomKind ScalarKind() => new(Type(), 0, 0);

    RandomKind MatrixKind() => new(Type(), random.Next(1, 6), random.Next(1, 6));

    static ExpressionStatement Print(Expression e) => new(new Call("print", null, new(new CallArgument(null, e))));

    static Literal Whole(long value) => new(ValueTypeCode.SI64, value);

    void Add(List<Statement> list, int count, int depth)
    {
        for (; count > 0; count--) list.Add(Statement(depth));
    }

    Statement Statement(int depth) => random.Next(depth > 0 && controlFlow ? 13 : 7) switch
    {
        0 => Declare(ScalarKind()),
        1 or 2 => Declare(MatrixKind()),
        3 or 4 => Reassign(),
        5 => Insert(),
        6 => Print(Value(Maybe() ? ScalarKind() : MatrixKind(), 2).Expression),
        7 or 8 => new IfStatement(Condition(), Block(depth - 1), Maybe() ? Block(depth - 1) : null),
        9 or 10 => For(depth - 1),
        11 => While(depth - 1),
        _ => Block(depth - 1),
    };

    AssignStatement Declare(RandomKind kind)
    {
        var value = Value(kind, 3);
        string name = Fresh(kind.IsScalar ? "s" : "M");
        // Room to grow inside loops.
        variables.Add((name, kind, Math.Max(value.Bound, 100), false));
        return Assign(name, null, value.Expression);
    }

    static AssignStatement Assign(string name, Indexing? index, Expression value) => new(new(new AssignTarget(name, index)), value);

    Statement Reassign()
    {
        var writable = variables.Where(v => !v.ReadOnly).ToList();
        if (writable.Count == 0) return Declare(ScalarKind());
        var (name, kind, bound, _) = Pick(writable);
        return Assign(name, null, Within(Value(kind, 3), bound).Expression);
    }

    Statement Insert()
    {
        var matrices = variables.Where(v => !v.Kind.IsScalar && !v.ReadOnly).ToList();
        if (matrices.Count == 0) return Declare(MatrixKind());
        var (name, kind, bound, _) = Pick(matrices);
        var (rows, height) = Range(kind.Rows);
        var (cols, width) = Range(kind.Cols);
        return Assign(name, new(rows, cols), Within(Value(new(kind.Type, height, width), 2), bound).Expression);
    }

    /// <summary>A stretch of positions below <paramref name="count"/> and its length.</summary>
    (IndexRange Range, int Length) Range(int count)
    {
        int from = random.Next(count), to = random.Next(from + 1, count + 1);
        return random.Next(3) switch
        {
            0 => (new IndexAll(), count),
            1 => (new IndexPosition(Whole(from)), 1),
            _ => (new IndexSlice(Whole(from), Whole(to)), to - from),
        };
    }

    BlockStatement Block(int depth)
    {
        int outside = variables.Count;
        var statements = new List<Statement>();
        Add(statements, random.Next(1, 4), depth);
        variables.RemoveRange(outside, variables.Count - outside);
        return new(new([.. statements]));
    }

    ForStatement For(int depth)
    {
        int from = random.Next(-2, 3), to = random.Next(-2, 3);
        Expression? step = Maybe(3) ? Signed(to < from ? -random.Next(1, 3) : random.Next(1, 3)) : null;
        string name = Fresh("i");
        variables.Add((name, new(ValueTypeCode.SI64, 0, 0), 3, true));
        var body = Block(depth);
        variables.RemoveAll(v => v.Name == name);
        return new(name, Signed(from), Signed(to), step, body);
    }

    // The counter is set up in a block of its own, so that nothing else sees or changes it.
    BlockStatement While(int depth)
    {
        string counter = $"k{loops++}";
        variables.Add((counter, new(ValueTypeCode.SI64, 0, 0), 3, true));
        var body = Block(depth);
        variables.RemoveAll(v => v.Name == counter);
        var count = Assign(counter, null, new Binary("+", null, new Identifier(counter), Whole(1)));
        var condition = new Binary("<", null, new Identifier(counter), Whole(random.Next(1, 4)));
        var counted = new BlockStatement(new(body, count));
        return new(new(Assign(counter, null, Whole(0)), Maybe() ? new WhileStatement(condition, counted) : new DoWhileStatement(counted, condition)));
    }

    FunctionStatement Function()
    {
        var outside = variables.ToArray();
        variables.Clear();
        RandomKind[] kinds = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => ScalarKind())];
        var parameters = kinds.Select(kind => new FunctionParameter(Fresh("p"), new(null, kind.Type))).ToArray();
        for (int i = 0; i < kinds.Length; i++) variables.Add((parameters[i].Name, kinds[i], 1000, true));
        var body = new List<Statement> { Declare(ScalarKind()) };
        if (Maybe()) body.Add(Reassign());
        var result = Value(ScalarKind(), 3);
        body.Add(new ReturnStatement(new(result.Expression)));
        var function = new FunctionStatement(Fresh("f"), new(parameters), new(new TypeName(null, result.Kind.Type)), new(new([.. body])));
        variables.Clear();
        variables.AddRange(outside);
        known.Add((function, kinds, result.Kind, result.Bound));
        return function;
    }
}
