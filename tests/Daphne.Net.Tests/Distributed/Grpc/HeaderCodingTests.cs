using Daphne.Net.Distributed.Grpc;
using Grpc.Core;

namespace Daphne.Net.Tests.Distributed.Grpc;

public sealed class HeaderCodingTests
{
    [Theory]
    [InlineData(0, "1u")]                        // a call that is due: the smallest there is
    [InlineData(1, "1u")]
    [InlineData(10, "1u")]
    [InlineData(11, "2u")]                       // rounded up, never down
    [InlineData(999_999_990, "99999999u")]
    [InlineData(999_999_991, "100000m")]
    [InlineData(36_000_000_000L * 24 * 365, "31536000S")]
    [InlineData(long.MaxValue, "99999999H")]
    public void Timeouts_are_at_most_eight_digits_and_rounded_up(long ticks, string expected) => Assert.Equal(expected, TimeoutText.Encode(new(ticks)));

    [Theory]
    [InlineData("1n", 1)]
    [InlineData("100n", 1)]
    [InlineData("101n", 2)]
    [InlineData("7u", 70)]
    [InlineData("5m", 50_000)]
    [InlineData("2S", 20_000_000)]
    [InlineData("3M", 1_800_000_000)]
    [InlineData("1H", 36_000_000_000)]
    [InlineData("99999999H", 3_599_999_964_000_000_000)]
    public void Timeouts_are_read_in_every_unit(string text, long ticks)
    {
        Assert.True(TimeoutText.TryDecode(text, out var timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("5")]
    [InlineData("5s")]
    [InlineData("5 S")]
    [InlineData("-5S")]
    [InlineData("+5S")]
    [InlineData("1.5S")]
    [InlineData("123456789u")]
    [InlineData("٣S")]
    public void What_is_no_timeout_is_refused(string text) => Assert.False(TimeoutText.TryDecode(text, out _));

    [Fact]
    public void A_timeout_survives_the_wire_without_becoming_shorter()
    {
        const int seed = 20_261_121;
        var random = new Random(seed);
        for (int i = 0; i < 2000; i++)
        {
            var sent = new TimeSpan(random.NextInt64(1L << random.Next(1, 58)));
            Assert.True(TimeoutText.TryDecode(TimeoutText.Encode(sent), out var received));
            Assert.True(received >= sent && received.TotalSeconds <= sent.TotalSeconds * 1.001 + 1e-6, $"{sent} became {received} (seed {seed})");
        }
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("all fine", "all fine")]
    [InlineData("100% «böse»\n2. Zeile", "100%25 %C2%AB" + "b%C3%B6se%C2%BB%0A2. Zeile")]
    [InlineData("😀~\u007f", "%F0%9F%98%80~%7F")]
    public void Status_texts_are_percent_encoded(string text, string wire)
    {
        Assert.Equal(wire, StatusText.Encode(text));
        Assert.Equal(text, StatusText.Decode(wire));
    }

    [Theory]
    [InlineData("50%", "50%")]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%41", "%zzA")]
    [InlineData("%+1", "%+1")]
    [InlineData("%c3%b6", "ö")]
    [InlineData("%ff", "\ufffd")]
    public void Sloppy_status_texts_are_read_leniently(string wire, string text) => Assert.Equal(text, StatusText.Decode(wire));

    [Fact]
    public void A_status_text_never_outgrows_a_header_block()
    {
        string wire = StatusText.Encode(new string('ü', 100_000));
        Assert.InRange(wire.Length, 3900, 4096);
        Assert.EndsWith("...", wire);
        Assert.DoesNotContain('\ufffd', StatusText.Decode(wire));
    }

    [Fact]
    public void Binary_metadata_survives_the_wire_and_joined_values_come_apart()
    {
        for (int length = 0; length < 20; length++)
        {
            byte[] bytes = [.. Enumerable.Range(250, length).Select(i => (byte)i)];
            Assert.True(HeaderText.TryDecodeBinary(HeaderText.Encode(new Metadata.Entry("x-bin", bytes)), out var back));
            Assert.Equal(bytes, back);
        }
        var metadata = new Metadata();
        HeaderText.AddReceived(metadata, "X-Bin", "AQ==,AgM, !!!,BA");
        Assert.Equal(["x-bin: 01", "x-bin: 0203", "x-bin: 04"], metadata.Select(e => e.ToString()));
    }

    [Fact]
    public void Metadata_refuses_what_cannot_travel()
    {
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("a b", "x"));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("a", "x\n"));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("a-bin", "x"));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("a", [1]));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("", "x"));
    }
}
