namespace Daphne.Net.Tests.Distributed.Recovery;

/// <summary>
/// A worker that exists in virtual time only. A handle points to memory, and a fragment reads that memory while it runs: what is freed under it
/// is overwritten, so its result is another one, as it would be with pointers.
/// </summary>
sealed class SimulatedWorker(int number)
{
    public sealed class Cell
    {
        public ulong Symbol;
    }

    public int Number { get; } = number;
    public int Generation { get; private set; } = 1;
    public bool Alive { get; private set; } = true;
    public bool Hung { get; set; }
    public bool Closed { get; private set; }
    public bool Leaves { get; set; }
    public double Slowness { get; set; } = 1;
    public Dictionary<int, Cell> Store { get; } = [];
    public HashSet<int> Running { get; } = [];
    public HashSet<int> Forgotten { get; } = [];
    public List<Action> Held { get; } = [];

    public bool Is(int generation) => Alive && Generation == generation;

    /// <summary>A hung worker does its work when it goes on; a dead or restarted one never.</summary>
    public void Do(int generation, Action action)
    {
        if (!Is(generation)) return;
        if (Hung) Held.Add(() => Do(generation, action));
        else action();
    }

    public bool Put(int handle, ulong symbol)
    {
        if (Closed) return false;
        Store.Add(handle, new() { Symbol = symbol });
        return true;
    }

    public void Free(int handle)
    {
        if (!Store.Remove(handle, out var cell)) return;
        cell.Symbol = ~cell.Symbol;
    }

    /// <summary>As when memory is short: who reads it already keeps it.</summary>
    public bool Forget(int handle)
    {
        Forgotten.Add(handle);
        return Store.Remove(handle);
    }

    public void Die() => Alive = false;

    public void Close()
    {
        Store.Clear();
        Closed = true;
    }

    public void Resume()
    {
        Hung = false;
        var held = Held.ToArray();
        Held.Clear();
        foreach (var action in held) action();
    }

    public void Restart()
    {
        Generation++;
        Alive = true;
        Hung = Closed = Leaves = false;
        Slowness = 1;
        Held.Clear();
        Store.Clear();
        Running.Clear();
        Forgotten.Clear();
    }
}
