using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>Aligned working memory of one kernel call, from the pool and back to it.</summary>
readonly unsafe ref struct Scratch<T> where T : unmanaged
{
    readonly DenseMatrix<T> memory;

    public Scratch(long cells, bool zeroed = false) => memory = DenseMatrix<T>.Allocate(cells, 1, zeroed);

    /// <summary>The first cell, on a 64-byte boundary.</summary>
    public T* Cell0 => memory.Cell0;

    public void Dispose() => memory.Release();
}
