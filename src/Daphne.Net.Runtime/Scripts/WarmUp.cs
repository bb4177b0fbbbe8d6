using Daphne.Net.Compiler;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>
/// Takes a program of one line through the late stages on a thread of its own, while the tool still reads its command line and its script: types, tables
/// and precompiled code that are touched for the first time there are then in place when the script comes by. Measured with two cores: 37.9 -> 34.4 ms for a
/// script that prints one line; with one core, or two busy ones, neither gain nor loss. The early stages too: no gain, as both threads then want the same.
/// </summary>
static class WarmUp
{
    /// <summary>Begins, and leaves the caller to its work. The process may end before it is done.</summary>
    public static void Start()
    {
        if (Environment.ProcessorCount > 1) new Thread(Run, 1 << 20) { IsBackground = true, Name = "daphne warm-up" }.Start();
    }

    static void Run()
    {
        try
        {
            var (options, context) = (new ScriptOptions(), new RunContext());
            var module = Module();
            PassPipeline.Standard(new() { Optimize = options.Optimize }).Apply(module);
            ProgramBuilder.Build(module).Run([], context);
        }
        catch (Exception)
        {
            // Nobody has asked for this program. What is broken here fails again where somebody has, and is reported there.
        }
    }

    // print("", true, false): made by hand, because the early stages are busy with the script.
    static IrModule Module()
    {
        var module = new IrModule();
        var body = module.AddFunction("main", [], []).Regions[0].Block;
        body.Insert(new Operation(Op.Print, [Constant("", ValueTypeCode.Str), Constant(true, ValueTypeCode.Bool), Constant(false, ValueTypeCode.Bool)], []));
        body.Insert(new Operation(Op.Return, [], []));
        return module;

        Value Constant(object value, ValueTypeCode type)
        {
            var op = new Operation(Op.Constant, [], [IrType.Scalar(type)]);
            op.Attributes["value"] = new ScalarAttribute(value, IrType.Scalar(type));
            return body.Insert(op).Result;
        }
    }
}
