using System.Collections.Immutable;
using System.Text;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>
/// Reads the schema: columns beside each other, nothing nested. Dates and times are the whole numbers they are stored as; text of any kind is a string.
/// </summary>
static class ParquetSchema
{
    public static ImmutableArray<ParquetColumn> Read(ref ThriftReader reader, ThriftType type, string path)
    {
        int count = reader.List(type, out var element);
        if (count == 0) throw reader.Wrong("its schema is empty");
        var root = Element(ref reader, element);
        if (root.Children != count - 1) throw Diag.ParquetUnsupported.Raise(path, "nested columns");
        if (count - 1 > FileMetaData.MostColumns) throw Diag.FrameTooWide.Raise(path, count - 1, FileMetaData.MostColumns);
        var columns = ImmutableArray.CreateBuilder<ParquetColumn>();
        for (int i = 1; i < count; i++) columns.Add(Column(Element(ref reader, element), path));
        return columns.ToImmutable();
    }

    static ParquetColumn Column(in SchemaElement e, string path)
    {
        if (e.Children > 0 || e.Physical is null || e.Repetition is not (ParquetFormat.Required or ParquetFormat.Optional))
            throw Diag.ParquetUnsupported.Raise(path, $"the nested or repeated column '{e.Name}'");
        bool isOther = e.Converted is ParquetFormat.Decimal or ParquetFormat.Interval || e.IsDecimal;
        var type = isOther ? null : TypeOf(e);
        return new(e.Name, e.Physical.Value, e.Repetition == ParquetFormat.Optional, type
            ?? throw Diag.ParquetUnsupported.Raise(path, $"column '{e.Name}' of type {ParquetFormat.NameOfPhysical(e.Physical.Value)}{(isOther ? " (decimal or interval)" : "")}"));
    }

    static ValueTypeCode? TypeOf(in SchemaElement e) => e.Physical switch
    {
        ParquetFormat.Boolean => ValueTypeCode.Bool,
        ParquetFormat.Float => ValueTypeCode.F32,
        ParquetFormat.Double => ValueTypeCode.F64,
        ParquetFormat.ByteArray => ValueTypeCode.Str,
        ParquetFormat.Int32 => (e.Converted, e.Bits, e.IsSigned) switch
        {
            (ParquetFormat.Int8, _, _) or (_, 8, true) => ValueTypeCode.SI8,
            (ParquetFormat.UInt8, _, _) or (_, 8, false) => ValueTypeCode.UI8,
            (ParquetFormat.UInt32, _, _) or (_, 32, false) => ValueTypeCode.UI32,
            _ => ValueTypeCode.SI32,
        },
        ParquetFormat.Int64 => e.Converted == ParquetFormat.UInt64 || (e.Bits == 64 && !e.IsSigned) ? ValueTypeCode.UI64 : ValueTypeCode.SI64,
        _ => null,
    };

    static SchemaElement Element(ref ThriftReader reader, ThriftType type)
    {
        reader.Struct(type);
        var e = new SchemaElement { Name = "" };
        for (int id = 0; reader.NextField(ref id, out var field);)
            switch (id)
            {
                case 1: e.Physical = reader.Int32(field); break;
                case 3: e.Repetition = reader.Int32(field); break;
                case 4: e.Name = Encoding.UTF8.GetString(reader.Binary(field)); break;
                case 5: e.Children = reader.Int32(field); break;
                case 6: e.Converted = reader.Int32(field); break;
                case 10: Logical(ref reader, field, ref e); break;
                default: reader.Skip(field); break;
            }
        return e;
    }

    // A union: one field, whose id says which type it is.
    static void Logical(ref ThriftReader reader, ThriftType type, ref SchemaElement e)
    {
        const int isDecimal = 5, isInteger = 10;
        reader.Struct(type);
        for (int kind = 0; reader.NextField(ref kind, out var inner);)
        {
            e.IsDecimal |= kind == isDecimal;
            if (kind != isInteger)
            {
                reader.Skip(inner);
                continue;
            }
            reader.Struct(inner);
            for (int id = 0; reader.NextField(ref id, out var field);)
                if (id == 1) e.Bits = reader.Int32(field);
                else if (id == 2) e.IsSigned = field == ThriftType.True;
                else reader.Skip(field);
        }
    }

    struct SchemaElement
    {
        public string Name;
        public int? Physical, Converted;
        public int Repetition, Children, Bits;
        public bool IsSigned, IsDecimal;
    }
}
