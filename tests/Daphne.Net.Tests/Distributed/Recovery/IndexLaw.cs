using Daphne.Net.Distributed.Recovery;

namespace Daphne.Net.Tests.Distributed.Recovery;

/// <summary>The index of a state against its tables, all anew.</summary>
static class IndexLaw
{
    public static void Check(RunState s)
    {
        foreach (var (w, at) in s.Workers)
        {
            Same(s.Calls.Values.Where(c => c.Worker == w).Select(c => c.Id), at.Calls, $"calls of worker {w}");
            Same([s.Calls.Values.Count(c => c.Worker == w && c.Abandoned)], [at.Late], $"late calls of worker {w}");
            Same(s.Goals.Where(g => g.Value.Worker == w || g.Value.Twin == w).Select(g => g.Key), at.Goals, $"goals of worker {w}");
            Same(s.Copies.Keys.Where(k => k.Worker == w).Select(k => k.Piece), at.Pieces, $"pieces of worker {w}");
            Same(at.Pieces.Where(p => !s.Live.Contains(p)), at.Spare, $"spare pieces of worker {w}");
        }
        Same(s.Calls.Values.Select(c => c.Worker).Concat(s.Copies.Keys.Select(k => k.Worker)).Where(w => !s.Workers.ContainsKey(w)), [], "workers without index");
        Same(s.Members.Keys.Where(s.IsUp).Select(w => (s.At(w).Late > 0, s.At(w).Goals.Count, w)), s.Ready, "workers that are ready");
        Same(s.Members.Where(m => m.Value.Status == MemberStatus.Suspected).Select(m => m.Key), s.Suspects, "suspects");
        Same(s.Workers.Where(w => w.Value.Alarm is not null).Select(w => (w.Value.Alarm!.Value, w.Key)), s.Alarms, "alarms");
        var waiting = s.Calls.Values.Where(c => !c.Abandoned).ToArray();
        Same(waiting.Select(c => c.Id), s.Waiting, "calls that are waited for");
        Same(waiting.Where(c => c.Kind != CallKind.Fetch).Select(c => ((c.Piece, c.Worker), c.Id)), s.Making.Select(m => (m.Key, m.Value)), "what is being made");
        Same(waiting.Where(c => c.Kind == CallKind.Fetch).Select(c => (c.Piece, c.Id)), s.Fetching.Select(f => (f.Key, f.Value)), "what is being fetched");
        Same(s.Copies.Keys, s.Holders.SelectMany(h => h.Value.Select(w => (h.Key, w))), "holders");
        Same(s.Pieces.Values.SelectMany(p => p.Inputs).CountBy(i => i).Select(c => (c.Key, c.Value)), s.Readers.Select(r => (r.Key, r.Value)), "readers");
        foreach (var (key, siblings) in s.Pipelines)
            Same([s.Pieces.Values.Count(p => p.Siblings == key)], [siblings.Kept], $"kept results of pipeline {key}");
        Same(s.Live.Where(p => !s.Pieces.ContainsKey(p)), [], "live pieces without lineage");
        Same(s.Goals.Keys.Where(p => !s.Live.Contains(p)), [], "goals that are not alive");
        Same(s.Blocked.Where(p => !s.Goals.ContainsKey(p)), [], "blocked goals that are none");
    }

    static void Same<T>(IEnumerable<T> tables, IEnumerable<T> index, string what)
    {
        var missing = tables.ToHashSet();
        missing.SymmetricExceptWith(index);
        if (missing.Count > 0) throw new BrokenLawException($"{what}: tables and index disagree about {string.Join(", ", missing)}");
    }
}
