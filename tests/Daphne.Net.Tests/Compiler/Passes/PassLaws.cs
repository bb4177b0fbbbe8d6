using System.Diagnostics;
using Daphne.Net.Compiler;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Compiler.Passes;

public sealed class PassLaws
{
    public static TheoryData<string> PassNames => [.. PassPipeline.All.Select(p => p.Name)];

    [Theory, MemberData(nameof(PassNames))]
    public void A_pass_leaves_sound_ir_and_finds_nothing_to_do_the_second_time(string name)
    {
        var pass = PassPipeline.All.Single(p => p.Name == name);
        int changed = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            var module = new SaneModules(seed).Make();
            Sound(module, seed, "before");
            string before = IrText.Print(module);
            bool did = pass.Run(module);
            Sound(module, seed, name);
            string once = IrText.Print(module);
            Assert.True(did || once == before, $"seed {seed}: {name} changed something and did not say so");
            if (did) changed++;
            pass.Run(module);
            Sound(module, seed, name + " again");
            // What one run merges may let the next one merge more; all others are done in one.
            if (pass is not CommonSubexpressions) Assert.Equal(once, IrText.Print(module));
        }
        // No matrix of these modules is known to be sparse.
        Assert.True(changed > 2 || name is "infer" or "select-representations", $"{name} changed {changed} of 40 modules");
    }

    [Theory, InlineData(false, false), InlineData(true, false), InlineData(true, true)]
    public void The_standard_pipeline_leaves_sound_ir_that_prints_and_reads(bool vectorize, bool distributed)
    {
        int pipelines = 0;
        for (int seed = 100; seed < 160; seed++)
        {
            List<string> stages = [];
            var options = new CompilerOptions { Vectorize = vectorize, Distributed = distributed, Verify = true, Explain = (stage, _) => stages.Add(stage) };
            var module = new SaneModules(seed).Make();
            InferenceFixpoint.Run(module);
            try
            {
                PassPipeline.Standard(options).Apply(module);
            }
            catch (ScriptException e)
            {
                Assert.Fail($"seed {seed}: {e.Message}\n{IrText.Print(module)}");
            }
            Assert.Equal(CompilerOptions.Stages.Skip(1), stages);
            string text = IrText.Print(module);
            Assert.Equal(text, IrText.Print(IrText.Parse(text)));
            foreach (var pipeline in All(module).Where(op => op.Def == Op.VectorizedPipeline))
            {
                pipelines++;
                string fragment = FragmentText.Of(pipeline);
                Assert.Equal(fragment, IrText.Print(FragmentText.Parse(fragment)));
            }
        }
        Assert.True(pipelines > 50 == vectorize, $"{pipelines} pipelines");
    }

    [Fact]
    public void The_same_module_gives_the_same_pipelines()
    {
        for (int seed = 200; seed < 220; seed++) Assert.Equal(Fused(seed), Fused(seed));

        static string Fused(int seed) => IrText.Print(PassPipeline.Parse("cse,dead-code,cast-operands,fuse-pipelines,fuse-distributed").Apply(new SaneModules(seed).Make()));
    }

    [Fact]
    public void A_chain_of_fifty_thousand_operations_compiles_in_linear_time()
    {
        var module = new IrModule();
        var body = module.AddFunction("main", [IrType.Matrix(ValueTypeCode.F64, 100, 100), IrType.Scalar(ValueTypeCode.F64)], [IrType.Matrix(ValueTypeCode.F64, 100, 100)]).Regions[0].Block;
        var x = body.Arguments[0];
        for (int i = 0; i < 25_000; i++)
        {
            var sum = body.Insert(new(Op.EwAdd, [x, body.Arguments[1]], [x.Type]));
            x = body.Insert(new(Op.EwMul, [sum.Result, sum.Result], [x.Type])).Result;
        }
        body.Insert(new(Op.Return, [x], []));
        var clock = Stopwatch.StartNew();
        PassPipeline.Standard(new() { Vectorize = true }).Apply(module);
        TestContext.Current.SendDiagnosticMessage($"50000 operations: {clock.ElapsedMilliseconds} ms");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(100), $"{clock.Elapsed}");    // quadratic would be minutes
        Assert.Equal(50_000 / 64 + 1, All(module).Count(op => op.Def == Op.VectorizedPipeline));
    }

    [Fact]
    public void The_shape_at_the_end_of_a_long_chain_is_asked_at_its_beginning()
    {
        var module = new IrModule();
        var body = module.AddFunction("main", [IrType.Matrix(ValueTypeCode.F64)], [IrType.Scalar(ValueTypeCode.Size)]).Regions[0].Block;
        var x = body.Arguments[0];
        for (int i = 0; i < 1001; i++) x = body.Insert(new(i % 2 == 0 ? Op.Transpose : Op.EwExp, [x], [x.Type])).Result;
        body.Insert(new(Op.Return, [body.Insert(new(Op.NumRows, [x], [IrType.Scalar(ValueTypeCode.Size)])).Result], []));
        Assert.Equal("""
            func.func @main(%arg0: !daphne.Matrix<?x?xf64>) -> index {
              %0 = "daphne.numCols"(%arg0) : (!daphne.Matrix<?x?xf64>) -> index
              "daphne.return"(%0) : (index) -> ()
            }

            """, IrText.Print(PassPipeline.Parse("fold-shape-queries,dead-code").Apply(module)));
    }

    [Fact]
    public void An_unknown_pass_is_named_with_those_that_exist()
    {
        var e = Assert.Throws<ScriptException>(() => PassPipeline.Parse("cse,fold-nothing"));
        Assert.Contains("unknown pass 'fold-nothing'", e.Message);
        Assert.Contains("fold-identities", e.Message);
    }

    static void Sound(IrModule module, int seed, string when)
    {
        var problems = Verifier.Check(module);
        Assert.True(problems.Count == 0, $"seed {seed}, {when}: {string.Concat(problems)}\n{IrText.Print(module)}");
    }

    static IEnumerable<Operation> All(IrModule module) => module.Functions.SelectMany(Inside);

    static IEnumerable<Operation> Inside(Operation op) => op.Regions.SelectMany(r => r.Blocks).SelectMany(b => b.Operations).SelectMany(o => Inside(o).Prepend(o));
}
