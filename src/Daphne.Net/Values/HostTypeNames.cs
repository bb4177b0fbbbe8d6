using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net;

/// <summary>C# types in messages, as a programmer writes them.</summary>
static class HostTypeNames
{
    static readonly Dictionary<Type, string> keywords = new()
    {
        [typeof(double)] = "double", [typeof(float)] = "float", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(int)] = "int", [typeof(uint)] = "uint",
        [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(sbyte)] = "sbyte", [typeof(byte)] = "byte", [typeof(bool)] = "bool", [typeof(char)] = "char",
        [typeof(decimal)] = "decimal", [typeof(string)] = "string", [typeof(object)] = "object",
    };

    public static string Of(Type type) =>
        keywords.TryGetValue(type, out string? keyword) ? keyword
        : type.IsArray ? $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]"
        : type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>"
        : type.Name;

    /// <summary>What a script's value is available as.</summary>
    public static string For(Datum value)
    {
        if (value.Type is { } type) return Cell(type);
        if (value.Object is not Matrix m) return value.Object.GetType().Name;
        string cell = Cell(m.ValueType);
        return $"{cell}[,]{(m.Rows == 1 || m.Cols == 1 ? $", {cell}[]" : "")}, DenseMatrix<{cell}>";
    }

    static string Cell(ValueTypeCode type) => type switch
    {
        ValueTypeCode.F64 => "double", ValueTypeCode.F32 => "float", ValueTypeCode.SI64 => "long", ValueTypeCode.UI64 or ValueTypeCode.Size => "ulong", ValueTypeCode.SI32 => "int",
        ValueTypeCode.UI32 => "uint", ValueTypeCode.SI8 => "sbyte", ValueTypeCode.UI8 => "byte", ValueTypeCode.Bool => "bool", _ => "string",
    };
}
