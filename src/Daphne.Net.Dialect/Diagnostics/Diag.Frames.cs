namespace Daphne.Net.Dialect;

// Frames: while compiling DPH1600-1629, while executing DPH3300-3329. Lists: DPH1601 and from DPH1630 and DPH3330 on.
public static partial class Diag
{
    /// <summary>Details: what takes a frame, what it got.</summary>
    public static readonly DiagnosticDef FrameNeeded = new("DPH1600", Stage.Parse, "{0} needs a frame, but this is a {1}", "as.frame(...) makes a frame of a matrix");

    /// <summary>Details: what takes a list, what it got.</summary>
    public static readonly DiagnosticDef ListNeeded = new("DPH1601", Stage.Parse, "{0} needs a list, but this is a {1}", "createList(...) makes a list of matrices");

    /// <summary>Details: number of columns, number of labels.</summary>
    public static readonly DiagnosticDef LabelPerColumn = new("DPH1602", Stage.Parse, "createFrame got {0} columns and {1} labels", "give each column a label, or none: then they are called col_0, col_1, …");

    /// <summary>Details: what the argument is.</summary>
    public static readonly DiagnosticDef FrameColumn = new("DPH1603", Stage.Parse, "a column of a frame is a matrix, but this is a {0}", "as.matrix(...) makes a 1x1 matrix of a scalar; first come all columns, then all labels");

    /// <summary>Details: what stands in place of the label.</summary>
    public static readonly DiagnosticDef LabelIsText = new("DPH1604", Stage.Parse, "the label of a column is text, but this is a {0}", "write it in double quotes");

    /// <summary>Details: number of the row, number of its cells, number of labels.</summary>
    public static readonly DiagnosticDef FrameRowLength = new("DPH1605", Stage.Parse, "row {0} of this frame literal has {1} cells, but there are {2} labels");

    /// <summary>No details.</summary>
    public static readonly DiagnosticDef FrameWithoutRows = new("DPH1606", Stage.Parse, "a frame literal by rows needs a row: its cells say of what types the columns are", "for an empty frame write {{\"label\": fill(0.0, 0, 1)}}");

    /// <summary>Details: what stands in place of the cell.</summary>
    public static readonly DiagnosticDef FrameCell = new("DPH1607", Stage.Parse, "a cell of a frame literal is a scalar, but this is a {0}", "write columns of matrices as {{\"label\": column, …}}");

    /// <summary>Details: the cast as written.</summary>
    public static readonly DiagnosticDef FirstColumnUnknown = new("DPH1608", Stage.Parse, "the value type of the frame's first column is not known here, so {0} does not say what it gives", "name the value type: {0}<f64>(...)");

    /// <summary>No details.</summary>
    public static readonly DiagnosticDef FrameAssigned = new("DPH1609", Stage.Parse, "a part of a frame cannot be assigned", "make a new frame of its columns with createFrame(...), cbind(...) or rbind(...)");

    /// <summary>Details: label of a column, its rows, label of another one, its rows.</summary>
    public static readonly DiagnosticDef ColumnLengths = new("DPH1610", Stage.Compile, "the columns of a frame have equally many rows, but '{0}' has {1} and '{2}' has {3}");

    /// <summary>Details: the label, the labels there are.</summary>
    public static readonly DiagnosticDef ColumnUnknown = new("DPH1611", Stage.Compile, "there is no column '{0}'", "the frame has {1}");

    /// <summary>Details: what takes matrices.</summary>
    public static readonly DiagnosticDef MatrixOfFrame = new("DPH1612", Stage.Parse, "{0} needs a matrix, but this is a frame", "as.matrix(...) makes a matrix of its columns");

    /// <summary>Details: what binds, the two operands.</summary>
    public static readonly DiagnosticDef BindKinds = new("DPH1613", Stage.Parse, "{0} binds two matrices or two frames, but these are a {1} and a {2}", "as.frame(...) makes a frame of a matrix, as.matrix(...) a matrix of a frame");

    /// <summary>Details: the label.</summary>
    public static readonly DiagnosticDef LabelTwice = new("DPH3300", Stage.Execute, "two columns of one frame have the label '{0}'", "setColLabels(...) or setColLabelsPrefix(...) gives other labels");

    /// <summary>Details: label of a column, its shape.</summary>
    public static readonly DiagnosticDef NoColumn = new("DPH3301", Stage.Execute, "the column '{0}' of a frame is a {1} matrix; a column of a frame is a matrix of one column", "as.frame(...) makes a frame of all columns of a matrix");

    /// <summary>Details: as of <see cref="ColumnLengths"/>.</summary>
    public static readonly DiagnosticDef ColumnLengthsDiffer = new("DPH3302", Stage.Execute, "the columns of a frame have equally many rows, but '{0}' has {1} and '{2}' has {3}");

    /// <summary>Details: the label, the labels there are.</summary>
    public static readonly DiagnosticDef ColumnMissing = new("DPH3303", Stage.Execute, "there is no column '{0}'", "the frame has {1}");

    /// <summary>Details: number of labels, number of columns.</summary>
    public static readonly DiagnosticDef LabelCount = new("DPH3304", Stage.Execute, "setColLabels got {0} labels for a frame of {1} columns", "give one label for each column");

    /// <summary>Details: position of the column, its label in the upper frame, in the lower one.</summary>
    public static readonly DiagnosticDef RowBindLabels = new("DPH3305", Stage.Execute, "rbind needs the same labels in both frames, but column {0} is '{1}' in the first and '{2}' in the second", "setColLabels(...) gives other labels");

    /// <summary>Details: the label, the value type in the upper frame, in the lower one.</summary>
    public static readonly DiagnosticDef RowBindTypes = new("DPH3306", Stage.Execute, "rbind needs the same value types in both frames, but column '{0}' is {1} in the first and {2} in the second", "as.{1}(...) casts all columns of a frame");

    /// <summary>Details: number of columns, how many a frame can have.</summary>
    public static readonly DiagnosticDef TooManyColumns = new("DPH3307", Stage.Execute, "a frame cannot have {0} columns, at most {1}", "work on a matrix, or on a range of its columns");
}
