using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Distributed.Mpi;

namespace Daphne.Net.Tests.Distributed.Mpi;

/// <summary>What one rank writes the other reads.</summary>
public sealed class MpiFrameTests
{
    static readonly FileRange range = new(new("/x/y.csv", new(5, 6, "ab")), new FileMetaData(1L << 33, 2) { Schema = [new("é", ValueTypeCode.Str), new("", ValueTypeCode.UI8)] }, new(3, 4), new(7, 8, 2));
    static readonly MpiValueHead head = new([1, 2, 3], (1L << 31) + 7, 3, 4096);
    static readonly CallValue[] values = [new(new("Ä-é", 1L << 40, 0)), new(new("", 1, 2), new byte[] { 7, 8, 9 })];

    // One of each form: who writes it, who reads it.
    static readonly Dictionary<string, (MpiVerb Verb, Action<BinaryWriter> Write, Func<MpiFrame, object> Read)> forms = new()
    {
        ["hello"] = (MpiVerb.Hello, w => { w.Write(2); w.Write("1.0"); w.Write(""); }, f => f.Parse(MpiBodies.Hello)),
        ["greeted"] = (MpiVerb.Done, w => { w.Write("s"); w.Write("1.0"); w.Write("here"); w.Write(7); w.Write("99"); }, f => f.Parse(MpiBodies.Greeted)),
        ["store"] = (MpiVerb.Store, w => { w.Write("session"); w.Write(new MpiWay(2, 0)); head.Write(w); }, f => f.Parse(MpiBodies.Store)),
        ["compute"] = (MpiVerb.Compute, w => { w.Write("session"); w.Write("func"); w.Write(values, w.Write); w.Write((int[])[1, 0], w.Write); }, f => f.Parse(MpiBodies.Compute)),
        ["transfer"] = (MpiVerb.Transfer, w => { w.Write("session"); w.Write("a"); w.Write(4096); }, f => f.Parse(MpiBodies.Transfer)),
        ["free"] = (MpiVerb.Free, w => { w.Write("session"); w.Write((string[])["a"], w.Write); }, f => f.Parse(MpiBodies.Free)),
        ["scan"] = (MpiVerb.Scan, w => { w.Write("session"); w.Write(range.File); w.Write(1L); w.Write(2L); w.Write(3L); }, f => f.Parse(MpiBodies.Scan)),
        ["read"] = (MpiVerb.Read, w => { w.Write("session"); w.Write(range); }, f => f.Parse(MpiBodies.Read)),
        ["session"] = (MpiVerb.CloseSession, w => w.Write("session"), f => f.Parse(MpiBodies.Session)),
        ["value"] = (MpiVerb.Done, head.Write, f => f.Parse(MpiValueHead.Read)),
        ["stored"] = (MpiVerb.Done, w => w.Write(values[0].Handle), f => f.Parse(MpiBodies.Stored)),
        ["computed"] = (MpiVerb.Done, w => w.Write(values, w.Write), f => f.Parse(MpiBodies.Computed)),
        ["scanned"] = (MpiVerb.Done, w => w.Write((CsvStretch[])[new(1, 2, 3, 4, 5)], w.Write), f => f.Parse(MpiBodies.Scanned)),
        ["stats"] = (MpiVerb.Done, w => { w.Write(8L); w.Write(1L); }, f => f.Parse(MpiBodies.Stats)),
        ["nothing"] = (MpiVerb.Done, _ => { }, f => f.Parse(MpiBodies.Nothing)),
        ["failed"] = (MpiVerb.Failed, w => { w.Write((byte)WorkerFailure.Busy); w.Write("why"); }, f => f.Parse(MpiBodies.Failed)),
    };

    public static TheoryData<string> Forms => [.. forms.Keys];

    [Fact]
    public void A_frame_is_read_as_it_was_written()
    {
        var frame = MpiFrame.Read(MpiFrame.Write(MpiVerb.Store, long.MaxValue, forms["store"].Write), from: 0);
        var (session, way, read) = frame.Parse(MpiBodies.Store);
        Assert.Equal((MpiVerb.Store, long.MaxValue, "session", new MpiWay(2, 0)), (frame.Verb, frame.Request, session, way));
        Assert.Equal(head.First, read.First);
        Assert.Equal((head.Rest, head.Lane, head.Chunk), (read.Rest, read.Lane, read.Chunk));
        var computed = MpiFrame.Read(MpiFrame.Write(MpiVerb.Done, 1, forms["computed"].Write), from: 1).Parse(MpiBodies.Computed);
        Assert.Equal(values.Select(v => (v.Handle, Convert.ToHexString(v.Carried.Span))), computed.Select(v => (v.Handle, Convert.ToHexString(v.Carried.Span))));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_range_of_a_file_is_read_as_it_was_written(bool frame)
    {
        var written = frame ? range : range with { Meta = new FileMetaData(1L << 33, 2) { ValueType = ValueTypeCode.SI32 }, Sparse = true };
        Assert.Equal(("s", written), MpiFrame.Read(MpiFrame.Write(MpiVerb.Read, 1, writer =>
        {
            writer.Write("s");
            writer.Write(written);
        }), from: 0).Parse(MpiBodies.Read));
    }

    [Theory]
    [InlineData(new byte[0], "0 bytes are too few for one")]
    [InlineData(new byte[] { 1, 0, 0 }, "3 bytes are too few for one")]
    [InlineData(new byte[] { 99, 0, 0, 0, 0, 0, 0, 0, 0 }, "there is no kind 99")]
    public void What_is_no_frame_is_refused(byte[] bytes, string why)
    {
        var e = Assert.Throws<RaisedException>(() => MpiFrame.Read(bytes, from: 3));
        Assert.Equal((Diag.MpiMalformed, $"rank 3 sent a message that is none of ours: {why}"), (e.Def, e.Message));
    }

    [Theory, MemberData(nameof(Forms))]
    public void A_frame_that_ends_early_or_late_is_refused_and_says_who_sent_what(string form)
    {
        var (verb, write, read) = forms[form];
        byte[] whole = MpiFrame.Write(verb, 7, write);
        Assert.NotNull(read(MpiFrame.Read(whole, from: 2)));
        for (int length = 9; length <= whole.Length + 1; length++)
        {
            if (length == whole.Length) continue;
            byte[] bytes = [.. whole.Take(length), .. new byte[Math.Max(0, length - whole.Length)]];
            var e = Assert.Throws<RaisedException>(() => read(MpiFrame.Read(bytes, from: 2)));
            Assert.Equal(Diag.MpiMalformed, e.Def);
            Assert.StartsWith($"rank 2 sent a message that is none of ours: {verb} in {length} bytes: ", e.Message, StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Forms))]
    public void Changed_frames_are_read_or_refused_and_claim_no_memory(string form)
    {
        var (verb, write, read) = forms[form];
        byte[] whole = MpiFrame.Write(verb, 7, write);
        var random = new Random(11);
        int refused = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = [.. whole];
            for (int changes = random.Next(1, 4); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)(random.Next(3) == 0 ? 255 : random.Next(256));
            try
            {
                read(MpiFrame.Read(bytes, from: 1));
            }
            catch (RaisedException e) when (e.Def == Diag.MpiMalformed)
            {
                refused++;
            }
        }
        Assert.True(refused > 0);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100L << 20);
    }

    [Theory]
    [InlineData(-1L, 0, 1)]
    [InlineData(1L, 4, 1)]
    [InlineData(1L, -1, 1)]
    [InlineData(1L, 0, 0)]
    [InlineData(1L, 0, -5)]
    public void A_value_that_cannot_come_is_refused(long rest, int lane, int chunk) =>
        Assert.Throws<RaisedException>(() => MpiFrame.Read(MpiFrame.Write(MpiVerb.Done, 1, new MpiValueHead([], rest, lane, chunk).Write), from: 1).Parse(MpiValueHead.Read));
}
