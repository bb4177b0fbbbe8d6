using System.Diagnostics;
using System.Globalization;
using Daphne.Net.Data;

namespace Daphne.Net.Benchmarks.Files;

/// <summary>
/// Reads and writes files on demand, for <c>benchmarks/peers/files.py</c>: one line in (what, path, threads), one line out: seconds, a checksum, and by how
/// many megabytes the memory of the process grew at most. Files are read into memory nobody used before, as the peer reads them.
/// </summary>
static class FileContestant
{
    public static void Run()
    {
        DataObject? value = null;
        while (Console.ReadLine() is { } line && line.Split(' ') is [var what, var path, var threads])
        {
            if (!what.StartsWith("write", StringComparison.Ordinal)) value?.Release();
            BufferPool.Shared.Trim();
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true);
            File.WriteAllText("/proc/self/clear_refs", "5");
            long before = Kilobytes("VmRSS:");
            var clock = Stopwatch.StartNew();
            int count = int.Parse(threads, CultureInfo.InvariantCulture);
            switch (what)
            {
                case "read": value = MatrixFiles.Read(path, count); break;
                case "read-frame": value = FrameFiles.Read(path, count); break;
                default:
                    if (value is Frame frame) FrameFiles.Write(frame, path, count);
                    else MatrixFiles.Write((Matrix)value!, path, count);
                    break;
            }
            double seconds = clock.Elapsed.TotalSeconds;
            Console.WriteLine(FormattableString.Invariant($"{seconds} {Sum(value!)} {(Kilobytes("VmHWM:") - before) / 1024.0}"));
        }
    }

    static double Sum(DataObject value) => value switch
    {
        DenseMatrix<double> m => m.Chunks().Sum(c => System.Numerics.Tensors.TensorPrimitives.Sum(m.Span(c.Start, c.Length))),
        DenseMatrix<long> m => m.Chunks().Sum(c => (double)System.Numerics.Tensors.TensorPrimitives.Sum(m.Span(c.Start, c.Length))),
        StringMatrix s => s.Span.ToArray().Sum(t => (double)t.Length),
        Frame f => f.Columns.ToArray().Sum(Sum),
        _ => throw new ArgumentException(value.Header, nameof(value)),
    };

    static long Kilobytes(string what) =>
        long.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith(what, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
