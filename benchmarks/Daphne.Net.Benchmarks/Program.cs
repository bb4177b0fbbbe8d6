using BenchmarkDotNet.Running;
using Daphne.Net.Benchmarks.Grpc;
using Daphne.Net.Benchmarks.Products;

if (args is ["grpc-transfer", .. var rest]) await TransferContestant.RunAsync(rest);
else if (args is ["peer-products"]) ProductContestant.Run();
else BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
