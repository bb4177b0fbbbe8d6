using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>
/// A matrix or frame in a file until somebody here needs its cells; workers that share the file read their rows of it themselves. It is what was in the file when the script came to its
/// <c>readMatrix</c> or <c>readFrame</c>: a file that has changed since then is an error, not another value.
/// </summary>
interface IInFile
{
    /// <summary>What is in the file.</summary>
    FileCells InFile { get; }

    /// <summary>Another object over the same file: this one may go. The caller owns it.</summary>
    IInFile Share();

    /// <inheritdoc cref="DataObject.Retain"/>
    void Retain();

    /// <inheritdoc cref="DataObject.Release"/>
    void Release();
}

/// <summary>A matrix in a file.</summary>
sealed class FileMatrix(FileCells cells) : Matrix(cells.Meta.Rows, cells.Meta.Cols), IInFile
{
    public FileCells InFile => cells;

    public override ValueTypeCode ValueType => cells.Meta.MatrixValueType;

    public IInFile Share()
    {
        cells.AddUser();
        return new FileMatrix(cells);
    }

    /// <inheritdoc/>
    public override Matrix Here() => (Matrix)cells.HereAsync().GetAwaiter().GetResult();

    /// <inheritdoc/>
    protected override void Free() => cells.Leave();
}

/// <summary>A frame in a file.</summary>
sealed class FileFrame(FileCells cells) : Frame(cells.Meta.Rows, cells.Meta.Schema.Length), IInFile
{
    public FileCells InFile => cells;

    public override ImmutableArray<string> Labels { get; } = [.. cells.Meta.Schema.Select(c => c.Label)];

    public override ValueTypeCode ValueType(int index) => cells.Meta.Schema[index].ValueType;

    public IInFile Share()
    {
        cells.AddUser();
        return new FileFrame(cells);
    }

    /// <inheritdoc/>
    public override Frame Here() => (Frame)cells.HereAsync().GetAwaiter().GetResult();

    /// <inheritdoc/>
    protected override void Free() => cells.Leave();
}
