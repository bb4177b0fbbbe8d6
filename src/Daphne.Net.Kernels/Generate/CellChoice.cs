namespace Daphne.Net.Kernels;

/// <summary>
/// Chooses some of the positions 0 … cells - 1, in ascending order, one draw per position looked at: the rule of the original (a variant of Knuth's
/// algorithm S whose draws do not shrink with what is left), without which seeded matrices would look different.
/// </summary>
ref struct CellChoice(MersenneTwister g, ulong cells, ulong wanted, CancellationToken ct)
{
    ulong at = 0, left = wanted;

    /// <summary>The next chosen position; false once all are chosen or looked at.</summary>
    public bool TryNext(out ulong position)
    {
        while (left > 0 && at < cells)
        {
            if (at % (1 << 20) == 0) ct.ThrowIfCancellationRequested();
            ulong draw = UniformIntegers.UpTo(g, cells - 1), rest = cells - at;
            position = at++;
            if (draw >= rest) draw -= rest;
            if (draw >= rest) draw %= rest;                  // seldom before the second half, and dear
            if (draw >= left) continue;
            left--;
            return true;
        }
        position = 0;
        return false;
    }
}
