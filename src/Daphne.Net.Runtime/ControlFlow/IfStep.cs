using Daphne.Net.Compiler;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Runs one of two blocks; each leaves the results in the same slots.</summary>
sealed class IfStep(int condition, StepBlock then, StepBlock otherwise) : Step
{
    public override void Run(Activation activation) => (activation.Bits[condition] != 0 ? then : otherwise).Run(activation);

    public static Step Bind(Operation op, Emitter e) =>
        new IfStep(e.Flag(op, 0), e.Block(op.Regions[0]), e.Block(op.Regions[1]));
}
