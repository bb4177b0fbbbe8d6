namespace Daphne.Net.Dialect;

public static partial class Op
{
#pragma warning disable CS1591 // each row carries its own line of documentation
    public static readonly OpDef StartProfiling = Row(new("startProfiling", 1, TypeRule.None, ShapeRule.Scalar, OpTraits.Effect, "Begins a region whose time and pipelines --statistics reports.")
    { Results = 0, Builtins = [new("startProfiling", P("region", ParameterKind.Text)) { Example = "startProfiling(\"sums\");\nprint(sum(seq(1, 100)));\nstopProfiling(\"sums\");" }] });
    public static readonly OpDef StopProfiling = Row(new("stopProfiling", 1, TypeRule.None, ShapeRule.Scalar, OpTraits.Effect, "Ends a region that startProfiling began.")
    { Results = 0, Builtins = [new("stopProfiling", P("region", ParameterKind.Text)) { Example = "startProfiling(\"sums\");\nprint(sum(seq(1, 100)));\nstopProfiling(\"sums\");" }] });
#pragma warning restore CS1591
}
