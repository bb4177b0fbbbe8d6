using System.Diagnostics;
using Daphne.Net.Distributed.Protocol.Health;
using Daphne.Net.Distributed.Protocol.Original;
using Daphne.Net.Distributed.Protocol.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Daphne.Net.ClusterTests.Interop;

/// <summary>A Python process on grpcio: gRPC's C core, which the original uses too.</summary>
static class GrpcioPeer
{
    static readonly Lazy<string?> python = new(() => ((string[])["/usr/bin/python3", "python3"]).FirstOrDefault(HasGrpcio));

    static string Script => Path.Combine(AppContext.BaseDirectory, "Interop", "grpcio_peer.py");

    /// <summary>Starts it in one of its roles; the test is skipped where grpcio is not installed.</summary>
    public static Process Start(string role, params string[] arguments)
    {
        Assert.SkipWhen(python.Value is null, "needs grpcio: apt-get install python3-grpcio python3-protobuf");
        var start = new ProcessStartInfo(python.Value!) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[Script, Descriptors(), role, .. arguments]) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    // Our protocol files as a descriptor set: the peer builds its messages from it and needs no generated code.
    static string Descriptors()
    {
        var set = new FileDescriptorSet();
        foreach (var file in (FileDescriptor[])[DistributedReflection.Descriptor, ControlReflection.Descriptor, HealthReflection.Descriptor]) set.File.Add(file.ToProto());
        string path = Path.Combine(Path.GetTempPath(), $"daphne-descriptors-{Environment.ProcessId}.bin");
        File.WriteAllBytes(path, set.ToByteArray());
        return path;
    }

    static bool HasGrpcio(string command)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, ["-c", "import grpc, google.protobuf"]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
