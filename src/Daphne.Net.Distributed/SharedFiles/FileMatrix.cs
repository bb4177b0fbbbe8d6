using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>
/// A matrix in a file until somebody here needs its cells; workers that share the file read their rows of it themselves. It is the matrix that was in the file when the script came to its
/// <c>readMatrix</c>: a file that has changed since then is an error, not another matrix.
/// </summary>
sealed class FileMatrix : Matrix
{
    readonly string name;
    readonly int threads;
    readonly SourceSpan span;
    readonly CancellationToken ct;
    readonly FileIndex index;
    readonly Lock gate = new();
    Task<Matrix>? reading;

    /// <param name="file">The file, as workers find it.</param>
    /// <param name="meta">What is known of it.</param>
    /// <param name="name">What the script calls it.</param>
    /// <param name="threads">Threads to use where it is read here.</param>
    /// <param name="span">The operation that reads it.</param>
    /// <param name="ct">Ends its reading.</param>
    public FileMatrix(SharedFile file, FileMetaData meta, string name, int threads, SourceSpan span, CancellationToken ct) : base(meta.Rows, meta.Cols)
    {
        (File, Meta, this.name, this.threads, this.span, this.ct) = (file, meta with { ValueType = meta.MatrixValueType, Schema = default }, name, threads, span, ct);
        index = new(file, ct);
    }

    public SharedFile File { get; }

    public FileMetaData Meta { get; }

    public override ValueTypeCode ValueType => Meta.MatrixValueType;

    /// <summary>True once its cells are here, or on their way.</summary>
    public bool IsHere
    {
        get
        {
            lock (gate) return reading is not null;
        }
    }

    /// <inheritdoc/>
    public override Matrix Here() => HereAsync().GetAwaiter().GetResult();

    /// <summary>As <see cref="Here"/>, without holding a thread of the pool up.</summary>
    /// <exception cref="ScriptException">The file has changed, or is wrong.</exception>
    public Task<Matrix> HereAsync()
    {
        lock (gate) return reading ??= Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Lets a worker read some of the rows.</summary>
    /// <param name="worker">Who reads.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="readers">Who may help to find where rows begin.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="WorkerException">It is gone or late, does not share the file, or finds something wrong in it.</exception>
    public async Task<Handle> ReadOnAsync(IWorkerClient worker, FileRows rows, IReadOnlyList<IWorkerClient> readers, CancellationToken stop)
    {
        var marks = MatrixFileRows.HasMarks(File.Path) && rows.First > 0 ? await index.MarksAsync(readers).WaitAsync(stop).ConfigureAwait(false) : [default];
        var handle = await worker.ReadAsync(new(File, Meta, rows, CsvMark.Before(marks, rows.First)), CallBudget.Data(File.Stamp.Length), stop).ConfigureAwait(false);
        return handle.Rows == rows.Count && handle.Cols == Cols ? handle
            : throw new WorkerException(worker.Identity, WorkerFailure.BadRequest, $"read {handle.Rows}x{handle.Cols} cells where {rows.Count}x{Cols} were asked for");
    }

    Matrix Read()
    {
        try
        {
            using var file = System.IO.File.OpenHandle(File.Path);
            Check(file);
            var matrix = MatrixFileRows.Read(file, name, Meta, new(0, Rows), threads: threads, ct: ct);
            Check(file);
            // Several variables may share this object while the cells have one owner, us. A second one keeps them from being overwritten in place.
            matrix.Retain();
            return matrix;
        }
        catch (RaisedException e)
        {
            throw e.At(span);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ScriptException(Diag.FileNotTheSame.At(span, name, e.Message), e);
        }
    }

    void Check(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        if (FileStamp.Of(file) != File.Stamp) throw Diag.FileNotTheSame.Raise(name, "it has changed");
    }

    /// <inheritdoc/>
    protected override void Free()
    {
        lock (gate)
        {
            if (reading is null) return;
            _ = reading.ContinueWith(read =>
            {
                read.Result.Release();
                read.Result.Release();
            }, CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }
}
