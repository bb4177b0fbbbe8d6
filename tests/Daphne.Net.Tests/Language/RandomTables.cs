using System.Globalization;

namespace Daphne.Net.Tests.Language;

/// <summary>
/// Random scripts over matrices of every value type, dense and sparse, of strings, and frames: what goes along rows, down columns, over all cells, products,
/// selections, loops. Every value is printed. The same seed gives the same script. All numbers are whole and small, so that sums are exact in any order; with
/// <paramref name="fractions"/> they are not, and there are variances too.
/// </summary>
sealed class RandomTables(int seed, bool fractions = false)
{
    sealed record Table(string Name, string Type, int Rows, int Cols, double Bound);

    static readonly string[] types = ["f64", "f32", "si64", "si32", "si8", "ui64", "ui32", "ui8"];

    readonly Random random = new(seed);
    readonly List<Table> tables = [];
    readonly List<string> lines = [];
    int names;

    /// <summary>The script.</summary>
    public string Text(int steps = 14)
    {
        int rows = random.Next(2, 9), cols = random.Next(2, 9);
        string main = Type();
        Fresh(main, rows, cols);
        Fresh(main, rows, cols);
        Fresh(main, 1, cols);
        Fresh(main, rows, 1);
        Strings(rows, random.Next(1, 4));
        if (random.Next(2) == 0) Sparse(rows, cols);
        for (int i = 0; i < steps; i++) Step();
        foreach (var table in tables) lines.Add($"print({table.Name});");
        return string.Join('\n', lines) + "\n";
    }

    string Type() => fractions ? types[random.Next(2)] : types[random.Next(types.Length)];

    T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    string Add(string type, int rows, int cols, double bound, string expression)
    {
        string name = $"V{names++}";
        // Bytes hold up to 127, and floats count exactly up to 2^24: sums of cells stay below.
        double most = type is "si8" or "ui8" ? 3 : 1000;
        bool reduce = type != "str" && bound > most;
        lines.Add(reduce ? $"{name} = ({expression}) % as.{type}(3);" : $"{name} = {expression};");
        tables.Add(new(name, type, rows, cols, reduce ? 3 : bound));
        return name;
    }

    static string Whole(double value) => value.ToString("0.0###", CultureInfo.InvariantCulture);

    void Fresh(string type, int rows, int cols)
    {
        string cells = $"reshape(seq({Whole(random.Next(4))}, {Whole(1000)}, {Whole(random.Next(1, 4))})[0:{rows * cols}, ], {rows}, {cols}) % {Whole(random.Next(2, 5))}";
        Add(type, rows, cols, 4, fractions ? $"as.matrix<{type}>({cells}) / as.{type}({Whole(random.Next(3, 8))})" : $"as.matrix<{type}>({cells})");
    }

    void Sparse(int rows, int cols) => Add("f64", rows, cols, 4, $"round(rand({rows}, {cols}, 1.0, 4.0, {Whole(0.1 * random.Next(1, 4))}, {random.Next(100)}))");

    void Strings(int rows, int cols) =>
        Add("str", rows, cols, 0, $"[{string.Join(", ", Enumerable.Range(0, rows * cols).Select(_ => Pick((string[])["\"\"", "\"a\"", "\"bc\"", "\"ü\"", "\"a b\""])))}]({rows}, {cols})");

    void Step()
    {
        var x = Pick(tables);
        if (x.Type == "str") Text(x);
        else
            switch (random.Next(12))
            {
                case 0: Add(x.Type, x.Rows, x.Cols, x.Bound, Pick((string[])[$"abs({x.Name})", $"sign({x.Name})", $"round({x.Name})", $"{x.Name} % as.{x.Type}(2)"])); break;
                case 1 or 2: Binary(x); break;
                case 3: Down(x); break;
                case 4: PerColumn(x); break;
                case 5: PerRow(x); break;
                case 6: OfAll(x); break;
                case 7: Moved(x); break;
                case 8: Product(x); break;
                case 9: Frame(x); break;
                case 10: Loop(x); break;
                default: Cast(x); break;
            }
    }

    Table? Right(Table x) => tables.Where(t => t.Type == x.Type && ((t.Rows == x.Rows && t.Cols == x.Cols) || (t.Rows == 1 && t.Cols == x.Cols) || (t.Cols == 1 && t.Rows == x.Rows))).ToArray() is { Length: > 0 } fitting ? Pick(fitting) : null;

    void Binary(Table x)
    {
        if (Right(x) is not { } y) return;
        switch (random.Next(6))
        {
            case 0: Add(x.Type, x.Rows, x.Cols, x.Bound + y.Bound, $"{x.Name} + {y.Name}"); break;
            case 1: Add(x.Type, x.Rows, x.Cols, x.Bound * y.Bound, $"{x.Name} * {y.Name}"); break;
            case 2: Add(x.Type, x.Rows, x.Cols, Math.Max(x.Bound, y.Bound), $"{Pick((string[])["min", "max"])}({x.Name}, {y.Name})"); break;
            case 3: Add(x.Type, x.Rows, x.Cols, 1, $"{x.Name} {Pick((string[])["<", "<=", "==", "!=", ">"])} {y.Name}"); break;
            case 4: Add(x.Type, x.Rows, x.Cols, x.Bound + 2, $"{x.Name} * as.{x.Type}(2) + {x.Name}"); break;
            default: Add(x.Type, x.Rows, x.Cols, x.Bound, $"replace({x.Name}, as.{x.Type}(1), as.{x.Type}(2))"); break;
        }
    }

    // What goes down each column keeps the shape.
    void Down(Table x)
    {
        switch (random.Next(6))
        {
            case 0 or 1: Add(x.Type, x.Rows, x.Cols, x.Bound * x.Rows, $"cumSum({x.Name})"); break;
            case 2: Add(x.Type, x.Rows, x.Cols, 1, $"cumProd({x.Name} % as.{x.Type}(2))"); break;
            case 3: Add(x.Type, x.Rows, x.Cols, x.Bound, $"cumMin({x.Name})"); break;
            case 4: Add(x.Type, x.Rows, x.Cols, x.Bound, $"cumMax({x.Name} + {x.Name}) % as.{x.Type}(3)"); break;
            default: Add(x.Type, x.Rows, x.Cols, x.Bound, $"reverse(cumMax({x.Name}))"); break;
        }
    }

    void PerColumn(Table x)
    {
        string ids = $"(seq(0, {x.Rows - 1}, 1) % 2)";
        switch (random.Next(fractions ? 8 : 6))
        {
            case 0: Add(x.Type, 1, x.Cols, x.Bound * x.Rows, $"sum({x.Name}, 1)"); break;
            case 1: Add(x.Type, 1, x.Cols, x.Bound, $"{Pick((string[])["aggMin", "aggMax"])}({x.Name}, 1)"); break;
            case 2: lines.Add($"print({Pick((string[])["idxMin", "idxMax"])}({x.Name}, 1));"); break;
            case 3: lines.Add($"print(mean({x.Name}, 1));"); break;
            case 4: Add(x.Type, 2, x.Cols, x.Bound * x.Rows, $"sum({x.Name}, {ids}, 2)"); break;
            case 5: Add(x.Type, 2, x.Cols, x.Bound, x.Rows < 2 ? $"rbind({x.Name}, {x.Name})" : $"aggMax({x.Name}, {ids}, 2)"); break;
            default: lines.Add($"print({Pick((string[])["var", "stddev"])}({x.Name}, 1));"); break;
        }
    }

    void PerRow(Table x)
    {
        switch (random.Next(4))
        {
            case 0: Add(x.Type, x.Rows, 1, x.Bound * x.Cols, $"sum({x.Name}, 0)"); break;
            case 1: Add(x.Type, x.Rows, 1, x.Bound, $"{Pick((string[])["aggMin", "aggMax"])}({x.Name}, 0)"); break;
            case 2: lines.Add($"print({Pick((string[])["idxMin", "idxMax"])}({x.Name}, 0));"); break;
            default: lines.Add($"print(mean({x.Name}, 0));"); break;
        }
    }

    void OfAll(Table x)
    {
        string scalar = $"s{names++}";
        lines.Add($"{scalar} = {Pick((string[])["sum", "aggMin", "aggMax"])}({x.Name});");
        lines.Add($"print({scalar});");
        // Bytes do not hold every sum; what wraps, wraps everywhere.
        Add(x.Type, x.Rows, x.Cols, 3, $"({x.Name} + as.{x.Type}({scalar})) % as.{x.Type}(3)");
    }

    void Moved(Table x)
    {
        switch (random.Next(6))
        {
            case 0: Add(x.Type, x.Cols, x.Rows, x.Bound, $"t({x.Name})"); break;
            case 1: Add(x.Type, x.Rows, x.Cols, x.Bound, $"reverse({x.Name})"); break;
            case 2: Add(x.Type, 2 * x.Rows, x.Cols, x.Bound, $"rbind({x.Name}, cumMin({x.Name}))"); break;
            case 3: Add(x.Type, x.Rows, 2 * x.Cols, x.Bound, $"cbind({x.Name}, {x.Name} * as.{x.Type}(1))"); break;
            case 4: Add(x.Type, 1, x.Cols, x.Bound, $"cumMax({x.Name})[{random.Next(x.Rows)}, ]"); break;
            default: Add(x.Type, x.Rows, 1, x.Bound, $"{x.Name}[, {random.Next(x.Cols)}]"); break;
        }
        if (tables[^1].Rows * tables[^1].Cols > 400) tables.RemoveAt(tables.Count - 1);
    }

    void Product(Table x)
    {
        var fitting = tables.Where(t => t.Type == x.Type && t.Rows == x.Cols).ToArray();
        if (fitting.Length == 0 || random.Next(3) == 0) Add(x.Type, x.Cols, x.Cols, x.Bound * x.Bound * x.Rows, $"t({x.Name}) @ {x.Name}");
        else if (Pick(fitting) is var y) Add(x.Type, x.Rows, y.Cols, x.Bound * y.Bound * x.Cols, $"{x.Name} @ {y.Name}");
    }

    void Frame(Table x)
    {
        string name = $"F{names++}";
        var beside = tables.Where(t => t.Rows == x.Rows && t.Cols == 1).ToArray();
        lines.Add(beside.Length == 0 ? $"{name} = as.frame({x.Name});" : $"{name} = createFrame({x.Name}[, 0], {string.Join(", ", beside.Select(t => t.Name))}, \"first\", {string.Join(", ", beside.Select(t => $"\"{t.Name}\""))});");
        lines.Add($"print({name});");
        string column = beside.Length == 0 ? "col_0" : "first";
        Add(x.Type, x.Rows, 1, x.Bound + 1, $"as.matrix<{x.Type}>({name}[, \"{column}\"]) + as.{x.Type}(1)");
        if (beside.Length == 0) Add(x.Type, x.Rows, x.Cols, x.Bound * 2, $"as.matrix<{x.Type}>({name}) * as.{x.Type}(2)");
        else if (beside[0].Type == "str") lines.Add($"print(as.matrix<str>({name}[, \"{beside[0].Name}\"]) == \"a\");");
        lines.Add($"print({name}[[{x.Name}[, 0] > as.{x.Type}(0), ]]);");
    }

    void Loop(Table x)
    {
        // A variable may be changed in a loop; its bound stays.
        string body = Pick((string[])[$"cumSum({x.Name})", $"({x.Name} + {x.Name}[0, ])", $"({x.Name} * as.{x.Type}(2) + reverse({x.Name}))"]);
        lines.Add($"for (i in 1:{random.Next(2, 4)}) {{ {x.Name} = {body} % as.{x.Type}(3); }}");
        tables[tables.IndexOf(x)] = x with { Bound = 3 };
    }

    void Cast(Table x)
    {
        string type = Type();
        Add(type, x.Rows, x.Cols, x.Bound, $"as.matrix<{type}>({(type[0] == 'u' ? $"abs({x.Name})" : x.Name)})");
    }

    void Text(Table x)
    {
        switch (random.Next(5))
        {
            case 0: lines.Add($"print({x.Name} {Pick((string[])["==", "!=", "<", ">="])} {Pick(tables.Where(t => t.Type == "str" && (t.Rows, t.Cols) == (x.Rows, x.Cols)).ToArray()).Name});"); break;
            case 1 when x.Bound < 4: Add("str", x.Rows, x.Cols, x.Bound + 1, $"concat({x.Name}, {x.Name})"); break;
            case 2: lines.Add($"print({x.Name} == \"bc\");"); break;
            case 3: Add("si64", x.Rows, x.Cols, 1, $"{x.Name} == as.scalar({x.Name}[{random.Next(x.Rows)}, {random.Next(x.Cols)}])"); break;
            default: Add("str", x.Cols, x.Rows, x.Bound, $"t({x.Name})"); break;
        }
    }
}
