using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

public sealed class ChoiceTests
{
    [Fact] public void F64_conditions_choose_f64_cells() => Check<double, double>();
    [Fact] public void F64_conditions_choose_si64_cells() => Check<double, long>();
    [Fact] public void Si64_conditions_choose_f64_cells() => Check<long, double>();
    [Fact] public void F32_conditions_choose_f32_cells() => Check<float, float>();
    [Fact] public void Bool_conditions_choose_f64_cells() => Check<bool, double>();
    [Fact] public void Bool_conditions_choose_bool_cells() => Check<bool, bool>();
    [Fact] public void Si8_conditions_choose_ui8_cells() => Check<sbyte, byte>();

    static void Check<TCondition, T>() where TCondition : unmanaged where T : unmanaged
    {
        foreach (int n in (int[])[.. Cells.Lengths, 5000])
        {
            TCondition[] condition = [.. Cells.Random<TCondition>(n, n).Select((c, i) => i % 3 == 0 ? default : c)];
            T[] yes = Cells.Random<T>(n, n + 1), no = Cells.Random<T>(n, n + 2);
            T[] expected = [.. condition.Select((c, i) => Condition.Holds(c) ? yes[i] : no[i])];
            string what = $"{typeof(TCondition).Name} ? {typeof(T).Name}, {n} cells, seed {n}";
            var dst = new T[n];
            Choice.Apply<TCondition, T>(condition, yes, no, dst);
            Cells.AssertSame<T>(expected, dst, what);
            Array.Clear(dst);
            Choice.LoopScalar<TCondition, T>(condition, yes, no, dst, 0);
            Cells.AssertSame<T>(expected, dst, what + ", scalar");
            if (n == 0) continue;

            var c = DenseMatrix<TCondition>.Borrow(condition, n, 1);
            DenseMatrix<T> y = DenseMatrix<T>.Borrow(yes, n, 1), o = DenseMatrix<T>.Borrow(no, n, 1), into = DenseMatrix<T>.Allocate(n, 1);
            Choice.Apply(c, y, o, into);
            Cells.AssertSame<T>(expected, into.ToArray(), what + ", matrices");
            Choice.Apply(c, yes[0], o, into);
            Cells.AssertSame<T>([.. condition.Select((x, i) => Condition.Holds(x) ? yes[0] : no[i])], into.ToArray(), what + ", scalar and matrix");
            Choice.Apply<TCondition, T>(c, yes[0], no[0], into);
            Cells.AssertSame<T>([.. condition.Select(x => Condition.Holds(x) ? yes[0] : no[0])], into.ToArray(), what + ", scalars");
        }
    }

    [Fact]
    public void Zero_and_nan_do_not_hold()
    {
        Assert.Equal([false, false, false, true, true], new[] { 0.0, -0.0, double.NaN, 0.5, double.NegativeInfinity }.Select(Condition.Holds));
        Assert.Equal([false, true, true], new[] { 0L, -1, 2 }.Select(Condition.Holds));
        Assert.Equal([false, true], new[] { false, true }.Select(Condition.Holds));
    }

    [Fact]
    public void An_alternative_of_another_shape_is_an_error()
    {
        var condition = DenseMatrix<long>.Copy([1, 0, 1], 3, 1);
        var error = Assert.Throws<RaisedException>(() => Choice.Apply(condition, DenseMatrix<long>.Copy([1, 2], 2, 1), 0L, DenseMatrix<long>.Allocate(3, 1)));
        Assert.Equal("the condition is a 3x1 matrix, an alternative a 2x1 one", error.Message);
    }

    [Fact]
    public void Values_are_replaced_where_they_stand()
    {
        Assert.Equal([9, 2, 9], Replaced([1L, 2, 1], 1, 9));
        Assert.Equal([1, 0, 3], Replaced([1, double.NaN, 3], double.NaN, 0));
        Assert.Equal([9, 9, 1], Replaced([0.0, -0.0, 1], 0, 9));
        Assert.Equal([false, false], Replaced([true, false], true, false));
        foreach (int n in Cells.Lengths)
            foreach (double pattern in (double[])[0, double.NaN, 1])
            {
                double[] cells = Cells.Random<double>(n, n);
                Cells.AssertSame<double>([.. cells.Select(c => c.Equals(pattern) ? -7 : c)], Replaced(cells, pattern, -7), $"{pattern} in {n} cells, seed {n}");
            }
    }

    static T[] Replaced<T>(T[] cells, T pattern, T replacement) where T : unmanaged
    {
        var x = DenseMatrix<T>.Copy(cells, cells.Length, 1);
        Replacement.Apply(x, pattern, replacement, x);
        return x.ToArray();
    }
}
