using System.Runtime.CompilerServices;

namespace Daphne.Net.Tests;

/// <summary>Tests of what workers do need pipelines that go there, however small: unless they say otherwise, all do.</summary>
static class EveryPipelineGoes
{
    [ModuleInitializer]
    internal static void Set() => Environment.SetEnvironmentVariable(RuleSetting.Variable, "always");
}
