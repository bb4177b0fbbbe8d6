using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>A backend whose workers may read the files of a script themselves.</summary>
public interface IFileSource
{
    /// <summary>A matrix or frame in a file whose cells are read when they are needed, where they are needed; null: it is to be read now.</summary>
    /// <param name="path">The file.</param>
    /// <param name="wanted">What the script takes it for: a matrix, sparse or dense, or a frame.</param>
    /// <param name="threads">Threads to use where it is read here.</param>
    /// <param name="span">The operation that reads it, for what is found to be wrong later.</param>
    /// <param name="ct">Ends its reading.</param>
    /// <exception cref="RaisedException">It is missing or unreadable, or what is said of it is wrong.</exception>
    DataObject? Open(string path, IrType wanted, int threads, SourceSpan span, CancellationToken ct);

    /// <summary>The script is about to replace a file: what <see cref="Open"/> gave of it and was not read yet is read now.</summary>
    /// <exception cref="ScriptException">It is wrong.</exception>
    void BeforeWrite(string path);
}
