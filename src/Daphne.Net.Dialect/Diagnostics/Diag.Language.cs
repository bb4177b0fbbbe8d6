namespace Daphne.Net.Dialect;

#pragma warning disable CS1591 // each row carries its own message
public static partial class Diag
{
    // Characters and literals
    public static readonly DiagnosticDef UnknownCharacter = new("DPH1001", Stage.Parse, "the character {0} has no meaning in a script");
    public static readonly DiagnosticDef UnknownOperator = new("DPH1002", Stage.Parse, "there is no operator '{0}'", "{1}");
    public static readonly DiagnosticDef MalformedNumber = new("DPH1003", Stage.Parse, "'{0}' is not a number", "{1}");
    public static readonly DiagnosticDef NumberOutOfRange = new("DPH1004", Stage.Parse, "{0} does not fit into {1}", "the largest {1} is {2}");
    public static readonly DiagnosticDef UnterminatedString = new("DPH1005", Stage.Parse, "this string has no closing '\"'",
        "strings may span lines, so a quote may be missing further up: look at line {0}");
    public static readonly DiagnosticDef UnknownEscape = new("DPH1006", Stage.Parse, "'{0}' is not an escape sequence", "known are \\b \\f \\n \\r \\t \\\" and \\\\; write \\\\ for a backslash");
    public static readonly DiagnosticDef UnterminatedComment = new("DPH1007", Stage.Parse, "this comment is never closed", "write '*/' where it ends");
    public static readonly DiagnosticDef WrongQuotes = new("DPH1008", Stage.Parse, "strings are written in straight double quotes", "write \"…\"");

    // Structure
    public static readonly DiagnosticDef Expected = new("DPH1010", Stage.Parse, "expected {0}, found {1}");
    public static readonly DiagnosticDef MissingSemicolon = new("DPH1011", Stage.Parse, "';' is missing at the end of this statement", "add ';' here");
    public static readonly DiagnosticDef Unclosed = new("DPH1012", Stage.Parse, "this '{0}' is never closed", "expected '{1}' before {2}");
    public static readonly DiagnosticDef ClosesNothing = new("DPH1013", Stage.Parse, "'{0}' closes nothing", "remove it, or look for a missing opening bracket further up");
    public static readonly DiagnosticDef EmptyStatement = new("DPH1014", Stage.Parse, "a statement is missing before ';'", "remove the ';', or write '{{}}' for a body that does nothing");
    public static readonly DiagnosticDef AssignmentInCondition = new("DPH1015", Stage.Parse, "'=' assigns and cannot stand in a condition", "write '==' to compare");
    public static readonly DiagnosticDef ReservedWord = new("DPH1016", Stage.Parse, "'{0}' is a reserved word and cannot be a name", "choose another name, for instance '{0}_'");
    public static readonly DiagnosticDef NotAssignable = new("DPH1017", Stage.Parse, "only a variable, or a part of one, can stand left of '='", "write name = … or name[rows, cols] = …");
    public static readonly DiagnosticDef TooDeep = new("DPH1018", Stage.Parse, "the script is nested deeper than {0} levels here", "keep parts of the expression in variables, or parts of the program in functions");
    public static readonly DiagnosticDef ElseWithoutIf = new("DPH1019", Stage.Parse, "'else' belongs to no 'if'", "the 'if' branch ends with its first statement; use '{{ … }}' for several");
    public static readonly DiagnosticDef IndexNeedsComma = new("DPH1020", Stage.Parse, "an index names rows and columns, separated by ','", "write [{0}, ] for rows or [ , {0}] for columns");
    public static readonly DiagnosticDef DoubleBracket = new("DPH1021", Stage.Parse, "'{0}' belongs to indexing by a 0/1 vector, x[[rows, cols]]", "write '{1}' with a blank for two single brackets");
    public static readonly DiagnosticDef LoopWithoutRange = new("DPH1022", Stage.Parse, "a for loop runs over a range of numbers", "write for (i in from:to) or for (i in from:to:step); both ends are included");

    // Functions and calls
    public static readonly DiagnosticDef NestedFunction = new("DPH1030", Stage.Parse, "def only at top level: '{0}' stands inside another statement", "move the definition out of the block, branch, loop or function");
    public static readonly DiagnosticDef NestedImport = new("DPH1035", Stage.Parse, "import only at top level", "move the import out of the block, branch, loop or function");
    public static readonly DiagnosticDef DuplicateParameter = new("DPH1031", Stage.Parse, "the parameter '{0}' is declared twice");
    public static readonly DiagnosticDef RepeatedKeyword = new("DPH1032", Stage.Parse, "the argument '{0}' is given twice");
    public static readonly DiagnosticDef PositionalAfterKeyword = new("DPH1033", Stage.Parse, "an argument without a name follows a named one", "put arguments without names first, or name this one too");
    public static readonly DiagnosticDef UnknownTypeName = new("DPH1034", Stage.Parse, "{0} is not a type", "data types: matrix, frame, scalar; value types: f64, f32, si64, si32, si8, ui64, ui32, ui8, bool, str");

    // Script arguments
    public static readonly DiagnosticDef ArgumentNotALiteral = new("DPH1040", Stage.Parse, "the script argument {0} is not one literal: {1}",
        "give a number, true, false, nan, inf or a string with its quotes ({0}='\"text\"'), with at most one leading minus for numbers");
}
#pragma warning restore CS1591
