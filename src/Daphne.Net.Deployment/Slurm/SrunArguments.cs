using System.Globalization;

namespace Daphne.Net.Deployment;

/// <summary>
/// Options written for <c>srun</c>, sorted into what is asked of the job and what of the step in it. The workers are a batch job: what <c>sbatch</c> does
/// not know goes to the <c>srun</c> inside.
/// </summary>
public static class SrunArguments
{
    static readonly HashSet<string> ofStep = new(StringComparer.Ordinal)
    {
        "accel-bind", "bcast", "cpu-bind", "disable-status", "exact", "kill-on-bad-exit", "label", "mpi", "multi-prog", "msg-timeout", "overlap", "preserve-env", "prolog", "epilog",
        "quit-on-interrupt", "relative", "resv-ports", "send-libs", "slurmd-debug", "task-epilog", "task-prolog", "unbuffered",
    };
    static readonly HashSet<string> switchesOfStep = new(StringComparer.Ordinal) { "disable-status", "exact", "label", "multi-prog", "overlap", "preserve-env", "quit-on-interrupt", "unbuffered" };
    static readonly Dictionary<char, string> shortOfStep = new() { ['K'] = "kill-on-bad-exit", ['l'] = "label", ['u'] = "unbuffered", ['X'] = "disable-status", ['r'] = "relative", ['E'] = "preserve-env" };

    /// <summary>Adds them to what is asked of Slurm.</summary>
    /// <exception cref="DeploymentException">A time that is none, or a word that is no option.</exception>
    public static void Apply(IReadOnlyList<string> words, SlurmOptions options)
    {
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            if (word.Length < 2 || word[0] != '-') throw new DeploymentException(DeploymentFailure.BadOption, $"'{word}' is no option of srun");
            bool isLong = word.StartsWith("--", StringComparison.Ordinal);
            int equals = word.IndexOf('=');
            string name = isLong ? word[2..(equals < 0 ? word.Length : equals)] : shortOfStep.GetValueOrDefault(word[1], word[1..2]);
            bool toStep = ofStep.Contains(name);
            // The value of a long option stands behind '=' or is the next word, that of a short one behind it or is the next word.
            string? value = isLong ? (equals < 0 ? null : word[(equals + 1)..]) : word.Length > 2 ? word[2..].TrimStart('=') : null;
            if (value is null && !(toStep && switchesOfStep.Contains(name)) && i + 1 < words.Count && !words[i + 1].StartsWith('-')) value = words[++i];
            // A line of directives is parted at blanks, unless in quotes.
            if (value is not null && !toStep && value.Any(char.IsWhiteSpace)) value = $"\"{value}\"";
            string written = !isLong && !toStep ? value is null ? word : $"-{name} {value}" : value is null ? "--" + name : $"--{name}={value}";
            switch (name)
            {
                case "time" or "t" when value is not null:
                    options.WallTime = Time(value);
                    break;
                case "cpus-per-task" or "c" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int cores) && cores > 0:
                    options.CoresPerWorker = cores;
                    break;
                case "ntasks" or "n" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int workers) && workers > 0:
                    options.Workers = workers;
                    break;
                case "ntasks-per-node" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int tasks) && tasks > 0:
                    options.WorkersPerNode = tasks;
                    break;
                default:
                    (toStep ? options.StepOptions : options.Directives).Add(written);
                    break;
            }
        }
    }

    /// <summary>A time as Slurm writes it: <c>minutes</c>, <c>minutes:seconds</c>, <c>hours:minutes:seconds</c>, <c>days-hours[:minutes[:seconds]]</c>.</summary>
    public static TimeSpan Time(string text)
    {
        string[] days = text.Split('-');
        string[] parts = days[^1].Split(':');
        var numbers = parts.Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1).ToArray();
        if (days.Length > 2 || parts.Length > 3 || numbers.Contains(-1)) throw Wrong();
        if (days.Length == 2)
        {
            if (!int.TryParse(days[0], NumberStyles.None, CultureInfo.InvariantCulture, out int d) || d > 3650) throw Wrong();
            return new(d, numbers[0], numbers.ElementAtOrDefault(1), numbers.ElementAtOrDefault(2));
        }
        var time = numbers switch { [var m] => TimeSpan.FromMinutes(m), [var m, var s] => new(0, m, s), [var h, var m, var s] => new(h, m, s), _ => throw Wrong() };
        return time > TimeSpan.Zero && time < TimeSpan.FromDays(3650) ? time : throw Wrong();

        DeploymentException Wrong() => new(DeploymentFailure.BadOption, $"'{text}' is no time of Slurm; write minutes, hours:minutes:seconds or days-hours");
    }
}
