using System.Reflection;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests;

public sealed class DiagnosticCodesTests
{
    [Fact]
    public void No_code_is_given_out_twice()
    {
        var all = typeof(Diag).GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Where(f => f.FieldType == typeof(DiagnosticDef)).ToArray();
        Assert.True(all.Length > 100);
        Assert.Equal([], all.GroupBy(f => ((DiagnosticDef)f.GetValue(null)!).Code).Where(g => g.Count() > 1).Select(g => string.Join(" = ", g.Select(f => f.Name).Prepend(g.Key))));
    }
}
