using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Facts about matrices that need no look at a cell. A matrix that lies elsewhere stays there.</summary>
static class ShapeBindings
{
    public static KeyValuePair<OpDef, Binder>[] Rows =>
    [
        new(Op.NumRows, (op, e) => Extent(op, e, static m => m.Rows)),
        new(Op.NumCols, (op, e) => Extent(op, e, static m => m.Cols)),
        new(Op.NumCells, (op, e) => Extent(op, e, static m => m.Cells)),
    ];

    static Step Extent(Operation op, Emitter e, Func<Matrix, long> of)
    {
        int x = e.Object(op.Operands[0]), to = e.Number(op.Result);
        return new Do(f => f.Bits[to] = (ulong)of((Matrix)f.Objects[x]!));
    }
}
