using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Constants, and what reaches out of the script: the end, the clock.</summary>
static class ProgramBindings
{
    public static Binding[] Rows =>
    [
        new(Op.Constant, Constant),
        new(Op.Stop, Stop),
        new(Op.Now, Now),
        new(Op.StartProfiling, (op, e) => Profile(op, e, static (context, region) => context.Statistics.Begin(region, context.Time))),
        new(Op.StopProfiling, (op, e) => Profile(op, e, static (context, region) => context.Statistics.End(region, context.Time))),
        new(Op.Print, Print),
        new(Op.TypeOf, TypeOf),
    ];

    static Step Constant(Operation op, Emitter e)
    {
        object value = ((ScalarAttribute)op.Attributes["value"]).Value;
        if (value is string text)
        {
            int to = e.Object(op.Result);
            return new Do(f => f.Own(to, text));
        }
        int slot = e.Number(op.Result);
        ulong bits = value switch
        {
            bool b => b ? 1UL : 0UL,
            long l => Datum.ToBits(l),
            ulong u => u,
            double d => Datum.ToBits(d),
            float x => Datum.ToBits(x),
            _ => throw Diag.MalformedProgram.Raise($"a constant of {value.GetType().Name}"),
        };
        return new Do(f => f.Bits[slot] = bits);
    }

    static Step Stop(Operation op, Emitter e)
    {
        int message = e.Object(op.Operands[0]);
        return new Do(f => throw Diag.Stopped.Raise(f.Text(message)));
    }

    static Step Now(Operation op, Emitter e)
    {
        int to = e.Number(op.Result);
        return new Do(f => f.SetScalar(to, (f.Context.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100));
    }

    static Step Profile(Operation op, Emitter e, Action<RunContext, string> measure)
    {
        int region = e.Text(op, 0);
        return new Do(f => measure(f.Context, f.Text(region)));
    }

    static Step Print(Operation op, Emitter e)
    {
        var value = e[op.Operands[0]];
        int newline = e.Flag(op, 1), toError = e.Flag(op, 2);
        return new Do(f =>
        {
            var writer = f.Bits[toError] != 0 ? f.Context.Error : f.Context.Output;
            Printer.Print(f.Look(value), writer);
            // Data objects end their last line themselves.
            if (f.Bits[newline] != 0 && (!value.IsObject || f.Objects[value.Index] is string)) writer.Write('\n');
        });
    }

    static Step TypeOf(Operation op, Emitter e)
    {
        var value = e[op.Operands[0]];
        int to = e.Object(op.Result);
        return new Do(f => f.Own(to, Printer.TypeOf(f.Look(value))));
    }
}
