using System.Text;

namespace Daphne.Net.Deployment;

/// <summary>Words in one text, as a person writes them for a shell: parted by blanks, held together by quotes. Nothing is expanded.</summary>
public static class ShellWords
{
    /// <summary>The words.</summary>
    /// <exception cref="DeploymentException">A quote does not end.</exception>
    public static IReadOnlyList<string> Split(string text)
    {
        List<string> words = [];
        StringBuilder? word = null;
        char quote = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == quote) quote = '\0';
            else if (c == '\\' && quote != '\'' && i + 1 < text.Length) (word ??= new()).Append(text[++i]);
            else if (quote != '\0') word!.Append(c);
            else if (c is '\'' or '"')
            {
                quote = c;
                word ??= new();   // '' is a word too
            }
            else if (!char.IsWhiteSpace(c)) (word ??= new()).Append(c);
            else if (word is not null)
            {
                words.Add(word.ToString());
                word = null;
            }
        }
        if (quote != '\0') throw new DeploymentException(DeploymentFailure.BadOption, $"the quote {quote} does not end in '{text}'");
        if (word is not null) words.Add(word.ToString());
        return words;
    }
}
