using System.Collections;
using System.Text;

namespace Grpc.Core;

/// <summary>Headers or trailers of a call. Keys are lower case; those that end in <c>-bin</c> hold bytes, the others printable ASCII.</summary>
sealed class Metadata : IEnumerable<Metadata.Entry>
{
    public const string BinaryHeaderSuffix = "-bin";
    public static readonly Metadata Empty = new() { frozen = true };

    readonly List<Entry> entries = [];
    bool frozen;

    public int Count => entries.Count;

    public Entry this[int index] => entries[index];

    public void Add(string key, string value) => Add(new Entry(key, value));

    public void Add(string key, byte[] value) => Add(new Entry(key, value));

    public void Add(Entry entry)
    {
        if (frozen) throw new InvalidOperationException("this metadata is read-only");
        entries.Add(entry);
    }

    /// <summary>The last entry of that key.</summary>
    public Entry? Get(string key) => entries.FindLast(e => e.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    /// <summary>The text of the last entry of that key.</summary>
    public string? GetValue(string key) => Get(key)?.Value;

    public IEnumerator<Entry> GetEnumerator() => entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>One key with its value.</summary>
    public sealed class Entry
    {
        readonly string? text;
        readonly byte[]? bytes;

        public Entry(string key, string value)
        {
            Key = Check(key);
            if (IsBinary) throw new ArgumentException($"'{key}' ends in -bin and takes bytes", nameof(key));
            if (value.AsSpan().IndexOfAnyExceptInRange(' ', '~') >= 0) throw new ArgumentException("a metadata value holds printable ASCII only", nameof(value));
            text = value;
        }

        public Entry(string key, byte[] value)
        {
            Key = Check(key);
            if (!IsBinary) throw new ArgumentException($"'{key}' does not end in -bin and takes text", nameof(key));
            bytes = value;
        }

        Entry(string key, string? text, byte[]? bytes) => (Key, this.text, this.bytes) = (key, text, bytes);

        public string Key { get; }
        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);
        public string Value => text ?? throw new InvalidOperationException("a binary entry has no text");
        public byte[] ValueBytes => bytes ?? Encoding.ASCII.GetBytes(text!);

        public override string ToString() => $"{Key}: {text ?? Convert.ToHexString(bytes!)}";

        /// <summary>As it came off the wire: not checked.</summary>
        internal static Entry Received(string key, string text) => new(key, text, null);

        /// <summary>As it came off the wire: not checked.</summary>
        internal static Entry Received(string key, byte[] bytes) => new(key, null, bytes);

        static string Check(string key)
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            key = key.ToLowerInvariant();
            foreach (char c in key)
                if (!(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-' or '.')) throw new ArgumentException($"'{c}' cannot stand in a metadata key", nameof(key));
            return key;
        }
    }
}
