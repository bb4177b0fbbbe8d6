namespace Daphne.Net.Dialect;

#pragma warning disable CS1591 // each row carries its own message
public static partial class Diag
{
    // Names
    public static readonly DiagnosticDef UnknownVariable = new("DPH1500", Stage.Parse, "the variable '{0}' is not known", "{1}");
    public static readonly DiagnosticDef VariableOutOfScope = new("DPH1501", Stage.Parse, "'{0}' is not known here: it was first assigned inside a block, branch or loop, and ends there", "assign '{0}' before that block as well");
    public static readonly DiagnosticDef LoopVariableAssigned = new("DPH1502", Stage.Parse, "'{0}' counts a for loop and cannot be assigned", "use another name, or a while loop");
    public static readonly DiagnosticDef MissingArgument = new("DPH1503", Stage.Parse, "the script argument ${0} was not given", "give it as {0}=value behind the script");
    public static readonly DiagnosticDef UnknownFunction = new("DPH1504", Stage.Parse, "there is no function '{0}'", "{1}");
    public static readonly DiagnosticDef CalledBeforeDefinition = new("DPH1505", Stage.Parse, "'{0}' is called before its definition", "move the definition above the call");

    // Types of values
    public static readonly DiagnosticDef TextOperand = new("DPH1510", Stage.Parse, "{0} does not work on text", "convert with as.f64(...) or as.si64(...) first");
    public static readonly DiagnosticDef MatrixNeeded = new("DPH1511", Stage.Parse, "{0} needs a matrix, but this is a {1}", "as.matrix(...) makes a 1x1 matrix of a scalar");
    public static readonly DiagnosticDef ScalarNeeded = new("DPH1512", Stage.Parse, "{0} needs a scalar, but this is a {1}", "as.scalar(...) takes the only cell of a 1x1 matrix");
    public static readonly DiagnosticDef TextNeeded = new("DPH1513", Stage.Parse, "{0} needs text, but this is a {1}", "write it in double quotes");
    public static readonly DiagnosticDef NumberNeeded = new("DPH1514", Stage.Parse, "{0} needs a number, but this is a {1}");
    public static readonly DiagnosticDef ConditionType = new("DPH1515", Stage.Parse, "a condition is a truth value or a number, but this is a {0}", "compare it with something, or reduce a matrix with sum(...) or as.scalar(...)");
    public static readonly DiagnosticDef BranchesDiffer = new("DPH1516", Stage.Parse, "'{0}' is a {1} if the condition holds and a {2} if not", "use different names, or make both the same kind of value");
    public static readonly DiagnosticDef MixedLiteral = new("DPH1517", Stage.Parse, "a matrix holds either numbers or text, not both", "convert with as.str(...)");
    public static readonly DiagnosticDef EmptyLiteral = new("DPH1518", Stage.Parse, "a matrix literal needs at least one element", "fill(0.0, 0, 0) makes an empty matrix");
    public static readonly DiagnosticDef LiteralElement = new("DPH1519", Stage.Parse, "an element of a matrix literal is a scalar, but this is a {0}", "join matrices with cbind(...) or rbind(...)");

    // Indexing
    public static readonly DiagnosticDef IndexedScalar = new("DPH1520", Stage.Parse, "only a matrix or a frame can be indexed, but this is a {0}");
    public static readonly DiagnosticDef LabelOnMatrix = new("DPH1521", Stage.Parse, "the {0} of a {1} have no labels", "use a position");
    public static readonly DiagnosticDef AssignedPositions = new("DPH1522", Stage.Parse, "only a position or a range can be assigned to, not a list of positions", "assign in a loop, one position at a time");
    public static readonly DiagnosticDef AssignedValueType = new("DPH1523", Stage.Parse, "a {0} cannot hold cells of {1}", "convert the right side with as.{2}(...), or the left one before");

    // Calls
    public static readonly DiagnosticDef ArgumentCount = new("DPH1530", Stage.Parse, "'{0}' takes {1}, but got {2}", "{3}");
    public static readonly DiagnosticDef UnknownKeyword = new("DPH1531", Stage.Parse, "'{0}' has no parameter '{1}'", "{2}");
    public static readonly DiagnosticDef ArgumentTwice = new("DPH1532", Stage.Parse, "'{0}' gets its parameter '{1}' twice, by position and by name");
    public static readonly DiagnosticDef ArgumentMissing = new("DPH1533", Stage.Parse, "'{0}' needs its parameter '{1}'", "{2}");
    public static readonly DiagnosticDef AxisNotLiteral = new("DPH1534", Stage.Parse, "the axis of '{0}' is 0 (per row) or 1 (per column), and known before the script runs");
    public static readonly DiagnosticDef LiteralFlag = new("DPH1535", Stage.Parse, "the parameter '{1}' of '{0}' is a literal: true or false");
    public static readonly DiagnosticDef ResultCount = new("DPH1536", Stage.Parse, "{0} expected here, but '{1}' has {2}");
    public static readonly DiagnosticDef NotOneValue = new("DPH1537", Stage.Parse, "{0} results expected, but this expression has one");
    public static readonly DiagnosticDef OrderPairs = new("DPH1538", Stage.Parse, "'order' takes a matrix or a frame, as many directions as columns, and the flag returnIdxs", "write order(X, column, …, ascending, …, returnIdxs)");

    public static readonly DiagnosticDef ArgumentSkipped = new("DPH1539", Stage.Parse, "the parameter '{1}' of '{0}' is left out, but '{2}', which comes after it, is given", "give both");

    // User functions
    public static readonly DiagnosticDef SameOverload = new("DPH1550", Stage.Parse, "there is already a function '{0}' with these parameter types");
    public static readonly DiagnosticDef OverloadNames = new("DPH1551", Stage.Parse, "overloads of '{0}' with the same number of parameters must call them the same: {1}", "otherwise an argument given by name would have two meanings");
    public static readonly DiagnosticDef NoOverload = new("DPH1552", Stage.Parse, "no '{0}' takes ({1})", "there is {2}; arguments are not converted, use as.f64(...) and the like");
    public static readonly DiagnosticDef ParameterType = new("DPH1553", Stage.Parse, "'{0}' is no type of a parameter or result", "name the value type, for instance f64 or matrix<f64>, or leave it out");
    public static readonly DiagnosticDef RecursionNeedsResults = new("DPH1554", Stage.Parse, "'{0}' calls itself, so its results must be declared", "write '-> type' behind the parameters");
    public static readonly DiagnosticDef ReturnCount = new("DPH1555", Stage.Parse, "'{0}' returns {1} here, but {2} are expected");
    public static readonly DiagnosticDef ReturnType = new("DPH1556", Stage.Parse, "'{0}' declares a result of type {1}, but this is a {2}", "results are not converted, use as.f64(...) and the like");
    public static readonly DiagnosticDef ReturnMissing = new("DPH1557", Stage.Parse, "'{0}' can end without returning a value", "add a return statement at its end");
    public static readonly DiagnosticDef ReturnOutside = new("DPH1558", Stage.Parse, "'return' stands outside a function");
    public static readonly DiagnosticDef ReturnInLoop = new("DPH1665", Stage.Parse, "'return' stands inside a loop", "let the loop set a variable and end, and return that behind it");
    public static readonly DiagnosticDef HintOnUserFunction = new("DPH1559", Stage.Parse, "'{0}' is a function of the script and has no kernels to choose from", "remove '::{1}'");
    public static readonly DiagnosticDef MapFunction = new("DPH1560", Stage.Parse, "map needs a function of one scalar of type {1} and one scalar result; '{0}' is not one");
    public static readonly DiagnosticDef ReturnsDiffer = new("DPH1561", Stage.Parse, "'{0}' returns a {1} here and a {2} elsewhere");
}
#pragma warning restore CS1591
