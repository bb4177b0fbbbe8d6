using System.Globalization;
using Daphne.Net.Data;

namespace Daphne.Net.Tests.Fuzz;

/// <summary>
/// Whatever bytes a reader gets, it ends within its time and memory, in a value or in a diagnostic, and gives back what it allocated. Alone, because the
/// memory limit is that of the process.
/// </summary>
[CollectionDefinition(nameof(ReaderFuzzTests), DisableParallelization = true)]
public sealed class ReaderFuzzCollection;

/// <summary>See <see cref="ReaderFuzzCollection"/>.</summary>
[Collection(nameof(ReaderFuzzTests))]
public sealed class ReaderFuzzTests : IDisposable
{
    readonly Readers readers = new();
    readonly long limit = BufferPool.Shared.LimitBytes;

    public ReaderFuzzTests() => BufferPool.Shared.LimitBytes = BufferPool.Shared.LiveBytes + (128 << 20);

    public void Dispose()
    {
        BufferPool.Shared.LimitBytes = limit;
        readers.Dispose();
    }

    static double Seconds => double.Parse(Environment.GetEnvironmentVariable("DAPHNE_FUZZ_SECONDS") ?? "1", CultureInfo.InvariantCulture);

    static int FirstSeed => int.Parse(Environment.GetEnvironmentVariable("DAPHNE_FUZZ_SEED") ?? "1", CultureInfo.InvariantCulture);

    public static TheoryData<string> Names => [.. Readers.Names];

    [Theory, MemberData(nameof(Names))]
    public void Seeds_are_valid(string name)
    {
        var reader = readers[name];
        Assert.NotEmpty(reader.Seeds);
        foreach (byte[] input in reader.Seeds.Take(3)) Assert.True(reader.Check(input));
    }

    [Theory, MemberData(nameof(Names))]
    public void Any_bytes_end_in_a_value_or_a_diagnostic(string name)
    {
        var (inputs, valid) = readers[name].Fuzz(FirstSeed, TimeSpan.FromSeconds(Seconds));
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {inputs} inputs from seed {FirstSeed}, {valid} of them valid");
        Assert.True(inputs > valid && inputs > 0, $"{inputs} inputs, {valid} of them valid: the mutations change nothing");
    }

    [Theory, MemberData(nameof(Kept))]
    public void What_once_failed_stays_mended(string name, string file) => readers[name].Check(File.ReadAllBytes(Path.Combine(Repository.Golden("fuzz"), name, file)));

    public static TheoryData<string, string> Kept =>
        [.. from folder in Directory.GetDirectories(Repository.Golden("fuzz")) from file in Directory.GetFiles(folder) select (Path.GetFileName(folder), Path.GetFileName(file))];
}
