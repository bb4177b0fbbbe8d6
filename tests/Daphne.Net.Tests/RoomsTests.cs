using System.Xml.Linq;

namespace Daphne.Net.Tests;

/// <summary>Who may know whom: every reference arrow between rooms is one of these.</summary>
public sealed class RoomsTests
{
    static readonly Dictionary<string, string[]> allowed = new()
    {
        ["Daphne.Net.Dialect"] = [],
        ["Daphne.Net.Language"] = ["Daphne.Net.Dialect"],
        ["Daphne.Net.Data"] = ["Daphne.Net.Dialect"],
        ["Daphne.Net.Kernels"] = ["Daphne.Net.Data", "Daphne.Net.Dialect"],
        ["Daphne.Net.Compiler"] = ["Daphne.Net.Language", "Daphne.Net.Dialect", "Daphne.Net.Data"],
        ["Daphne.Net.Runtime"] = ["Daphne.Net.Compiler", "Daphne.Net.Kernels", "Daphne.Net.Data", "Daphne.Net.Dialect"],
        ["Daphne.Net.Distributed"] = ["Daphne.Net.Runtime"],
        ["Daphne.Net.Deployment"] = ["Daphne.Net.Dialect"],
        ["Daphne.Net"] = ["Daphne.Net.Distributed", "Daphne.Net.Deployment", "Daphne.Net.Runtime"],
        ["Daphne.Net.Worker"] = ["Daphne.Net", "Daphne.Net.Distributed"],
        ["Daphne.Net.Cli"] = ["Daphne.Net"],
    };

    [Fact]
    public void Every_room_is_known_and_references_only_what_it_may()
    {
        var projects = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories);
        Assert.Equal(allowed.Keys.Order(), projects.Select(p => Path.GetFileNameWithoutExtension(p)!).Order());
        foreach (string project in projects)
        {
            var arrows = XDocument.Load(project).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));
            Assert.Empty(arrows.Except(allowed[Path.GetFileNameWithoutExtension(project)!]).Select(arrow => $"{Path.GetFileNameWithoutExtension(project)} -> {arrow}"));
        }
    }
}
