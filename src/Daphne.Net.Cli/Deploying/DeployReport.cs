using System.Text;
using System.Text.Json;
using Daphne.Net.Deployment;

namespace Daphne.Net.Cli;

/// <summary>What a command that deploys says: steps to the error stream as they happen, results to the output as text or, where asked for, one JSON object a line.</summary>
sealed class DeployReport(TextWriter output, TextWriter error, bool json) : IProgress<DeployProgress>
{
    readonly Lock gate = new();

    public TextWriter Output => output;

    public TextWriter Error => error;

    public void Report(DeployProgress step) => Say(step.ToString());

    public void Say(string line)
    {
        lock (gate) error.Write(line + "\n");
    }

    /// <summary>A result: a line for people, or its fields for programs.</summary>
    public void Result(string text, params (string Name, object? Value)[] fields)
    {
        lock (gate)
        {
            output.Write((json ? Object(fields) : text) + "\n");
            output.Flush();
        }
    }

    static string Object((string Name, object? Value)[] fields)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in fields)
            {
                writer.WritePropertyName(name);
                Write(writer, value);
            }
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case bool b: writer.WriteBooleanValue(b); break;
            case int n: writer.WriteNumberValue(n); break;
            case long n: writer.WriteNumberValue(n); break;
            case IEnumerable<string> all:
                writer.WriteStartArray();
                foreach (string one in all) writer.WriteStringValue(one);
                writer.WriteEndArray();
                break;
            default: writer.WriteStringValue(value.ToString()); break;
        }
    }
}
