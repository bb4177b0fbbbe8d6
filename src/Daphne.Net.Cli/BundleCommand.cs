using Daphne.Net.Deployment;
using Daphne.Net.Dialect;

namespace Daphne.Net.Cli;

/// <summary><c>daphne bundle FOLDER [TARGET]</c>: packs the published tool into the archive that other machines run.</summary>
static class BundleCommand
{
    const string Usage = """
        Packs a folder with the self-contained tool into one archive, named after its content, for other machines to run.
        Prints the archive's path.

        usage: daphne bundle FOLDER [TARGET] [--json]

          FOLDER   what 'dotnet publish --self-contained' wrote
          TARGET   where the archive goes; default: the current directory

        """;

    /// <returns>The exit status: 0, 1 where the command line is wrong, 3 where the folder does not hold the tool or nothing can be written.</returns>
    public static int Run(IReadOnlyList<string> words, TextWriter output, TextWriter error) => CommandEdge.Run("bundle", words, output, error, (report, _) =>
    {
        string[] given = [.. words.Where(w => w != "--json")];
        if (given is ["--help" or "-h"])
        {
            output.Write(Usage);
            return 0;
        }
        if (given.Length is 0 or > 2 || given[0].StartsWith('-'))
        {
            report.Failed(Usage, "usage", (int)Stage.Parse);
            return (int)Stage.Parse;
        }
        try
        {
            var bundle = Bundle.Pack(given[0], given.Length == 2 ? given[1] : ".");
            report.Result(bundle.Path, ("bundle", bundle.Path), ("name", bundle.Name), ("bytes", new FileInfo(bundle.Path).Length));
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DeploymentException(DeploymentFailure.NotPermitted, e.Message, e);
        }
    });
}
