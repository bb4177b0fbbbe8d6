namespace Daphne.Net.Cli;

/// <summary>One option of the tool: a row of <see cref="OptionTable"/>.</summary>
/// <param name="Name">Its name without dashes.</param>
/// <param name="Group">Where <c>--help</c> lists it.</param>
/// <param name="Help">One line: what it does.</param>
/// <param name="Apply">Writes its value into the settings; returns what is wrong with the value, or null.</param>
sealed record ToolOption(string Name, string Group, string Help, Func<ToolSettings, string, string?> Apply)
{
    /// <summary>What stands for the value in help, for instance <c>N</c>; null for a switch.</summary>
    public string? Value { get; init; }

    /// <summary>What stands in help for the value that a switch may be given behind an equals sign; null for none.</summary>
    public string? OptionalValue { get; init; }

    /// <summary>The values it takes, where they are a list.</summary>
    public string[] Choices { get; init; } = [];

    /// <summary>Another name.</summary>
    public string? Alias { get; init; }

    /// <summary>True where each choice is also a switch of its own (<c>--GSS</c>).</summary>
    public bool ChoicesAreSwitches { get; init; }
}
