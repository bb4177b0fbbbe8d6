using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Lists. One that nobody else holds and nobody needs any more becomes the result, so that filling and emptying a list in a loop copies nothing.</summary>
static class ListBindings
{
    public static Binding[] Rows =>
    [
        new(Op.CreateList, Create),
        new(Op.Length, Length),
        new(Op.Append, Append),
        new(Op.Remove, Remove),
    ];

    static Step Create(Operation op, Emitter e)
    {
        int[] from = [.. op.Operands.Select(e.Object)];
        int to = e.Object(op.Result);
        var type = ((MatrixType)((ListType)op.Result.Type).Element).ValueType!.Value;
        return new Do(f =>
        {
            var elements = new Matrix[from.Length];
            for (int i = 0; i < from.Length; i++) elements[i] = Shared(f.Matrix(from[i]));
            f.Own(to, new ObjectList(type, elements));
        });
    }

    static Step Length(Operation op, Emitter e)
    {
        int list = e.Object(op.Operands[0]), to = e.Number(op.Result);
        return new Do(f => f.Bits[to] = (ulong)List(f, list).Length);
    }

    static Step Append(Operation op, Emitter e)
    {
        int from = e.Object(op.Operands[0]), element = e.Object(op.Operands[1]), to = e.Object(op.Result);
        bool dies = e.Dies(op.Operands[0]);
        return new Do(f =>
        {
            var list = Changeable(List(f, from), dies);
            list.Add(Shared(f.Matrix(element)));
            f.Own(to, list);
        });
    }

    static Step Remove(Operation op, Emitter e)
    {
        int from = e.Object(op.Operands[0]), at = e.Size(op, 1), to = e.Object(op.Results[0]), element = e.Object(op.Results[1]);
        bool dies = e.Dies(op.Operands[0]);
        return new Do(f =>
        {
            var old = List(f, from);
            long index = (long)f.Bits[at];
            if (index < 0 || index >= old.Length) throw Diag.ListPosition.Raise(index, old.Length);
            var list = Changeable(old, dies);
            f.Own(element, list.RemoveAt((int)index));
            f.Own(to, list);
        });
    }

    static ObjectList List(Activation f, int slot) => (ObjectList)f.Objects[slot]!;

    // The operand's slot gives up its share behind the step; the result's slot keeps the other.
    static ObjectList Changeable(ObjectList list, bool dies)
    {
        if (!dies || !list.IsExclusive) return list.Copy();
        list.Retain();
        return list;
    }

    static Matrix Shared(Matrix element)
    {
        element.Retain();
        return element;
    }
}
