using System.Collections.Concurrent;
using Daphne.Net.Compiler;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>
/// The fragment that makes one of the several parts that a worker has of a result: added, or the least or greatest, cell by cell and in their order. So what is fetched does not
/// grow with the number of ranges.
/// </summary>
static class FoldFragment
{
    static readonly ConcurrentDictionary<(CombineKind Combine, ValueTypeCode Type, int Parts), string> texts = [];

    /// <summary>True where parts are put together so.</summary>
    public static bool Folds(CombineKind combine, IrType type) =>
        combine is CombineKind.Add or CombineKind.Min or CombineKind.Max && type is MatrixType { ValueType: not (null or ValueTypeCode.Str), Representation: not Representation.Sparse };

    public static Fragment Of(CombineKind combine, MatrixType type, int parts) => new(texts.GetOrAdd((combine, type.ValueType!.Value, parts), Make), 1);

    static string Make((CombineKind Combine, ValueTypeCode Type, int Parts) of)
    {
        var op = of.Combine switch { CombineKind.Add => Op.EwAdd, CombineKind.Min => Op.EwMin, _ => Op.EwMax };
        var type = IrType.Matrix(of.Type);
        var module = new IrModule();
        var block = module.AddFunction(FragmentText.FunctionName, Enumerable.Repeat<IrType>(type, of.Parts), [type], default).Regions[0].Block;
        var sum = block.Arguments[0];
        foreach (var part in block.Arguments.Skip(1))
        {
            var next = new Operation(op, [sum, part], [type]);
            block.Insert(next);
            sum = next.Results[0];
        }
        block.Insert(new Operation(Op.Return, [sum], []));
        return IrText.Print(module);
    }
}
