using System.Numerics;
using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Numbers for ranges of numbers.</summary>
sealed class PreparationBindings : INumberFamily
{
    public static Dictionary<OpDef, Binder> Table<T>() where T : unmanaged, INumber<T> => Rows<T>.Table;

    static class Rows<T> where T : unmanaged, INumber<T>
    {
        public static readonly Dictionary<OpDef, Binder> Table = new() { [Op.Bin] = Bins, [Op.Quantize] = Quantized };

        static Step Bins(Operation op, Emitter e)
        {
            int x = e.Dense<T>(op, 0), bins = e.Number<long>(op, 1), min = e.Number<T>(op, 2), max = e.Number<T>(op, 3), to = e.Object(op.Result);
            bool mayOverwrite = e.MayOverwrite(op, 0, x);
            return new Do(f =>
            {
                var source = f.Dense<T>(x);
                var target = Target.Over(f, to, source, mayOverwrite);
                f.Own(to, target);
                Binning.Apply(source, (long)f.Bits[bins], f.Scalar<T>(min), f.Scalar<T>(max), target);
            });
        }

        static Step Quantized(Operation op, Emitter e)
        {
            int x = e.Dense<float>(op, 0), min = e.Number<float>(op, 1), max = e.Number<float>(op, 2), to = e.Object(op.Result);
            return new Do(f =>
            {
                var source = f.Dense<float>(x);
                var target = DenseMatrix<byte>.Allocate(source.Rows, source.Cols);
                f.Own(to, target);
                Quantization.Apply(source, f.Scalar<float>(min), f.Scalar<float>(max), target);
            });
        }
    }
}

/// <summary>Codes for values, and columns for codes; the cells of the operand choose the kernel.</summary>
sealed class EncodingBindings : IFamily
{
    public static IrType Decides(Operation op) => op.Operands[0].Type;

    public static Dictionary<OpDef, Binder> Table<T>() where T : unmanaged => Rows<T>.Table;

    static class Rows<T> where T : unmanaged
    {
        public static readonly Dictionary<OpDef, Binder> Table = new() { [Op.Recode] = Recoded, [Op.OneHot] = OneHot };

        static Step Recoded(Operation op, Emitter e)
        {
            int x = e.Dense<T>(op, 0), ordered = e.Flag(op, 1), codes = e.Object(op.Results[0]), values = e.Object(op.Results[1]);
            return new Do(f =>
            {
                var result = Recoding.Apply(f.Dense<T>(x), f.Bits[ordered] != 0);
                f.Own(codes, result.Codes);
                f.Own(values, result.Values);
            });
        }

        static Step OneHot(Operation op, Emitter e)
        {
            int x = e.Dense<T>(op, 0), info = e.Dense<long>(op, 1), to = e.Object(op.Result);
            return new Do(f => f.Own(to, OneHotEncoding.Apply(f.Dense<T>(x), f.Dense<long>(info))));
        }
    }
}

/// <summary>The same for columns of strings.</summary>
static class TextPreparation
{
    public static Step Recoded(Operation op, Emitter e)
    {
        int x = e.Object(op.Operands[0]), ordered = e.Flag(op, 1), codes = e.Object(op.Results[0]), values = e.Object(op.Results[1]);
        return new Do(f =>
        {
            var result = Recoding.Apply((StringMatrix)f.Matrix(x), f.Bits[ordered] != 0);
            f.Own(codes, result.Codes);
            f.Own(values, result.Values);
        });
    }

    public static Step OneHot(Operation op, Emitter e)
    {
        int x = e.Object(op.Operands[0]), info = e.Dense<long>(op, 1), to = e.Object(op.Result);
        return new Do(f => f.Own(to, OneHotEncoding.Apply((StringMatrix)f.Matrix(x), f.Dense<long>(info))));
    }
}
