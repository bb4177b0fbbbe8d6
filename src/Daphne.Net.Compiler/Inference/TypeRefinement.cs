using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>What a pass says of types beyond what inference finds.</summary>
abstract class TypeRefinement
{
    /// <summary>Refines the types of the results of an operation that holds no regions and whose results have just been inferred.</summary>
    public abstract void Refine(Operation op);

    /// <summary>What a function returns where its body returns a value of this type.</summary>
    public abstract IrType Returned(Operation function, IrType type);
}
