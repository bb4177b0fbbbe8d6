namespace Daphne.Net.Cli;

/// <summary>One key of the configuration: a row of <see cref="ConfigTable"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Must">What its value must be, for messages.</param>
/// <param name="Apply">Writes its value into the settings; false if it does not take the value.</param>
sealed record ConfigKey(string Name, string Must, Func<ToolSettings, ConfigValue, bool> Apply);
