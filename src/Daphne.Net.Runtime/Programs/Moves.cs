using Daphne.Net.Data;

namespace Daphne.Net.Runtime;

/// <summary>How a value goes from one slot to another.</summary>
enum MoveKind : byte
{
    /// <summary>A number is copied.</summary>
    Bits,
    /// <summary>An object gets one more owner.</summary>
    Share,
    /// <summary>An object changes its owner; the first slot is empty afterwards.</summary>
    Take,
}

/// <summary>One value's way.</summary>
readonly record struct Move(MoveKind Kind, int From, int To);

/// <summary>Values that go to other slots at once: arguments, results, what loops carry. Targets of objects are empty before.</summary>
sealed class Moves(Move[] list)
{
    public static readonly Moves None = new([]);

    /// <summary>Moves from one activation to another, or within one.</summary>
    public void Run(Activation from, Activation to)
    {
        foreach (var (kind, source, target) in list)
        {
            if (kind == MoveKind.Bits)
            {
                to.Bits[target] = from.Bits[source];
                continue;
            }
            object? value = from.Objects[source];
            if (kind == MoveKind.Take) from.Objects[source] = null;
            else (value as DataObject)?.Retain();
            to.Objects[target] = value;
        }
    }
}
