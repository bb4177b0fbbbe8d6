using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Distributed.Recovery;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>The pieces of one pipeline: those of its inputs that are new to the run, and its results. Built by the thread that runs the script.</summary>
sealed class PipelinePieces(RunDriver run, Pipeline pipeline, SplitPlan plan, ImmutableArray<int> homes, Traffic traffic)
{
    readonly List<(Piece Piece, PieceInfo Info)> made = [];
    readonly Dictionary<int, PieceInfo> infos = [];
    readonly List<int> temporary = [];
    readonly HashSet<int> broadcast = [];
    readonly List<ImmutableArray<int>> inputs = [];
    readonly List<(DataObject Value, HostCopies Copies, ImmutableArray<CellRange> Ranges, ImmutableArray<int> Pieces)> sent = [];

    string shapes = "";

    public Pipeline Origin => pipeline;

    /// <summary>In the order of their numbers.</summary>
    public IReadOnlyList<(Piece Piece, PieceInfo Info)> New => made;

    /// <summary>What only lineage needs once the pipeline has begun.</summary>
    public ImmutableArray<int> Temporary => [.. temporary];

    /// <summary>All results of the pipeline, one after the other, each by range; of a pipeline without results, what is computed.</summary>
    public ImmutableArray<int> Results { get; private set; } = [];

    public PieceInfo Info(int piece) => infos[piece];

    public bool IsNew(int piece) => infos.ContainsKey(piece);

    public bool IsBroadcast(int piece) => broadcast.Contains(piece);

    /// <summary>An input of the pipeline, in order.</summary>
    public void AddInput(Datum value, bool split)
    {
        if (!value.IsScalar && value.Object is Matrix shaped) shapes += (shapes.Length > 0 ? ", " : "") + $"{shaped.Rows}x{shaped.Cols}";
        if (value.IsScalar) Whole([Piece(new PieceSource.Number(value), temporary: true)]);
        else if (value.Object is PlacedMatrix there && there.Run == run && split && there.HasRangesOf(plan)) inputs.Add([.. there.Parts.Select(p => p.Id)]);
        else AddHere(value.Object, split);
    }

    /// <summary>The results, once all inputs are known.</summary>
    public void AddResults()
    {
        int results = pipeline.Combines.Length;
        var fragment = new Fragment(pipeline.Fragment, results);
        var ids = new int[Math.Max(1, results) * plan.Ranges.Length];
        for (int range = 0; range < plan.Ranges.Length; range++)
        {
            ImmutableArray<int> from = [.. inputs.Select(i => i.Length == 1 && broadcast.Contains(i[0]) ? i[0] : i[range])];
            int all = Piece(new PieceSource.Computed(fragment), temporary: results > 1, range, from, pipeline.Fragment, 0);
            if (results <= 1) ids[range] = all;
            else for (int r = 0; r < results; r++) ids[r * plan.Ranges.Length + range] = Piece(new PieceSource.Taken(r), temporary: false, range, [all], "", r);
        }
        Results = [.. ids];
    }

    /// <summary>From now on the run knows the pieces: what was sent for this pipeline is found by the next.</summary>
    public void Keep()
    {
        foreach (var (_, copies, ranges, pieces) in sent) copies.Add(run, ranges, pieces);
    }

    /// <summary>The pipeline does not begin.</summary>
    public void Release()
    {
        foreach (var (_, info) in made) info.Source.Release();
    }

    void AddHere(DataObject value, bool split)
    {
        ImmutableArray<CellRange> ranges = split ? plan.Parts : [CellRange.All];
        // Rows of a file are not loaded here for the sake of workers that may read them.
        var file = split && plan.Axis == Dialect.SplitKind.Rows ? value as FileMatrix : null;
        if (file is null && value is Matrix matrix) value = matrix.Here();
        var copies = HostCopies.Of(value, run.Workers);
        var pieces = copies?.PiecesOf(run, ranges) ?? default;
        if (pieces.IsDefault) pieces = sent.Find(s => s.Value == value && s.Ranges.SequenceEqual(ranges)).Pieces;
        if (pieces.IsDefault)
        {
            var whole = file?.Share() ?? CellRange.Share(value);
            for (int i = 1; i < ranges.Length; i++) whole.Retain();
            pieces = [.. ranges.Select((r, i) => Piece(whole is FileMatrix inFile ? new PieceSource.InFile(inFile, r, copies) : new PieceSource.Host(whole, r, copies), temporary: copies is null, split ? i : null))];
            if (copies is not null) sent.Add((value, copies, ranges, pieces));
        }
        if (split) inputs.Add(pieces);
        else Whole(pieces);
    }

    void Whole(ImmutableArray<int> piece)
    {
        broadcast.Add(piece[0]);
        inputs.Add(piece);
    }

    int Piece(PieceSource source, bool temporary, int? range = null, ImmutableArray<int> from = default, string? fragment = null, int result = 0)
    {
        int id = run.NewPiece();
        string? rows = range is { } i ? plan.RowsOf(i) : null;
        var info = new PieceInfo(pipeline, rows, traffic)
        {
            Source = source,
            ValueType = fragment is not null && result < pipeline.ResultTypes.Length && pipeline.ResultTypes[result] is Dialect.MatrixType { ValueType: { } type } ? type : default,
        };
        string text = fragment is null ? "" : $"{pipeline.Describe()} on {rows} of {shapes}";
        made.Add((new(id, fragment, from.IsDefault ? [] : from, homes[(range ?? 0) % homes.Length], text), info));
        infos.Add(id, info);
        if (temporary) this.temporary.Add(id);
        return id;
    }
}
