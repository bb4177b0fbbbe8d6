namespace Daphne.Net.Data;

/// <summary>Where the cells of a CSV file go: turns the rows of a block into cells of a matrix or frame. Called by several threads, each with other rows.</summary>
interface ICsvCells
{
    /// <summary>The matrix or frame.</summary>
    DataObject Value { get; }

    /// <summary>Reads the rows of the block; null, or what stopped it.</summary>
    CsvProblem? Read(CsvBlock block);
}
