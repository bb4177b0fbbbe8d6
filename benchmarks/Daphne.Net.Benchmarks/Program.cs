using BenchmarkDotNet.Running;
using Daphne.Net.Benchmarks.Coordinator;
using Daphne.Net.Benchmarks.Distributed;
using Daphne.Net.Benchmarks.Files;
using Daphne.Net.Benchmarks.Grpc;
using Daphne.Net.Benchmarks.Products;
using Daphne.Net.Benchmarks.Relational;
using Daphne.Net.Benchmarks.Scripts;

if (args is ["grpc-transfer", .. var rest]) await TransferContestant.RunAsync(rest);
else if (args is ["peer-products"]) ProductContestant.Run();
else if (args is ["peer-scripts"]) ScriptContestant.Run();
else if (args is ["peer-tables"]) TableContestant.Run();
else if (args is ["peer-files"]) FileContestant.Run();
else if (args is ["run-machine"]) RunMachineCost.Run();
else if (args is ["empty-pipelines"]) await EmptyPipelineCost.RunAsync();
else if (args is ["peer-distributed"]) await DistributedContestant.RunAsync();
else BenchmarkSwitcher.FromAssembly(typeof(ScriptContestant).Assembly).Run(args);
