namespace Daphne.Net.Dialect;

public static partial class Diag
{
#pragma warning disable CS1591 // the message says what each row is
    public static readonly DiagnosticDef Stopped = new("DPH3000", Stage.Execute, "system stopped: {0}");
    public static readonly DiagnosticDef RecursionTooDeep = new("DPH3001", Stage.Execute, "function {0} calls itself too deeply ({1} calls are open)", "check the condition that ends the recursion, or use a loop");
    public static readonly DiagnosticDef MemoryExhausted = new("DPH3002", Stage.Execute, "there is not enough memory for the result", "work on fewer rows at a time, or use a smaller value type");
    public static readonly DiagnosticDef NotThisTypeYet = new("DPH3003", Stage.Execute, "{0} on {1} is not supported yet", "the README lists what this version cannot do");
    public static readonly DiagnosticDef TypeNotKnown = new("DPH3004", Stage.Execute, "the type of a value of {0} is not known ({1})", "declare the types of the function's parameters, or cast the value with as.matrix<...>(...)");
    public static readonly DiagnosticDef WrongRepresentation = new("DPH3005", Stage.Execute, "a matrix of {0} was expected here, not {1}");
    public static readonly DiagnosticDef FilesNotAllowed = new("DPH3006", Stage.Execute, "this run may not {0} files ({1})", "files are read and written where the script runs, not on workers");
    public static readonly DiagnosticDef WrongArgumentCount = new("DPH3007", Stage.Execute, "{0} takes {1} values and was given {2}");
    public static readonly DiagnosticDef WrongArgumentType = new("DPH3008", Stage.Execute, "value {0} of {1} is {2} and {3} was expected");
    public static readonly DiagnosticDef NotOneCell = new("DPH3009", Stage.Execute, "only a 1x1 matrix can become a scalar, this one is {0}x{1}", "index one cell, or aggregate the matrix first");
    public static readonly DiagnosticDef NegativeSize = new("DPH3010", Stage.Execute, "a number of rows, columns or cells cannot be {0}");
    public static readonly DiagnosticDef MalformedProgram = new("DPH3011", Stage.Execute, "the program is malformed: {0}");
    public static readonly DiagnosticDef InputTwice = new("DPH3012", Stage.Parse, "the argument '{0}' is given twice");
    public static readonly DiagnosticDef FileChanged = new("DPH3013", Stage.Execute, "'{0}' was a file of {1} when the script was compiled and is one of {2} now");
    public static readonly DiagnosticDef NotANumber = new("DPH3014", Stage.Execute, "'{0}' is not a number of type {1}");
#pragma warning restore CS1591
}
