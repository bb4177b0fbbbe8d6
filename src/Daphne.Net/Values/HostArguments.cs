using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Daphne.Net.Data;

namespace Daphne.Net;

/// <summary>What a host hands to a script: <c>$name</c> in the script sees the value of that name. Disposing releases what was borrowed.</summary>
sealed class HostArguments : IDisposable
{
    const string Accepted = "a script argument is a number, a bool, a string, an array, a two-dimensional array, a Shaped<T>, a Matrix, a Frame, or what PlaceAsync placed";

    readonly List<PlacedValue> placed = [];

    /// <summary>
    /// The named values of a dictionary with string keys, or of the public properties of any other object. Matrices are borrowed, not copied.
    /// </summary>
    /// <param name="type">Of <paramref name="args"/>.</param>
    /// <param name="args">The values.</param>
    /// <param name="cluster">Where the script runs; null: in this process.</param>
    /// <exception cref="ArgumentException">A value is of a type that no script can see, or placed elsewhere.</exception>
    /// <exception cref="ObjectDisposedException">A value was placed and is disposed.</exception>
    public static HostArguments From(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type type, object? args, DaphneCluster? cluster)
    {
        var result = new HostArguments();
        try
        {
            switch (args)
            {
                case null: break;
                case IEnumerable<KeyValuePair<string, object?>> pairs:
                    foreach (var (name, value) in pairs) result.Add(name, value, cluster);
                    break;
                case System.Collections.IDictionary map:
                    foreach (System.Collections.DictionaryEntry pair in map)
                        result.Add(pair.Key as string ?? throw new ArgumentException($"script arguments have names, not keys such as {pair.Key}"), pair.Value, cluster);
                    break;
                default:
                    foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
                        if (property.GetIndexParameters().Length == 0) result.Add(property.Name, property.GetValue(args), cluster);
                    break;
            }
        }
        catch
        {
            result.Dispose();
            throw;
        }
        return result;
    }

    /// <summary>The values by name.</summary>
    public Dictionary<string, Datum> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>For how many workers the placed values among them are cut, all alike; 0 where there are none.</summary>
    public int Width()
    {
        int width = placed.Select(p => p.Cells.Widen(0)).DefaultIfEmpty(0).Max();
        foreach (var value in placed) value.Cells.Widen(width);
        return width;
    }

    void Add(string name, object? value, DaphneCluster? cluster)
    {
        if (value is PlacedValue there)
        {
            Values.Add(name, Datum.Of(there.Share(name, cluster)));
            placed.Add(there);
        }
        else Values.Add(name, ToDatum(name, value));
    }

    /// <summary>A matrix or frame that is to be placed; the caller owns it.</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static DataObject ToPlace(object data)
    {
        var value = data is PlacedValue ? throw new ArgumentException("this is placed already; pass it to the runs of its cluster") : ToDatum("data", data);
        if (!value.IsScalar && value.Object is Matrix or Frame) return value.Object;
        if (!value.IsScalar) value.Object.Release();
        throw new ArgumentException($"a {HostTypeNames.Of(data.GetType())} cannot be placed: matrices, arrays and frames can; pass it to each run as it is");
    }

    public void Dispose()
    {
        foreach (var value in Values.Values)
            if (!value.IsScalar) value.Object.Release();
        Values.Clear();
    }

    // A C# int is an si64, as an integer literal of the language is: what a script sees of 8 and of $k = 8 is the same.
    static Datum ToDatum(string name, object? value)
    {
        switch (value)
        {
            case double x: return Datum.Of(x);
            case float x: return Datum.Of(x);
            case int x: return Datum.Of((long)x);
            case short x: return Datum.Of((long)x);
            case long x: return Datum.Of(x);
            case uint x: return Datum.Of((ulong)x);
            case ushort x: return Datum.Of((ulong)x);
            case ulong x: return Datum.Of(x);
            case byte x: return Datum.Of(x);
            case sbyte x: return Datum.Of(x);
            case bool x: return Datum.Of(x);
            case string x: return Datum.Of(x);
            case Datum { IsScalar: true } x: return x;
            case Datum { Object: Matrix x }: return Datum.Of(ForOneRun(x));
            case Datum { Object: Frame x }: return Datum.Of(ForOneRun(x));
            case Datum x: return Kept(x.Object);
            case Matrix x: return Datum.Of(ForOneRun(x));
            case Frame x: return Datum.Of(ForOneRun(x));
            case IShaped x: return Datum.Of(x.Borrow());
            case ReadOnlyMemory<double> x: return Datum.Of(Column(x));
            case Array x when Borrow(x) is { } matrix: return Datum.Of(matrix);
            case null: throw new ArgumentException($"the script argument {name} is null; {Accepted}");
            default: throw new ArgumentException($"the script argument {name} is a {HostTypeNames.Of(value.GetType())}; {Accepted}");
        }
    }

    // A view of its own: copies on workers belong to the view and go with the run, because the owner may change the cells before the next one.
    static Matrix ForOneRun(Matrix matrix)
    {
        if (matrix.Here() is var here && here is not StringMatrix) return MatrixRows.Range(here, 0, here.Rows);
        matrix.Retain();
        return matrix;
    }

    static Frame ForOneRun(Frame frame) => new(frame.Rows, [.. frame.Columns.ToArray().Select(ForOneRun)], frame.Labels);

    static Datum Kept(DataObject value)
    {
        value.Retain();
        return Datum.Of(value);
    }

    static DenseMatrix<T> Column<T>(ReadOnlyMemory<T> cells) where T : unmanaged => DenseMatrix<T>.Borrow(cells, cells.Length, 1);

    // By the type of its elements, not by a pattern: to the runtime a ulong[] is a long[] too.
    static DataObject? Borrow(Array cells)
    {
        var type = cells.GetType().GetElementType()!;
        return type == typeof(double) ? Of<double>() : type == typeof(float) ? Of<float>()
            : type == typeof(long) ? Of<long>() : type == typeof(ulong) ? Of<ulong>() : type == typeof(int) ? Of<int>() : type == typeof(uint) ? Of<uint>()
            : type == typeof(sbyte) ? Of<sbyte>() : type == typeof(byte) ? Of<byte>() : type == typeof(bool) ? Of<bool>() : null;

        DataObject? Of<T>() where T : unmanaged => cells switch
        {
            T[] list => Column<T>(list),
            T[,] table => DenseMatrix<T>.Borrow(new ArrayMemory<T>(table).Memory, table.GetLength(0), table.GetLength(1)),
            _ => null,
        };
    }
}
