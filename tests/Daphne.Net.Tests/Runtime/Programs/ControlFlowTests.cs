using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Runtime.Programs;

public sealed class ControlFlowTests
{
    const string Fibonacci = """
        func.func @main(%n: si64) -> si64 {
          %0 = "daphne.constant"() <{value = 0 : si64}> : () -> si64
          %1 = "daphne.constant"() <{value = 1 : si64}> : () -> si64
          %2:2 = "scf.for"(%0, %n, %1, %0, %1) ({
          ^bb0(%i: si64, %a: si64, %b: si64):
            %3 = "daphne.ewAdd"(%a, %b) : (si64, si64) -> si64
            "scf.yield"(%b, %3) : (si64, si64) -> ()
          }) : (si64, si64, si64, si64, si64) -> (si64, si64)
          "daphne.return"(%2#0) : (si64) -> ()
        }
        """;

    [Theory, InlineData(0, 0), InlineData(1, 1), InlineData(10, 55), InlineData(90, 2880067194370816120), InlineData(-3, 0)]
    public void A_for_loop_hands_its_values_on_all_at_once(long n, long expected) =>
        Assert.Equal(expected, IrRun.Scalar<long>(Fibonacci, Datum.Of(n)));

    [Fact]
    public void A_while_loop_swaps_matrices()
    {
        const string text = """
            func.func @main(%x: !daphne.Matrix<1x1xf64>, %y: !daphne.Matrix<1x1xf64>, %n: si64) -> (!daphne.Matrix<1x1xf64>, !daphne.Matrix<1x1xf64>) {
              %0 = "daphne.constant"() <{value = 0 : si64}> : () -> si64
              %1 = "daphne.constant"() <{value = 1 : si64}> : () -> si64
              %2:3 = "scf.while"(%x, %y, %n) ({
              ^bb0(%a: !daphne.Matrix<1x1xf64>, %b: !daphne.Matrix<1x1xf64>, %k: si64):
                %3 = "daphne.ewGt"(%k, %0) : (si64, si64) -> si64
                %4 = "daphne.cast"(%3) : (si64) -> i1
                "scf.condition"(%4, %a, %b, %k) : (i1, !daphne.Matrix<1x1xf64>, !daphne.Matrix<1x1xf64>, si64) -> ()
              }, {
              ^bb0(%a: !daphne.Matrix<1x1xf64>, %b: !daphne.Matrix<1x1xf64>, %k: si64):
                %5 = "daphne.ewSub"(%k, %1) : (si64, si64) -> si64
                "scf.yield"(%b, %a, %5) : (!daphne.Matrix<1x1xf64>, !daphne.Matrix<1x1xf64>, si64) -> ()
              }) : (!daphne.Matrix<1x1xf64>, !daphne.Matrix<1x1xf64>, si64) -> (!daphne.Matrix<1x1xf64>, !daphne.Matrix<1x1xf64>, si64)
              "daphne.return"(%2#0, %2#1) : (!daphne.Matrix<1x1xf64>, !daphne.Matrix<1x1xf64>) -> ()
            }
            """;
        DenseMatrix<double> x = IrRun.Matrix(1, 1, 1), y = IrRun.Matrix(1, 1, 2);
        for (long n = 0; n < 5; n++)
        {
            var results = IrRun.Run(text, Datum.Of(x), Datum.Of(y), Datum.Of(n));
            Assert.Same(n % 2 == 0 ? x : y, results[0].Object);
            Assert.Same(n % 2 == 0 ? y : x, results[1].Object);
            foreach (var result in results) result.Object.Release();
        }
        Assert.Equal((1, 1), (x.Owners, y.Owners));
    }

    const string Factorial = """
        func.func @main(%n: si64) -> si64 {
          %0 = "func.call"(%n) <{callee = @f}> : (si64) -> si64
          "daphne.return"(%0) : (si64) -> ()
        }
        func.func @f(%n: si64) -> si64 {
          %0 = "daphne.constant"() <{value = 1 : si64}> : () -> si64
          %1 = "daphne.ewLe"(%n, %0) : (si64, si64) -> si64
          %2 = "daphne.cast"(%1) : (si64) -> i1
          %3 = "scf.if"(%2) ({
            "scf.yield"(%0) : (si64) -> ()
          }, {
            %4 = "daphne.ewSub"(%n, %0) : (si64, si64) -> si64
            %5 = "func.call"(%4) <{callee = @f}> : (si64) -> si64
            %6 = "daphne.ewMul"(%n, %5) : (si64, si64) -> si64
            "scf.yield"(%6) : (si64) -> ()
          }) : (i1) -> si64
          "daphne.return"(%3) : (si64) -> ()
        }
        """;

    [Fact]
    public void A_function_may_call_itself() => Assert.Equal(2432902008176640000, IrRun.Scalar<long>(Factorial, Datum.Of(20L)));

    [Fact]
    public void Recursion_goes_deep_and_ends_with_a_diagnostic_not_with_the_process()
    {
        var program = IrRun.Build(Factorial);
        var deep = DeepStack.Run(() => program.Run([Datum.Of(20_000L)], new RunContext()));
        Assert.Equal(0, deep[0].As<long>());
        var endless = Assert.Throws<ScriptException>(() => DeepStack.Run(() => program.Run([Datum.Of(long.MaxValue)], new RunContext())));
        Assert.Equal(Diag.RecursionTooDeep, Assert.Single(endless.Diagnostics).Def);
    }

    [Fact]
    public void An_endless_loop_is_cancelled()
    {
        const string text = """
            func.func @main() {
              %0 = "daphne.constant"() <{value = true}> : () -> i1
              "scf.while"() ({
                "scf.condition"(%0) : (i1) -> ()
              }, {
                "scf.yield"() : () -> ()
              }) : () -> ()
              "daphne.return"() : () -> ()
            }
            """;
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        Assert.ThrowsAny<OperationCanceledException>(() => IrRun.Build(text).Run([], new RunContext { Cancellation = source.Token }));
    }

    [Fact]
    public void Stop_ends_the_run_with_its_message()
    {
        const string text = """
            func.func @main() {
              %0 = "daphne.constant"() <{value = "enough"}> : () -> !daphne.String
              "daphne.stop"(%0) : (!daphne.String) -> ()
              "daphne.return"() : () -> ()
            }
            """;
        var thrown = Assert.Throws<ScriptException>(() => IrRun.Run(text));
        Assert.Equal((Diag.Stopped, "system stopped: enough", Stage.Execute), (thrown.Diagnostics[0].Def, thrown.Diagnostics[0].Message, thrown.Stage));
    }

    [Fact]
    public void Inputs_that_do_not_fit_are_refused()
    {
        var program = IrRun.Build(Fibonacci);
        Assert.Equal(Diag.WrongArgumentCount, Assert.Throws<RaisedException>(() => program.Run([], new RunContext())).Def);
        Assert.Equal(Diag.WrongArgumentType, Assert.Throws<RaisedException>(() => program.Run([Datum.Of(1.0)], new RunContext())).Def);
        Assert.Equal(Diag.WrongArgumentType, Assert.Throws<RaisedException>(() => program.Run([Datum.Of(IrRun.Matrix(1, 1, 1))], new RunContext())).Def);
    }

    [Fact]
    public void A_program_that_breaks_its_own_types_is_refused_when_it_is_built()
    {
        var module = new IrModule();
        var main = module.AddFunction("main", [IrType.Scalar(ValueTypeCode.F64)], [IrType.Scalar(ValueTypeCode.SI64)]);
        var block = main.Regions[0].Block;
        block.Insert(new Operation(Op.Return, [block.Arguments[0]], []));
        Assert.Equal(Diag.MalformedProgram, Assert.Throws<ScriptException>(() => ProgramBuilder.Build(module)).Diagnostics[0].Def);
    }
}
