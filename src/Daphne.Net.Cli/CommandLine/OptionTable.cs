using System.Globalization;

namespace Daphne.Net.Cli;

/// <summary>
/// Every option of the tool. Names and values are those of the original's command line, so that its calls work here; what makes no sense here
/// (GPU, its code generator's knobs) is accepted and changes nothing.
/// </summary>
static class OptionTable
{
    const string General = "General";
    const string Compiler = "Compiler";
    const string Scheduling = "Scheduling";
    const string DistributionGroup = "Distributed runtime";
    const string Ignored = "Accepted without effect";

    /// <summary>The IR stages that can be shown here.</summary>
    public static readonly string[] Stages = ["parsing", "parsing_simplified", "property_inference", "type_adaptation", "select_matrix_repr", "vectorized", Distribution];

    /// <summary>The stage that is shown while the script runs: where each pipeline goes, and why.</summary>
    public const string Distribution = "distribution";

    /// <summary>Further stages of the original.</summary>
    public static readonly string[] OtherStages = ["sql", "columnar", "transfer_data_props", "phy_op_selection", "obj_ref_mgnt", "kernels", "codegen",
        "mlir_codegen_sparsity_exploiting_op_fusion", "mlir_codegen_daphneir_to_mlir", "mlir_codegen_mlir_specific", "llvm"];

    /// <summary>How rows are cut into tasks.</summary>
    public static readonly string[] PartitioningSchemes = ["STATIC", "SS", "GSS", "TSS", "FAC2", "TFSS", "FISS", "VISS", "PLS", "MSTATIC", "MFSC", "PSS", "AUTO"];

    public static readonly ToolOption[] All =
    [
        Switch("help", General, "Show this help.", s => s.Help = true),
        Switch("version", General, "Show the version.", s => s.Version = true),
        Switch("verbose", General, "Say more: which options have no effect here, which workers are used.", s => s.Verbose = true),
        Switch("timing", General, "Print the times of start-up, parsing, compilation and execution to stderr, as JSON.", s => s.Timing = true),
        Switch("statistics", General, "Print where each pipeline ran and for how long, and the regions of startProfiling, to stderr.", s => s.Statistics = true),
        new("run-report", General, "Print where each pipeline ran, why, where its time went and what it moved: a table to stderr, or JSON to a file.", SetRunReport) { OptionalValue = "FILE" },
        new("args", General, "Script arguments, comma-separated; the same as name=value behind the script.", AddArguments) { Value = "a=1,b=2" },
        new("config", General, "A JSON file with settings; those of the command line go before them.", (s, v) => { s.Config = v; return null; }) { Value = "FILE" },
        new("explain", Compiler, "Print the IR after these stages to stderr: " + string.Join(", ", Stages[..^1]) + $"; {Distribution}: where each pipeline goes, and why.", AddStages) { Value = "STAGES" },
        Switch("no-ipa-const-propa", Compiler, "Do not propagate constants into functions.", s => s.PropagateConstants = false),
        Switch("select-matrix-repr", Compiler, "Make matrices sparse whose estimated share of non-zero cells is small.", s => s.SelectRepresentations = true) with { Alias = "select-matrix-representations" },
        Switch("vec", Scheduling, "Fuse operations into pipelines that run over row ranges.", s => s.Vectorize = true),
        Number("num-threads", Scheduling, "Worker threads; default: one per core.", 1, 4096, (s, n) => s.Threads = n),
        Switch("distributed", DistributionGroup, "Run pipelines on the workers of DISTRIBUTED_WORKERS=host:port,host:port, or on the other ranks under mpirun or srun.", s => s.Distributed = true),
        new("dist_backend", DistributionGroup, "How coordinator and workers talk; default: MPI under mpirun or srun, else sync-gRPC.", SetBackend) { Value = "BACKEND", Choices = ["sync-gRPC", "async-gRPC", "MPI"] },
        new("dist_rule", DistributionGroup, "Which pipelines go to the workers: all that can be split, or those that end sooner there. Default: DAPHNE_DIST_RULE, else always.",
            (s, v) => { s.Rule = v; return null; }) { Value = "RULE", Choices = RuleSetting.Words },
        Number("max-distr-chunk-size", DistributionGroup, "Bytes per message when values are sent.", 64, int.MaxValue, (s, n) => s.MaxChunkBytes = n),
        new("cluster", DistributionGroup, "The workers of a deployed cluster instead; implies --distributed. Default: DAPHNE_CLUSTER.", (s, v) => { (s.Cluster, s.Distributed) = (v, true); return null; }) { Value = "ID" },
        new("identity-file", DistributionGroup, "Who we are in the workers' cluster: TLS on both sides.", (s, v) => { s.IdentityFile = v; return null; }) { Value = "FILE" },
        new("token-file", DistributionGroup, "The file with the workers' token; default: the one in your state directory.", (s, v) => { s.TokenFile = v; return null; }) { Value = "FILE" },
        Switch("allow-insecure", DistributionGroup, "Talk to workers that know no token (those of the original); logged.", s => s.AllowInsecure = true),

        Unused("partitioning", "SCHEME", PartitioningSchemes, switches: true),
        Unused("queue_layout", "LAYOUT", ["CENTRALIZED", "PERGROUP", "PERCPU"], switches: true),
        Unused("victim_selection", "LOGIC", ["SEQ", "SEQPRI", "RANDOM", "RANDOMPRI"], switches: true),
        UnusedNumber("grain-size", "N"), UnusedNumber("phy-batch-size", "BYTES"), Unused("pre-partition"), Unused("pin-workers"), Unused("hyperthreading"), Unused("debug-mt"),
        Unused("vec-restricted"), Unused("columnar"), Unused("optimistic-splitting"),
        Unused("no-obj-ref-mgnt"), Unused("no-phy-op-selection"), Unused("codegen"), Unused("mlir-hybrid-codegen"), Unused("cuda"), Unused("fpgaopencl"),
        UnusedNumber("matmul-vec-size-bits", "N"), Unused("matmul-tile"), UnusedNumber("matmul-unroll-factor", "N"), UnusedNumber("matmul-unroll-jam-factor", "N"),
        UnusedNumber("matmul-num-vec-registers", "N"), UnusedNumber("matmul-fixed-tile-sizes", "N,N", list: true), Unused("matmul-invert-loops"),
        Unused("kernel-ext", "FILE"), Unused("libdir", "DIR"), Unused("enable-profiling"), Unused("enable-property-recording"), Unused("enable-property-insert"),
        Unused("properties-file-path", "FILE"), Unused("enable-hdfs"), Unused("hdfs-ip", "HOST"), Unused("hdfs-username", "NAME"),
    ];

    static ToolOption Switch(string name, string group, string help, Action<ToolSettings> set) => new(name, group, help, (settings, value) =>
    {
        // As the original's: a switch may be written --vec=true; false leaves things as they are.
        if (value is "true" or "1") set(settings);
        else if (value is not ("false" or "0")) return "it takes no value, or true or false";
        return null;
    });

    static ToolOption Number(string name, string group, string help, int least, int most, Action<ToolSettings, int> set) => new(name, group, help, (settings, value) =>
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int n) || n < least || n > most)
            return $"it takes a whole number from {least} to {most}";
        set(settings, n);
        return null;
    }) { Value = "N" };

    static ToolOption Unused(string name, string? value = null, string[]? choices = null, bool switches = false) =>
        new(name, Ignored, "", (settings, given) =>
        {
            if (value is null && given is not ("true" or "false" or "1" or "0")) return "it takes no value, or true or false";
            settings.WithoutEffect.Add("--" + name);
            return null;
        }) { Value = value, Choices = choices ?? [], ChoicesAreSwitches = switches };

    static ToolOption UnusedNumber(string name, string value, bool list = false) => Unused(name, value) with
    {
        Apply = (settings, given) =>
        {
            if (!(list ? given.Split(',') : [given]).All(n => uint.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out _))) return list ? "it takes whole numbers, separated by commas" : "it takes a whole number";
            settings.WithoutEffect.Add("--" + name);
            return null;
        },
    };

    static string? SetBackend(ToolSettings settings, string value)
    {
        settings.Backend = value;
        return null;
    }

    static string? SetRunReport(ToolSettings settings, string value)
    {
        if (value is "true" or "1") settings.RunReport = true;
        else if (value.Length == 0) return "it takes no value, or the file that is to be written";
        else if (value is not ("false" or "0")) settings.RunReportFile = value;
        return null;
    }

    static string? AddArguments(ToolSettings settings, string value)
    {
        foreach (string pair in value.Split(','))
        {
            int at = pair.IndexOf('=');
            if (at <= 0) return $"'{pair}' is not name=value";
            settings.Arguments.Add(new(pair[..at], pair[(at + 1)..]));
        }
        return null;
    }

    static string? AddStages(ToolSettings settings, string value)
    {
        foreach (string stage in value.Split(','))
        {
            if (Stages.Contains(stage)) settings.Explain.Add(stage);
            else if (OtherStages.Contains(stage)) settings.WithoutEffect.Add("--explain=" + stage);
            else return $"there is no stage '{stage}'; stages are {string.Join(", ", Stages)}";
        }
        return null;
    }
}
