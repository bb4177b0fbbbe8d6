namespace Daphne.Net.Dialect;

// SQL: text and names DPH2600-2679, executing DPH3440-3479. The place of a mistake is a place in the query, whose own place stands before it.
public static partial class Diag
{
#pragma warning disable CS1591 // the message says it
    // Reading the text.
    public static readonly DiagnosticDef SqlExpected = new("DPH2600", Stage.Compile, "expected {0}, but found {1}");
    public static readonly DiagnosticDef SqlCharacter = new("DPH2601", Stage.Compile, "the character {0} has no meaning in a query");
    public static readonly DiagnosticDef SqlString = new("DPH2602", Stage.Compile, "this string never ends", "it ends with the quote it began with; a quote inside is written \\{0}");
    public static readonly DiagnosticDef SqlEscape = new("DPH2603", Stage.Compile, "unknown escape '{0}'", "known are \\b \\f \\n \\r \\t \\\" \\' \\\\");
    public static readonly DiagnosticDef SqlNumber = new("DPH2604", Stage.Compile, "{0} does not fit into {1}");
    public static readonly DiagnosticDef SqlTooDeep = new("DPH2605", Stage.Compile, "the query is nested more than {0} levels deep", "compute a part of it in a sub-query or before the query");
    public static readonly DiagnosticDef SqlNotEqual = new("DPH2606", Stage.Compile, "'!=' is no operator of this SQL", "write <>");
    public static readonly DiagnosticDef SqlElse = new("DPH2607", Stage.Compile, "CASE needs an ELSE: there is no NULL to fall back to");
    public static readonly DiagnosticDef SqlType = new("DPH2608", Stage.Compile, "CAST knows no type '{0}'", "types are those of DaphneDSL (si64, f64, str, ...) and INTEGER, BIGINT, REAL, DOUBLE, TEXT, BOOLEAN");
    public static readonly DiagnosticDef SqlWord = new("DPH2609", Stage.Compile, "'{0}' is a word of the language and cannot be a name here", "write it between backquotes: `{0}`");
    public static readonly DiagnosticDef SqlSubqueryAlias = new("DPH2610", Stage.Compile, "a sub-query needs a name", "write (SELECT ...) AS name");

    // Names and types.
    public static readonly DiagnosticDef UnknownView = new("DPH2620", Stage.Compile, "there is no view '{0}'", "{1}");
    public static readonly DiagnosticDef ViewTwice = new("DPH2621", Stage.Compile, "'{0}' stands twice in FROM", "give one of them another name: {0} AS other");
    public static readonly DiagnosticDef UnknownSource = new("DPH2622", Stage.Compile, "'{0}' is neither a view nor an alias in FROM", "{1}");
    public static readonly DiagnosticDef SqlColumn = new("DPH2623", Stage.Compile, "there is no column '{0}'", "{1}");
    public static readonly DiagnosticDef SqlAmbiguous = new("DPH2624", Stage.Compile, "'{0}' may be any of {1}", "say which: view.column, or rename columns with AS");
    public static readonly DiagnosticDef SqlNotGrouped = new("DPH2625", Stage.Compile, "'{0}' is neither grouped nor aggregated", "add it to GROUP BY, or aggregate it: min({0})");
    public static readonly DiagnosticDef SqlAggregateHere = new("DPH2626", Stage.Compile, "the aggregate '{0}' cannot stand {1}", "{2}");
    public static readonly DiagnosticDef SqlFunction = new("DPH2627", Stage.Compile, "there is no function '{0}'", "{1}");
    public static readonly DiagnosticDef SqlArguments = new("DPH2628", Stage.Compile, "'{0}' takes {1}, not {2}");
    public static readonly DiagnosticDef SqlTextOperand = new("DPH2629", Stage.Compile, "{0} cannot take text", "CAST(... AS f64) reads a number from text");
    public static readonly DiagnosticDef SqlTextNeeded = new("DPH2630", Stage.Compile, "{0} needs text, but this is {1}", "CAST(... AS str) makes text of a number");
    public static readonly DiagnosticDef SqlStar = new("DPH2631", Stage.Compile, "'*' cannot stand here", "it stands alone in SELECT and GROUP BY, and in count(*)");
    public static readonly DiagnosticDef SqlMixed = new("DPH2632", Stage.Compile, "{0} mixes text and numbers", "CAST(... AS str) makes text of a number");
    public static readonly DiagnosticDef SqlPosition = new("DPH2633", Stage.Compile, "there is no column number {0}: the query selects {1}", "positions start at 1");
    public static readonly DiagnosticDef SqlDistinctOrder = new("DPH2634", Stage.Compile, "with DISTINCT, ORDER BY takes only what is selected");
    public static readonly DiagnosticDef SqlPattern = new("DPH2635", Stage.Compile, "{0} must be a string literal{1}");
    public static readonly DiagnosticDef SqlNoColumns = new("DPH2636", Stage.Compile, "nothing is selected: '{0}' stands for no columns");

    // Giving names to views. These are found while reading the script.
    public static readonly DiagnosticDef ViewName = new("DPH2640", Stage.Parse, "the name of a view must be known before the script runs", "write a string literal: registerView(\"name\", frame)");
    public static readonly DiagnosticDef ViewNameInside = new("DPH2641", Stage.Parse, "inside a branch or a loop the name of a view must be a string literal");
    public static readonly DiagnosticDef ViewNotHere = new("DPH2642", Stage.Parse, "registerView has no result");

    // Executing.
    public static readonly DiagnosticDef SqlSubstr = new("DPH3440", Stage.Execute, "substr cannot take {0} characters", "a length is not negative");
#pragma warning restore CS1591
}
