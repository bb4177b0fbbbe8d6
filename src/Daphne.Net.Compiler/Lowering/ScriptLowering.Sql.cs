using System.Collections.Immutable;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// Views and queries. A view lives and is carried through branches and loops like a variable, so a name given again means the new frame from there on.
sealed partial class ScriptLowering
{
    static bool IsView(string name) => name.StartsWith(AssignedNames.ViewPrefix, StringComparison.Ordinal);

    IReadOnlyList<Value> RegisterView(Call e)
    {
        var arguments = Arguments(e, [.. Op.RegisterView.Builtins[0].Parameters]);
        var written = (e.Arguments.FirstOrDefault(a => a.Keyword == "viewName") ?? e.Arguments[0]).Value;
        if (KnownText(arguments[0]!) is not { } name) throw Fail(Diag.ViewName, written.Span);
        // What branches and loops assign is read off their text.
        if (scopes.Depth > 1 && written is not Literal) throw Fail(Diag.ViewNameInside, written.Span);
        scopes.Assign(AssignedNames.ViewName(name), arguments[1], e.Span);
        return [];
    }

    Value Sql(Call e)
    {
        var text = Arguments(e, [.. Op.Sql.Builtins[0].Parameters])[0]!;
        var place = e.Arguments[0].Value.Span;
        if (KnownText(text) is { } known) return Query(e, known, place);
        // Only the run knows the text, so all views there are go with it.
        string[] names = [.. scopes.Names.Where(IsView).Distinct().Where(n => scopes.Find(n)!.Value is not null).Select(n => n[AssignedNames.ViewPrefix.Length..]).Order(StringComparer.Ordinal)];
        return Query(e, text, names);
    }

    Value Query(Call e, string text, SourceSpan place)
    {
        var diagnostics = new DiagnosticBag();
        if (SqlParser.Parse(SqlCompiler.Source(text, place), diagnostics) is not { } query) throw Reported(diagnostics);
        List<SqlViewSchema> schemas = [];
        List<string> names = [];
        foreach (var view in SqlCompiler.Views(query))
        {
            if (scopes.Find(AssignedNames.ViewName(view.Name)) is not { } registered) throw Fail(Diag.UnknownView, view.Span, view.Name, SqlBinder.UnknownViewHint(view.Name, [.. scopes.Names.Where(IsView).Select(n => n[AssignedNames.ViewPrefix.Length..]).Distinct()]));
            if (registered.Value is null) throw new Abandoned();
            names.Add(view.Name);
            if (SqlCompiler.Schema(view.Name, registered.Value.Type) is { } schema) schemas.Add(schema);
        }
        // Where something about a view is not known yet, names and types are looked at when the query runs.
        if (schemas.Count == names.Count && SqlCompiler.Compile(query, schemas, diagnostics) is null) throw Reported(diagnostics);
        return Query(e, builder.Text(text, place), names);
    }

    Value Query(Call e, Value text, IReadOnlyList<string> names)
    {
        var op = new Operation(Op.Sql, [text, .. names.Select(n => scopes.Find(AssignedNames.ViewName(n))!.Value!)], [SqlCompiler.Unknown], e.Span);
        op.Attributes["views"] = new ArrayAttribute([.. names.Select(n => (Attribute)new StringAttribute(n))]);
        Inference.Apply(builder.Block.Insert(op));
        return op.Result;
    }

    Abandoned Reported(DiagnosticBag diagnostics)
    {
        errors.AddRange(diagnostics.All);
        return new Abandoned();
    }

    // A constant, or constants put together with +.
    static string? KnownText(Value value) =>
        value.Constant is string constant ? constant
        : value is { Type: ScalarType { ValueType: ValueTypeCode.Str }, Producer: { } op } && (op.Def == Op.EwAdd || op.Def == Op.EwConcat)
            ? KnownText(op.Operands[0]) is { } left && KnownText(op.Operands[1]) is { } right ? left + right : null
        : value.Constant is { } number ? ConstantMath.Cast(number, ValueTypeCode.Str) as string : null;
}
