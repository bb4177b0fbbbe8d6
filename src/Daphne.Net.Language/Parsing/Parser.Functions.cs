using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

/// <summary>Function definitions and the types in them.</summary>
public sealed partial class Parser
{
    FunctionStatement? ParseFunction()
    {
        int first = at++;
        var nameToken = Current;
        if (ExpectName("the name of the function") is not { } name) return null;
        if (depth > 1) diagnostics.Report(Diag.NestedFunction, SpanOf(nameToken), name);
        if (ParseParameters() is not { } parameters) return null;
        NodeList<TypeName>? results = null;
        if (Accept(TokenKind.Arrow) && (results = ParseResultTypes()) is null) return null;
        return ParseBlock(mayEndWithSemicolon: true) is { } body ? new(name, parameters, results, body) { Span = SpanFrom(first), NameSpan = SpanOf(nameToken) } : null;
    }

    NodeList<FunctionParameter>? ParseParameters()
    {
        int opener = at;
        if (!Expect(TokenKind.LeftParen)) return null;
        var parameters = new List<FunctionParameter>();
        var seen = new HashSet<string>();
        while (!Is(TokenKind.RightParen))
        {
            int first = at;
            if (ExpectName("the name of a parameter or ')'") is not { } name) return null;
            if (!seen.Add(name)) diagnostics.Report(Diag.DuplicateParameter, SpanOf(tokens[first]), name);
            TypeName? type = null;
            if (Accept(TokenKind.Colon) && (type = ParseType()) is null) return null;
            parameters.Add(new(name, type) { Span = SpanFrom(first) });
            if (!Accept(TokenKind.Comma)) break;
        }
        return ExpectClosing(TokenKind.RightParen, opener, "',' or ") ? new([.. parameters]) : null;
    }

    NodeList<TypeName>? ParseResultTypes()
    {
        var types = new List<TypeName>();
        do
        {
            if (ParseType() is not { } type) return null;
            types.Add(type);
        }
        while (Accept(TokenKind.Comma));
        return new([.. types]);
    }

    /// <summary><c>matrix</c>, <c>matrix&lt;f64&gt;</c> or <c>f64</c>.</summary>
    TypeName? ParseType()
    {
        int first = at;
        if (Is(TokenKind.ValueType)) return new(null, ParseValueType()) { Span = SpanFrom(first) };
        if (!Is(TokenKind.DataType))
        {
            Fail(Diag.UnknownTypeName, SpanOf(Current), Describe(Current));
            return null;
        }
        var data = Text(tokens[at++]) switch { "matrix" => DataTypeName.Matrix, "frame" => DataTypeName.Frame, _ => DataTypeName.Scalar };
        ValueTypeCode? valueType = null;
        if (Accept(TokenKind.Less) && ((valueType = ParseValueType()) is null || !Expect(TokenKind.Greater))) return null;
        return new(data, valueType) { Span = SpanFrom(first) };
    }

    ValueTypeCode? ParseValueType()
    {
        if (Is(TokenKind.ValueType) && ValueTypes.TryParseDsl(NameOf(Current), out var code))
        {
            at++;
            return code;
        }
        Fail(Diag.UnknownTypeName, SpanOf(Current), Describe(Current));
        return null;
    }
}
