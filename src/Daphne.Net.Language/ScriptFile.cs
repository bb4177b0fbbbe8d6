using System.Text;
using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

/// <summary>The text of a script file: UTF-8, with or without a byte order mark.</summary>
public static class ScriptFile
{
    static readonly UTF8Encoding strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a script.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="name">What diagnostics call it; the path where it is null.</param>
    /// <exception cref="ScriptException">The file cannot be read, or is no UTF-8.</exception>
    public static SourceText Read(string path, string? name = null)
    {
        name ??= path;
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ScriptException(Diag.CannotReadScript.At(default, name, "there is no such file"));
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(path))
        {
            throw new ScriptException(Diag.CannotReadScript.At(default, name, "it is a folder"));
        }
        catch (UnauthorizedAccessException)
        {
            throw new ScriptException(Diag.CannotReadScript.At(default, name, "you are not allowed to"));
        }
        catch (IOException e)
        {
            throw new ScriptException(Diag.CannotReadScript.At(default, name, e.Message));
        }
        var text = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(3) : bytes;
        try
        {
            return new(strict.GetString(text), name);
        }
        catch (DecoderFallbackException e)
        {
            var before = text[..e.Index];
            int line = before.Count((byte)'\n') + 1, start = before.LastIndexOf((byte)'\n') + 1;
            throw new ScriptException(Diag.ScriptNotUtf8.At(default, name, line, Encoding.UTF8.GetCharCount(before[start..]) + 1, e.BytesUnknown![0].ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
        }
    }
}
