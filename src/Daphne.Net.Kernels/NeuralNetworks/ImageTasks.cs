namespace Daphne.Net.Kernels;

/// <summary>Work on the images of a batch, in tasks.</summary>
static class ImageTasks
{
    // Cell operations below which handing out tasks does not pay, and tasks that are enough for any number of threads.
    const long SmallestJob = 1 << 18, Most = 64;

    /// <summary>Calls <paramref name="kernel"/> with ranges (first, end) that cover all images.</summary>
    public static void Run(long images, long workPerImage, TaskRunner? run, Action<long, long> kernel)
    {
        if (run is null || images < 2 || (Int128)images * workPerImage < SmallestJob)
        {
            if (images > 0) kernel(0, images);
            return;
        }
        long each = (images + Most - 1) / Most;
        run((int)((images + each - 1) / each), task => kernel(task * each, Math.Min(images, (task + 1) * each)));
    }
}
