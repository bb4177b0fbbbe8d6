namespace Daphne.Net.Kernels;

/// <summary>Runs task 0 … <paramref name="count"/> - 1, in any order and maybe at the same time, and returns when all have ended.</summary>
public delegate void TaskRunner(int count, Action<int> task);
