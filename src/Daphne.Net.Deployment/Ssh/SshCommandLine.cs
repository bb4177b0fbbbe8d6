using System.Globalization;

namespace Daphne.Net.Deployment;

/// <summary>The options ssh is started with. Only what was asked for, and what keeps it from hanging or from sharing what is not to be shared.</summary>
static class SshCommandLine
{
    /// <summary>Where nobody is to be asked. BatchMode says so to one ssh; jump hosts are logged in to by others, which get the environment alone.</summary>
    public static readonly IReadOnlyDictionary<string, string> AskNobody = new Dictionary<string, string> { ["SSH_ASKPASS"] = "false", ["SSH_ASKPASS_REQUIRE"] = "force" };

    /// <summary>For the connection that logs in.</summary>
    /// <param name="options">How.</param>
    /// <param name="ask">Somebody is there to be asked, if the options say how.</param>
    public static IEnumerable<string> Login(SshOptions options, bool ask = true)
    {
        foreach (string word in Common(options)) yield return word;
        if (options.User is { } user) yield return "-oUser=" + user;
        if (options.Port is { } port) yield return "-oPort=" + port.ToString(CultureInfo.InvariantCulture);
        if (options.IdentityFile is { } key) yield return "-oIdentityFile=" + key;
        if (options.JumpHosts is { } jump) yield return "-oProxyJump=" + jump;
        foreach (string word in options.Arguments) yield return word;
        if (options.AcceptNewHostKeys) yield return "-oStrictHostKeyChecking=accept-new";
        if (!ask || !options.CanAsk) yield return "-oBatchMode=yes";
        yield return "-oServerAliveInterval=15";
        yield return "-oServerAliveCountMax=3";
        yield return "-oForwardAgent=no";
        yield return "-oForwardX11=no";
        yield return "-oPermitLocalCommand=no";
        yield return "-oClearAllForwardings=yes";
    }

    /// <summary>For what goes over that connection. Where it cannot, ssh would open a second one and log in again: with this ProxyCommand it fails instead.</summary>
    public static IEnumerable<string> Over(string socket, SshOptions options) =>
        [.. Common(options), "-S", socket, "-oControlMaster=no", "-oProxyCommand=false", "-oBatchMode=yes", "-oForwardAgent=no", "-oForwardX11=no", "-T"];

    static string[] Common(SshOptions options) => options.ConfigFile is { } file ? ["-F", file] : [];
}
