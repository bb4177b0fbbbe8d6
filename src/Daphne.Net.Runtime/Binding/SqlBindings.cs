using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Queries.</summary>
static class SqlBindings
{
    public static Binding[] Rows => [new(Op.Sql, SqlStep.Bind)];
}
