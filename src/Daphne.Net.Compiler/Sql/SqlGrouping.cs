namespace Daphne.Net.Compiler;

/// <summary>The keys of GROUP BY, over the rows that are grouped, and the aggregates met so far; both are columns of the groups.</summary>
sealed class SqlGrouping(List<SqlValue> keys)
{
    public List<SqlValue> Keys { get; } = keys;

    public List<SqlAggregate> Aggregates { get; } = [];

    /// <summary>A key as a column of the groups.</summary>
    public SqlValue Key(int index) => new SqlColumn(index, Keys[index].Type);

    /// <summary>An aggregate as a column of the groups; equal ones are computed once.</summary>
    public SqlValue Column(SqlAggregate aggregate)
    {
        int at = Aggregates.IndexOf(aggregate);
        if (at < 0)
        {
            at = Aggregates.Count;
            Aggregates.Add(aggregate);
        }
        return new SqlColumn(Keys.Count + at, aggregate.Type);
    }
}
