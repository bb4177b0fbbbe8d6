using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Benchmarks;

/// <summary>Functions of one cell: sqrt looks at its cells twice (a negative one is an error); exp and ln must agree to the last digits only.</summary>
[MemoryDiagnoser]
public class UnaryBench
{
    readonly EwUnaryKernel<double> sqrt = EwUnary.Kernel<double>(Op.EwSqrt)!, exp = EwUnary.Kernel<double>(Op.EwExp)!, ln = EwUnary.Kernel<double>(Op.EwLn)!, round = EwUnary.Kernel<double>(Op.EwRound)!;
    double[] x = [], dst = [];

    [Params(1 << 10, 1 << 20)] public int N;

    [GlobalSetup]
    public void Setup()
    {
        (x, dst) = (BenchCells.Doubles(N, seed: 1, least: 0, most: 20), new double[N]);
        foreach (var (ours, other, tolerance) in ((Action, Action, double)[])[(Sqrt, SqrtLoop, 0), (Exp, ExpLoop, 1e-15), (Ln, LnLoop, 1e-15), (Round, RoundLoop, 0)])
        {
            ours();
            double[] result = [.. dst];
            other();
            BenchCells.MustAgree(result, dst, tolerance);
        }
    }

    [Benchmark(Baseline = true)]
    public void SqrtLoop()
    {
        for (int i = 0; i < x.Length; i++) dst[i] = Math.Sqrt(x[i]);
    }

    [Benchmark] public void Sqrt() => sqrt.Apply(x, dst);

    [Benchmark]
    public void ExpLoop()
    {
        for (int i = 0; i < x.Length; i++) dst[i] = Math.Exp(x[i]);
    }

    [Benchmark] public void ExpTensorPrimitives() => TensorPrimitives.Exp<double>(x, dst);

    [Benchmark] public void Exp() => exp.Apply(x, dst);

    [Benchmark]
    public void LnLoop()
    {
        for (int i = 0; i < x.Length; i++) dst[i] = Math.Log(x[i]);
    }

    [Benchmark] public void LnTensorPrimitives() => TensorPrimitives.Log<double>(x, dst);

    [Benchmark] public void Ln() => ln.Apply(x, dst);

    [Benchmark]
    public void RoundLoop()
    {
        for (int i = 0; i < x.Length; i++) dst[i] = Math.Round(x[i], MidpointRounding.AwayFromZero);
    }

    [Benchmark] public void Round() => round.Apply(x, dst);
}
