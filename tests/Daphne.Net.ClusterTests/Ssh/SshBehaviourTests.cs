using System.Reflection;

namespace Daphne.Net.ClusterTests.Ssh;

/// <summary>What our layer over the OpenSSH client promises, each with the tests that show it. A promise without a test, or with a test that is gone, fails here.</summary>
public sealed class SshBehaviourTests
{
    static readonly (string Promise, string[] Tests)[] promised =
    [
        ("the user's own ssh is used, another can be named; one that is missing is said", ["ReadmeSlurmTests.The_deployment_of_the_readme_runs", "SshBehaviourTests.An_ssh_that_is_not_there_is_named"]),
        ("ssh itself says what a name means (-G), with the user's configuration", ["SshBehaviourTests.Ssh_itself_says_what_a_name_means", "SshFaultTests.A_name_that_leads_to_another_machine_is_followed_to_where_the_workers_are"]),
        ("nothing the user's configuration decides is overridden unless asked", ["SshBehaviourTests.Nothing_is_overridden_that_was_not_asked_for"]),
        ("words go to ssh as words; a host that could be an option is refused", ["SshShellTests.Names_that_are_no_machines_are_refused", "SshFaultTests.Long_and_strange_paths_are_paths_as_any_other"]),
        ("remote commands are quoted and run by /bin/sh, whatever the login shell", ["SshShellTests.Words_are_taken_literally_and_input_reaches_the_command_alone", "SshFaultTests.Banners_other_login_shells_and_open_umasks_change_nothing"]),
        ("output is framed: banners and rc files are passed over", ["SshShellTests.What_a_login_prints_is_passed_over_and_any_login_shell_will_do", "SshFaultTests.Banners_other_login_shells_and_open_umasks_change_nothing"]),
        ("no terminal; a command's input ends", ["SshShellTests.Words_are_taken_literally_and_input_reaches_the_command_alone"]),
        ("any exit status is the command's, 255 too; ssh's own failure is told apart", ["SshShellTests.A_command_gives_its_words_and_its_status", "SshShellTests.The_reasons_why_nobody_gets_in_are_told_apart"]),
        ("where nobody can answer nothing is asked", ["SshFaultTests.A_password_nobody_can_give_is_an_error_at_once", "SshBehaviourTests.Nothing_is_overridden_that_was_not_asked_for"]),
        ("questions of the first login go to the program", ["SshShellTests.A_passphrase_is_asked_for_once_and_answered_by_the_program"]),
        ("one login; everything else goes over it", ["SshShellTests.One_login_serves_many_commands_at_once", "SshShellTests.A_passphrase_is_asked_for_once_and_answered_by_the_program"]),
        ("a control socket or process that is gone is replaced, ours only", ["SshFaultTests.A_connection_whose_control_is_gone_is_replaced", "SshShellTests.Disposing_leaves_no_process_and_no_file"]),
        ("a connection the user's own ssh keeps is used, and not ended", ["SshShellTests.A_connection_that_the_users_own_ssh_keeps_is_used_and_left"]),
        ("as many sessions at once as the server allows", ["SshShellTests.One_login_serves_many_commands_at_once", "SshFaultTests.A_server_that_allows_one_session_serves_all_commands_one_after_the_other", "SshFaultTests.A_server_that_allows_none_is_named"]),
        ("ports are reached inside the connection; nothing listens here", ["SshShellTests.A_port_of_a_node_is_reached_without_a_port_here", "SshShellTests.A_port_where_nobody_listens_is_an_error_that_says_so"]),
        ("a silent connection is noticed", ["SshFaultTests.A_network_that_swallows_everything_holds_nobody_up", "SshBehaviourTests.Nothing_is_overridden_that_was_not_asked_for"]),
        ("host keys are the user's affair; a changed one ends it, with both fingerprints", ["SshFaultTests.A_key_that_changes_in_the_middle_ends_it_with_both_fingerprints_and_without_a_second_try", "SshShellTests.The_reasons_why_nobody_gets_in_are_told_apart"]),
        ("jump hosts work, for commands, files and ports", ["SshShellTests.A_command_gives_its_words_and_its_status", "SshShellTests.A_file_arrives_whole_under_its_name_and_is_not_sent_twice"]),
        ("a compute node is reached by way of the login node", ["SshShellTests.A_port_of_a_node_is_reached_without_a_port_here", "DeployedClusterTests.A_slurm_job_runs_a_script_and_nothing_is_left"]),
        ("what is local to one of several login nodes is found there", ["SshFaultTests.A_name_that_leads_to_another_machine_is_followed_to_where_the_workers_are"]),
        ("files arrive whole, with their hash, once", ["SshShellTests.A_file_arrives_whole_under_its_name_and_is_not_sent_twice", "SshFaultTests.A_transfer_cut_in_the_middle_leaves_nothing_and_is_made_again", "DeployedClusterTests.A_second_deployment_sends_no_bundle"]),
        ("what a machine is, is asked before anything is started there", ["SlurmCommandTests.A_node_is_looked_at_before_anything_is_started"]),
        ("what few programs a command finds is enough", ["ContainerTests.The_look_at_a_node_names_what_a_container_lacks"]),
        ("two that install at once do not disturb each other", ["SshBehaviourTests.Several_that_install_at_once_all_find_it_whole"]),
        ("detached processes are known by start time and boot", ["DeployedClusterTests.A_second_process_takes_a_cluster_up_and_ends_it"]),
        ("stopping asks first, then ends, and only what is meant", ["DeployedClusterTests.A_second_process_takes_a_cluster_up_and_ends_it", "FaultTests.Two_clusters_of_one_account_do_not_touch_each_other"]),
        ("agents and displays are not forwarded, locales not sent", ["SshBehaviourTests.Nothing_is_overridden_that_was_not_asked_for"]),
        ("login, command and all have time limits; what is cancelled ends there too", ["SshFaultTests.A_network_that_swallows_everything_holds_nobody_up", "SshShellTests.A_cancelled_command_ends_there_too", "SshShellTests.A_command_that_takes_too_long_is_ended_and_named"]),
        ("ssh's words become reasons", ["SshShellTests.The_reasons_why_nobody_gets_in_are_told_apart", "SshFaultTests.A_server_that_does_not_forward_is_named", "SshShellTests.A_full_disk_is_named_and_leaves_nothing"]),
        ("many machines at once; each that failed is named", ["SshCommandTests.Every_machine_that_fails_is_named_and_the_others_are_served"]),
        ("secrets are in no command line, no variable, no open file", ["EnvironmentTests.Variables_in_a_file_are_enough_for_another_shell_and_for_a_program", "SshFaultTests.Banners_other_login_shells_and_open_umasks_change_nothing"]),
        ("a lost connection is made again, once and without asking", ["SshFaultTests.A_lost_connection_is_made_again_once_and_without_asking", "SshShellTests.A_lost_connection_is_an_error_and_the_next_command_logs_in_again"]),
    ];

    [Fact]
    public void Every_promise_has_its_tests()
    {
        var tests = typeof(SshBehaviourTests).Assembly.GetTypes().SelectMany(t => t.GetMethods().Where(m => m.GetCustomAttributes().Any(a => a is FactAttribute)).Select(m => $"{t.Name}.{m.Name}")).ToHashSet();
        foreach (var (promise, shown) in promised)
        {
            Assert.NotEmpty(shown);
            foreach (string test in shown) Assert.True(tests.Contains(test), $"'{promise}' is shown by {test}, which is not there");
        }
    }

    [Fact]
    public async Task An_ssh_that_is_not_there_is_named()
    {
        await using var shell = new Deployment.SshShell("login", new() { Program = "no-such-ssh" });
        var missing = await Assert.ThrowsAsync<Deployment.DeploymentException>(() => shell.RunAsync(new("true"), TestContext.Current.CancellationToken));
        Assert.Equal((Deployment.DeploymentFailure.StartFailed, "cannot start 'no-such-ssh'; is it installed and on the PATH?"), (missing.Reason, missing.Message));
    }

    [Fact]
    public async Task Ssh_itself_says_what_a_name_means()
    {
        string config = Path.GetTempFileName();
        await File.WriteAllTextAsync(config, "Host front\n  HostName login1.example.org\n  Port 2222\nMatch host login1.example.org\n  ProxyJump gate\n", TestContext.Current.CancellationToken);
        await using var shell = new Deployment.SshShell("front", new() { ConfigFile = config, User = "someone" });
        var settings = await shell.ResolveAsync(TestContext.Current.CancellationToken);
        File.Delete(config);
        Assert.Equal(("login1.example.org", "2222", "someone", "gate"), (settings["hostname"], settings["port"], settings["user"], settings["proxyjump"]));
    }

    // An ssh that writes down its words stands for ours.
    [Fact]
    public async Task Nothing_is_overridden_that_was_not_asked_for()
    {
        string folder = Directory.CreateTempSubdirectory("daphne-words-").FullName, program = Path.Combine(folder, "ssh");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\nprintf '%s\\n' \"$@\" > {folder}/words; echo $SSH_ASKPASS_REQUIRE $SSH_ASKPASS > {folder}/asks; echo 'no route' >&2; exit 255\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(program, (UnixFileMode)0b111_000_000);
        try
        {
            string[] words = await WordsAsync(new() { Program = program });
            foreach (string prefix in (string[])["-i", "-p", "-l", "-oUser", "-oPort", "-oIdentity", "-oStrictHostKeyChecking", "-oConnectTimeout", "-oProxyJump", "-A", "-X", "-oSendEnv"])
                Assert.DoesNotContain(words, w => w.StartsWith(prefix, StringComparison.Ordinal));
            foreach (string one in (string[])["-oBatchMode=yes", "-oForwardAgent=no", "-oForwardX11=no", "-oServerAliveInterval=15", "-oServerAliveCountMax=3", "-oClearAllForwardings=yes", "-T", "-N"]) Assert.Contains(one, words);
            Assert.Equal(["--", "login"], words[^2..]);
            // Jump hosts are logged in to by an ssh that has not our words, but our environment.
            Assert.Equal("force false\n", await File.ReadAllTextAsync(Path.Combine(folder, "asks"), TestContext.Current.CancellationToken));
            words = await WordsAsync(new() { Program = program, User = "u", Port = 22, IdentityFile = "/k y", JumpHosts = "a,b", AcceptNewHostKeys = true, UseTerminal = true });
            foreach (string one in (string[])["-oUser=u", "-oPort=22", "-oIdentityFile=/k y", "-oProxyJump=a,b", "-oStrictHostKeyChecking=accept-new"]) Assert.Contains(one, words);
            Assert.DoesNotContain("-oBatchMode=yes", words);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        async Task<string[]> WordsAsync(Deployment.SshOptions options)
        {
            await using var shell = new Deployment.SshShell("login", options);
            await Assert.ThrowsAsync<Deployment.DeploymentException>(() => shell.RunAsync(new("true"), TestContext.Current.CancellationToken));
            return (await File.ReadAllTextAsync(Path.Combine(folder, "words"), TestContext.Current.CancellationToken)).TrimEnd('\n').Split('\n');
        }
    }

    [Fact]
    public async Task Several_that_install_at_once_all_find_it_whole()
    {
        string folder = Directory.CreateTempSubdirectory("daphne-install-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "files"));
        await File.WriteAllTextAsync(Path.Combine(folder, "files", "daphne"), "#!/bin/sh\necho runs\n", TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder, "files", "big.so"), new byte[3_000_000], TestContext.Current.CancellationToken);
        try
        {
            var bundle = Deployment.Bundle.Pack(Path.Combine(folder, "files"), folder);
            await using var here = new Deployment.LocalShell();
            var installed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => bundle.InstallAsync(here, Path.Combine(folder, "root"), ct: TestContext.Current.CancellationToken)));
            string program = Assert.Single(installed.Select(i => i.Program).Distinct());
            Assert.Equal("runs\n", (await here.RunAsync(Deployment.ShellCommand.Of(program), TestContext.Current.CancellationToken)).Output);
            Assert.Single(Directory.GetFileSystemEntries(Path.Combine(folder, "root", "bundles")));      // and no part of another
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
