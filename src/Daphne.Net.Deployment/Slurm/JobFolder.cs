namespace Daphne.Net.Deployment;

/// <summary>A folder with all that a job needs, for somebody who submits it himself: it works wherever it lies, as long as the nodes see it.</summary>
public static class JobFolder
{
    const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes it.</summary>
    /// <param name="folder">The folder; made where it is not there.</param>
    /// <param name="options">What to ask Slurm for.</param>
    /// <param name="secrets">The identities.</param>
    /// <param name="bundle">What the workers run.</param>
    /// <param name="launchPrefix">Words before the program's path.</param>
    /// <exception cref="DeploymentException">The bundle cannot be read, or the folder not be written.</exception>
    public static void Write(string folder, SlurmOptions options, ClusterSecrets secrets, Bundle bundle, IReadOnlyList<string> launchPrefix)
    {
        string archive = bundle.Name + ".tar.gz";
        // sbatch runs the script where it is submitted.
        string script = JobScript.Render(options, secrets.ClusterId, ".", [.. launchPrefix, $"./{bundle.Name}/{Bundle.Program}"]);
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, Private | UnixFileMode.UserExecute);
            Put("job.sh", script);
            Put("identity.pem", secrets.WorkerPem);
            Put("coordinator.pem", secrets.CoordinatorPem);
            Put("README", $"""
                The workers' job of cluster {secrets.ClusterId}, to be submitted by hand. identity.pem and coordinator.pem are secrets; coordinator.pem need not leave this machine.

                Copy the folder to a file system that the nodes share with the login node, go there, and:

                    mkdir {bundle.Name} && tar -xzf {archive} -C {bundle.Name}
                    sbatch job.sh

                Once the job runs, every worker says in its log where it listens:

                    grep -h Started worker-*.log

                With these addresses, on a machine that reaches the nodes:

                    DISTRIBUTED_WORKERS=HOST:PORT,HOST:PORT daphne --distributed --identity-file=coordinator.pem script.daphne

                The job ends after its time, when it is cancelled, or {options.DeadMan.TotalSeconds:0} seconds after the last coordinator has gone.

                """);
            File.Copy(bundle.Path, Path.Combine(folder, archive), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DeploymentException(e is FileNotFoundException ? DeploymentFailure.FileMissing : DeploymentFailure.NotPermitted, $"cannot write the job into {folder}: {e.Message}", e);
        }

        void Put(string name, string text)
        {
            var create = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) create.UnixCreateMode = Private;
            using var file = new StreamWriter(Path.Combine(folder, name), create);
            file.Write(text);
        }
    }
}
