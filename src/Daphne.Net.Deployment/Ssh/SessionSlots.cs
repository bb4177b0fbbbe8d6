namespace Daphne.Net.Deployment;

/// <summary>How many commands may go over a connection at once: as many as we like, or fewer where the server turns out to allow fewer.</summary>
sealed class SessionSlots(int most)
{
    readonly SemaphoreSlim free = new(most);
    readonly Lock gate = new();
    int used;

    public async Task TakeAsync(CancellationToken ct)
    {
        await free.WaitAsync(ct).ConfigureAwait(false);
        lock (gate) used++;
    }

    public void Return()
    {
        lock (gate) used--;
        free.Release();
    }

    /// <summary>The server refused a session while others of ours ran: this slot is given up for good, and one of theirs is to be waited for.</summary>
    /// <returns>False where no other runs: then it is not their number that is refused.</returns>
    public bool GiveUp()
    {
        lock (gate)
        {
            if (used < 2) return false;
            used--;
            return true;
        }
    }
}
