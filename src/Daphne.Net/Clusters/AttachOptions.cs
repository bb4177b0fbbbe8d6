namespace Daphne.Net;

/// <summary>How to reach workers that somebody else started.</summary>
public sealed class AttachOptions
{
    /// <summary>The file with who we are in the workers' cluster, see <see cref="Distributed.PeerIdentity"/>: TLS on both sides. Null: cleartext.</summary>
    public string? IdentityFile { get; set; }

    /// <summary>The secret the workers ask for. Default: the one in <see cref="TokenFile"/>; none where there is an <see cref="IdentityFile"/>.</summary>
    public string? Token { get; set; }

    /// <summary>The file with the secret. Default: the per-user file that <c>daphne worker</c> reads too.</summary>
    public string? TokenFile { get; set; }

    /// <summary>Consent to workers that ask for no secret, such as those of the original. Logged.</summary>
    public bool AllowInsecure { get; set; }

    /// <summary>Bytes per message when values are sent. Default 1 MiB.</summary>
    public int ChunkBytes { get; set; } = 1 << 20;

    /// <summary>How long a worker may take to answer the greeting. Default 10 seconds.</summary>
    public TimeSpan HelloTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a run waits while no worker answers, before it fails. Default 60 seconds.</summary>
    public TimeSpan WorkerGrace { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>What a client of the worker at an address is made with instead: other ways to it, other times.</summary>
    internal Func<string, Distributed.GrpcWorkerClientOptions, Distributed.GrpcWorkerClientOptions>? Adjust { get; set; }
}
