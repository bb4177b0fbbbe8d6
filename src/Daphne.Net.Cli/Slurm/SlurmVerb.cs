namespace Daphne.Net.Cli;

/// <summary>A command of <c>daphne slurm</c>.</summary>
/// <param name="name">As written.</param>
/// <param name="help">One line.</param>
abstract class SlurmVerb(string name, string help)
{
    public string Name => name;

    public string Help => help;

    /// <summary>True where words may stand behind it, and how they are called.</summary>
    public virtual string Words => "";

    /// <returns>The exit status.</returns>
    public abstract Task<int> RunAsync(SlurmSession session, CancellationToken ct);
}
