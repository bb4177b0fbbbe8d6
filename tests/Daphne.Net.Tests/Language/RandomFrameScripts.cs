using System.Globalization;

namespace Daphne.Net.Tests.Language;

/// <summary>
/// Random scripts over frames with columns of all types: columns taken, named, bound beside each other and computed from others, rows filtered by masks and queries, matrices made of
/// them, filtered, added up and multiplied, loops, and what needs all rows at once in between. Every frame is printed. The same seed gives the same script. All numbers are whole and
/// small, so that sums are exact in any order; with <paramref name="fractions"/> they are not.
/// </summary>
sealed class RandomFrameScripts(int seed, bool fractions = false)
{
    sealed record Column(string Label, string Type)
    {
        public bool IsNumber => Type is not ("str" or "bool");
    }

    /// <summary>Tables of one group have the same rows.</summary>
    sealed record Table(string Name, Column[] Columns, int Group)
    {
        public Column[] Numbers => [.. Columns.Where(c => c.IsNumber)];
    }

    static readonly string[] numbers = ["f64", "f32", "si64", "si32", "ui64", "ui8"];

    readonly Random random = new(seed);
    readonly List<Table> tables = [];
    readonly List<string> lines = [];
    int names, groups;

    /// <summary>The script.</summary>
    public string Text(int steps = 12)
    {
        int rows = random.Next(2, 40);
        Fresh(rows);
        Fresh(rows);
        for (int i = 0; i < steps; i++) Step();
        foreach (var table in tables) lines.Add($"print({table.Name});");
        return string.Join('\n', lines) + "\n";
    }

    T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    string Number() => fractions ? random.Next(1, 9).ToString(CultureInfo.InvariantCulture) + ".3" : random.Next(4).ToString(CultureInfo.InvariantCulture) + ".0";

    Table Add(Column[] columns, int group, string expression)
    {
        var table = new Table($"F{names++}", columns, group);
        lines.Add($"{table.Name} = {expression};");
        tables.Add(table);
        return table;
    }

    void Fresh(int rows)
    {
        string suffix = names.ToString(CultureInfo.InvariantCulture);
        List<Column> columns = [new($"k{suffix}", "si64"), new($"x{suffix}", "f64"), new($"s{suffix}", "str")];
        for (int i = random.Next(3); i > 0; i--) columns.Add(new($"n{i}{suffix}", Pick(numbers)));
        if (random.Next(3) == 0) columns.Add(new($"b{suffix}", "bool"));
        var made = columns.Select(c => c.Type switch
        {
            "str" => $"[{string.Join(", ", Enumerable.Range(0, rows).Select(_ => Pick((string[])["\"\"", "\"a\"", "\"bc\"", "\"ü\""])))}]",
            "bool" => $"as.matrix<bool>(seq(1, {rows}, 1) % 2)",
            _ when fractions && c.Type[0] == 'f' => $"as.matrix<{c.Type}>(seq(1.0, {rows}.0, 1.0) / {Number()})",
            _ => $"as.matrix<{c.Type}>((seq({random.Next(4)}.0, {rows + 3}.0, 1.0)[0:{rows}, ]) % {random.Next(2, 7)}.0)",
        });
        Add([.. columns], 0, $"createFrame({string.Join(", ", made)}, {string.Join(", ", columns.Select(c => $"\"{c.Label}\""))})");
    }

    void Step()
    {
        var f = Pick(tables);
        switch (random.Next(15))
        {
            case 0: Some(f); break;
            case 1: Labelled(f); break;
            case 2: Beside(f); break;
            case 3: Computed(f); break;
            case 4 or 5: Filtered(f); break;
            case 6: OfTexts(f); break;
            case 7 or 8: Query(f); break;
            case 9: Summed(f); break;
            case 10: Selected(f); break;
            case 11: Loop(f); break;
            case 12: AsOneType(f); break;
            case 13: Joined(f); break;
            default: Ordered(f); break;
        }
    }

    void Some(Table f)
    {
        if (random.Next(2) == 0)
        {
            int from = random.Next(f.Columns.Length), to = random.Next(from, f.Columns.Length) + 1;
            Add(f.Columns[from..to], f.Group, $"{f.Name}[, {from}:{to}]");
        }
        else if (Pick(f.Columns) is var one) Add([one], f.Group, $"{f.Name}[, \"{one.Label}\"]");
    }

    void Labelled(Table f)
    {
        string prefix = $"p{names}";
        if (random.Next(2) == 0) Add([.. f.Columns.Select((c, i) => c with { Label = $"{prefix}_{i}" })], f.Group, $"setColLabels({f.Name}, {string.Join(", ", f.Columns.Select((_, i) => $"\"{prefix}_{i}\""))})");
        else if (f.Columns.All(c => !c.Label.Contains('.', StringComparison.Ordinal))) Add([.. f.Columns.Select(c => c with { Label = $"{prefix}.{c.Label}" })], f.Group, $"setColLabelsPrefix({f.Name}, \"{prefix}\")");
    }

    void Beside(Table f)
    {
        var others = tables.Where(t => t.Group == f.Group && t.Columns.Length + f.Columns.Length < 9 && !t.Columns.Select(c => c.Label).Intersect(f.Columns.Select(c => c.Label)).Any()).ToArray();
        if (others.Length > 0 && Pick(others) is var other) Add([.. f.Columns, .. other.Columns], f.Group, $"cbind({f.Name}, {other.Name})");
    }

    void Computed(Table f)
    {
        if (f.Numbers.Length == 0) return;
        string label = $"c{names}";
        var made = Add([new(label, "f64")], f.Group, $"createFrame(as.matrix<f64>({f.Name}[, \"{Pick(f.Numbers).Label}\"]) * {Number()} + 1.0, \"{label}\")");
        if (f.Columns.Length < 8) Add([.. f.Columns, .. made.Columns], f.Group, $"cbind({f.Name}, {made.Name})");
    }

    void Filtered(Table f)
    {
        if (f.Numbers.Length > 0) Add(f.Columns, ++groups, $"{f.Name}[[as.matrix<f64>({f.Name}[, \"{Pick(f.Numbers).Label}\"]) {Pick((string[])["<", ">", "==", ">=", "!="])} {Number()}, ]]");
    }

    void OfTexts(Table f)
    {
        if (f.Columns.FirstOrDefault(c => c.Type == "str") is { } text) Add(f.Columns, ++groups, $"{f.Name}[[as.matrix<str>({f.Name}[, \"{text.Label}\"]) {Pick((string[])["==", "!=", "<"])} \"{Pick((string[])["", "a", "bc"])}\", ]]");
    }

    void Query(Table f)
    {
        if (f.Numbers.Length == 0 || f.Columns.Any(c => c.Label.Contains('.', StringComparison.Ordinal))) return;
        var (by, taken) = (Pick(f.Numbers), f.Columns.Where(_ => random.Next(3) > 0).ToArray());
        if (taken.Length == 0) taken = [by];
        lines.Add($"registerView(\"v\", {f.Name});");
        string what = string.Join(", ", taken.Select(c => $"v.{c.Label} AS {c.Label}")), where = $"v.{by.Label} {Pick((string[])["<", ">", "=", "<>"])} {random.Next(4)}";
        switch (random.Next(4))
        {
            case 0: Add(taken, f.Group, $"sql(\"SELECT {what} FROM v\")"); break;
            case 1: lines.Add($"print(sql(\"SELECT v.{by.Label} AS k, count(*) AS n FROM v WHERE {where} GROUP BY v.{by.Label}\"));"); break;
            default: Add(taken, ++groups, $"sql(\"SELECT {what} FROM v WHERE {where}\")"); break;
        }
    }

    void Summed(Table f)
    {
        if (f.Numbers.Length == 0) return;
        string column = $"as.matrix<f64>({f.Name}[, \"{Pick(f.Numbers).Label}\"])";
        Printed($"sum({column} * {Number()} + 1.0)");
        lines.Add($"print(nrow({f.Name}));");
    }

    // What is printed has six digits, so the last bits are printed beside it.
    void Printed(string expression)
    {
        string name = $"P{names++}";
        lines.Add($"{name} = {expression};");
        lines.Add($"print({name});");
        lines.Add($"print(({name} * {1L << 52}.0) % 65536.0);");
    }

    // A matrix whose rows are filtered, and what follows.
    void Selected(Table f)
    {
        if (f.Columns.Any(c => !c.IsNumber) || f.Columns.Length == 0) return;
        string x = $"X{names++}", y = $"Y{names++}";
        lines.Add($"{x} = as.matrix<f64>({f.Name}) + 1.0;");
        lines.Add($"{y} = {x}[[{x}[, {random.Next(f.Columns.Length)}] > {Number()}, ]];");
        lines.Add($"print({y});");
        Printed($"sum({y} * {Number()})");
        Printed($"t({y}) @ {y}");
        Add([.. f.Columns.Select((_, i) => new Column($"col_{i}", "f64"))], ++groups, $"as.frame({y} + {Number()})");
    }

    void Loop(Table f)
    {
        if (f.Numbers.Length == 0) return;
        string name = $"L{names++}";
        lines.Add($"{name} = {f.Name}[, ];");
        lines.Add($"for (i in 1:3) {{ {name} = {name}[[as.matrix<f64>({name}[, \"{Pick(f.Numbers).Label}\"]) != as.f64(i), ]]; }}");
        lines.Add($"print({name});");
    }

    void AsOneType(Table f)
    {
        if (f.Columns.All(c => c.IsNumber)) Add([.. f.Columns.Select((_, i) => new Column($"col_{i}", "f64"))], f.Group, $"as.frame(as.matrix<f64>({f.Name}) * 2.0)");
    }

    void Joined(Table f)
    {
        var other = Pick(tables);
        if (f.Columns.FirstOrDefault(c => c.Type == "si64") is not { } left || other.Columns.FirstOrDefault(c => c.Type == "si64") is not { } right
            || f.Columns.Length + other.Columns.Length > 10 || f.Columns.Select(c => c.Label).Intersect(other.Columns.Select(c => c.Label)).Any()) return;
        lines.Add($"J{names} = {Pick((string[])["innerJoin", "innerJoin", "antiJoin", "leftOuterJoin"])}({f.Name}, {other.Name}, \"{left.Label}\", \"{right.Label}\");");
        lines.Add($"print(nrow(J{names}));");
        lines.Add($"print(J{names++});");
    }

    void Ordered(Table f) => Add(f.Columns, ++groups, $"order({f.Name}, {random.Next(f.Columns.Length)}, {Pick((string[])["true", "false"])}, false)");
}
