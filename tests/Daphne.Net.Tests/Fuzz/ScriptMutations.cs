using System.Text.RegularExpressions;
using Daphne.Net.Tests.Language;

namespace Daphne.Net.Tests.Fuzz;

/// <summary>Scripts that are nearly right: recorded scripts and random programs with tokens deleted, doubled, swapped, exchanged and spliced. The same for the same seed.</summary>
sealed partial class ScriptMutations(int seed)
{

    static readonly string[] words =
    [
        "0", "1", "-1", "2", "3", "7", "0.5", "nan", "inf", "-inf", "true", "\"\"", "\"a\"", "1u", "2.5f", "(", ")", "[", "]", "{", "}", ",", ";", ":", "=", "==", "@", "^",
        "%", "*", "/", "+", "-", "&&", "||", "?", "as.si64(", "as.matrix(", "as.str(", "as.frame(", "as.scalar(", "if (true)", "else", "while (false)", "for (i in 1:2)", "do", "return", "def", "import",
        "f64", "matrix", "frame", "matrix<si8>", "[[", "]]", "X", "print(", "$a", ".", "'", "\"", "\\", "/*", "*/", "//", "\0", "ä", "\ud800",
    ];

    static readonly string[] sources = [.. GoldenScripts.All.Select(File.ReadAllText).Where(text => text.Length < 4000 && !Large().IsMatch(text))];

    readonly Random random = new(seed);

    /// <summary>One more script.</summary>
    public string Next()
    {
        var tokens = Tokens(random.Next(4) == 0 ? new RandomPrograms(random.Next(), wholeNumbers: random.Next(2) == 0).Text() : sources[random.Next(sources.Length)]);
        bool keepsSyntax = random.Next(3) > 0;
        for (int i = random.Next(1, 4); i > 0 && tokens.Count > 0; i--)
            if (keepsSyntax) Exchange(tokens);
            else Mutate(tokens);
        string text = string.Concat(tokens);
        return Large().IsMatch(text) ? Next() : text;
    }

    static readonly string[][] kinds =
    [
        ["+", "-", "*", "/", "%", "^", "@", "==", "!=", "<", "<=", ">", ">=", "&&", "||"],
        ["0", "1", "2", "3", "5", "8", "0.5", "1.5", "nan", "inf", "1u", "2.5f", "true", "false", "\"\"", "\"a\"", "\"12\"", "[1, 2](1, 2)", "[0.5]", "fill(1, 0, 2)", "fill(true, 2, 2)", "[\"a\", \"b\"]"],
        ["f64", "f32", "si64", "si32", "si8", "ui64", "ui32", "ui8", "bool", "str"],
        ["sum", "mean", "aggMin", "aggMax", "idxMax", "stddev", "var", "cumSum"],
        ["t", "abs", "sqrt", "round", "reverse", "diagVector", "diagMatrix", "isNan", "exp", "nrow", "sum", "typeOf", "as.scalar", "as.matrix", "as.si64", "as.str", "as.bool", "as.frame"],
    ];

    // One token becomes another of its kind: what comes out is a script that parses.
    void Exchange(List<string> tokens)
    {
        int at = random.Next(tokens.Count);
        string token = tokens[at];
        if (Array.Find(kinds, k => k.Contains(token)) is { } kind) tokens[at] = kind[random.Next(kind.Length)];
        else if (char.IsAsciiDigit(token[0])) tokens[at] = kinds[1][random.Next(kinds[1].Length)];
        else if (char.IsAsciiLetter(token[0]) && tokens.Where(t => char.IsAsciiLetter(t[0])).ToArray() is { Length: > 0 } others) tokens[at] = others[random.Next(others.Length)];
    }

    void Mutate(List<string> tokens)
    {
        int at = random.Next(tokens.Count), other = random.Next(tokens.Count);
        switch (random.Next(8))
        {
            case 0: tokens.RemoveAt(at); break;
            case 1: tokens.Insert(at, tokens[other]); break;
            case 2: (tokens[at], tokens[other]) = (tokens[other], tokens[at]); break;
            case 3: tokens[at] = tokens[other]; break;
            case 4: tokens.Insert(at, words[random.Next(words.Length)]); break;
            case 5: tokens[at] = words[random.Next(words.Length)]; break;
            case 6:
                var strange = Tokens(sources[random.Next(sources.Length)]);
                int from = random.Next(strange.Count);
                tokens.InsertRange(at, strange.Skip(from).Take(random.Next(1, 12)));
                break;
            default:
                tokens.RemoveRange(Math.Min(at, other), Math.Abs(at - other) / 2);
                break;
        }
    }

    static List<string> Tokens(string text) => [.. Token().Matches(text).Select(m => m.Value)];

    [GeneratedRegex("""[A-Za-z_][A-Za-z_0-9.]*|[0-9][0-9A-Za-z_.']*|"(?:[^"\\]|\\.)*"|\s+|[=!<>&|]{2}|.""", RegexOptions.Singleline)]
    private static partial Regex Token();

    // A number that a mutation moves to another place may become a size: large ones would only test the memory of the machine.
    [GeneratedRegex(@"[0-9]{4,}")]
    private static partial Regex Large();
}
