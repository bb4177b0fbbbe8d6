using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>The JSON of <c>.meta</c> files, read token by token: no reflection at start-up, and every complaint knows its line.</summary>
static class FileMetaDataText
{
    const string Rows = "numRows", Cols = "numCols", NonZeros = "numNonZeros", Type = "valueType", Schema = "schema", Label = "label";

    public static FileMetaData Parse(ReadOnlySpan<byte> utf8, string name)
    {
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        try
        {
            var reader = new Reader(utf8, name);
            return reader.File();
        }
        catch (JsonException e)
        {
            throw Diag.MetaMalformed.Raise(name, (e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1, Sentence(e.Message));
        }
    }

    public static string Write(FileMetaData meta)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{{\"{Cols}\":{meta.Cols}");
        if (meta.NonZeros is { } nonZeros) text.Append(CultureInfo.InvariantCulture, $",\"{NonZeros}\":{nonZeros}");
        text.Append(CultureInfo.InvariantCulture, $",\"{Rows}\":{meta.Rows}");
        if (meta.IsFrame)
        {
            text.Append($",\"{Schema}\":[");
            foreach (var (label, type) in meta.Schema)
            {
                if (text[^1] == '}') text.Append(',');
                Quote(text.Append($"{{\"{Label}\":"), label).Append($",\"{Type}\":\"{type.DslName()}\"}}");
            }
            text.Append(']');
        }
        if (meta.ValueType is { } all) text.Append($",\"{Type}\":\"{all.DslName()}\"");
        return text.Append('}').ToString();
    }

    static StringBuilder Quote(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        return text.Append('"');
    }

    // The reader's message ends in "… LineNumber: 0 | BytePositionInLine: 13.", which the diagnostic says better.
    static string Sentence(string message)
    {
        int at = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (at < 0 ? message : message[..at]).TrimEnd('.');
    }

    ref struct Reader(ReadOnlySpan<byte> utf8, string name)
    {
        readonly ReadOnlySpan<byte> text = utf8;
        Utf8JsonReader json = new(utf8, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });

        public FileMetaData File()
        {
            long? rows = null, cols = null, nonZeros = null;
            ValueTypeCode? type = null;
            List<(string Label, ValueTypeCode? Type)>? schema = null;
            Next();
            if (json.TokenType != JsonTokenType.StartObject) throw Wrong("the content", "one JSON object");
            while (NextKey(out string key))
                switch (key)
                {
                    case Rows: rows = Count(key); break;
                    case Cols: cols = Count(key); break;
                    case NonZeros: nonZeros = json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long n) && n == -1 ? null : Count(key); break;
                    case Type: type = TypeName(); break;
                    case Schema: schema = Columns(); break;
                    default: json.Skip(); break;
                }
            if (json.Read()) throw Wrong("the content", "one JSON object");
            return Checked(rows, cols, nonZeros, type, schema);
        }

        readonly FileMetaData Checked(long? rows, long? cols, long? nonZeros, ValueTypeCode? type, List<(string Label, ValueTypeCode? Type)>? schema)
        {
            if (rows is null) throw Diag.MetaKeyMissing.Raise(name, Rows);
            if (cols is null) throw Diag.MetaKeyMissing.Raise(name, Cols);
            var meta = new FileMetaData(rows.Value, cols.Value) { NonZeros = nonZeros };
            if (schema is null) return meta with { ValueType = type ?? throw Diag.MetaKeyMissing.Raise(name, Type) };
            if (schema.Count != cols) throw Diag.MetaSchemaLength.Raise(name, schema.Count, cols);
            string file = name;
            return meta with { Schema = [.. schema.Select(c => new ColumnMetaData(c.Label, c.Type ?? type ?? throw Diag.MetaKeyMissing.Raise(file, Type)))] };
        }

        List<(string Label, ValueTypeCode? Type)> Columns()
        {
            if (json.TokenType != JsonTokenType.StartArray) throw Wrong($"\"{Schema}\"", "a list of columns");
            List<(string, ValueTypeCode?)> columns = [];
            while (Next() != JsonTokenType.EndArray)
            {
                if (json.TokenType != JsonTokenType.StartObject) throw Wrong($"\"{Schema}\"", "a list of objects with label and valueType");
                (string label, ValueTypeCode? type) = ("", null);
                while (NextKey(out string key))
                    switch (key)
                    {
                        case Label: label = Text(key); break;
                        case Type: type = TypeName(); break;
                        default: json.Skip(); break;
                    }
                columns.Add((label, type));
            }
            return columns;
        }

        // The key's value is the current token afterwards.
        bool NextKey(out string key)
        {
            key = "";
            if (Next() == JsonTokenType.EndObject) return false;
            key = String();
            Next();
            return true;
        }

        JsonTokenType Next() => json.Read() ? json.TokenType : throw Wrong("the content", "complete");

        readonly long Count(string key) =>
            json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long n) && n >= 0 ? n : throw Wrong($"\"{key}\"", "a whole number of at least 0");

        readonly string Text(string key) => json.TokenType == JsonTokenType.String ? String() : throw Wrong($"\"{key}\"", "a string");

        // Bytes that are no UTF-8, or half a surrogate pair in escapes.
        readonly string String()
        {
            try
            {
                return json.GetString()!;
            }
            catch (InvalidOperationException)
            {
                throw Wrong("a string", "valid Unicode");
            }
        }

        readonly ValueTypeCode? TypeName()
        {
            string text = Text(Type);
            if (text == "") return null;
            if (ValueTypes.TryParseDsl(text, out var code) && code != ValueTypeCode.Size) return code;
            throw Wrong($"\"{Type}\"", "one of " + string.Join(", ", ValueTypes.All.Where(t => t != ValueTypeCode.Size).Select(t => t.DslName())));
        }

        readonly RaisedException Wrong(string what, string must) =>
            Diag.MetaValue.Raise(name, text[..(int)json.TokenStartIndex].Count((byte)'\n') + 1, what, must);
    }
}
