using System.Collections.Frozen;

namespace Daphne.Net.Compiler;

/// <summary>Built-in functions that the language has and the operator table has not yet: using one is "not supported yet", not a misspelling.</summary>
static class OtherBuiltins
{
    public static FrozenSet<string> Names { get; } = FrozenSet.ToFrozenSet(
    [
        // files and devices
        "close", "openDevice", "openFile", "openFileOnTarget", "readCsv", "receiveFromNumpy", "saveDaphneLibResult",
        "startProfiling", "stopProfiling",
    ]);
}
