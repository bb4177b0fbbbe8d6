using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Runtime.Programs;

/// <summary>Runs IR text.</summary>
static class IrRun
{
    public static Program Build(string text) => ProgramBuilder.Build(IrText.Parse(text));

    public static Datum[] Run(string text, params Datum[] inputs) => Build(text).Run(inputs, new RunContext());

    /// <summary>Runs IR text whose main has one result.</summary>
    public static T Scalar<T>(string text, params Datum[] inputs) where T : unmanaged => Assert.Single(Run(text, inputs)).As<T>();

    public static DenseMatrix<double> Matrix(long rows, long cols, params double[] cells) => DenseMatrix<double>.Copy(cells, rows, cols);
}
