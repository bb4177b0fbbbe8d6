using Daphne.Net.Dialect;
using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed.Workers;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class TokenFileTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("daphne-token").FullName;

    string Token => Path.Combine(folder, "state", "worker-token");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void It_is_made_once_for_its_user_alone()
    {
        string token = TokenFile.ReadOrCreate(Token);
        Assert.Matches("^[0-9a-f]{64}$", token);
        Assert.Equal(token, TokenFile.ReadOrCreate(Token));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Token));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(Token)!));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(Token)!));
    }

    [Fact]
    public void Those_who_make_it_at_once_all_get_the_same()
    {
        var tokens = new string[16];
        Parallel.For(0, tokens.Length, i => tokens[i] = TokenFile.ReadOrCreate(Token));
        Assert.Single(tokens.Distinct());
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(Token)!));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void One_that_others_can_reach_is_refused(UnixFileMode open)
    {
        TokenFile.ReadOrCreate(Token);
        File.SetUnixFileMode(Token, File.GetUnixFileMode(Token) | open);
        Assert.Equal("DPH5101", Assert.Throws<RaisedException>(() => TokenFile.ReadOrCreate(Token)).Def.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("with a blank in the middle of it, so no token")]
    public void One_without_a_secret_is_refused(string content)
    {
        TokenFile.ReadOrCreate(Token);
        File.WriteAllText(Token, content);
        Assert.Equal("DPH5102", Assert.Throws<RaisedException>(() => TokenFile.ReadOrCreate(Token)).Def.Code);
    }

    [Fact]
    public void One_that_is_not_there_is_not_made_by_reading() =>
        Assert.Equal("DPH5103", Assert.Throws<RaisedException>(() => TokenFile.Read(Token)).Def.Code);

    [Fact]
    public void The_default_lies_in_the_users_state_directory() =>
        Assert.EndsWith(Path.Combine("daphne", "worker-token"), TokenFile.DefaultPath);

    [Fact]
    public void Options_that_hold_a_secret_do_not_print_it()
    {
        string token = TokenFile.NewToken();
        Assert.Equal("WorkerHostOptions { Listen = 127.0.0.1:0, Token = hidden, AllowInsecure = False }", new WorkerHostOptions { Listen = "127.0.0.1:0", Token = token }.ToString());
        Assert.Equal("GrpcWorkerClientOptions { ClusterId = c, Token = hidden, AllowInsecure = False }", new GrpcWorkerClientOptions { ClusterId = "c", Token = token }.ToString());
        Assert.Contains("Token = none", new GrpcWorkerClientOptions { AllowInsecure = true }.ToString());
    }
}
