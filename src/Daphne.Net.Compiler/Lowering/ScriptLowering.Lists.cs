using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// Lists: all elements are matrices of one value type.
sealed partial class ScriptLowering
{
    Value CreateList(Call e)
    {
        if (e.Arguments.FirstOrDefault(a => a.Keyword is not null) is { } named) throw Fail(Diag.UnknownKeyword, named.Span, e.Function, named.Keyword, "its arguments have no names");
        if (e.Arguments.Count == 0) throw Fail(Diag.ListOfNothing, e.Span);
        var elements = new Value[e.Arguments.Count];
        for (int i = 0; i < elements.Length; i++) elements[i] = Element(Lower(e.Arguments[i].Value), i == 0 ? null : OwnRules.Element(elements[0].Type), e.Arguments[i].Value.Span);
        return builder.Value(Op.CreateList, e.Span, elements);
    }

    Value Append(Call e)
    {
        var parameters = Op.Append.Builtins[0].Parameters;
        int[] places = Bind(e, [.. parameters], e.Arguments.Count);
        CallArgument list = e.Arguments[places[0]], element = e.Arguments[places[1]];
        // Arguments are evaluated as written, whatever parameters they are for.
        var given = e.Arguments.Select(a => Lower(a.Value)).ToArray();
        var operand = Fitting(given[places[0]], parameters[0], e, list.Value.Span);
        return builder.Value(Op.Append, e.Span, operand, Element(given[places[1]], (MatrixType)((ListType)operand.Type).Element, element.Value.Span));
    }

    Value Element(Value value, MatrixType? list, SourceSpan span)
    {
        if (value.Type is not MatrixType) throw Fail(Diag.ListElement, span, value.Type.InWords());
        if (list is not null && OwnRules.Element(value.Type) != list) throw Fail(Diag.ListElementTypes, span, list.ValueType!.Value.DslName(), value.Type.InWords());
        return value;
    }
}
