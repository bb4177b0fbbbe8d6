using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

/// <summary>The sum as <see cref="ReductionBlocks"/> describes it, written down a second time, without any regard to speed.</summary>
static class SumReference
{
    const int Lanes = 32;

    public static double All(double[] cells, long rows, long cols)
    {
        if (cols == 0 || rows == 0) return 0;
        return Tree([.. cells.Chunk((int)(ReductionBlocks.Rows(cols) * cols)).Select(Row)]);
    }

    /// <summary>A row, or a block of rows one after the other: segments, then their tree.</summary>
    public static double Row(double[] cells) => Tree([.. cells.Chunk(4096).Select(segment => Laned(segment, 1)[0])]);

    public static double[] Columns(double[] cells, long rows, int cols)
    {
        if (cols == 0 || rows == 0) return new double[cols];
        var blocks = cells.Chunk((int)ReductionBlocks.Rows(cols) * cols).Select(block => Laned(block, cols)).ToArray();
        return [.. Enumerable.Range(0, cols).Select(j => Tree([.. blocks.Select(block => block[j])]))];
    }

    // Neighbours are added, level by level; the last of an odd number goes up alone.
    static double Tree(double[] values)
    {
        while (values.Length > 1) values = [.. values.Chunk(2).Select(pair => pair.Length == 2 ? pair[0] + pair[1] : pair[0])];
        return values.Length == 0 ? 0 : values[0];
    }

    static double[] Laned(double[] cells, int cols)
    {
        int abreast = 1;
        while (abreast * cols < Lanes) abreast *= 2;
        var lanes = new double[abreast * cols];
        for (int i = 0; i < cells.Length; i++) lanes[i % lanes.Length] += cells[i];
        for (int half = abreast / 2; half > 0; half /= 2)
            for (int i = 0; i < half * cols; i++) lanes[i] += lanes[i + half * cols];
        return lanes[..cols];
    }
}
