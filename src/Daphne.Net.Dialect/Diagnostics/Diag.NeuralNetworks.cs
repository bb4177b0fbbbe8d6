namespace Daphne.Net.Dialect;

// Images in batches: DPH3560 … DPH3569.
public static partial class Diag
{
    /// <summary>Details: function, what the matrix is, its shape, the shape it should have.</summary>
    public static readonly DiagnosticDef ImageShape = new("DPH3560", Stage.Execute, "{0}: the {1} is {2}, but by the sizes given it is {3}",
        "an image is a row: channel after channel, each of them row after row");

    /// <summary>Details: function, size of the window, size of the image, padding.</summary>
    public static readonly DiagnosticDef WindowTooLarge = new("DPH3561", Stage.Execute, "{0}: a window of {1} does not fit into images of {2} with a padding of {3}");

    /// <summary>Details: function, size of the window, strides.</summary>
    public static readonly DiagnosticDef WindowOfNothing = new("DPH3562", Stage.Execute, "{0} needs windows and strides of at least 1, but they are {1} and {2}");

    /// <summary>Details: function, padding, size of the window.</summary>
    public static readonly DiagnosticDef PaddingTooWide = new("DPH3563", Stage.Execute, "{0}: with a padding of {1} windows of {2} would see nothing but padding");

    /// <summary>Details: function, what the matrix is, its shape, number of channels.</summary>
    public static readonly DiagnosticDef ChannelValues = new("DPH3564", Stage.Execute, "{0}: the {1} is {2}, but it is a row or a column with one value for each of {3}");

    /// <summary>Details: function, shape of the input, number of channels.</summary>
    public static readonly DiagnosticDef ChannelsDoNotDivide = new("DPH3565", Stage.Execute, "{0}: the rows of the {1} input cannot be cut into {2} channels");

    /// <summary>Details: function, channels of the filters, channels of the images.</summary>
    public static readonly DiagnosticDef FilterChannels = new("DPH3566", Stage.Execute, "{0}: filters of {1} channels do not fit images of {2}");

    /// <summary>Details: function, channels, size of a channel.</summary>
    public static readonly DiagnosticDef ImagesTooLarge = new("DPH3567", Stage.Execute, "{0}: images of {1} channels of {2} and what is made of them have more cells than any memory holds");
}
