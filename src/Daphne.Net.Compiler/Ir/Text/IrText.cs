using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// The IR as text: MLIR's generic form, functions in their custom form. Printing what was parsed from a printed text gives that text again.
/// </summary>
public static class IrText
{
    /// <summary>Longer texts are not read (UTF-16 units).</summary>
    public const int MostCharacters = 64 << 20;

    /// <summary>Deeper nested regions are not read.</summary>
    public const int MostRegions = 64;

    /// <summary>Deeper nested types and attributes are not read.</summary>
    public const int MostNesting = 16;

    /// <summary>Most attributes of one operation.</summary>
    public const int MostAttributes = 1000;

    /// <summary>Prints a whole module: its functions in order, without a <c>module { }</c> around them.</summary>
    public static string Print(IrModule module)
    {
        var printer = new IrPrinter();
        foreach (var function in module.Functions) printer.Function(function);
        return printer.ToString();
    }

    /// <summary>Prints one function, or one operation with everything it holds.</summary>
    public static string Print(Operation op)
    {
        var printer = new IrPrinter();
        if (op.Def == Op.Func) printer.Function(op); else printer.Alone(op);
        return printer.ToString();
    }

    /// <summary>
    /// Reads a module. Safe for text from anywhere: length and depth are bounded, time is linear, and whatever is wrong with the text ends in one exception.
    /// What is read is well formed as text (names, types of operands); <see cref="Verifier"/> says whether it means something.
    /// </summary>
    /// <param name="text">Functions, with or without <c>module { }</c> around them.</param>
    /// <param name="name">What diagnostics call the text.</param>
    /// <exception cref="ScriptException">The text is no IR.</exception>
    public static IrModule Parse(string text, string name = "<ir>")
    {
        var source = new SourceText(text.Length > MostCharacters ? "" : text, name);
        if (text.Length > MostCharacters) throw new ScriptException(Diag.IrLimit.At(new(source, 0, 0), MostCharacters, "characters"));
        return new IrParser(source).Module();
    }

    /// <summary>Reads one type, for instance <c>!daphne.Matrix&lt;?x3xf64&gt;</c>.</summary>
    /// <exception cref="ScriptException">The text is no type.</exception>
    public static IrType ParseType(string text) => new IrParser(new SourceText(text, "<type>")).OnlyType();
}
