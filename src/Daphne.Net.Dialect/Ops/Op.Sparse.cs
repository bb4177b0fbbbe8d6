namespace Daphne.Net.Dialect;

public static partial class Op
{
    /// <summary>What <c>aggMax(x * y, 0)</c> becomes for a sparse matrix and a row: the product, as large as the matrix, is never stored.</summary>
    public static readonly OpDef MaxRowTimes = Row(new("maxRowTimes", 2, TypeRule.MatrixOfFirst, ShapeRule.ColumnOfRows, OpTraits.Pure, "Largest cell of each row of the product, cell by cell, of a matrix and a row."));
}
