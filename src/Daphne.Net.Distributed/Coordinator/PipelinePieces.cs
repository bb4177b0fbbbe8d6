using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed.Recovery;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>The pieces of one pipeline: those of its inputs that are new to the run, and its results. Built by the thread that runs the script.</summary>
sealed class PipelinePieces(RunDriver run, Pipeline pipeline, SplitPlan plan, ImmutableArray<int> homes, PipelineRecorder recorder)
{
    readonly List<(Piece Piece, PieceInfo Info)> made = [];
    readonly Dictionary<int, (Piece Piece, PieceInfo Info)> byId = [];
    readonly List<int> temporary = [];
    readonly HashSet<int> broadcast = [];
    readonly List<((ValueTypeCode Type, ulong Bits) Number, int Piece)> numbers = [];
    readonly List<ImmutableArray<int>> inputs = [];
    readonly List<(DataObject Value, HostCopies Copies, ImmutableArray<CellRange> Ranges, ImmutableArray<int> Pieces)> sent = [];
    string shapes = "";

    public Pipeline Origin => pipeline;

    /// <summary>In the order of their numbers.</summary>
    public IReadOnlyList<(Piece Piece, PieceInfo Info)> New => made;

    /// <summary>What only lineage needs once the pipeline has begun.</summary>
    public ImmutableArray<int> Temporary => [.. temporary];

    /// <summary>The pieces of each result.</summary>
    public ImmutableArray<ImmutableArray<int>> ByResult { get; private set; } = [];

    /// <summary>What is to be made: the pieces of all results; of a pipeline without results, what is computed.</summary>
    public ImmutableArray<int> Results { get; private set; } = [];

    /// <summary>How many pipelines back something began that the host has.</summary>
    public int Depth { get; private set; } = 1;

    public PieceInfo Info(int piece) => byId[piece].Info;

    /// <summary>What lay on workers before and is needed for a new piece, range by range.</summary>
    public IEnumerable<int> PlacedFor(Piece piece)
    {
        foreach (int input in piece.Inputs)
        {
            if (broadcast.Contains(input)) continue;
            if (!byId.TryGetValue(input, out var fresh)) yield return input;
            else foreach (int further in PlacedFor(fresh.Piece)) yield return further;
        }
    }

    /// <summary>True if parts of such a result are added up here, and not left where they are.</summary>
    public static bool IsFold(CombineKind combine) => combine is not (CombineKind.Rows or CombineKind.Cols);

    /// <summary>An input of the pipeline, in order.</summary>
    public void AddInput(Datum value, bool split)
    {
        if (!value.IsScalar && Extent.Of(value) is var shape) shapes += (shapes.Length > 0 ? ", " : "") + $"{shape.Rows}x{shape.Cols}";
        if (value.IsScalar) Whole([NumberPiece(value)]);
        else if (value.Object is IPlaced { Placement: var there } && there.Run == run && split && there.HasRangesOf(plan))
        {
            inputs.Add([.. there.Parts.Select(p => p.Id)]);
            Depth = Math.Max(Depth, there.Depth + 1);
        }
        else AddHere(value.Object, split);
    }

    /// <summary>The results, once all inputs are known.</summary>
    public void AddResults()
    {
        var combines = pipeline.Combines;
        var types = pipeline.ResultTypes;
        var fragment = new Fragment(pipeline.Fragment, combines.Length) { Options = run.Computing };
        bool[] folded = [.. combines.Select((combine, r) => plan.Cut.SeveralEach && FoldFragment.Folds(combine, types[r]))];
        // Parts that are added up here.
        ImmutableArray<int> bring = [.. Enumerable.Range(0, combines.Length).Where(r => IsFold(combines[r]) && !folded[r])];
        var parts = combines.Select(_ => new List<int>()).ToArray();
        List<int> computed = [];
        for (int range = 0; range < plan.Ranges.Length; range++)
        {
            ImmutableArray<int> from = [.. inputs.Select(i => i.Length == 1 && broadcast.Contains(i[0]) ? i[0] : i[range])];
            int all = Piece(new PieceSource.Computed(fragment, bring), temporary: combines.Length > 1 || folded.Contains(true), range, 1, from, combines.Length == 1 ? types[0] : null);
            computed.Add(all);
            for (int r = 0; r < parts.Length; r++)
                parts[r].Add(combines.Length == 1 ? all : Piece(new PieceSource.Taken(r), temporary: folded[r], range, 1, [all], types[r]));
        }
        for (int r = 0; r < parts.Length; r++)
            if (folded[r])
                parts[r] = [.. plan.Cut.ByTaker.Select(own =>
                    Piece(new PieceSource.Computed(FoldFragment.Of(combines[r], (MatrixType)types[r], own.Length), [0]), temporary: false, own[0], own.Length, [.. own.Select(i => parts[r][i])], types[r]))];
        ByResult = [.. parts.Select(p => p.ToImmutableArray())];
        Results = combines.IsEmpty ? [.. computed] : [.. ByResult.SelectMany(p => p)];
    }

    /// <summary>The pieces of a result that was made, with their shapes.</summary>
    public ImmutableArray<PlacedPart> PartsOf(int result) => [.. ByResult[result].Select((p, i) =>
    {
        var (rows, cols) = Info(p).Shape;
        return new PlacedPart(p, rows, cols, ByResult[result].Length == plan.Ranges.Length ? plan.Cut.Takers[i] : i);
    })];

    /// <summary>From now on the run knows the pieces: what was sent for this pipeline is found by the next.</summary>
    public void Keep()
    {
        foreach (var (number, piece) in numbers) run.Numbers.Add(number, piece);
        foreach (var (_, copies, ranges, pieces) in sent) copies.Add(run, ranges, pieces);
    }

    /// <summary>The pipeline does not begin.</summary>
    public void Release()
    {
        foreach (var (_, info) in made) info.Source.Release();
    }

    void AddHere(DataObject value, bool split)
    {
        ImmutableArray<CellRange> ranges = split ? plan.CellRanges : [CellRange.All];
        // Rows of a file are not loaded here for the sake of workers that may read them.
        var file = split && plan.Axis == SplitKind.Rows ? value as IInFile : null;
        if (file is null) value = value.Here();
        var copies = HostCopies.Of(value, run.Workers);
        var pieces = copies?.PiecesOf(run, ranges) ?? default;
        if (pieces.IsDefault) pieces = sent.Find(s => s.Value == value && s.Ranges.SequenceEqual(ranges)).Pieces;
        if (pieces.IsDefault)
        {
            var whole = (DataObject?)file?.Share() ?? CellRange.Share(value);
            for (int i = 1; i < ranges.Length; i++) whole.Retain();
            pieces = [.. ranges.Select((r, i) => Piece(whole is IInFile inFile ? new PieceSource.InFile(inFile, r, copies) : new PieceSource.Host(whole, r, copies), temporary: copies is null, split ? i : null))];
            if (copies is not null) sent.Add((value, copies, ranges, pieces));
        }
        if (split) inputs.Add(pieces);
        else Whole(pieces);
    }

    // The numbers in a loop are the same in every round; a script that makes up new ones all the time does not fill the workers with them.
    int NumberPiece(Datum value)
    {
        if (value.Type is not { } type || type == ValueTypeCode.Str) return Piece(new PieceSource.Number(value), temporary: true);
        var number = (type, value.Bits);
        if (run.Numbers.TryGetValue(number, out int known)) return known;
        if (numbers.Find(n => n.Number == number) is { Piece: > 0 and var mine }) return mine;
        bool kept = run.Numbers.Count + numbers.Count < RunDriver.MostNumbers;
        int piece = Piece(new PieceSource.Number(value), temporary: !kept);
        if (kept) numbers.Add((number, piece));
        return piece;
    }

    void Whole(ImmutableArray<int> piece)
    {
        broadcast.Add(piece[0]);
        inputs.Add(piece);
    }

    // Where a copy that another run left lies, also where it went when its worker was lost; else by the order of ranges and workers.
    int Home(PieceSource source, int range, ImmutableArray<int> from)
    {
        int home = homes[plan.Cut.Takers[range] % homes.Length];
        if (source is PieceSource.FromHere { Copies: { } copies } here) return copies.HolderOf(here.Range, home) ?? home;
        foreach (int input in from.IsDefault ? [] : from)
            if (!broadcast.Contains(input) && byId.TryGetValue(input, out var fresh)) return fresh.Piece.Worker;
        return home;
    }

    int Piece(PieceSource source, bool temporary, int? range = null, int ranges = 1, ImmutableArray<int> from = default, IrType? type = null)
    {
        int id = run.NewPiece();
        string? rows = range is { } first ? plan.RowsOf(first, ranges) : null;
        var info = new PieceInfo(pipeline, rows, recorder) { Source = source, Type = type };
        bool computes = source is PieceSource.Computed or PieceSource.Taken;
        string text = computes ? $"{pipeline.Describe()} on {rows} of {shapes}" : "";
        var piece = new Piece(id, computes ? text : null, from.IsDefault ? [] : from, Home(source, range ?? 0, from), text);
        made.Add((piece, info));
        byId.Add(id, (piece, info));
        if (temporary) this.temporary.Add(id);
        return id;
    }
}
