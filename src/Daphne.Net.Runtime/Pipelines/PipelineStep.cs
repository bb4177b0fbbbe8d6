using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Hands a fused pipeline to the backend of the run; without one its body runs here as it stands.</summary>
sealed class PipelineStep(Pipeline pipeline, Slot[] inputs, Slot[] results) : Step
{
    public override void Run(Activation activation)
    {
        var given = new Datum[inputs.Length];
        // Not Look: a matrix that lies on workers stays there.
        for (int i = 0; i < inputs.Length; i++)
            given[i] = inputs[i].IsObject && activation.Objects[inputs[i].Index] is DataObject value ? Datum.Of(value) : activation.Look(inputs[i]);
        if (activation.Context.Pipelines is { } backend) Take(activation, backend.Run(pipeline, given, activation.Context.Cancellation));
        else Take(activation, pipeline.Whole.Run(given, activation.Context));
    }

    void Take(Activation activation, DataObject[] values)
    {
        for (int i = 0; i < values.Length; i++)
            if (results[i].IsObject) activation.Own(results[i].Index, values[i]);
            else
            {
                // Backends deal in objects; a number comes as a matrix of one cell.
                activation.Bits[results[i].Index] = OneCell.Read((Matrix)values[i]);
                values[i].Release();
            }
    }

    void Take(Activation activation, Datum[] values)
    {
        for (int i = 0; i < values.Length; i++)
            if (values[i].IsScalar) activation.Bits[results[i].Index] = values[i].Bits;
            else activation.Own(results[i].Index, values[i].Object);
    }

    public static Step Bind(Operation op, Emitter e)
    {
        int inputs = op.Regions[0].Block.Arguments.Count;
        var pipeline = new Pipeline(op,
            [.. Items(op, "splits").Select(a => ((SplitAttribute)a).Kind)],
            [.. Items(op, "combines").Select(a => ((CombineAttribute)a).Kind)],
            FragmentText.Of(op));
        if (pipeline.Splits.Length != inputs || pipeline.Combines.Length != op.Results.Count || op.Operands.Count < inputs)
            throw Diag.MalformedProgram.Raise("a pipeline whose splits and combines do not fit its inputs and results");
        return new PipelineStep(pipeline, e.Of([.. op.Operands.Take(inputs)]), e.Of(op.Results));
    }

    static IEnumerable<Compiler.Attribute> Items(Operation op, string name) =>
        op.Attributes.TryGetValue(name, out var a) && a is ArrayAttribute list ? list.Items : throw Diag.MalformedProgram.Raise($"a pipeline without {name}");
}

/// <summary>Numbers as matrices of one cell.</summary>
static class OneCell
{
    public static ulong Read(Matrix matrix) => matrix.Cells == 1 ? DenseMatrix.Dispatch<Reader, ulong>(matrix.Here(), default) : throw Diag.NotOneCell.Raise(matrix.Rows, matrix.Cols);

    public static Matrix Of(in Datum number) => DenseMatrix.Dispatch<Maker, Matrix>(number.Type!.Value, new(number.Bits));

    readonly struct Reader : IMatrixVisitor<ulong>
    {
        public ulong Visit<T>(DenseMatrix<T> matrix) where T : unmanaged => Datum.ToBits(matrix[0, 0]);
    }

    readonly struct Maker(ulong bits) : IStorageVisitor<Matrix>
    {
        public Matrix Visit<T>() where T : unmanaged => DenseMatrix<T>.Copy([Datum.FromBits<T>(bits)], 1, 1);
    }
}
