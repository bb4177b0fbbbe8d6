using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Distributed;

/// <summary>The cells of a <see cref="FileMatrix"/> or <see cref="FileFrame"/>: read here once, by whoever needs them first, or by workers. Thread-safe.</summary>
/// <param name="file">The file, as workers find it.</param>
/// <param name="meta">What is known of it; with a schema it is read as a frame.</param>
/// <param name="sparse">Whether it is read as a sparse matrix.</param>
/// <param name="name">What the script calls it.</param>
/// <param name="threads">Threads to use where it is read here.</param>
/// <param name="span">The operation that reads it.</param>
/// <param name="note">Told once why a worker did not read it.</param>
/// <param name="ct">Ends its reading.</param>
sealed class FileCells(SharedFile file, FileMetaData meta, bool sparse, string name, int threads, SourceSpan span, Action<string> note, CancellationToken ct)
{
    readonly FileIndex index = new(file, ct);
    readonly HashSet<string> unlike = [];   // addresses of workers that do not share it
    readonly Lock gate = new();
    Task<DataObject>? reading;
    int users = 1;

    public SharedFile File => file;

    /// <summary>As of a matrix or as of a frame, as the script wants it, whatever the file holds.</summary>
    public FileMetaData Meta => meta;

    /// <summary>True while somebody may need them.</summary>
    public bool InUse
    {
        get
        {
            lock (gate) return users > 0;
        }
    }

    /// <summary>What so many of its rows take, about; of a sparse matrix at most.</summary>
    public long BytesOf(long rows) => rows * (meta.IsFrame ? meta.Schema.Sum(c => BytesOf(c.ValueType)) : meta.Cols * BytesOf(meta.MatrixValueType));

    static long BytesOf(ValueTypeCode type) => type == ValueTypeCode.Str ? 32 : type.SizeInBytes();

    public void AddUser()
    {
        lock (gate) users++;
    }

    /// <summary>One user fewer; with the last one the memory goes.</summary>
    public void Leave()
    {
        lock (gate)
        {
            if (--users > 0 || reading is null) return;
            _ = reading.ContinueWith(static read =>
            {
                read.Result.Release();
                read.Result.Release();
            }, CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>The value here, without holding up a thread of the pool. The caller does not own it.</summary>
    /// <exception cref="ScriptException">The file has changed, or is wrong.</exception>
    public Task<DataObject> HereAsync()
    {
        lock (gate) return reading ??= Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Lets a worker read some of the rows; null where it does not share the file, or the cells are here already: they are sent, then.</summary>
    /// <param name="worker">Who reads.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="readers">Who may help to find where rows begin.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="WorkerException">It is gone or late, or has no room.</exception>
    public async Task<Handle?> ReadOnAsync(IWorkerClient worker, FileRows rows, IReadOnlyList<IWorkerClient> readers, CancellationToken stop)
    {
        string address = worker.Identity.Address;
        lock (gate)
            if (reading is { IsCompleted: true } || unlike.Contains(address)) return null;
        try
        {
            if (!worker.ReadsFiles) throw new WorkerException(worker.Identity, WorkerFailure.FileDenied, "it reads no files");
            var marks = MatrixFileRows.HasMarks(file.Path) && rows.First > 0 ? await index.MarksAsync(readers).WaitAsync(stop).ConfigureAwait(false) : [default];
            var handle = await worker.ReadAsync(new(file, Meta, rows, CsvMark.Before(marks, rows.First), sparse), CallBudget.Data(file.Stamp.Length), stop).ConfigureAwait(false);
            return handle.Rows == rows.Count && handle.Cols == Meta.Cols ? handle
                : throw new WorkerException(worker.Identity, WorkerFailure.BadRequest, $"read {handle.Rows}x{handle.Cols} cells where {rows.Count}x{Meta.Cols} were asked for");
        }
        catch (WorkerException e) when (e.Reason is WorkerFailure.FileDenied or WorkerFailure.FileUnlike)
        {
            // What is wrong with the file shows when it is read here, in the words of a run without workers.
            bool first;
            lock (gate) first = unlike.Count == 0 & unlike.Add(address);
            if (first) note($"'{name}' was read here and its rows were sent, because worker {address} could not read them: {e.Detail}");
            return null;
        }
    }

    DataObject Read()
    {
        try
        {
            using var open = System.IO.File.OpenHandle(file.Path);
            Check(open);
            var all = new FileRows(0, meta.Rows);
            DataObject value = meta.IsFrame ? FrameFileRows.Read(open, name, meta, all, threads: threads, ct: ct) : MatrixFileRows.Read(open, name, meta, all, sparse: sparse, threads: threads, ct: ct);
            // Several variables may share it while the cells have one owner, us. A second one keeps them from being overwritten in place.
            value.Retain();
            Check(open);
            return value;
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

    void Check(SafeFileHandle open)
    {
        if (FileStamp.Of(open) != file.Stamp) throw Diag.FileNotTheSame.Raise(name, "it has changed");
    }
}
