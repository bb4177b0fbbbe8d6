using Daphne.Net.Deployment;

namespace Daphne.Net;

/// <summary>Workers on machines that are reached over SSH.</summary>
public sealed class SshClusterOptions
{
    /// <summary>Workers on each machine. Default 1: a worker uses all cores.</summary>
    public int WorkersPerHost { get; set; } = 1;

    /// <summary>How to log in. What is not set is decided by the user's own configuration of ssh.</summary>
    public SshOptions Ssh { get; } = new();

    /// <summary>Our folder on the machines; null (the default): <c>$DAPHNE_HOME</c> there, else <c>~/.daphne</c>.</summary>
    public string? RemoteFolder { get; set; }

    /// <summary>The bundle to run, an archive made by <c>daphne bundle</c>; null (the default): the one in <c>DAPHNE_BUNDLE</c>, else the one beside this program.</summary>
    public string? Bundle { get; set; }

    /// <summary>Folders on the workers' machines whose files the workers read themselves, each its rows, where the coordinator sees the same files under the same names. Default: none.</summary>
    public IList<string> FilesRoots { get; } = [];

    /// <summary>How long a worker may take to listen. Default one minute.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Workers end when they have not heard from a coordinator for so long. Default one minute.</summary>
    public TimeSpan DeadMan { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the cluster may live at most: its certificates hold no longer. Default 30 days.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(30);
}
