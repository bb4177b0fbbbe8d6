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

static class MapBinding
{
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
