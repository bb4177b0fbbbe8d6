namespace Daphne.Net.Deployment;

/// <summary>Workers on machines that are reached over SSH.</summary>
public sealed class SshDeploymentOptions
{
    /// <summary>The machines, as ssh knows them.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>How to log in.</summary>
    public SshOptions Ssh { get; init; } = new();

    /// <summary>Workers on each machine. Default 1.</summary>
    public int WorkersPerHost { get; init; } = 1;

    /// <summary>Our folder on the machines; null: <c>$DAPHNE_HOME</c> there, else <c>~/.daphne</c>.</summary>
    public string? RemoteFolder { get; init; }

    /// <summary>Where workers listen, <c>HOST:PORT</c>. Default: a free port of loopback, which is reached through the SSH connection only.</summary>
    public string Listen { get; init; } = "127.0.0.1:0";

    /// <summary>For every machine the ports of its workers on loopback, 0 for a free one, instead of <see cref="WorkersPerHost"/> and <see cref="Listen"/>.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Ports { get; init; }

    /// <summary>What the workers run; a self-contained bundle.</summary>
    public required Bundle Bundle { get; init; }

    /// <summary>How long a worker may take to listen. Default one minute.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a worker may take to end once it is told to. Default 10 seconds.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Workers end when they have not heard from a coordinator for so long. Default one minute.</summary>
    public TimeSpan DeadMan { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Folders on the workers' machines whose files the workers read themselves, each its rows, where the coordinator sees the same files under the same names. Default: none.</summary>
    public IReadOnlyList<string> FilesRoots { get; init; } = [];

    /// <summary>Machines that are logged in to at the same time. Default 16.</summary>
    public int MostLogins { get; init; } = 16;

    /// <summary>Where something else stands for the machines.</summary>
    internal Func<string, IShell>? ShellOf { get; init; }

    /// <summary>Where records are kept.</summary>
    public DeploymentRecords Records { get; init; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
