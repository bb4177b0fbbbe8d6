namespace Daphne.Net.Dialect;

// Preparing data: DPH1680 … DPH1699 where a call shows it, DPH3500 … DPH3549 where the cells do.
public static partial class Diag
{
#pragma warning disable CS1591 // the message says it
    public static readonly DiagnosticDef BinInterval = new("DPH1680", Stage.Parse, "bin takes min and max together, or neither of them", "without them the interval is that of the cells");

    public static readonly DiagnosticDef NotInThisProcess = new("DPH1681", Stage.Parse, "'{0}' {1}", "{2}");

    public static readonly DiagnosticDef BinCount = new("DPH3500", Stage.Execute, "bin needs at least one bin, not {0}");
    public static readonly DiagnosticDef BinBounds = new("DPH3501", Stage.Execute, "bin: the interval from {0} to {1} cannot be cut into {2}", "min and max are finite, and min is below max unless there is only one bin");
    public static readonly DiagnosticDef BinNumbers = new("DPH3502", Stage.Execute, "bin: the numbers of {0} bins do not fit into cells of {1}", "cast the matrix to a larger value type");
    public static readonly DiagnosticDef OneHotInfoShape = new("DPH3503", Stage.Execute, "oneHot: info says something about each of the {0} columns, in one row; this is a {1} matrix");
    public static readonly DiagnosticDef OneHotInfo = new("DPH3504", Stage.Execute, "oneHot: info of column {0} is {1}", "it is the number of codes in that column, 0 to leave it out, or -1 to keep it as it is");
    public static readonly DiagnosticDef OneHotNothing = new("DPH3505", Stage.Execute, "oneHot: info leaves all columns out", "at least one entry is not 0");
    public static readonly DiagnosticDef OneHotCode = new("DPH3506", Stage.Execute, "oneHot: the cell in row {0}, column {1} is {2}, and info allows codes from 0 to {3}");
    public static readonly DiagnosticDef QuantizeBounds = new("DPH3507", Stage.Execute, "quantize: there is no interval from {0} to {1} around 0", "min and max are finite, min is not above max, and one of them is not 0");
    public static readonly DiagnosticDef GroupColumn = new("DPH3508", Stage.Execute, "{0} by groups needs a column with one group number per row of a {1} matrix, not a {2} one");
    public static readonly DiagnosticDef GroupOutside = new("DPH3509", Stage.Execute, "{0}: row {1} is in group {2}, but there are {3}", "groups are numbered from 0 to numGroups - 1");
    public static readonly DiagnosticDef TextOutOfRange = new("DPH3510", Stage.Execute, "'{0}' is no number of type {1}, which holds {2} to {3}", "cast to a type that holds it, for instance with as.f64(...)");
    public static readonly DiagnosticDef RegionOpen = new("DPH3511", Stage.Execute, "the region '{0}' is being measured already", "stopProfiling(\"{0}\") ends it");
    public static readonly DiagnosticDef RegionNotOpen = new("DPH3512", Stage.Execute, "the region '{0}' is not being measured", "startProfiling(\"{0}\") begins it");
    public static readonly DiagnosticDef CsvDelimiter = new("DPH3513", Stage.Execute, "readCsv reads fields with commas between, not '{0}'", "give \",\" as the delimiter");
#pragma warning restore CS1591
}
