namespace Daphne.Net.Dialect;

public static partial class Op
{
#pragma warning disable CS1591 // each row carries its own line of documentation
    public static readonly OpDef OpenFile = Row(new("openFile", 1, TypeRule.String, ShapeRule.Scalar, OpTraits.Effect, "A handle of a file that can be read: its name.")
    { Builtins = [new("openFile", P("filename", ParameterKind.Text)) { Example = "f = openFile(\"data/wine.csv\");\nprint(readCsv(f, 2, 3, \",\"));\nclose(f);" }] });
    public static readonly OpDef Close = Row(new("close", 1, TypeRule.None, ShapeRule.Scalar, OpTraits.Effect, "Closes a handle; files are open only while they are read, so nothing is left to be done.")
    { Results = 0, Builtins = [new("close", P("handle", ParameterKind.Text)) { Example = "f = openFile(\"data/wine.csv\");\nprint(readCsv(f, 2, 3, \",\"));\nclose(f);" }] });
    public static readonly OpDef ReadCsv = Row(new("readCsv", 4, TypeRule.Own, ShapeRule.FromScalars12, OpTraits.Effect, "Reads a CSV file that has no .meta file: so many rows and columns of f64, with commas between.")
    {
        Builtins = [new("readCsv", P("fileOrDescriptor", ParameterKind.Text), P("numRows", ParameterKind.Size), P("numCols", ParameterKind.Size), P("delimiter", ParameterKind.Text))
        { Result = "a matrix of f64, numRows x numCols", Example = "print(readCsv(\"data/wine.csv\", 2, 3, \",\"));" }],
    });
#pragma warning restore CS1591
}
