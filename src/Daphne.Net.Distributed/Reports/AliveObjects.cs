namespace Daphne.Net.Distributed;

/// <summary>The objects of a kind that are alive in this process: what observable instruments look at when somebody asks. Thread-safe.</summary>
sealed class AliveObjects<T> where T : class
{
    readonly Lock gate = new();
    readonly List<T> alive = [];

    public void Add(T one)
    {
        lock (gate) alive.Add(one);
    }

    public void Remove(T one)
    {
        lock (gate) alive.Remove(one);
    }

    public T[] All
    {
        get
        {
            lock (gate) return [.. alive];
        }
    }
}
