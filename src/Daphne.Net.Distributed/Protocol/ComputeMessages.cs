using Google.Protobuf;

namespace Daphne.Net.Distributed.Protocol;

/// <summary>Computations as messages, at both ends.</summary>
static class ComputeMessages
{
    /// <summary>What a client asks.</summary>
    /// <param name="fragment">The fragment.</param>
    /// <param name="inputs">Handles, and values that go with the call.</param>
    /// <param name="bring">The numbers of the results that are wanted with the answer.</param>
    public static V1.ComputeCall Call(Fragment fragment, IReadOnlyList<CallValue> inputs, IReadOnlyCollection<int> bring)
    {
        var call = new V1.ComputeCall { Code = fragment.Text, Options = fragment.Options?.Write() ?? "" };
        foreach (var input in inputs)
        {
            call.Inputs.Add(input.IsCarried ? "" : input.Handle.Id);
            if (input.IsCarried) call.Carried.Add(UnsafeByteOperations.UnsafeWrap(input.Carried));
        }
        foreach (int result in bring) call.Bring.Add((uint)result);
        return call;
    }

    /// <summary>What a worker is asked, without the inputs.</summary>
    /// <exception cref="WorkerRefusal">Its options are malformed.</exception>
    public static FragmentCall CallOf(V1.ComputeCall call) =>
        new(call.Code, FragmentOptions.Read(call.Options), call.Bring.Count == 0 ? null : call.Bring.Select(r => (int)Math.Min(r, int.MaxValue)).ToHashSet());

    /// <summary>The inputs.</summary>
    /// <exception cref="WorkerRefusal">There are not as many values as places for them.</exception>
    public static CallValue[] InputsOf(V1.ComputeCall call)
    {
        var inputs = new CallValue[call.Inputs.Count];
        int carried = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            string id = call.Inputs[i];
            if (id.Length > 0 || carried == call.Carried.Count) inputs[i] = new(new(id, 0, 0));
            else if (!call.Carried[carried].IsEmpty) inputs[i] = new(default, call.Carried[carried++].Memory);
            else throw new WorkerRefusal(WorkerFailure.BadRequest, $"the value for input {i} is empty");
        }
        return carried == call.Carried.Count ? inputs : throw new WorkerRefusal(WorkerFailure.BadRequest, $"{call.Carried.Count} values came where {carried} belong to inputs");
    }

    /// <summary>What a worker answers.</summary>
    public static V1.ComputeReply Answer(CallValue[] made)
    {
        var reply = new V1.ComputeReply();
        foreach (var (handle, carried) in made)
            reply.Results.Add(new V1.StoredReply { Identifier = handle.Id, NumRows = handle.Rows, NumCols = handle.Cols, Carried = UnsafeByteOperations.UnsafeWrap(carried) });
        return reply;
    }

    /// <summary>The results, in a session of the client.</summary>
    public static CallValue[] ResultsOf(V1.ComputeReply reply, int generation)
    {
        var results = new CallValue[reply.Results.Count];
        for (int i = 0; i < results.Length; i++)
        {
            var result = reply.Results[i];
            results[i] = new(new(result.Identifier, result.NumRows, result.NumCols, generation), result.Carried.Memory);
        }
        return results;
    }
}
