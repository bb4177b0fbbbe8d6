namespace Daphne.Net.Dialect;

// Operations on batches of images: a row is an image, channel after channel, each of them row after row. Integers become f64.
public static partial class Op
{
    static Parameter[] Sizes(params string[] names) => [.. names.Select(name => P(name, ParameterKind.Size))];

    static Parameter[] PoolSizes => Sizes("numImages", "numChannels", "imgHeight", "imgWidth", "poolH", "poolW", "strideH", "strideW", "paddingH", "paddingW");

    static Parameter[] PoolBackwardSizes => Sizes("batchSize", "numChannels", "imgH", "imgW", "poolH", "poolW", "strideH", "strideW", "padH", "padW");

    static Parameter[] ConvolutionBackwardSizes => Sizes("strideH", "strideW", "padH", "padW", "inputBatchSize", "inputNumChannels", "inputH", "inputW", "filterNumFilters",
        "filterNumChannels", "filterH", "filterW");

    static OpDef Pool(string name, string builtin, string doc, string example) =>
        Row(new(name, 11, TypeRule.Own, ShapeRule.Own, OpTraits.Pure, doc)
        {
            Results = 3,
            Builtins = [new(builtin, [P("input", ParameterKind.Matrix), .. PoolSizes]) { Result = "three: the pooled images, one per row, and their height and width", Example = example }],
        });

    static OpDef PoolBackward(string name, string builtin, string doc, string example) =>
        Row(new(name, 12, TypeRule.Own, ShapeRule.Own, OpTraits.Pure, doc)
        {
            Builtins = [new(builtin, [P("input", ParameterKind.Matrix), P("dOut", ParameterKind.Matrix), .. PoolBackwardSizes]) { Result = "of the shape of input", Example = example }],
        });

#pragma warning disable CS1591 // each row carries its own line of documentation
    public static readonly OpDef Relu = Unary("NN_Relu_Forward", TypeRule.KeepFirst, "Cells above zero, else 0; nan stays nan.", "relu");
    public static readonly OpDef Softmax = Row(new("Softmax", 1, TypeRule.MatrixOfFirstFloat, ShapeRule.KeepFirst, OpTraits.Pure | OpTraits.Fusible, "Each row as shares of 1: exp of each cell by the sum of these.")
    { Split = RowsToRows1, Builtins = [new("softmax", P("arg", ParameterKind.Matrix)) { Example = "print(softmax([0.0, 0.0, 1.0, 1.0](2, 2)));" }] });
    public static readonly OpDef BiasAdd = Row(new("BiasAdd", 2, TypeRule.MatrixOfAllFloat, ShapeRule.KeepFirst, OpTraits.Pure | OpTraits.Fusible, "Adds to all cells of a channel its value in bias, a row or a column.")
    {
        Split = new(CombineKind.Rows, SplitKind.Rows, SplitKind.None),
        Builtins = [new("biasAdd", P("input", ParameterKind.Matrix), P("bias", ParameterKind.Matrix)) { Example = "print(biasAdd([1.0, 2.0, 3.0, 4.0](1, 4), [10.0, 20.0]));" }],
    });
    public static readonly OpDef Affine = Row(new("NN_Affine_Forward", 3, TypeRule.Own, ShapeRule.Own, OpTraits.Pure, "input @ weights, and bias, a row or a column with a value per column, added to each row.")
    {
        Builtins = [new("affine", P("input", ParameterKind.Matrix), P("weights", ParameterKind.Matrix), P("bias", ParameterKind.Matrix))
        { Result = "rows of input x columns of weights", Example = "print(affine([1.0, 2.0](1, 2), [1.0, 0.0, 0.0, 1.0](2, 2), [0.5, 0.5](1, 2)));" }],
    });
    public static readonly OpDef BatchNorm2d = Row(new("BatchNormInferenceForward", 6, TypeRule.Own, ShapeRule.KeepFirst, OpTraits.Pure, "gamma * (x - emaMean) / sqrt(emaVar + eps) + beta, with a value of each for every channel.")
    {
        Builtins = [new("batch_norm2d", P("input", ParameterKind.Matrix), P("gamma", ParameterKind.Matrix), P("beta", ParameterKind.Matrix), P("emaMean", ParameterKind.Matrix),
            P("emaVar", ParameterKind.Matrix), P("eps", ParameterKind.Float))
        { Result = "of the shape of input", Example = "print(batch_norm2d([1.0, 3.0, 10.0, 30.0](1, 4), [1.0, 1.0], [0.0, 5.0], [2.0, 20.0], [1.0, 100.0], 0.0));" }],
    });
    public static readonly OpDef BatchNorm2dBackward = Row(new("BatchNorm_Backward", 6, TypeRule.Own, ShapeRule.Own, OpTraits.Pure, "The gradients of batch normalisation; invVar is 1 / sqrt(variance + eps), so eps itself is not looked at.")
    {
        Results = 3,
        Builtins = [new("batch_norm2d_backward", P("mean", ParameterKind.Matrix), P("invVar", ParameterKind.Matrix), P("input", ParameterKind.Matrix), P("dout", ParameterKind.Matrix),
            P("gamma", ParameterKind.Matrix), P("eps", ParameterKind.Float))
        {
            Result = "three: the gradient of the input, and those of gamma and beta as columns",
            Example = "dX, dGamma, dBeta = batch_norm2d_backward([2.0], [1.0], [1.0, 3.0](1, 2), [1.0, 0.0](1, 2), [1.0], 0.0);\nprint(dGamma);\nprint(dBeta);",
        }],
    });
    public static readonly OpDef Conv2d = Row(new("Convolution_Forward", -1, TypeRule.Own, ShapeRule.Own, OpTraits.Pure, "Convolves images with filters (a row of filter each, channels as in the images) and adds the filter's value in bias where there is one.")
    {
        Results = 3,
        Builtins = [new("conv2d", [P("input", ParameterKind.Matrix), P("filter", ParameterKind.Matrix), .. Sizes("numImages", "numChannels", "imgHeight", "imgWidth", "filterH", "filterW", "strideH",
            "strideW", "paddingH", "paddingW"), P("bias", ParameterKind.Matrix) with { Optional = true }])
        {
            Result = "three: the images made, one per row with a channel per filter, and their height and width",
            Example = "Y, h, w = conv2d(reshape(seq(1.0, 9.0, 1.0), 1, 9), [1.0, 1.0, 1.0, 1.0](1, 4), 1, 1, 3, 3, 2, 2, 1, 1, 0, 0);\nprint(Y);\nprint(h);",
        }],
    });
    public static readonly OpDef Conv2dBackwardFilter = Row(new("conv2DBackwardFilter", 14, TypeRule.Own, ShapeRule.Own, OpTraits.Pure, "The gradient of conv2d's filter; output is the gradient of conv2d's result.")
    {
        Builtins = [new("conv2d_backward_filter", [P("input", ParameterKind.Matrix), P("output", ParameterKind.Matrix), .. ConvolutionBackwardSizes])
        {
            Result = "of the shape of the filter",
            Example = "print(conv2d_backward_filter(reshape(seq(1.0, 9.0, 1.0), 1, 9), fill(1.0, 1, 4), 1, 1, 0, 0, 1, 1, 3, 3, 1, 1, 2, 2));",
        }],
    });
    public static readonly OpDef Conv2dBackwardData = Row(new("conv2DBackwardData", 14, TypeRule.Own, ShapeRule.Own, OpTraits.Pure, "The gradient of conv2d's input; output is the gradient of conv2d's result.")
    {
        Builtins = [new("conv2d_backward_data", [P("filter", ParameterKind.Matrix), P("output", ParameterKind.Matrix), .. ConvolutionBackwardSizes])
        {
            Result = "of the shape of the input",
            Example = "print(conv2d_backward_data([1.0, 2.0, 3.0, 4.0](1, 4), fill(1.0, 1, 4), 1, 1, 0, 0, 1, 1, 3, 3, 1, 1, 2, 2));",
        }],
    });
    public static readonly OpDef MaxPool2d = Pool("NN_Max_Forward", "max_pool2d", "The largest cell of each window of each channel; padding never is.",
        "Y, h, w = max_pool2d(reshape(seq(1.0, 16.0, 1.0), 1, 16), 1, 1, 4, 4, 2, 2, 2, 2, 0, 0);\nprint(Y);");
    public static readonly OpDef AvgPool2d = Pool("NN_Avg_Forward", "avg_pool2d", "The mean of each window of each channel; padding counts as zeros.",
        "Y, h, w = avg_pool2d(reshape(seq(1.0, 16.0, 1.0), 1, 16), 1, 1, 4, 4, 2, 2, 2, 2, 0, 0);\nprint(Y);");
    public static readonly OpDef MaxPool2dBackward = PoolBackward("maxPoolBackward", "max_pool2d_backward", "The gradient of max_pool2d's input: that of a window goes to its first largest cell.",
        "print(max_pool2d_backward([1.0, 4.0, 3.0, 2.0](1, 4), [10.0](1, 1), 1, 1, 2, 2, 2, 2, 1, 1, 0, 0));");
    public static readonly OpDef AvgPool2dBackward = PoolBackward("avgPoolBackward", "avg_pool2d_backward", "The gradient of avg_pool2d's input: that of a window is shared out evenly.",
        "print(avg_pool2d_backward([1.0, 4.0, 3.0, 2.0](1, 4), [10.0](1, 1), 1, 1, 2, 2, 2, 2, 1, 1, 0, 0));");
#pragma warning restore CS1591
}
