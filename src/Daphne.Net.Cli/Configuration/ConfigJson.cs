using System.Text;
using System.Text.Json;
using Daphne.Net.Dialect;

namespace Daphne.Net.Cli;

/// <summary>The JSON of a configuration, read token by token, because every value keeps its place.</summary>
ref struct ConfigJson
{
    readonly ReadOnlySpan<byte> utf8;
    readonly SourceText source;
    Utf8JsonReader reader;

    ConfigJson(ReadOnlySpan<byte> utf8, string name)
    {
        this.utf8 = utf8;
        source = new(Encoding.UTF8.GetString(utf8), name);
        reader = new(utf8);
    }

    /// <exception cref="ScriptException">The text is no JSON.</exception>
    public static ConfigValue Read(ReadOnlySpan<byte> utf8, string name)
    {
        if (utf8.StartsWith(Encoding.UTF8.Preamble)) utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        var json = new ConfigJson(utf8, name);
        try
        {
            json.reader.Read();
            var value = json.Value();
            json.reader.Read();   // throws where more follows
            return value;
        }
        catch (JsonException e)
        {
            throw new ScriptException(Diag.ConfigMalformed.At(json.Place(e), Sentence(e.Message)), e);
        }
        catch (InvalidOperationException e)
        {
            throw new ScriptException(Diag.ConfigMalformed.At(json.Span(), "the text holds bytes or escapes that are no characters"), e);
        }
    }

    ConfigValue Value()
    {
        var span = Span();
        return new(span, reader.TokenType switch
        {
            JsonTokenType.StartObject => Object(),
            JsonTokenType.StartArray => List(),
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => reader.GetDouble(),
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => null,
        });
    }

    IReadOnlyList<ConfigEntry> Object()
    {
        List<ConfigEntry> entries = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (key, span) = (reader.GetString()!, Span());
            reader.Read();
            entries.Add(new(key, span, Value()));
        }
        return entries;
    }

    IReadOnlyList<ConfigValue> List()
    {
        List<ConfigValue> items = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(Value());
        return items;
    }

    readonly SourceSpan Span()
    {
        int quotes = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? 2 : 0;
        return new(source, Characters((int)reader.TokenStartIndex), Encoding.UTF8.GetCharCount(reader.ValueSpan) + quotes);
    }

    readonly int Characters(int bytes) => Encoding.UTF8.GetCharCount(utf8[..bytes]);

    readonly SourceSpan Place(JsonException e)
    {
        int start = 0;
        for (long line = e.LineNumber ?? 0; line > 0; line--) start += utf8[start..].IndexOf((byte)'\n') + 1;
        return new(source, Characters((int)Math.Min(start + (e.BytePositionInLine ?? 0), utf8.Length)), 1);
    }

    // The reader's message ends in "… LineNumber: 0 | BytePositionInLine: 13.", which the diagnostic says better.
    static string Sentence(string message)
    {
        int at = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (at < 0 ? message : message[..at]).TrimEnd('.');
    }
}
