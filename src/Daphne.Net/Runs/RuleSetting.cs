using Daphne.Net.Dialect;
using Daphne.Net.Distributed;

namespace Daphne.Net;

/// <summary>The rule of distribution as a word: in the environment, on the command line.</summary>
static class RuleSetting
{
    public const string Variable = "DAPHNE_DIST_RULE";

    public static readonly string[] Words = ["always", "cost"];

    /// <summary>What the environment says, else <paramref name="otherwise"/>.</summary>
    /// <exception cref="ScriptException">It says something else.</exception>
    public static DistributionRule Default(DistributionRule otherwise)
    {
        string? word = Environment.GetEnvironmentVariable(Variable);
        return string.IsNullOrEmpty(word) ? otherwise : Words.Contains(word) ? Of(word) : throw new ScriptException(Diag.UnknownRule.At(default, Variable, word));
    }

    public static DistributionRule Of(string word) => word == "always" ? DistributionRule.Always : DistributionRule.WhenItPays;
}
