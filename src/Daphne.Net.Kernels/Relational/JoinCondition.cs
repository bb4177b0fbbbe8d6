using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>How two keys must stand to each other.</summary>
public enum KeyComparison
{
    /// <summary>Left = right.</summary>
    Equal,
    /// <summary>Left &lt;&gt; right; a nan is different from everything.</summary>
    NotEqual,
    /// <summary>Left &lt; right.</summary>
    Less,
    /// <summary>Left &lt;= right.</summary>
    LessOrEqual,
    /// <summary>Left &gt; right.</summary>
    Greater,
    /// <summary>Left &gt;= right.</summary>
    GreaterOrEqual,
}

/// <summary>One condition of a join.</summary>
/// <param name="Left">A column of the left table.</param>
/// <param name="Comparison">How its cell must stand to that of the right column.</param>
/// <param name="Right">A column of the right table.</param>
public readonly record struct JoinCondition(Matrix Left, KeyComparison Comparison, Matrix Right);
