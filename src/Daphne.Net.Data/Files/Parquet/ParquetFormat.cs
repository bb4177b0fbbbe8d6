namespace Daphne.Net.Data;

/// <summary>The numbers of the Parquet format.</summary>
static class ParquetFormat
{
    public const int Boolean = 0, Int32 = 1, Int64 = 2, Float = 4, Double = 5, ByteArray = 6;

    public const int Required = 0, Optional = 1;

    public const int Utf8 = 0, Enum = 4, Decimal = 5, UInt8 = 11, UInt16 = 12, UInt32 = 13, UInt64 = 14, Int8 = 15, Interval = 21;

    public const int Plain = 0, PlainDictionary = 2, Rle = 3, BitPacked = 4, RleDictionary = 8;

    public const int Uncompressed = 0, Snappy = 1, Gzip = 2;

    public const int DataPage = 0, IndexPage = 1, DictionaryPage = 2, DataPageV2 = 3;

    public static ReadOnlySpan<byte> Magic => "PAR1"u8;

    public static string NameOfPhysical(int type) => Name(type, "BOOLEAN", "INT32", "INT64", "INT96", "FLOAT", "DOUBLE", "BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY");

    public static string NameOfCodec(int codec) => Name(codec, "UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW");

    public static string NameOfEncoding(int encoding) =>
        Name(encoding, "PLAIN", "1", "PLAIN_DICTIONARY", "RLE", "BIT_PACKED", "DELTA_BINARY_PACKED", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY", "RLE_DICTIONARY", "BYTE_STREAM_SPLIT");

    static string Name(int index, params ReadOnlySpan<string> names) => (uint)index < (uint)names.Length ? names[index] : FormattableString.Invariant($"number {index}");
}
