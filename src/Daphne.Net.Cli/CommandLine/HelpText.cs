using System.Text;

namespace Daphne.Net.Cli;

/// <summary>What <c>daphne --help</c> prints, made from the option table.</summary>
static class HelpText
{
    const int Width = 110, Column = 34;

    public static string Render()
    {
        var text = new StringBuilder("""
            Runs a DaphneDSL script.

            usage: daphne [options] script [name=value ...]
                   daphne worker [options] HOST:PORT        (daphne worker --help)
                   daphne builtins [NAME]                   the built-in functions of the language
                   daphne slurm <options> <command>         workers in a job of Slurm (daphne slurm --help)
                   daphne ssh <options>                     workers on machines over ssh (daphne ssh --help)
                   daphne clusters list|status|env|attach|logs|stop|clean|sweep
                   daphne bundle FOLDER [TARGET]            the archive that other machines run

            A script argument is one literal (1, 2.5, true, "text" with its quotes) and is $name in the script.

            """);
        foreach (var group in OptionTable.All.GroupBy(o => o.Group))
        {
            text.Append('\n').Append(group.Key).Append('\n');
            if (group.All(o => o.Help.Length == 0)) AppendNames(text, group);
            else foreach (var option in group) AppendRow(text, option);
        }
        return text.Append("""

            Exit status
              0  success
              1  the script, its arguments or the command line are wrong
              2  the compiler found types or shapes that do not fit
              3  an error while running, or stop() in the script
              4  a fault of daphne itself; DAPHNE_DEBUG=1 shows where it happened
              130, 143  stopped by Ctrl-C, by SIGTERM; 141: nobody reads the output any more

            Examples
              daphne example.daphne
              daphne --vec example.daphne x=1 y=2.2 z='"text"'
              daphne worker 127.0.0.1:50051
              DISTRIBUTED_WORKERS=127.0.0.1:50051 daphne --distributed example.daphne
              mpirun -np 3 daphne --distributed example.daphne

            """).ToString();
    }

    static void AppendRow(StringBuilder text, ToolOption option)
    {
        string left = $"  --{option.Name}{(option.Value is not null ? "=" + option.Value : option.OptionalValue is not null ? $"[={option.OptionalValue}]" : "")}";
        string line = left.PadRight(Column - 1);
        foreach (string word in (option.Choices.Length > 0 ? $"{option.Help} One of {string.Join(", ", option.Choices)}." : option.Help).Split(' '))
        {
            if (line.Length + 1 + word.Length > Width)
            {
                text.Append(line).Append('\n');
                line = new string(' ', Column - 1);
            }
            line += " " + word;
        }
        text.Append(line).Append('\n');
    }

    static void AppendNames(StringBuilder text, IEnumerable<ToolOption> options)
    {
        string line = " ";
        foreach (string name in options.Select(o => " --" + o.Name))
        {
            if (line.Length + name.Length > Width)
            {
                text.Append(line).Append('\n');
                line = " ";
            }
            line += name;
        }
        text.Append(line).Append('\n');
    }
}
