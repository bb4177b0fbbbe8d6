using System.Collections.Immutable;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>One column of a frame: its label, which may be empty, and its type.</summary>
public sealed record ColumnMetaData(string Label, ValueTypeCode ValueType);

/// <summary>
/// What the <c>.meta</c> file beside a data file says: shape and types. A matrix has a <see cref="ValueType"/>, a frame a <see cref="Schema"/>.
/// </summary>
public sealed record FileMetaData(long Rows, long Cols)
{
    /// <summary>What is appended to the name of a data file.</summary>
    public const string Extension = ".meta";

    /// <summary>The type of all cells of a matrix; null for a frame.</summary>
    public ValueTypeCode? ValueType { get; init; }

    /// <summary>The columns of a frame; default for a matrix.</summary>
    public ImmutableArray<ColumnMetaData> Schema { get; init; }

    /// <summary>How many cells are not zero; null where not known.</summary>
    public long? NonZeros { get; init; }

    /// <summary>True for a frame.</summary>
    public bool IsFrame => !Schema.IsDefault;

    /// <summary>The metadata of a data file, from the file beside it; a Parquet file without one describes itself.</summary>
    /// <exception cref="RaisedException">There is none or no data file, it cannot be read, or it is wrong.</exception>
    public static FileMetaData For(string path)
    {
        string name = path + Extension;
        if (!File.Exists(name) && Path.GetExtension(path) == ".parquet") return ParquetFile.MetaData(path);
        if (!File.Exists(name)) throw File.Exists(path) ? Diag.MetaMissing.Raise(name, path) : FileAccess.Missing(path);
        return FileMetaDataText.Parse(FileAccess.ReadAll(name), name);
    }

    /// <summary>The type of the cells when the file is read as a matrix: of a frame's columns the most general type.</summary>
    public ValueTypeCode MatrixValueType => ValueType ?? (Schema.IsEmpty ? ValueTypeCode.F64 : Schema.Select(c => c.ValueType).Aggregate(ValueTypes.MostGeneral));

    /// <summary>The most columns a frame from a file may have.</summary>
    internal const int MostColumns = 1 << 16;

    /// <summary>What describes this matrix.</summary>
    public static FileMetaData Of(Matrix matrix) => new(matrix.Rows, matrix.Cols) { ValueType = Written(matrix.ValueType), NonZeros = SparseFile.IsSparse(matrix) ? SparseFile.Of(matrix).NonZeros : null };

    /// <summary>What describes this frame.</summary>
    public static FileMetaData Of(Frame frame) =>
        new(frame.Rows, frame.Cols) { Schema = [.. frame.Labels.Select((label, i) => new ColumnMetaData(label, Written(frame.ValueType(i))))] };

    /// <summary>The same file seen as a frame: the columns of a matrix are called <c>col_0</c>, <c>col_1</c>, …</summary>
    /// <param name="path">What diagnostics call the file.</param>
    /// <exception cref="RaisedException">It has more columns than a frame can have.</exception>
    public FileMetaData AsFrame(string path)
    {
        if (IsFrame) return this;
        if (Cols > MostColumns) throw Diag.FrameTooWide.Raise(path, Cols, MostColumns);
        return this with { Schema = [.. Enumerable.Range(0, (int)Cols).Select(i => new ColumnMetaData(Frame.DefaultLabel(i), ValueType!.Value))] };
    }

    static ValueTypeCode Written(ValueTypeCode type) => type == ValueTypeCode.Size ? ValueTypeCode.UI64 : type;

    /// <summary>Reads the text of a <c>.meta</c> file; <paramref name="name"/> is what diagnostics call it.</summary>
    /// <exception cref="RaisedException">It is wrong.</exception>
    public static FileMetaData Parse(ReadOnlySpan<byte> utf8, string name) => FileMetaDataText.Parse(utf8, name);

    /// <summary>The text of the <c>.meta</c> file: keys in order of the alphabet, no blank, no line end.</summary>
    public string ToJson() => FileMetaDataText.Write(this);

    /// <inheritdoc/>
    public bool Equals(FileMetaData? other) =>
        other is not null && Rows == other.Rows && Cols == other.Cols && ValueType == other.ValueType && NonZeros == other.NonZeros
        && (Schema.IsDefault ? other.Schema.IsDefault : !other.Schema.IsDefault && Schema.SequenceEqual(other.Schema));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rows, Cols, ValueType, NonZeros, Schema.IsDefault ? -1 : Schema.Length);
}
