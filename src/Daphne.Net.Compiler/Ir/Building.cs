using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>New operations in front of an existing one, as passes need them.</summary>
static class Building
{
    /// <summary>A constant in front of <paramref name="op"/>.</summary>
    public static Value ConstantBefore(this Operation op, object value, ValueTypeCode code)
    {
        var constant = new Operation(Op.Constant, [], [IrType.Scalar(code)], op.Span);
        constant.Attributes["value"] = new ScalarAttribute(value, IrType.Scalar(code));
        return op.Parent!.Insert(constant, op).Result;
    }

    /// <summary>A cast to <paramref name="type"/> in front of <paramref name="op"/>.</summary>
    public static Value CastBefore(this Operation op, Value value, IrType type) =>
        op.Parent!.Insert(new(Op.Cast, [value], [type], op.Span), op).Result;

    /// <summary>An operation with one result in front of <paramref name="op"/>, its type inferred.</summary>
    public static Value InsertBefore(this Operation op, OpDef def, params IEnumerable<Value> operands)
    {
        var made = new Operation(def, operands, [IrType.NotInferred], op.Span);
        Inference.Apply(made);
        return op.Parent!.Insert(made, op).Result;
    }
}
