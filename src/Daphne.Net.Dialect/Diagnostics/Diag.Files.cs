namespace Daphne.Net.Dialect;

public static partial class Diag
{
}
