using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Benchmarks;

/// <summary>x + y and x / y cell by cell, in the first-level cache and far beyond the last.</summary>
[MemoryDiagnoser]
public class BinaryBench
{
    readonly EwBinaryKernel<double> add = EwBinary.Kernel<double>(Op.EwAdd)!, divide = EwBinary.Kernel<double>(Op.EwDiv)!;
    double[] x = [], y = [], dst = [];

    [Params(1 << 8, 1 << 22)] public int N;

    [GlobalSetup]
    public void Setup()
    {
        (x, y, dst) = (BenchCells.Doubles(N, seed: 1), BenchCells.Doubles(N, seed: 2), new double[N]);
        foreach (var (ours, other) in ((Action, Action)[])[(Add, AddLoop), (Add, AddTensorPrimitives), (Divide, DivideLoop)])
        {
            ours();
            double[] result = [.. dst];
            other();
            BenchCells.MustAgree(result, dst);
        }
    }

    [Benchmark(Baseline = true)]
    public void AddLoop()
    {
        for (int i = 0; i < x.Length; i++) dst[i] = x[i] + y[i];
    }

    [Benchmark] public void AddTensorPrimitives() => TensorPrimitives.Add<double>(x, y, dst);

    [Benchmark] public void Add() => add.Apply(x, y, dst);

    [Benchmark]
    public void DivideLoop()
    {
        for (int i = 0; i < x.Length; i++) dst[i] = x[i] / y[i];
    }

    [Benchmark] public void Divide() => divide.Apply(x, y, dst);
}
