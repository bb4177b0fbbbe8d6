using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Runtime.Binding;

public sealed class BindingsTests
{
    // A function is no step: it is reached through calls. Views are gone when the script has been lowered.
    static readonly OpDef[] withoutStep = [Op.Func, Op.RegisterView];

    [Fact]
    public void Every_operation_of_the_table_has_a_binder() =>
        Assert.Equal(withoutStep, Op.All.Where(op => !Bindings.Has(op)));
}
