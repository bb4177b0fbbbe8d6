using System.Text;
using System.Text.Json;
using Daphne.Net.Deployment;

namespace Daphne.Net.Cli;

/// <summary>
/// What a command that deploys says: steps to the error stream as they happen, results to the output; as text or, with <c>--json</c>, as one JSON object a line,
/// which tells its type and its command (docs/deployment.md).
/// </summary>
sealed class DeployReport(string command, TextWriter output, TextWriter error, bool json) : IProgress<DeployProgress>
{
    readonly Lock gate = new();

    /// <summary>As written: <c>slurm start</c>.</summary>
    public string Command { get; set; } = command;

    /// <summary>For what a script prints; it may be flushed in the middle of a line.</summary>
    public TextWriter Output { get; } = json ? new OutputLines("output", output) : output;

    /// <summary>For what a script says to its error stream.</summary>
    public TextWriter Error { get; } = json ? new OutputLines("error", output) : error;

    public void Report(DeployProgress step)
    {
        if (json) Object(error, "step", ("step", step.Step), ("host", step.Host), ("worker", step.Worker), ("workers", step.Workers), ("detail", step.Detail));
        else Say(step.ToString());
    }

    public void Say(string line)
    {
        if (json) Object(error, "note", ("text", line));
        else lock (gate) error.Write(line + "\n");
    }

    /// <summary>A result: a line for people, or its fields for programs. No line for people where it is empty.</summary>
    public void Result(string text, params (string Name, object? Value)[] fields)
    {
        if (json) Object(output, "result", fields);
        else if (text.Length > 0)
            lock (gate)
            {
                output.Write(text + "\n");
                output.Flush();
            }
    }

    /// <summary>What went wrong, with the exit status that follows from it.</summary>
    public void Failed(string text, string reason, int status)
    {
        if (json) Object(error, "error", ("reason", reason), ("message", text.TrimEnd('\n')), ("status", status));
        // Diagnostics and usages are whole texts, the words of an exception are to become one.
        else lock (gate) error.Write(text.EndsWith('\n') ? text : reason == "stopped" ? text + "\n" : $"error: {text}\n");
    }

    void Object(TextWriter to, string type, params (string Name, object? Value)[] fields)
    {
        string line = Object([("type", type), ("command", Command), .. fields]);
        lock (gate)
        {
            to.Write(line + "\n");
            to.Flush();
        }
    }

    /// <summary>Pieces of text as objects of type <c>output</c>, each flush one.</summary>
    sealed class OutputLines(string stream, TextWriter to) : StringWriter(System.Globalization.CultureInfo.InvariantCulture)
    {
        public override void Flush()
        {
            string text = ToString();
            if (text.Length == 0) return;
            GetStringBuilder().Clear();
            to.Write(Object([("type", "output"), ("stream", stream), ("text", text)]) + "\n");
            to.Flush();
        }
    }

    static string Object(IEnumerable<(string Name, object? Value)> fields)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
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
            case Enum one: writer.WriteStringValue(JsonNamingPolicy.CamelCase.ConvertName(one.ToString())); break;
            case DateTimeOffset time: writer.WriteStringValue(time.UtcDateTime); break;
            case IReadOnlyDictionary<string, string?> names:
                writer.WriteStartObject();
                foreach (var (name, text) in names) writer.WriteString(name, text);
                writer.WriteEndObject();
                break;
            case IEnumerable<string> all:
                writer.WriteStartArray();
                foreach (string one in all) writer.WriteStringValue(one);
                writer.WriteEndArray();
                break;
            default: writer.WriteStringValue(value.ToString()); break;
        }
    }
}
