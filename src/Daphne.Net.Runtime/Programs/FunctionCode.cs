using System.Collections.Immutable;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Where a value lives in a frame.</summary>
/// <param name="Index">Which slot.</param>
/// <param name="IsObject">Among the references; otherwise among the numbers.</param>
/// <param name="Type">The type of what lives there.</param>
sealed record Slot(int Index, bool IsObject, IrType Type);

/// <summary>A function as steps. Its body leaves each result, with one reference, in its result slot.</summary>
sealed class FunctionCode(string name)
{
    public string Name => name;
    public ImmutableArray<Slot> Parameters { get; set; }
    public ImmutableArray<Slot> Results { get; set; }

    /// <summary>The slots from which the results are moved; -1 for a number.</summary>
    public int[] Returned { get; set; } = [];

    public StepBlock Body { get; set; } = null!;
    public int BitSlots { get; set; }
    public int ObjectSlots { get; set; }
}
