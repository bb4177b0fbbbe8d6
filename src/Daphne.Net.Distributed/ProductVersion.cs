using System.Reflection;

namespace Daphne.Net.Distributed;

/// <summary>What peers are told of our version.</summary>
static class ProductVersion
{
    /// <summary>For instance <c>0.1.0</c>, with a build's commit behind a plus sign if there is one.</summary>
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
