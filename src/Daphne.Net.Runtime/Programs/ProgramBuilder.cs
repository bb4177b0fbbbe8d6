using System.Collections.Immutable;
using Daphne.Net.Compiler;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Makes a <see cref="Program"/> of a module. Only functions that are reached get steps.</summary>
public sealed class ProgramBuilder
{
    readonly IrModule module;
    readonly Dictionary<string, FunctionCode> codes = [];
    readonly Queue<Pending> pending = new();

    sealed record Pending(FunctionCode Code, Operation Function);

    ProgramBuilder(IrModule module) => this.module = module;

    /// <summary>Binds every operation that the entry function reaches.</summary>
    /// <param name="module">Verified IR with all types inferred.</param>
    /// <param name="entry">The function to run; default <c>main</c>.</param>
    /// <exception cref="ScriptException">The program holds an operation, or an operation on a type, that this version cannot run.</exception>
    public static Program Build(IrModule module, string entry = "main")
    {
        var builder = new ProgramBuilder(module);
        FunctionCode code;
        try
        {
            code = builder.Function(entry);
        }
        catch (RaisedException e)
        {
            throw e.At(default);
        }
        while (builder.pending.TryDequeue(out var next)) builder.Fill(next.Code, next.Function.Regions[0]);
        return new(code);
    }

    /// <summary>The body of a pipeline as a program of its own: what the block's arguments take goes in, what its terminator names comes out.</summary>
    internal static Program BuildBody(Operation pipeline)
    {
        var builder = new ProgramBuilder(new IrModule());
        var body = pipeline.Regions[0];
        var code = builder.Declare("pipeline", body, [.. body.Block.Terminator.Operands.Select(v => v.Type)]);
        builder.Fill(code, body);
        return new(code);
    }

    internal FunctionCode Function(string name)
    {
        if (codes.TryGetValue(name, out var known)) return known;
        var function = module.Function(name) ?? throw Diag.MalformedProgram.Raise($"there is no function {name}");
        var code = codes[name] = Declare(name, function.Regions[0], IrModule.TypeOf(function).Results);
        pending.Enqueue(new(code, function));
        return code;
    }

    readonly Dictionary<FunctionCode, Emitter> emitters = [];

    FunctionCode Declare(string name, Region body, IReadOnlyList<IrType> results)
    {
        var code = new FunctionCode(name);
        var emitter = emitters[code] = new(this, code, body.Block);
        code.Parameters = ImmutableArray.Create(emitter.Of(body.Block.Arguments));
        var returned = new Slot[results.Count];
        for (int i = 0; i < returned.Length; i++) returned[i] = emitter.NewSlot(results[i]);
        code.Results = ImmutableArray.Create(returned);
        return code;
    }

    void Fill(FunctionCode code, Region body) => code.Body = emitters[code].Block(body);
}
