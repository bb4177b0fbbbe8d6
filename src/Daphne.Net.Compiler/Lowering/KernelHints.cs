using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// The names of the original's kernels, which scripts may ask for: <c>_operation__result__operand…</c> with C++ types, an object's value type behind
/// its data type (<c>_sumAll__double__DenseMatrix_double</c>). Which of them an operation has follows from its row.
/// </summary>
static class KernelHints
{
    static readonly HashSet<string> numbers = ["double", "float", "int64_t", "int32_t", "int8_t", "uint64_t", "uint32_t", "uint8_t", "size_t", "bool"];

    // How the original writes text: a scalar is a char pointer, a cell a std::string.
    const string Text = "char", TextCell = "string", Variadic = "_variadic";

    /// <summary>True if a kernel of this name computes the operation, for some types.</summary>
    public static bool Names(string name, OpDef op)
    {
        string[] words = name.Split("__");
        if (!words[0].Equals("_" + op.Name, StringComparison.OrdinalIgnoreCase)) return false;
        string[] types = words[1..];
        // The function is no operand of ours.
        if (op == Op.Map && types is [.., "void"]) types = types[..^1];
        if (op.Arity < 0) return types.Length > op.Results && Array.Exists(types, t => t.EndsWith(Variadic, StringComparison.Ordinal)) && Array.TrueForAll(types, t => IsType(Single(t)));
        if (types.Length != op.Results + op.Arity || !Array.TrueForAll(types, IsType)) return false;
        string[] results = types[..op.Results], operands = types[op.Results..];
        return Array.TrueForAll(results, r => IsResult(op.Type, r, operands)) && (op.Builtins.Length == 0 || op.Builtins.Any(b => Takes(b, operands)));
    }

    static string Single(string type) => type.EndsWith(Variadic, StringComparison.Ordinal) ? type[..^Variadic.Length] : type;

    static bool IsType(string type) => IsScalar(type) || IsObject(type);
    static bool IsScalar(string type) => type == Text || numbers.Contains(type);
    static bool IsObject(string type) => type is "Frame" or "Structure" || IsMatrix(type) || IsList(type);
    static bool IsList(string type) => type.StartsWith("List_", StringComparison.Ordinal) && IsMatrix(type["List_".Length..]);

    static bool IsMatrix(string type)
    {
        int at = type.IndexOf('_');
        return at > 0 && type[..at] is "DenseMatrix" or "CSRMatrix" && type[(at + 1)..] is var cell && (cell == TextCell || numbers.Contains(cell));
    }

    static bool IsResult(TypeRule rule, string result, string[] operands) => rule switch
    {
        TypeRule.Size => result == "size_t",
        TypeRule.SI64 => result == "int64_t",
        TypeRule.F64 => result == "double",
        TypeRule.Bool => result == "bool",
        TypeRule.String => result == Text,
        TypeRule.ScalarOfFirst or TypeRule.ScalarOfFirstFloat => IsScalar(result),
        TypeRule.KeepFirst => result == operands[0],
        TypeRule.MatrixOfFirst or TypeRule.MatrixOfFirstFloat or TypeRule.MatrixOfAll or TypeRule.MatrixOfAllFloat or TypeRule.MatrixOfSize => IsObject(result),
        TypeRule.Promote or TypeRule.PromoteFloat or TypeRule.PromoteInteger or TypeRule.Compare or TypeRule.Text => IsMatrix(result) == Array.Exists(operands, IsMatrix),
        _ => true,
    };

    // Operands beyond the parameters are flags that the built-in function sets.
    static bool Takes(Builtin builtin, string[] operands)
    {
        for (int i = 0; i < operands.Length && i < builtin.Parameters.Length && operands.Length == builtin.Parameters.Length; i++)
            if (!Takes(builtin.Parameters[i].Kind, operands[i])) return false;
        return true;
    }

    static bool Takes(ParameterKind kind, string type) => kind switch
    {
        ParameterKind.Object or ParameterKind.Matrix or ParameterKind.Frame => IsObject(type) && !IsList(type),
        ParameterKind.List => IsList(type),
        ParameterKind.Scalar or ParameterKind.Size or ParameterKind.Integer or ParameterKind.Float or ParameterKind.Flag => IsScalar(type),
        ParameterKind.Text => type == Text,
        _ => true,
    };
}
