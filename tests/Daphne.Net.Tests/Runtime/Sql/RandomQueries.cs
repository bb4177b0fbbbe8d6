using System.Globalization;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Runtime.Sql;

/// <summary>
/// Seeded queries over <see cref="SqlTables"/> that mean the same here and in SQLite: bounds of BETWEEN in order, no division by zero, AND and OR of
/// conditions only, aggregates without GROUP BY only where there is a row, and nothing computed from what an outer join fills in.
/// </summary>
sealed class RandomQueries(int seed)
{
    const ValueTypeCode I = ValueTypeCode.SI64, R = ValueTypeCode.F64, S = ValueTypeCode.Str;

    readonly Random random = new(seed);

    sealed record Column(string Text, ValueTypeCode Type);

    /// <summary>A query; whether its rows come in an order that ORDER BY decides alone.</summary>
    public (string Text, bool Ordered) Next() => random.Next(6) == 0 ? (OuterJoin(), false) : Select();

    (string Text, bool Ordered) Select()
    {
        var (from, columns) = From();
        string where = Chance(2) ? " WHERE " + Condition(columns, 2) : "";
        return Chance(3) ? Grouped(from, columns, where) : Plain(from, columns, where);
    }

    (string Text, bool Ordered) Plain(string from, Column[] columns, string where)
    {
        Column[] items = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Value(columns, 2))];
        bool ordered = Chance(2), distinct = Chance(4);
        string select = string.Join(", ", items.Select((item, i) => $"{item.Text} AS c{i}"));
        // Ordered by all that is selected, rows that are equal in the keys are equal.
        string order = ordered ? " ORDER BY " + string.Join(", ", items.Select((_, i) => $"c{i}{(Chance(2) ? " DESC" : "")}")) : "";
        string limit = ordered && Chance(3) ? Invariant($" LIMIT {random.Next(6)}") + (Chance(2) ? Invariant($" OFFSET {random.Next(3)}") : "") : "";
        return ($"SELECT {(distinct ? "DISTINCT " : "")}{select} FROM {from}{where}{order}{limit}", ordered);
    }

    (string Text, bool Ordered) Grouped(string from, Column[] columns, string where)
    {
        Column[] keys = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => WithColumn(columns))];
        Column[] items = [.. keys, .. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Aggregate(columns))];
        string having = Chance(3) ? $" HAVING {Aggregate(columns).Text} {Comparison()} {(Chance(2) ? "1" : "2.5")}".Replace("min(", "count(", StringComparison.Ordinal).Replace("max(", "count(", StringComparison.Ordinal) : "";
        bool ordered = Chance(2);
        string order = ordered ? " ORDER BY " + string.Join(", ", items.Select((item, i) => (Chance(2) ? $"c{i}" : item.Text) + (Chance(3) ? " DESC" : ""))) : "";
        return ($"SELECT {string.Join(", ", items.Select((item, i) => $"{item.Text} AS c{i}"))} FROM {from}{where} GROUP BY {string.Join(", ", keys.Select(k => k.Text))}{having}{order}", ordered);
    }

    string OuterJoin()
    {
        var (left, right) = (Table(0), Table(1));
        string kind = Pick("LEFT", "LEFT OUTER", "RIGHT", "FULL", "FULL OUTER");
        string on = Join(left.Columns, right.Columns) + (Chance(2) ? $" AND {Condition([.. left.Columns, .. right.Columns], 1)}" : "");
        return $"SELECT {string.Join(", ", left.Columns.Concat(right.Columns).Where(_ => !Chance(3)).DefaultIfEmpty(left.Columns[0]).Select((c, i) => $"{c.Text} AS c{i}"))} FROM {left.Text} {kind} JOIN {right.Text} ON {on}";
    }

    (string Text, Column[] Columns) From()
    {
        var (text, columns) = Table(0);
        for (int i = 1, tables = random.Next(1, 4); i < tables; i++)
        {
            var (next, more) = Table(i);
            text += random.Next(4) switch
            {
                0 => $", {next}",
                1 => $" CROSS JOIN {next}",
                _ => $" {(Chance(2) ? "INNER " : "")}JOIN {next} ON {Join(columns, more)}",
            };
            columns = [.. columns, .. more];
        }
        return (text, columns);
    }

    (string Text, Column[] Columns) Table(int alias)
    {
        int table = random.Next(SqlTables.Schemas.Length);
        string name = Invariant($"v{alias}");
        if (!Chance(5)) return (Invariant($"t{table} AS {name}"), [.. SqlTables.Schemas[table].Select(c => new Column($"{name}.{c.Name}", c.Type))]);
        Column[] inner = [.. SqlTables.Schemas[table].Select(c => new Column(c.Name, c.Type))];
        if (Chance(3))
        {
            Column key = WithColumn(inner), total = Aggregate(inner);
            string having = Chance(3) ? " HAVING count(*) > 1" : "";
            return (Invariant($"(SELECT {key.Text} AS d0, {total.Text} AS d1 FROM t{table} GROUP BY {key.Text}{having}) AS {name}"), [new Column($"{name}.d0", key.Type), new Column($"{name}.d1", total.Type)]);
        }
        Column[] items = [.. Enumerable.Range(0, 3).Select(_ => Value(inner, 1))];
        string where = Chance(2) ? $" WHERE {Condition(inner, 1)}" : "";
        return (Invariant($"(SELECT {string.Join(", ", items.Select((item, i) => $"{item.Text} AS d{i}"))} FROM t{table}{where}) AS {name}"), [.. items.Select((item, i) => new Column(Invariant($"{name}.d{i}"), item.Type))]);
    }

    string Join(Column[] left, Column[] right)
    {
        var a = Pick(left);
        Column[] fitting = [.. right.Where(c => c.Type == S == (a.Type == S))];
        if (fitting.Length == 0) return Condition([.. left, .. right], 1);
        var b = Pick(fitting);
        string first = $"{(Chance(2) ? a.Text : b.Text)} {(Chance(4) ? Comparison() : "=")} {(Chance(2) ? b.Text : a.Text)}";
        return Chance(3) ? $"{first} AND {Condition([.. left, .. right], 1)}" : first;
    }

    string Condition(Column[] columns, int depth) => (depth > 0 ? random.Next(9) : random.Next(3, 9)) switch
    {
        0 => $"{Condition(columns, depth - 1)} AND {Condition(columns, depth - 1)}",
        1 => $"({Condition(columns, depth - 1)} OR {Condition(columns, depth - 1)})",
        2 => $"NOT ({Condition(columns, depth - 1)})",
        3 when columns.Any(c => c.Type == S) => $"{Of(columns, S, 0).Text} {(Chance(3) ? "NOT " : "")}LIKE {Pick("'a%'", "'%b'", "'_b%'", "'%'", "'x!_y' ESCAPE '!'", "'%!%' ESCAPE '!'")}",
        4 => $"{Of(columns, I, 1).Text} {(Chance(3) ? "NOT " : "")}IN (1, 2, {Literal(I)})",
        5 => $"{Of(columns, Chance(2) ? I : R, 1).Text} {(Chance(3) ? "NOT " : "")}BETWEEN {Invariant($"{random.Next(-3, 1)} AND {random.Next(1, 5)}")}.5",
        6 when columns.Any(c => c.Type == S) => $"{Of(columns, S, 1).Text} {Comparison()} {Of(columns, S, 0).Text}",
        _ => $"{Of(columns, Chance(2) ? I : R, 1).Text} {Comparison()} {Of(columns, Chance(2) ? I : R, 1).Text}",
    };

    Column Value(Column[] columns, int depth) => Chance(6) ? new($"CASE WHEN {Condition(columns, 1)} THEN 1 ELSE 0 END", I) : Of(columns, Pick(I, R, S), depth);

    // A key that is the same for all rows would be a position in SQLite.
    Column WithColumn(Column[] columns) => Pick(columns) switch
    {
        { Type: I } c when Chance(3) => new($"{c.Text} % 2", I),
        { Type: S } c when Chance(3) => new($"upper({c.Text})", S),
        var c => c,
    };

    Column Aggregate(Column[] columns)
    {
        switch (random.Next(7))
        {
            case 0: return new("count(*)", I);
            case 1: return new($"count(DISTINCT {Pick(columns).Text})", I);
            case 2: return new($"avg({Of(columns, Chance(2) ? I : R, 1).Text})", R);
            case 3: return new($"sum(DISTINCT {Of(columns, I, 0).Text})", I);
            case 4: return new($"sum({Of(columns, I, 1).Text}) + 1", I);
            default:
                var argument = Of(columns, Pick(I, R, S), 1);
                return new($"{(argument.Type == S ? Pick("min", "max") : Pick("min", "max", "sum"))}({argument.Text})", argument.Type);
        }
    }

    Column Of(Column[] columns, ValueTypeCode type, int depth)
    {
        Column[] fitting = [.. columns.Where(c => c.Type == type)];
        if (depth <= 0 || Chance(3)) return fitting.Length > 0 && !Chance(6) ? Pick(fitting) : new(Literal(type), type);
        string Inner(ValueTypeCode t) => Of(columns, t, depth - 1).Text;
        string text = (type, random.Next(6)) switch
        {
            (I, 0) => $"length({Inner(S)})",
            (I, 1) => $"CAST({Inner(R)} AS INTEGER)",
            (I, 2) => Invariant($"({Inner(I)} / {random.Next(1, 4)})"),
            (I, 3) => $"abs({Inner(I)})",
            (R, 0) => $"({Inner(R)} / 4.0)",
            (R, 1) => $"CAST({Inner(I)} AS REAL)",
            (R, 2) => $"round({Inner(R)})",
            (S, 0) => $"upper({Inner(S)})",
            (S, 1) => $"lower({Inner(S)})",
            (S, 2) => Invariant($"substr({Inner(S)}, {random.Next(-2, 3)}, {random.Next(3)})"),
            (S, 3) => $"({Inner(S)} || {Inner(I)})",
            (S, _) => $"({Inner(S)} || {Inner(S)})",
            (_, 4) => $"CASE WHEN {Condition(columns, depth - 1)} THEN {Inner(type)} ELSE {Inner(type)} END",
            _ => $"({Inner(type)} {Pick("+", "-", "*")} {Inner(type)})",
        };
        return new(text, type);
    }

    string Literal(ValueTypeCode type) => type switch { I => Invariant($"{random.Next(-3, 7)}"), R => Invariant($"{random.Next(-2, 5)}.{Pick("0", "25", "5")}"), _ => Pick("'a'", "'ab'", "''", "'B'") };

    string Comparison() => Pick("=", "<>", "<", "<=", ">", ">=");

    bool Chance(int oneIn) => random.Next(oneIn) == 0;

    T Pick<T>(params T[] from) => from[random.Next(from.Length)];

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
