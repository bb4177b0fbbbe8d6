using System.Collections.Immutable;
using System.Globalization;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

sealed partial class IrParser
{
    public IrType OnlyType()
    {
        var type = Type();
        Skip();
        return Here == '\0' ? type : throw Expected("the end of the type");
    }

    IrType Type(int depth = 0)
    {
        Skip();
        int start = At;
        if (depth > IrText.MostNesting) throw Fail(Diag.IrLimit, start, IrText.MostNesting, "nested types");
        if (Here == '(') return Function(depth);
        string name = Here == '!' && At++ >= 0 ? "!" + Word("a type") : Word("a type");
        return name switch
        {
            "none" => new NoneType(),
            "!daphne.Unknown" => IrType.NotInferred,
            "!daphne.Matrix" => Matrix(),
            "!daphne.Frame" => Frame(),
            "!daphne.List" => List(depth),
            _ => ValueTypes.TryParseIr(name, out var code) ? IrType.Scalar(code) : throw Fail(Diag.IrUnknownType, start, name),
        };
    }

    FunctionType Function(int depth)
    {
        var inputs = TypeList(depth);
        Expect("->");
        Skip();
        return new(inputs, Here == '(' ? TypeList(depth) : [Type(depth + 1)]);
    }

    ImmutableArray<IrType> TypeList(int depth)
    {
        var types = ImmutableArray.CreateBuilder<IrType>();
        Expect("(");
        if (Eat(")")) return [];
        do types.Add(Type(depth + 1));
        while (Eat(","));
        Expect(")");
        return types.ToImmutable();
    }

    ListType List(int depth)
    {
        Expect("<");
        var element = Type(depth + 1);
        Expect(">");
        return new(element);
    }

    MatrixType Matrix()
    {
        Expect("<");
        long rows = Dimension(), cols = Dimension();
        var type = new MatrixType(CellType(), rows, cols);
        while (Eat(":"))
        {
            int start = At;
            string property = Word("sp, rep or symmetric");
            Expect("[");
            type = property switch
            {
                "sp" => type with { Sparsity = Share() },
                "rep" => type with { Representation = OneOf(("dense", Representation.Dense), ("sparse", Representation.Sparse)) },
                "symmetric" => type with { Symmetric = OneOf<bool?>(("true", true), ("false", false), ("?", null)) },
                _ => throw Fail(Diag.IrSyntax, start, "sp, rep or symmetric", $"'{property}'"),
            };
            Expect("]");
        }
        Expect(">");
        return type;
    }

    // `?x` or `12x`: the x belongs to the dimension, not to what follows.
    long Dimension()
    {
        Skip();
        long n = Extent();
        if (Here != 'x') throw Expected("'x'");
        At++;
        return n;
    }

    long Extent()
    {
        int start = At;
        if (Here == '?')
        {
            At++;
            return IrType.Unknown;
        }
        string digits = Digits();
        if (digits.Length == 0) throw Expected("a number or '?'");
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long n) ? n : throw Fail(Diag.IrNumber, start, digits, "index");
    }

    ValueTypeCode? CellType()
    {
        Skip();
        int start = At;
        string name = Here == '!' && At++ >= 0 ? "!" + Word("a value type") : Word("a value type");
        return name == "!daphne.Unknown" ? null : ValueTypes.TryParseIr(name, out var code) ? code : throw Fail(Diag.IrUnknownType, start, name);
    }

    double Share()
    {
        Skip();
        int start = At;
        string number = Number();
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double share) && share is >= 0 and <= 1
            ? share : throw Fail(Diag.IrNumber, start, number, "sparsity");
    }

    T OneOf<T>(params (string Word, T Value)[] choices)
    {
        foreach (var (word, value) in choices)
            if (Eat(word)) return value;
        throw Expected(string.Join(" or ", choices.Select(c => c.Word)));
    }

    FrameType Frame()
    {
        Expect("<");
        long rows = Dimension();
        Expect("[");
        Skip();
        int start = At;
        long cols = Extent();
        Expect(":");
        ImmutableArray<ValueTypeCode?> columns = default;
        if (!Eat("?"))
        {
            var types = ImmutableArray.CreateBuilder<ValueTypeCode?>();
            if (!Sees("]"))
                do types.Add(CellType());
                while (Eat(","));
            columns = types.ToImmutable();
            if (cols >= 0 && cols != columns.Length) throw Fail(Diag.IrCount, start, "a frame", columns.Length, "column types", cols);
        }
        else if (cols >= 0) throw Fail(Diag.IrCount, start, "a frame", "unknown", "column types", cols);
        Expect("]");
        ImmutableArray<string> labels = default;
        if (Eat(",") && !Eat("?"))
        {
            var names = ImmutableArray.CreateBuilder<string>();
            Expect("[");
            if (!Sees("]"))
                do names.Add(Quoted());
                while (Eat(","));
            Expect("]");
            labels = names.ToImmutable();
        }
        Expect(">");
        return new(columns, rows, labels);
    }
}
