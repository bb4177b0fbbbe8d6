namespace Daphne.Net.Compiler;

/// <summary>Built-in functions of the original that can have no meaning here: why, and what to do instead.</summary>
static class OtherBuiltins
{
    public static (string Why, string Instead)? Why(string name) => name switch
    {
        "receiveFromNumpy" => ("takes an address inside a Python process, and there is none here", "a .NET program hands its values in as script arguments: $name"),
        "saveDaphneLibResult" => ("hands memory over to a Python process, and there is none here", "a .NET program gets the variables of a script; write(...) makes a file"),
        "openDevice" or "openFileOnTarget" => ("is for computational storage, which no version drives", "openFile(...) opens a file, readMatrix(...) reads one"),
        _ => null,
    };
}
