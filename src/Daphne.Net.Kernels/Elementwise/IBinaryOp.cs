using System.Diagnostics;
using System.Runtime.Intrinsics;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>An operator on two cells of one type. Implemented by empty structs, so that every loop over every operator is compiled for itself.</summary>
interface IBinaryOp<T> where T : unmanaged
{
    /// <summary>The operator on two cells.</summary>
    static abstract T Invoke(T x, T y);

    /// <summary>True if the operator has vector forms; they give the same bits as <see cref="Invoke(T, T)"/>.</summary>
    static virtual bool IsVectorized => false;

    /// <summary>The operator on 256 bits of cells.</summary>
    static virtual Vector256<T> Invoke(Vector256<T> x, Vector256<T> y) => throw new UnreachableException();

    /// <summary>The operator on 512 bits of cells.</summary>
    static virtual Vector512<T> Invoke(Vector512<T> x, Vector512<T> y) => throw new UnreachableException();

    /// <summary>True if two scalars follow a rule of their own, <see cref="InvokeScalar"/>.</summary>
    static virtual bool HasScalarRule => false;

    /// <summary>The operator on two scalars, where that differs from two cells.</summary>
    static virtual T InvokeScalar(T x, T y) => throw new UnreachableException();

    /// <summary>True if some operands have no result; those are an error of the script, found before anything is computed.</summary>
    static virtual bool IsPartial => false;

    /// <summary>True if these operands have a result.</summary>
    static virtual bool IsDefined(T x, T y) => true;

    /// <summary>The error for operands without result.</summary>
    static virtual RaisedException Undefined(T x, T y, string where) => throw new UnreachableException();
}
