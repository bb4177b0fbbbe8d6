using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

/// <summary>The types a CAST can name.</summary>
internal static class SqlTypes
{
    /// <summary>A value type by its name in DaphneDSL or in SQL, in any case; null for what is none.</summary>
    public static ValueTypeCode? Find(string name) => name.ToLowerInvariant() switch
    {
        "int" or "integer" or "bigint" => ValueTypeCode.SI64,
        "double" or "real" or "float" => ValueTypeCode.F64,
        "text" or "varchar" => ValueTypeCode.Str,
        "boolean" => ValueTypeCode.Bool,
        "size" => null,     // no script can name it
        var other => ValueTypes.TryParseDsl(other, out var code) ? code : null,
    };
}
