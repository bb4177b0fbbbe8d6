using Daphne.Net.Compiler;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Tests.Compiler;

public sealed class SampleScriptsTests
{
    /// <summary>Where the shape of the data is known, so are the shapes of the samples' variables, through loops too.</summary>
    [Theory]
    [InlineData("linreg", "w", 10, 1)]
    [InlineData("linreg", "beta", 10, 1)]
    [InlineData("linreg", "residual", 442, 1)]
    [InlineData("kmeans", "C", 3, 10)]
    [InlineData("kmeans", "dist", 442, 3)]
    [InlineData("kmeans", "members", 3, 1)]
    public void Shapes_of_the_samples_are_inferred(string sample, string variable, long rows, long cols)
    {
        string path = Path.Combine(Repository.Root, "samples", sample + ".daphne");
        var options = new CompilerOptions
        {
            Arguments = new Dictionary<string, ArgumentBinding>
            {
                ["data"] = ArgumentBinding.Literal(ValueTypeCode.Str, "points.csv"),
                ["lambda"] = ArgumentBinding.Literal(ValueTypeCode.F64, 0.0),
                ["k"] = ArgumentBinding.Literal(ValueTypeCode.SI64, 3L),
                ["maxIter"] = ArgumentBinding.Literal(ValueTypeCode.SI64, 10L),
                ["seed"] = ArgumentBinding.Literal(ValueTypeCode.SI64, 1L),
            },
            MetaData = _ => new(442, sample == "linreg" ? 11 : 10) { ValueType = ValueTypeCode.F64 },
            Outputs = null,
            Verify = true,
        };
        var compiled = DaphneCompiler.Compile(Parser.Parse(new SourceText(File.ReadAllText(path), path)), options);
        Assert.Equal(IrType.Matrix(ValueTypeCode.F64, rows, cols), compiled.Outputs.Single(o => o.Name == variable).Type);
    }
}
