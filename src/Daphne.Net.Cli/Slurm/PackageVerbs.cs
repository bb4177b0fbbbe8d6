using Daphne.Net.Deployment;

namespace Daphne.Net.Cli;

/// <summary><c>build</c>: the bundle from the sources we stand in, else the packed one that is there.</summary>
sealed class BuildVerb() : SlurmVerb("build", "Builds the bundle from the sources of the current folder; without sources, finds the packed one.")
{
    public override Task<int> RunAsync(SlurmSession session, CancellationToken ct)
    {
        session.AtMost(0, Name);
        var bundle = BundleSource.Build(session.Settings.Bundle, session.Report.Error, ct);
        session.Report.Result(bundle.Path, ("bundle", bundle.Path), ("name", bundle.Name));
        return Task.FromResult(0);
    }
}

/// <summary><c>package</c>: the one archive that will be sent, and what it is called.</summary>
sealed class PackageVerb() : SlurmVerb("package", "Makes sure that the bundle is packed, and prints its archive.")
{
    public override Task<int> RunAsync(SlurmSession session, CancellationToken ct)
    {
        session.AtMost(0, Name);
        var bundle = session.Bundle();
        session.Report.Result(bundle.Path, ("bundle", bundle.Path), ("name", bundle.Name), ("bytes", new FileInfo(bundle.Path).Length));
        return Task.FromResult(0);
    }
}

/// <summary><c>transfer</c>: puts the bundle on the login node, once.</summary>
sealed class TransferVerb() : SlurmVerb("transfer", "Sends the bundle to the login node, where it is not there yet.")
{
    public override async Task<int> RunAsync(SlurmSession session, CancellationToken ct)
    {
        session.AtMost(0, Name);
        var bundle = session.Bundle();
        session.Report.Report(new(DeployStep.LoggingIn, 0, 0, session.LoginName));
        session.Report.Report(new(DeployStep.Sending, 0, 0, bundle.Name));
        var (program, sent) = await bundle.InstallAsync(session.Login, session.Settings.Root, null, ct).ConfigureAwait(false);
        session.Report.Report(new(DeployStep.Sent, 0, 0, sent ? bundle.Name : $"{bundle.Name} was there"));
        session.Report.Result(program, ("program", program), ("sent", sent));
        return 0;
    }
}
