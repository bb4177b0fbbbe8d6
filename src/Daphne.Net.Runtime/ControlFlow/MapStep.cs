using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Calls a function of the script for every cell, in one activation that lives as long as the step.</summary>
sealed class MapStep<TFrom, TTo>(int x, int to, FunctionCode function, Func<ulong, ulong>? convert) : Step where TFrom : unmanaged where TTo : unmanaged
{
    public override void Run(Activation activation)
    {
        var source = activation.Dense<TFrom>(x);
        var target = DenseMatrix<TTo>.Allocate(source.Rows, source.Cols);
        activation.Own(to, target);
        var inner = new Activation(function, activation.Context, activation.Calls);
        activation.Calls.Enter(inner, function.Name);
        int parameter = function.Parameters[0].Index, result = function.Results[0].Index;
        foreach (var (start, length) in source.Chunks())
            for (int i = 0; i < length; i++)
            {
                ulong bits = Datum.ToBits(source.Span(start, length)[i]);
                inner.Bits[parameter] = convert is null ? bits : convert(bits);
                function.Body.Run(inner);
                target.WritableSpan(start, length)[i] = Datum.FromBits<TTo>(inner.Bits[result]);
            }
        activation.Calls.Leave();
    }
}

/// <summary>The same where strings go in or come out.</summary>
sealed class TextMapStep(int x, int to, FunctionCode function) : Step
{
    public override void Run(Activation activation)
    {
        var source = activation.Matrix(x);
        var (parameter, result) = (function.Parameters[0], function.Results[0]);
        var texts = result.IsObject ? new string[checked((int)source.Cells)] : null;
        var numbers = texts is null ? DenseMatrix.Allocate(((ScalarType)result.Type).ValueType, source.Rows, source.Cols) : null;
        activation.Own(to, numbers ?? (Matrix)new StringMatrix(texts!, source.Rows, source.Cols));
        var inner = new Activation(function, activation.Context, activation.Calls);
        activation.Calls.Enter(inner, function.Name);
        for (long r = 0, i = 0; r < source.Rows; r++)
            for (long c = 0; c < source.Cols; c++, i++)
            {
                if (source is StringMatrix strings) inner.Own(parameter.Index, strings[r, c]);
                else inner.Bits[parameter.Index] = DenseMatrix.Dispatch<OneCell, ulong>(source, new(r, c));
                function.Body.Run(inner);
                if (texts is not null) texts[i] = inner.Text(result.Index);
                else DenseMatrix.Dispatch<Put, ulong>(numbers!, new(i, inner.Bits[result.Index]));
            }
        activation.Calls.Leave();
    }

    readonly struct OneCell(long row, long col) : IMatrixVisitor<ulong>
    {
        public ulong Visit<T>(DenseMatrix<T> matrix) where T : unmanaged => Datum.ToBits(matrix[row, col]);
    }

    readonly struct Put(long at, ulong bits) : IMatrixVisitor<ulong>
    {
        public ulong Visit<T>(DenseMatrix<T> matrix) where T : unmanaged
        {
            matrix.WritableSpan(at, 1)[0] = Datum.FromBits<T>(bits);
            return bits;
        }
    }
}

static class MapBinding
{
    public static Step BindText(Operation op, Emitter e) => new TextMapStep(e.Object(op.Operands[0]), e.Object(op.Result), e.Function(((SymbolAttribute)op.Attributes["func"]).Name));

    public static Step Bind(Operation op, Emitter e)
    {
        var function = e.Function(((SymbolAttribute)op.Attributes["func"]).Name);
        if (function.Parameters is not [{ IsObject: false } parameter] || function.Results is not [{ IsObject: false } result])
            throw Diag.NotThisTypeYet.Raise("map", "a function that does not make a number of a number");
        var from = CellTypes.OfCells(op, op.Operands[0].Type);
        return DenseMatrix.Dispatch<From, Step>(from, new(op, e, function, ScalarCast.Between(from, ((ScalarType)parameter.Type).ValueType), ((ScalarType)result.Type).ValueType));
    }

    readonly struct From(Operation op, Emitter e, FunctionCode function, Func<ulong, ulong>? convert, ValueTypeCode result) : IStorageVisitor<Step>
    {
        public Step Visit<TFrom>() where TFrom : unmanaged =>
            DenseMatrix.Dispatch<To<TFrom>, Step>(result, new(e.Dense<TFrom>(op, 0), e.Object(op.Result), function, convert));
    }

    readonly struct To<TFrom>(int x, int to, FunctionCode function, Func<ulong, ulong>? convert) : IStorageVisitor<Step> where TFrom : unmanaged
    {
        public Step Visit<TTo>() where TTo : unmanaged => new MapStep<TFrom, TTo>(x, to, function, convert);
    }
}
