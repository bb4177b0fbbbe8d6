namespace Daphne.Net.Distributed.Mpi.Native;

/// <summary>A function of MPI failed. What it has sent or received is not known then, so the job cannot go on.</summary>
sealed class MpiException(string function, string text) : Exception($"{function}: {text}")
{
    public string Function => function;

    /// <summary>What the library says.</summary>
    public string Text => text;
}
