using System.Collections.Immutable;
using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Attribute = Daphne.Net.Compiler.Attribute;

namespace Daphne.Net.Tests.Runtime.Pipelines;

/// <summary>
/// A random pipeline over two matrices, a row, a column, a small matrix and a number, with every kind of operation and result a pipeline can have,
/// also such that no fusion would make: what needs all rows at once in the midst of what goes row by row.
/// </summary>
sealed class RandomPipeline
{
    readonly Random random;
    readonly ValueTypeCode code;
    readonly Block body;
    readonly List<(Value Value, long Rows, long Cols)> values = [];
    readonly long rows, cols;
    readonly Value no;

    public RandomPipeline(int seed)
    {
        random = new(seed);
        code = new[] { ValueTypeCode.F64, ValueTypeCode.F32, ValueTypeCode.SI64 }[random.Next(3)];
        (rows, cols) = (random.Next(1, random.Next(8) == 0 ? 20_000 : 700), random.Next(1, 6));
        long width = random.Next(1, 4);
        (long Rows, long Cols)[] shapes = [(rows, cols), (rows, cols), (1, cols), (rows, 1), (cols, width)];
        Inputs = [.. shapes.Select(s => Datum.Of(Cells(s.Rows, s.Cols))), Number()];
        // Here it makes no difference which way workers would cut it.
        var axis = seed % 4 == 3 ? SplitKind.Cols : SplitKind.Rows;
        SplitKind[] splits = [axis, axis, axis, axis, SplitKind.None, SplitKind.None];

        Module = new();
        IrType[] types = [.. shapes.Select(_ => IrType.Matrix(code)), IrType.Scalar(code)];
        // The results are not known before the body is: build it in an operation of its own, then the one that stays.
        var draft = new Operation(Op.VectorizedPipeline, [], []);
        body = draft.Regions[0].Block;
        foreach (var type in types) body.AddArgument(type);
        for (int i = 0; i < shapes.Length; i++) values.Add((body.Arguments[i], shapes[i].Rows, shapes[i].Cols));
        no = Add(Op.Constant, IrType.Scalar(ValueTypeCode.Bool));
        no.Producer!.Attributes["value"] = new ScalarAttribute(false, IrType.Scalar(ValueTypeCode.Bool));
        int length = random.Next(1, 9);
        for (int i = 0; i < length; i++) Grow();
        var (results, combines) = Results();
        body.Insert(new Operation(Op.Return, results, []));

        var main = Module.AddFunction("main", types, results.Select(r => r.Type)).Regions[0].Block;
        var pipeline = new Operation(Op.VectorizedPipeline, main.Arguments, results.Select(r => r.Type));
        var target = pipeline.Regions[0].Block;
        Dictionary<Value, Value> map = [];
        foreach (var argument in body.Arguments) map[argument] = target.AddArgument(argument.Type);
        foreach (var op in body.Operations) target.Insert(op.Clone(map));
        pipeline.Attributes["splits"] = new ArrayAttribute([.. splits.Select(s => (Attribute)new SplitAttribute(s))]);
        pipeline.Attributes["combines"] = new ArrayAttribute([.. combines.Select(c => (Attribute)new CombineAttribute(c))]);
        main.Insert(pipeline);
        main.Insert(new Operation(Op.Return, pipeline.Results, []));
    }

    public long Rows => rows;

    public IrModule Module { get; }

    public ImmutableArray<Datum> Inputs { get; }

    void Grow()
    {
        var (x, r, c) = Pick();
        switch (random.Next(9))
        {
            case 0:
                values.Add((Add(random.Next(2) == 0 ? Op.EwAbs : Op.EwMinus, x.Type, x), r, c));
                break;
            case 1:
                values.Add((Add(Arithmetic(), x.Type, x, body.Arguments[5]), r, c));
                break;
            case 2 or 3:
                var fitting = values.Where(v => (v.Rows == r && v.Cols == c) || (v.Rows == 1 && v.Cols == c) || (v.Cols == 1 && v.Rows == r)).ToArray();
                values.Add((Add(Arithmetic(), x.Type, x, fitting[random.Next(fitting.Length)].Value), r, c));
                break;
            case 4:
                values.Add((Add(new[] { Op.SumRow, Op.MinRow, Op.MaxRow }[random.Next(3)], x.Type, x), r, 1));
                break;
            case 5:
                values.Add((Add(new[] { Op.SumCol, Op.MinCol, Op.MaxCol }[random.Next(3)], x.Type, x), 1, c));
                break;
            case 6:
                var right = values.Where(v => v.Rows == c).ToArray();
                if (right.Length == 0) return;
                var (w, _, k) = right[random.Next(right.Length)];
                values.Add((Add(Op.MatMul, x.Type, x, w, no, no), r, k));
                break;
            case 7:
                values.Add((Add(new[] { Op.MinCum, Op.MaxCum, Op.SumCum }[random.Next(3)], x.Type, x), r, c));
                break;
            default:
                var beside = values.Where(v => v.Rows == r).ToArray();
                var (y, _, d) = beside[random.Next(beside.Length)];
                values.Add((Add(Op.ColBind, x.Type, x, y), r, c + d));
                break;
        }
    }

    (Value[] Results, CombineKind[] Combines) Results()
    {
        List<Value> results = [];
        List<CombineKind> combines = [];
        foreach (var (value, r, c) in values.Skip(5).Reverse().Take(3).Append(values[^1]))
        {
            var op = new[] { null, Op.Transpose, Op.SumCol, Op.MinCol, Op.SumAll, Op.MaxAll }[random.Next(6)];
            results.Add(op is null ? value : Add(op, op.Shape == ShapeRule.Scalar ? IrType.Scalar(code) : value.Type, value));
            combines.Add(op is null ? CombineKind.Rows : op == Op.Transpose ? CombineKind.Cols : op.Split!.Combine);
        }
        return ([.. results], [.. combines]);
    }

    (Value Value, long Rows, long Cols) Pick() => values[random.Next(3) == 0 ? random.Next(values.Count) : values.Count - 1];

    OpDef Arithmetic() => new[] { Op.EwAdd, Op.EwSub, Op.EwMul, Op.EwMin, Op.EwMax }[random.Next(5)];

    Value Add(OpDef def, IrType type, params Value[] operands) => body.Insert(new Operation(def, operands, [type])).Result;

    Matrix Cells(long r, long c) => DenseMatrix.Dispatch<Maker, Matrix>(code, new(random, r, c));

    Datum Number() => code == ValueTypeCode.SI64 ? Datum.Of(random.NextInt64(-9, 9)) : code == ValueTypeCode.F32 ? Datum.Of((float)random.NextDouble()) : Datum.Of(random.NextDouble());

    readonly struct Maker(Random random, long rows, long cols) : IStorageVisitor<Matrix>
    {
        public Matrix Visit<T>() where T : unmanaged
        {
            var result = DenseMatrix<T>.Allocate(rows, cols);
            for (long r = 0; r < rows; r++)
                foreach (ref T cell in result.WritableRow(r))
                    cell = typeof(T) == typeof(double) ? (T)(object)(random.Next(50) == 0 ? double.NaN : Math.Exp(20 * random.NextDouble() - 10) - 1)
                        : typeof(T) == typeof(float) ? (T)(object)(random.Next(50) == 0 ? float.NaN : (float)(random.NextDouble() - 0.3))
                        : (T)(object)random.NextInt64(-1000, 1000);
            return result;
        }
    }
}
