using Daphne.Net.Distributed.Grpc;
using Google.Protobuf;
using Grpc.Core;

namespace Daphne.Net.Distributed.Protocol;

/// <summary>
/// The methods that move values, in forms whose bytes are not copied into a message. On the wire a call with one response is a stream of one, so the
/// single-message Transfer is a stream here: the sender keeps its share of the value until the bytes are out, the receiver reads them where they belong.
/// </summary>
static class BulkMethods
{
    const string Worker = "distributed.Worker", Control = "daphne.v1.Control";
    const int BytesField = 1;   // of Data and of Chunk

    static readonly IncomingBytesMarshaller incoming = new(BytesField);
    static readonly OutgoingBytesMarshaller outgoing = new(BytesField);

    public static readonly Method<OutgoingBytes, Original.StoredData> SendStore = new(MethodType.ClientStreaming, Worker, "Store", outgoing, Of(Original.StoredData.Parser));
    public static readonly Method<IncomingBytes, Original.StoredData> ReceiveStore = new(MethodType.ClientStreaming, Worker, "Store", incoming, Of(Original.StoredData.Parser));

    public static readonly Method<Original.StoredData, IncomingBytes> AskTransfer = new(MethodType.ServerStreaming, Worker, "Transfer", Of(Original.StoredData.Parser), incoming);
    public static readonly Method<Original.StoredData, OutgoingBytes> AnswerTransfer = new(MethodType.ServerStreaming, Worker, "Transfer", Of(Original.StoredData.Parser), outgoing);

    public static readonly Method<V1.TransferRequest, IncomingBytes> AskChunks = new(MethodType.ServerStreaming, Control, "Transfer", Of(V1.TransferRequest.Parser), incoming);
    public static readonly Method<V1.TransferRequest, OutgoingBytes> AnswerChunks = new(MethodType.ServerStreaming, Control, "Transfer", Of(V1.TransferRequest.Parser), outgoing);

    static Marshaller<T> Of<T>(MessageParser<T> parser) where T : class, IMessage<T> => Marshallers.Create<T>(
        static (message, to) =>
        {
            to.SetPayloadLength(message.CalculateSize());
            message.WriteTo(to.GetBufferWriter());
            to.Complete();
        },
        from => parser.ParseFrom(from.PayloadAsReadOnlySequence()));
}
