using System.Runtime.InteropServices;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// The keys of two tables numbered together: the number of a right row is that of its key, the number of a left row that of the right rows it matches.
/// <see cref="KeyIndex.None"/> stands where a row matches nothing.
/// </summary>
sealed unsafe class MatchedKeys : IDisposable
{
    const long TaskRows = 1 << 16;

    readonly DenseMatrix<int> left, right;

    MatchedKeys(DenseMatrix<int> left, DenseMatrix<int> right, int count) => (this.left, this.right, Count) = (left, right, count);

    public long LeftRows => left.Rows;
    public long RightRows => right.Rows;
    public int* Left => left.Cell0;
    public int* Right => right.Cell0;

    /// <summary>How many different keys the right table has.</summary>
    public int Count { get; }

    public static MatchedKeys Of(IReadOnlyList<Matrix> leftKeys, IReadOnlyList<Matrix> rightKeys, TaskRunner? run, CancellationToken ct)
    {
        if (leftKeys.Count == 0 || leftKeys.Count != rightKeys.Count) throw new ArgumentException($"{leftKeys.Count} keys on the left, {rightKeys.Count} on the right", nameof(rightKeys));
        KeyGuard.Columns(leftKeys, leftKeys[0].Rows);
        KeyGuard.Columns(rightKeys, rightKeys[0].Rows);
        var matched = OfColumn(leftKeys[0], rightKeys[0], run, ct);
        for (int k = 1; k < leftKeys.Count; k++)
        {
            using var first = matched;
            using var next = OfColumn(leftKeys[k], rightKeys[k], run, ct);
            matched = Both(first, next, run, ct);
        }
        return matched;
    }

    static MatchedKeys OfColumn(Matrix leftKey, Matrix rightKey, TaskRunner? run, CancellationToken ct)
    {
        var (leftKind, rightKind) = (KeyCodes.KindOf(leftKey), KeyCodes.KindOf(rightKey));
        if (leftKind == KeyKind.Text != (rightKind == KeyKind.Text)) throw Diag.JoinTypes.Raise(leftKey.ValueType.DslName(), rightKey.ValueType.DslName());
        if (leftKind == KeyKind.Text) return OfTexts((StringMatrix)leftKey.Here(), (StringMatrix)rightKey.Here());
        using var rightCodes = KeyCodes.Of(rightKey, leftKind);
        using var leftCodes = KeyCodes.Of(leftKey, rightKind);
        return OfCodes(leftCodes.Codes, leftCodes.Absent, leftKey.Rows, rightCodes.Codes, rightCodes.Absent, rightKey.Rows, run, ct);
    }

    static MatchedKeys OfTexts(StringMatrix leftKey, StringMatrix rightKey)
    {
        var left = DenseMatrix<int>.Allocate(leftKey.Rows, 1);
        var right = DenseMatrix<int>.Allocate(rightKey.Rows, 1);
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < right.Rows; i++)
        {
            ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, rightKey.Span[i], out bool known);
            if (!known) number = numbers.Count - 1;
            right.Cell0[i] = number;
        }
        for (int i = 0; i < left.Rows; i++) left.Cell0[i] = numbers.GetValueOrDefault(leftKey.Span[i], KeyIndex.None);
        return new(left, right, numbers.Count);
    }

    static MatchedKeys OfCodes(ulong* leftCodes, bool* leftAbsent, long leftRows, ulong* rightCodes, bool* rightAbsent, long rightRows, TaskRunner? run, CancellationToken ct)
    {
        var left = DenseMatrix<int>.Allocate(leftRows, 1);
        var right = DenseMatrix<int>.Allocate(rightRows, 1);
        using var index = KeyIndex.Of(rightCodes, rightAbsent, rightRows, right.Cell0, ct);
        RowTasks.Run(leftRows, TaskRows, run, (first, end) => index.Find(leftCodes, leftAbsent, first, end, left.Cell0));
        return new(left, right, index.Count);
    }

    static MatchedKeys Both(MatchedKeys a, MatchedKeys b, TaskRunner? run, CancellationToken ct)
    {
        using var leftPairs = new Scratch<ulong>(a.LeftRows);
        using var leftAbsent = new Scratch<bool>(a.LeftRows);
        using var rightPairs = new Scratch<ulong>(a.RightRows);
        using var rightAbsent = new Scratch<bool>(a.RightRows);
        Pair(a.Left, b.Left, b.Count, a.LeftRows, leftPairs.Cell0, leftAbsent.Cell0);
        Pair(a.Right, b.Right, b.Count, a.RightRows, rightPairs.Cell0, rightAbsent.Cell0);
        return OfCodes(leftPairs.Cell0, leftAbsent.Cell0, a.LeftRows, rightPairs.Cell0, rightAbsent.Cell0, a.RightRows, run, ct);
    }

    static void Pair(int* a, int* b, int width, long rows, ulong* pairs, bool* absent)
    {
        for (long i = 0; i < rows; i++)
        {
            absent[i] = a[i] < 0 || b[i] < 0;
            pairs[i] = absent[i] ? 0 : (ulong)a[i] * (ulong)width + (ulong)b[i];
        }
    }

    public void Dispose()
    {
        left.Release();
        right.Release();
    }
}
