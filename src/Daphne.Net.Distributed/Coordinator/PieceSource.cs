using System.Collections.Immutable;
using Daphne.Net.Data;

namespace Daphne.Net.Distributed;

/// <summary>Where a piece comes from, so that it can come from there again.</summary>
abstract record PieceSource
{
    /// <summary>The piece goes, and with it what was kept for its sake.</summary>
    public virtual void Release() { }

    /// <summary>Part of a matrix or frame that can be had here.</summary>
    /// <param name="Range">Which part.</param>
    /// <param name="Copies">Remembers what lies on workers beyond this run; null: nobody does.</param>
    public abstract record FromHere(CellRange Range, HostCopies? Copies) : PieceSource;

    /// <summary>Part of a matrix or frame of this process. It owns a share of their memory, not of the object: what script and caller do with that is not held up, and nobody
    /// overwrites the cells.</summary>
    /// <param name="Whole">All of the value.</param>
    /// <param name="Range">Which part.</param>
    /// <param name="Copies">Remembers what lies on workers beyond this run; null: nobody does.</param>
    public sealed record Host(DataObject Whole, CellRange Range, HostCopies? Copies) : FromHere(Range, Copies)
    {
        public override void Release() => Whole.Release();
    }

    /// <summary>Rows of a matrix or frame that lies in a file: workers that share the file read them, to others they are sent. It owns a share of the cells, not of the object.</summary>
    /// <param name="Whole">All of it.</param>
    /// <param name="Range">Which rows.</param>
    /// <param name="Copies">Remembers what lies on workers beyond this run; null: nobody does.</param>
    public sealed record InFile(IInFile Whole, CellRange Range, HostCopies? Copies) : FromHere(Range, Copies)
    {
        public override void Release() => Whole.Release();
    }

    /// <summary>Memory of the caller, who has it back since the script has ended and may have changed it.</summary>
    public sealed record GivenBack : PieceSource;

    /// <summary>A number or text of the script.</summary>
    public sealed record Number(Datum Value) : PieceSource;

    /// <summary>A fragment over other pieces; of several results, all of them.</summary>
    /// <param name="Fragment">What is computed.</param>
    /// <param name="Bring">The numbers of the results that are needed here as soon as they are made.</param>
    public sealed record Computed(Fragment Fragment, ImmutableArray<int> Bring) : PieceSource;

    /// <summary>One result of a fragment with several: nothing is computed, a handle gets an owner of its own.</summary>
    public sealed record Taken(int Result) : PieceSource;
}
