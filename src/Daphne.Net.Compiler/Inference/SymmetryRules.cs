using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>Which matrices are certainly equal to their transpose, bit by bit.</summary>
static class SymmetryRules
{
    /// <summary>True where the only result of an operation, a matrix, certainly is symmetric; null where it is not known.</summary>
    public static bool? Of(Operation op)
    {
        var def = op.Def;
        if (def == Op.Fill) return op.Result.Type.Rows() >= 0 && op.Result.Type.Rows() == op.Result.Type.Cols() ? true : null;
        if (def == Op.DiagMatrix || def == Op.Syrk) return true;
        if (def == Op.Transpose) return op.Operands[0].Type is MatrixType { Symmetric: { } known } ? known : null;
        // Cell by cell, mirror images meet mirror images; scalars meet all.
        if (!def.Is(OpTraits.Elementwise)) return null;
        foreach (var operand in op.Operands)
            if (operand.Type is not (ScalarType or MatrixType { Symmetric: true })) return null;
        return true;
    }
}
