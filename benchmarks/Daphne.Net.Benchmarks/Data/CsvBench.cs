using System.Globalization;
using BenchmarkDotNet.Attributes;
using Daphne.Net.Data;

namespace Daphne.Net.Benchmarks;

/// <summary>Reading and writing 2 million cells of 17 digits, against <c>File.ReadLines</c> with <c>double.Parse</c> and a <c>StreamWriter</c>.</summary>
[MemoryDiagnoser]
public class CsvBench
{
    const int Rows = 200_000, Cols = 10;
    readonly string folder = Directory.CreateTempSubdirectory("daphne-bench-").FullName;
    DenseMatrix<double> matrix = null!;

    string File0 => Path.Combine(folder, "m.csv");

    [Params(1, 0)] public int Threads;

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        matrix = DenseMatrix<double>.Allocate(Rows, Cols);
        foreach (ref double cell in matrix.WritableSpan(0, Rows * Cols)) cell = random.NextDouble() * 1000 - 500;
        WriteLines();
        string lines = File.ReadAllText(Path.Combine(folder, "lines.csv"));
        Write();
        if (lines != File.ReadAllText(File0)) throw new InvalidOperationException("The two sides disagree; do not time them.");
        var back = (DenseMatrix<double>)Read();
        if (!back.Span(0, Rows * Cols).SequenceEqual(ReadLines())) throw new InvalidOperationException("The two sides disagree; do not time them.");
        back.Release();
    }

    [GlobalCleanup] public void Cleanup() => Directory.Delete(folder, recursive: true);

    [Benchmark(Baseline = true)]
    public double[] ReadLines()
    {
        double[] cells = new double[Rows * Cols];
        int at = 0;
        foreach (string line in File.ReadLines(File0))
            foreach (var field in line.AsSpan().Split(',')) cells[at++] = double.Parse(line.AsSpan(field), CultureInfo.InvariantCulture);
        return cells;
    }

    Matrix Read() => MatrixFiles.Read(File0, Threads);

    [Benchmark] public void Daphne() => Read().Release();

    [Benchmark]
    public void WriteLines()
    {
        using var writer = new StreamWriter(Path.Combine(folder, "lines.csv")) { NewLine = "\n" };
        for (int r = 0; r < Rows; r++)
            for (int c = 0; c < Cols; c++)
            {
                writer.Write(matrix[r, c].ToString(CultureInfo.InvariantCulture));
                writer.Write(c == Cols - 1 ? '\n' : ',');
            }
    }

    [Benchmark(Description = "Daphne write")] public void Write() => MatrixFiles.Write(matrix, File0, Threads);
}
