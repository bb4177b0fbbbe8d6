namespace Daphne.Net.Dialect;

public static partial class Op
{
#pragma warning disable CS1591 // each row carries its own line of documentation
    public static readonly OpDef CreateList = Row(new("createList", -1, TypeRule.Own, ShapeRule.Scalar, OpTraits.Pure, "Makes a list of matrices of one value type.")
    { Builtins = [new("createList", P("elems", ParameterKind.Matrix) with { Variadic = true }) { Result = "the list", Example = "print(createList([1, 2], [3]));" }] });
    public static readonly OpDef Length = Row(new("length", 1, TypeRule.Size, ShapeRule.Scalar, OpTraits.Pure, "The number of elements of a list.")
    { Builtins = [new("length", P("list", ParameterKind.List)) { Result = "the number of elements", Example = "print(length(createList([1, 2], [3])));" }] });
    public static readonly OpDef Append = Row(new("append", 2, TypeRule.KeepFirst, ShapeRule.Scalar, OpTraits.Pure, "A list with one more element at its end; the argument stays as it is.")
    { Builtins = [new("append", P("list", ParameterKind.List), P("elem", ParameterKind.Matrix)) { Result = "the longer list", Example = "print(append(createList([1, 2]), [3]));" }] });
    public static readonly OpDef Remove = Row(new("remove", 2, TypeRule.Own, ShapeRule.Scalar, OpTraits.Pure, "Takes the element at a position, counted from 0, out of a list; the argument stays as it is.")
    { Results = 2, Builtins = [new("remove", P("list", ParameterKind.List), P("idx", ParameterKind.Size)) { Result = "two results: the shorter list, and the element", Example = "l, e = remove(createList([1, 2], [3]), 0);\nprint(length(l));\nprint(e);" }] });
#pragma warning restore CS1591
}
