using BenchmarkDotNet.Running;
using Daphne.Net.Benchmarks.Grpc;

if (args is ["grpc-transfer", .. var rest]) await TransferContestant.RunAsync(rest);
else BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
