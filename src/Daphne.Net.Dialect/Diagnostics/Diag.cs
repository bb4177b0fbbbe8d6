namespace Daphne.Net.Dialect;

/// <summary>
/// Every diagnostic of the product, one row per code, in one file per stretch of the way: 1xxx language, 2xxx compiler, 3xxx running, 4xxx files,
/// 5xxx distributed, 6xxx deployment, 7xxx the tool.
/// </summary>
public static partial class Diag
{
    /// <summary>A construct the language has and this version has not.</summary>
    public static readonly DiagnosticDef NotSupportedYet = new("DPH1000", Stage.Parse, "{0} is not supported yet", "the README lists what this version cannot do");
}
