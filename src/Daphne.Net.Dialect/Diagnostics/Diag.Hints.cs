namespace Daphne.Net.Dialect;

// DPH1660-1661.
public static partial class Diag
{
    /// <summary>Details: the name, what the script calls the operation, its name in the IR.</summary>
    public static readonly DiagnosticDef UnknownKernel = new("DPH1660", Stage.Compile, "'{0}' is no kernel of '{1}'",
        "remove '::{0}', or name a kernel as the original does: _{2}, then the types of result and operands, for instance __DenseMatrix_double; all joined by '__'");
}
