using System.Collections.Immutable;

namespace Daphne.Net.Compiler;

/// <summary>Where imported scripts lie, beside paths relative to the importing script; what <c>daphnedsl_import_paths</c> says in a configuration.</summary>
public sealed record ImportPaths
{
    /// <summary>The key of the configuration that holds <see cref="DefaultDirectories"/>; every other key names a library.</summary>
    public const string DefaultDirectoriesKey = "default_dirs";

    /// <summary>No such places.</summary>
    public static ImportPaths None { get; } = new();

    /// <summary>Folders in which a relative path is looked up too.</summary>
    public ImmutableArray<string> DefaultDirectories { get; init; } = [];

    /// <summary>Libraries by name with their folders: <c>import "name";</c> imports every script there.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Libraries { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>From the form of the configuration.</summary>
    public static ImportPaths From(IReadOnlyDictionary<string, IReadOnlyList<string>> paths) => new()
    {
        DefaultDirectories = paths.TryGetValue(DefaultDirectoriesKey, out var folders) ? [.. folders] : [],
        Libraries = paths.Where(p => p.Key != DefaultDirectoriesKey).ToDictionary(p => p.Key, p => p.Value),
    };
}
