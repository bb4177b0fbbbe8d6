using Daphne.Net.Deployment;
using Daphne.Net.Dialect;

namespace Daphne.Net.Cli;

/// <summary><c>daphne bundle FOLDER [TARGET]</c>: packs the published tool into the archive that other machines run.</summary>
static class BundleCommand
{
    const string Usage = """
        Packs a folder with the self-contained tool into one archive, named after its content, for other machines to run.
        Prints the archive's path.

        usage: daphne bundle FOLDER [TARGET]

          FOLDER   what 'dotnet publish --self-contained' wrote
          TARGET   where the archive goes; default: the current directory

        """;

    /// <returns>The exit status: 0, or 1 where the folder does not hold the tool.</returns>
    public static int Run(IReadOnlyList<string> words, TextWriter output, TextWriter error)
    {
        if (words is ["--help" or "-h"])
        {
            output.Write(Usage);
            output.Flush();
            return 0;
        }
        if (words.Count is 0 or > 2 || words[0].StartsWith('-'))
        {
            error.Write(Usage);
            return (int)Stage.Parse;
        }
        try
        {
            output.Write(Bundle.Pack(words[0], words.Count == 2 ? words[1] : ".").Path + "\n");
            output.Flush();
            return 0;
        }
        catch (Exception e) when (e is DeploymentException or IOException or UnauthorizedAccessException)
        {
            error.Write($"error: {e.Message}\n");
            return (int)Stage.Parse;
        }
    }
}
