using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>What a name stands for. A null <paramref name="Value"/> is a variable whose assignment failed: uses of it fail quietly.</summary>
sealed record Variable(Value? Value, SourceSpan Assigned, bool ReadOnly = false);

/// <summary>The variables of one function, scope by scope. Assigning updates an outer variable; a new name lives as long as its scope.</summary>
sealed class Scopes
{
    readonly List<Dictionary<string, Variable>> frames = [[]];
    readonly HashSet<string> ended = [];

    /// <summary>How many scopes are open.</summary>
    public int Depth => frames.Count;

    /// <summary>The outermost variables.</summary>
    public IReadOnlyDictionary<string, Variable> Top => frames[0];

    public void Open() => frames.Add([]);

    public void Close()
    {
        ended.UnionWith(frames[^1].Keys);
        frames.RemoveAt(frames.Count - 1);
    }

    public Variable? Find(string name)
    {
        for (int i = frames.Count - 1; i >= 0; i--)
            if (frames[i].TryGetValue(name, out var variable)) return variable;
        return null;
    }

    public void Assign(string name, Value? value, SourceSpan at)
    {
        int frame = frames.FindLastIndex(f => f.ContainsKey(name));
        frames[frame < 0 ? ^1 : frame][name] = new Variable(value, at);
    }

    /// <summary>A new variable of the innermost scope that hides outer ones of its name.</summary>
    public void Declare(string name, Value? value, SourceSpan at, bool readOnly = false) => frames[^1][name] = new Variable(value, at, readOnly);

    /// <summary>True if a variable of this name existed in a scope that has ended.</summary>
    public bool Ended(string name) => ended.Contains(name);

    public IEnumerable<string> Names => frames.SelectMany(f => f.Keys);

    /// <summary>Some variables as they are now: what a branch or loop may assign.</summary>
    public (int Frame, string Name, Variable Variable)[] Save(IEnumerable<string> names) =>
        [.. names.Select(n => (Frame: frames.FindLastIndex(f => f.ContainsKey(n)), Name: n)).Where(x => x.Frame >= 0).Select(x => (x.Frame, x.Name, frames[x.Frame][x.Name]))];

    /// <summary>The variables as they were; what was saved can be used again.</summary>
    public void Restore((int Frame, string Name, Variable Variable)[] saved)
    {
        foreach (var (frame, name, variable) in saved) frames[frame][name] = variable;
    }

    /// <summary>Everything as it is now.</summary>
    public List<Dictionary<string, Variable>> Snapshot() => [.. frames.Select(f => new Dictionary<string, Variable>(f))];

    /// <summary>Everything as it was; the snapshot can be used again.</summary>
    public void Restore(List<Dictionary<string, Variable>> snapshot)
    {
        frames.Clear();
        frames.AddRange(snapshot.Select(f => new Dictionary<string, Variable>(f)));
    }
}
