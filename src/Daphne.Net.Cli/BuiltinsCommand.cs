using Daphne.Net.Dialect;

namespace Daphne.Net.Cli;

/// <summary><c>daphne builtins [NAME]</c>: the built-in functions of the language.</summary>
static class BuiltinsCommand
{
    const string Usage = """
        Lists the built-in functions, or shows all about one.

        usage: daphne builtins [NAME]

        """;

    /// <returns>The exit status: 0, or 1 where there is no such function.</returns>
    public static int Run(IReadOnlyList<string> words, TextWriter output, TextWriter error)
    {
        switch (words)
        {
            case []:
                output.Write(BuiltinReference.Overview());
                break;
            case ["--help" or "-h"]:
                output.Write(Usage);
                break;
            case [var name] when BuiltinReference.Of(name) is { } text:
                output.Write(text);
                break;
            case [var name]:
                error.Write(Diag.NoSuchBuiltin.At(default, name, Nearest.To(name, BuiltinReference.Names) is { } near ? $"did you mean '{near}'?" : "daphne builtins lists them"));
                return (int)Diag.NoSuchBuiltin.Stage;
            default:
                error.Write(Usage);
                return (int)Diag.NoSuchBuiltin.Stage;
        }
        output.Flush();
        return 0;
    }
}
