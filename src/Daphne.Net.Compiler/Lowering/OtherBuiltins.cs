using System.Collections.Frozen;

namespace Daphne.Net.Compiler;

/// <summary>Built-in functions that the language has and the operator table has not yet: using one is "not supported yet", not a misspelling.</summary>
static class OtherBuiltins
{
    public static FrozenSet<string> Names { get; } = FrozenSet.ToFrozenSet(
    [
        // files and devices
        "close", "openDevice", "openFile", "openFileOnTarget", "readCsv", "receiveFromNumpy", "saveDaphneLibResult",
        // neural networks
        "affine", "avg_pool2d", "avg_pool2d_backward", "batch_norm2d", "batch_norm2d_backward", "biasAdd", "conv2d", "conv2d_backward_data",
        "conv2d_backward_filter", "max_pool2d", "max_pool2d_backward", "relu", "softmax",
        "startProfiling", "stopProfiling",
    ]);
}
