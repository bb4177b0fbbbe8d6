using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Joins, groups and sets of frames.</summary>
static class RelationalBindings
{
    public static Binding[] Rows =>
    [
        new(Op.Cartesian, (op, e) => OfFrames(op, e, static (l, r, f) => FrameJoin.Cartesian(l, r, f.Context.Tasks(), f.Context.Cancellation))),
        new(Op.Intersect, (op, e) => OfFrames(op, e, static (l, r, f) => FrameSets.Intersect(l, r, f.Context.Cancellation))),
        new(Op.Merge, (op, e) => OfFrames(op, e, static (l, r, f) => FrameSets.Merge(l, r, f.Context.Cancellation))),
        new(Op.Except, (op, e) => OfFrames(op, e, static (l, r, f) => FrameSets.Except(l, r, f.Context.Cancellation))),
        new(Op.InnerJoin, (op, e) => Join(op, e, JoinKind.Inner, [2], [3])),
        new(Op.LeftOuterJoin, (op, e) => OnKeys(op, e, JoinKind.LeftOuter)),
        new(Op.FullOuterJoin, (op, e) => OnKeys(op, e, JoinKind.FullOuter)),
        new(Op.AntiJoin, (op, e) => OnKeys(op, e, JoinKind.Anti)),
        new(Op.SemiJoin, Semi),
        new(Op.GroupJoin, GroupJoined),
        new(Op.Group, GroupSum),
    ];

    static Step OfFrames(Operation op, Emitter e, Func<Frame, Frame, Activation, Frame> kernel)
    {
        int left = e.Object(op.Operands[0]), right = e.Object(op.Operands[1]), to = e.Object(op.Result);
        return new Do(f => f.Own(to, kernel(f.Frame(left), f.Frame(right), f)));
    }

    static Step OnKeys(Operation op, Emitter e, JoinKind kind)
    {
        int keys = (op.Operands.Count - 2) / 2;
        return Join(op, e, kind, [.. Enumerable.Range(2, keys)], [.. Enumerable.Range(2 + keys, keys)]);
    }

    static Step Join(Operation op, Emitter e, JoinKind kind, int[] leftOperands, int[] rightOperands)
    {
        int left = e.Object(op.Operands[0]), right = e.Object(op.Operands[1]), to = e.Object(op.Result);
        KeyColumn[] leftOn = [.. leftOperands.Select(k => KeyColumn.Of(op, k, e))], rightOn = [.. rightOperands.Select(k => KeyColumn.Of(op, k, e))];
        return new Do(f =>
        {
            Frame l = f.Frame(left), r = f.Frame(right);
            f.Own(to, FrameJoin.Of(l, r, Array.ConvertAll(leftOn, k => k.In(l, f)), Array.ConvertAll(rightOn, k => k.In(r, f)), kind, f.Context.Tasks(), f.Context.Cancellation));
        });
    }

    static Step Semi(Operation op, Emitter e)
    {
        int left = e.Object(op.Operands[0]), right = e.Object(op.Operands[1]), to = e.Object(op.Results[0]), toPositions = e.Object(op.Results[1]);
        KeyColumn leftOn = KeyColumn.Of(op, 2, e), rightOn = KeyColumn.Of(op, 3, e);
        return new Do(f =>
        {
            Frame l = f.Frame(left), r = f.Frame(right);
            var (keys, positions) = FrameJoin.Semi(l, r, leftOn.In(l, f), rightOn.In(r, f), f.Context.Tasks(), f.Context.Cancellation);
            f.Own(to, keys);
            f.Own(toPositions, positions);
        });
    }

    static Step GroupJoined(Operation op, Emitter e)
    {
        int left = e.Object(op.Operands[0]), right = e.Object(op.Operands[1]), to = e.Object(op.Results[0]), toPositions = e.Object(op.Results[1]);
        KeyColumn leftOn = KeyColumn.Of(op, 2, e), rightOn = KeyColumn.Of(op, 3, e), summed = KeyColumn.Of(op, 4, e);
        return new Do(f =>
        {
            Frame l = f.Frame(left), r = f.Frame(right);
            var (sums, positions) = FrameGroups.Joined(l, r, leftOn.In(l, f), rightOn.In(r, f), summed.In(r, f), f.Context.Tasks(), f.Context.Cancellation);
            f.Own(to, sums);
            f.Own(toPositions, positions);
        });
    }

    static Step GroupSum(Operation op, Emitter e)
    {
        int x = e.Object(op.Operands[0]), to = e.Object(op.Result);
        KeyColumn[] keys = [.. Enumerable.Range(1, op.Operands.Count - 2).Select(k => KeyColumn.Of(op, k, e))];
        var summed = KeyColumn.Of(op, op.Operands.Count - 1, e);
        return new Do(f =>
        {
            var frame = f.Frame(x);
            f.Own(to, FrameGroups.Sum(frame, Array.ConvertAll(keys, k => k.In(frame, f)), summed.In(frame, f), f.Context.Tasks(), f.Context.Cancellation));
        });
    }
}
