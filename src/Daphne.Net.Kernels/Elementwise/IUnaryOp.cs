using System.Diagnostics;
using System.Runtime.Intrinsics;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>An operator on one cell, implemented by empty structs like <see cref="IBinaryOp{T}"/>.</summary>
interface IUnaryOp<T> where T : unmanaged
{
    /// <summary>The operator on one cell.</summary>
    static abstract T Invoke(T x);

    /// <summary>True if the operator has vector forms; they give the same bits as <see cref="Invoke(T)"/>.</summary>
    static virtual bool IsVectorized => false;

    /// <summary>The operator on 256 bits of cells.</summary>
    static virtual Vector256<T> Invoke(Vector256<T> x) => throw new UnreachableException();

    /// <summary>The operator on 512 bits of cells.</summary>
    static virtual Vector512<T> Invoke(Vector512<T> x) => throw new UnreachableException();

    /// <summary>True if some cells have no result; those are an error of the script, found before anything is computed.</summary>
    static virtual bool IsPartial => false;

    /// <summary>True if this cell has a result.</summary>
    static virtual bool IsDefined(T x) => true;

    /// <summary>True if all these cells have a result.</summary>
    static virtual bool AreDefined(Vector256<T> x) => true;

    /// <summary>The error for a cell without result.</summary>
    static virtual RaisedException Undefined(T x, string where) => throw new UnreachableException();
}
