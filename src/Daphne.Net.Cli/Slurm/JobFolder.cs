using Daphne.Net.Deployment;

namespace Daphne.Net.Cli;

/// <summary>A folder with all that a job needs, for somebody who submits it himself.</summary>
static class JobFolder
{
    const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <param name="folder">The folder here; made where it is not there.</param>
    /// <param name="there">Where it will lie when the job runs.</param>
    /// <param name="script">The job's script.</param>
    /// <param name="secrets">The identities.</param>
    /// <param name="login">The login node; null for this machine.</param>
    public static void Write(string folder, string there, string script, ClusterSecrets secrets, string? login)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, Private | UnixFileMode.UserExecute);
        Put("job.sh", script);
        Put("identity.pem", secrets.WorkerPem);
        Put("coordinator.pem", secrets.CoordinatorPem);
        string host = login is null ? "" : $" -l {login}";
        string copy = login is null ? "" : $"    ssh {login} mkdir -p -m 700 {there}\n    scp -p job.sh identity.pem {login}:{there}/\n";
        string prefix = login is null ? "" : $"ssh {login} ";
        Put("README", $$"""
            The workers' job of cluster {{secrets.ClusterId}}, to be submitted by hand. identity.pem and coordinator.pem are secrets.

                daphne slurm{{host}} transfer
            {{copy}}    {{prefix}}sbatch {{there}}/job.sh

            Once the job runs, every worker says in its log where it listens:

                {{prefix}}grep -h Started '{{there}}/worker-*.log'

            With these addresses, on a machine that reaches the nodes:

                DISTRIBUTED_WORKERS=HOST:PORT,HOST:PORT daphne --distributed --identity-file=coordinator.pem script.daphne

            """);

        void Put(string name, string text)
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Private;
            using var file = new StreamWriter(Path.Combine(folder, name), options);
            file.Write(text);
        }
    }
}
