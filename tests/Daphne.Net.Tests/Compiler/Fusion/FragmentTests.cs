using Daphne.Net.Compiler;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Compiler.Fusion;

/// <summary>What this compiler sends is what the original sent for the same operations.</summary>
public sealed class FragmentTests
{
    const string X = "!daphne.Matrix<4x3xf64:sp[1.000000e+00]>", Y = "!daphne.Matrix<4x3xf64>";

    static readonly Dictionary<string, string> programs = new()
    {
        ["x1_affine/worker1_001_compute.Task.mlir_code"] = $$"""
            func.func @main(%x: {{X}}) -> {{Y}} {
              %0 = "daphne.constant"() <{value = 2.0 : f64}> : () -> f64
              %1 = "daphne.constant"() <{value = 1.0 : f64}> : () -> f64
              %2 = "daphne.ewMul"(%x, %0) : ({{X}}, f64) -> {{X}}
              %3 = "daphne.ewAdd"(%2, %1) : ({{X}}, f64) -> {{Y}}
              "daphne.return"(%3) : ({{Y}}) -> ()
            }
            """,
        ["x2_scalararg/worker1_002_compute.Task.mlir_code"] = $$"""
            func.func @main(%x: {{X}}, %s: f64) -> {{Y}} {
              %0 = "daphne.ewDiv"(%x, %s) : ({{X}}, f64) -> {{Y}}
              "daphne.return"(%0) : ({{Y}}) -> ()
            }
            """,
        ["x3_colsum/worker1_001_compute.Task.mlir_code"] = $$"""
            func.func @main(%x: {{X}}) -> !daphne.Matrix<1x3xf64> {
              %0 = "daphne.constant"() <{value = 2.0 : f64}> : () -> f64
              %1 = "daphne.ewMul"(%x, %0) : ({{X}}, f64) -> {{X}}
              %2 = "daphne.sumCol"(%1) : ({{X}}) -> !daphne.Matrix<1x3xf64>
              "daphne.return"(%2) : (!daphne.Matrix<1x3xf64>) -> ()
            }
            """,
        ["x4_rowsum/worker1_001_compute.Task.mlir_code"] = $$"""
            func.func @main(%x: {{X}}) -> !daphne.Matrix<4x1xf64> {
              %1 = "daphne.ewSqrt"(%x) : ({{X}}) -> {{Y}}
              %2 = "daphne.sumRow"(%1) : ({{Y}}) -> !daphne.Matrix<4x1xf64>
              "daphne.return"(%2) : (!daphne.Matrix<4x1xf64>) -> ()
            }
            """,
        ["x5_fullsum/worker1_001_compute.Task.mlir_code"] = $$"""
            func.func @main(%x: {{X}}) -> f64 {
              %0 = "daphne.constant"() <{value = 2.0 : f64}> : () -> f64
              %1 = "daphne.constant"() <{value = 1.0 : f64}> : () -> f64
              %2 = "daphne.ewMul"(%x, %0) : ({{X}}, f64) -> {{X}}
              %3 = "daphne.ewAdd"(%2, %1) : ({{X}}, f64) -> {{Y}}
              %4 = "daphne.sumAll"(%3) : ({{Y}}) -> f64
              "daphne.return"(%4) : (f64) -> ()
            }
            """,
        ["d4/worker1_002_compute.Task.mlir_code"] = """
            func.func @main(%x: !daphne.Matrix<10x10xf64:sp[1.000000e+00]>, %y: !daphne.Matrix<10x10xf64:sp[1.000000e+00]>) -> !daphne.Matrix<10x10xf64:sp[1.000000e+00]> {
              %0 = "daphne.constant"() <{value = false}> : () -> i1
              %1 = "daphne.matMul"(%x, %y, %0, %0) : (!daphne.Matrix<10x10xf64:sp[1.000000e+00]>, !daphne.Matrix<10x10xf64:sp[1.000000e+00]>, i1, i1) -> !daphne.Matrix<10x10xf64:sp[1.000000e+00]>
              "daphne.return"(%1) : (!daphne.Matrix<10x10xf64:sp[1.000000e+00]>) -> ()
            }
            """,
        ["x6_kmeans/worker1_001_compute.Task.mlir_code"] = """
            func.func @main(%x: !daphne.Matrix<7x3xf64>) -> (!daphne.Matrix<3x7xf64>, !daphne.Matrix<1x7xf64>) {
              %0 = "daphne.constant"() <{value = 2.0 : f64}> : () -> f64
              %1 = "daphne.transpose"(%x) : (!daphne.Matrix<7x3xf64>) -> !daphne.Matrix<3x7xf64>
              %2 = "daphne.ewPow"(%x, %0) : (!daphne.Matrix<7x3xf64>, f64) -> !daphne.Matrix<7x3xf64>
              %3 = "daphne.sumRow"(%2) : (!daphne.Matrix<7x3xf64>) -> !daphne.Matrix<7x1xf64>
              %4 = "daphne.transpose"(%3) : (!daphne.Matrix<7x1xf64>) -> !daphne.Matrix<1x7xf64>
              "daphne.return"(%1, %4) : (!daphne.Matrix<3x7xf64>, !daphne.Matrix<1x7xf64>) -> ()
            }
            """,
        ["x7_syrk/worker1_001_compute.Task.mlir_code"] = $$"""
            func.func @main(%x: {{X}}) -> !daphne.Matrix<3x3xf64:sp[1.000000e+00]> {
              %0 = "daphne.constant"() <{value = true}> : () -> i1
              %1 = "daphne.syrk"(%x, %0) : ({{X}}, i1) -> !daphne.Matrix<3x3xf64:sp[1.000000e+00]>
              "daphne.return"(%1) : (!daphne.Matrix<3x3xf64:sp[1.000000e+00]>) -> ()
            }
            """,
        ["y1_csr/worker1_001_compute.Task.mlir_code"] = """
            func.func @main(%x: !daphne.Matrix<4x5xf64:sp[2.000000e-01]:rep[sparse]>) -> !daphne.Matrix<4x1xf64> {
              %0 = "daphne.constant"() <{value = 2.0 : f64}> : () -> f64
              %1 = "daphne.ewMul"(%x, %0) : (!daphne.Matrix<4x5xf64:sp[2.000000e-01]:rep[sparse]>, f64) -> !daphne.Matrix<4x5xf64:sp[2.000000e-01]:rep[sparse]>
              %2 = "daphne.sumRow"(%1) : (!daphne.Matrix<4x5xf64:sp[2.000000e-01]:rep[sparse]>) -> !daphne.Matrix<4x1xf64>
              "daphne.return"(%2) : (!daphne.Matrix<4x1xf64>) -> ()
            }
            """,
    };

    public static TheoryData<string> Recorded => [.. programs.Keys];

    [Theory, MemberData(nameof(Recorded))]
    public void A_fragment_is_what_the_original_sent(string file)
    {
        var module = PassPipeline.Parse("fuse-distributed", new() { Verify = true }).Apply(IrText.Parse(programs[file]));
        var pipeline = Assert.Single(module.Functions[0].Regions[0].Block.Operations, op => op.Def == Op.VectorizedPipeline);
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Golden("wire"), file)), FragmentText.Of(pipeline));
    }

    [Theory]
    [InlineData("", "holds 0 functions")]
    [InlineData("func.func @dist() {\n  \"daphne.return\"() : () -> ()\n}\nfunc.func @more() {\n  \"daphne.return\"() : () -> ()\n}\n", "holds 2 functions")]
    [InlineData("func.func @dist(%a: f64) -> f64 {\n}\n", "a block is empty")]
    [InlineData("func.func @dist(%a: f64) -> f64 {\n  \"daphne.return\"() : () -> ()\n}\n", "0 results instead of 1")]
    [InlineData("func.func @dist(%a: f64) {\n  \"daphne.system\"(%a) : (f64) -> ()\n}\n", "unknown operation daphne.system")]
    public void What_is_no_fragment_is_refused_with_the_reason(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<ScriptException>(() => FragmentText.Parse(text)).Message);
}
