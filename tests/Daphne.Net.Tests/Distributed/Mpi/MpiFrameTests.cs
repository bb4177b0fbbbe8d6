using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Distributed.Mpi;

namespace Daphne.Net.Tests.Distributed.Mpi;

/// <summary>What one rank writes the other reads.</summary>
public sealed class MpiFrameTests
{
    [Fact]
    public void A_frame_is_read_as_it_was_written()
    {
        var head = new MpiValueHead([1, 2, 3], (1L << 31) + 7, 3, 4096);
        Handle[] handles = [new("a", 1, 2), new("Ä-é", 1L << 40, 0)];
        var frame = MpiFrame.Read(MpiFrame.Write(MpiVerb.Store, long.MaxValue, writer =>
        {
            writer.Write("session");
            writer.Write(new MpiWay(2, 0));
            writer.Write(handles, writer.Write);
            head.Write(writer);
        }));
        Assert.Equal((MpiVerb.Store, long.MaxValue, "session"), (frame.Verb, frame.Request, frame.Body.ReadString()));
        Assert.Equal(new MpiWay(2, 0), frame.Body.ReadWay());
        Assert.Equal(handles, frame.Body.ReadArray(frame.Body.ReadHandle));
        var read = MpiValueHead.Read(frame.Body);
        Assert.Equal(head.First, read.First);
        Assert.Equal((head.Rest, head.Lane, head.Chunk), (read.Rest, read.Lane, read.Chunk));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_range_of_a_file_is_read_as_it_was_written(bool frame)
    {
        var meta = new FileMetaData(1L << 33, 2) { ValueType = frame ? null : ValueTypeCode.SI32, Schema = frame ? [new("é", ValueTypeCode.Str), new("", ValueTypeCode.UI8)] : default };
        var range = new FileRange(new("/x/y.csv", new(5, 6, "ab")), meta, new(3, 4), new(7, 8, 2), Sparse: !frame);
        Assert.Equal(range, MpiFrame.Read(MpiFrame.Write(MpiVerb.Read, 1, writer => writer.Write(range))).Body.ReadFileRange());
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1, 0, 0 })]
    [InlineData(new byte[] { 99, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void What_is_no_frame_is_refused(byte[] bytes) => Assert.Throws<InvalidDataException>(() => MpiFrame.Read(bytes));
}
