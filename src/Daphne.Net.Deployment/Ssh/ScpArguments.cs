namespace Daphne.Net.Deployment;

/// <summary>
/// Options written for <c>scp</c>, as options of <c>ssh</c>: files go over the one connection that ssh makes, so what concerns the connection holds for it, and
/// what concerns only the copying of files has nothing to concern.
/// </summary>
public static class ScpArguments
{
    const string SameSwitches = "46AqvC", SameWithValue = "cFiJo";

    /// <summary>The words for ssh.</summary>
    /// <exception cref="DeploymentException">An option that has no meaning without a copying program.</exception>
    public static IReadOnlyList<string> ToSsh(IReadOnlyList<string> words)
    {
        List<string> ssh = [];
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            char letter = word.Length > 1 && word[0] == '-' ? word[1] : ' ';
            if (SameSwitches.Contains(letter) && word.Skip(2).All(SameSwitches.Contains)) ssh.Add(word);
            else if (letter == 'P' || SameWithValue.Contains(letter))
            {
                string name = letter == 'P' ? "-p" : word[..2];
                string value = word.Length > 2 ? word[2..] : ++i < words.Count ? words[i] : throw new DeploymentException(DeploymentFailure.BadOption, $"option {word} of scp needs a value");
                ssh.AddRange([name, value]);
            }
            else throw new DeploymentException(DeploymentFailure.BadOption, $"'{word}' means nothing here: files go over the one connection of ssh, for which scp's -P, -o, -i, -c, -F, -J, -C, -A, -4, -6, -q and -v can be given");
        }
        return ssh;
    }
}
