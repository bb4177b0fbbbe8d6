using Daphne.Net.Compiler;

namespace Daphne.Net.Cli;

/// <summary>Every key of a configuration, by the names of the original's. What has no meaning here (GPU, its code generator, HDFS) is checked and changes nothing.</summary>
static class ConfigTable
{
    const int MostThreads = 4096;

    public static readonly ConfigKey[] All =
    [
        Flag("use_vectorized_exec", (s, on) => s.Vectorize = on),
        Flag("use_ipa_const_propa", (s, on) => s.PropagateConstants = on),
        new("numberOfThreads", $"a whole number up to {MostThreads}; below 1 it means one per core", (s, v) => v.Whole(int.MinValue, MostThreads) is { } n && Set(() => s.Threads = (int)Math.Max(n, 0))),
        new("sparsity_threshold", "a number", (s, v) => v.Value is double share && Set(() => s.SparsityThreshold = share)),
        new("daphnedsl_import_paths", "an object whose values are lists of folders", SetImportPaths),
        .. OptionTable.Stages.Concat(OptionTable.OtherStages).Append("mlir_codegen").Select(Explain),

        Unused("taskPartitioningScheme", "one of " + string.Join(", ", OptionTable.PartitioningSchemes), v => v.Value is string scheme && OptionTable.PartitioningSchemes.Contains(scheme)),
        Size("minimumTaskSize"), Size("phyBatchSize"),
        Switch("use_vectorized_restricted"), Switch("vectorized_single_queue"), Switch("use_obj_ref_mgnt"), Switch("use_optimistic_splitting"), Switch("use_phy_op_selection"),
        Switch("use_mlir_codegen"), Switch("use_columnar"), Switch("debug_llvm"),
        Number("matmul_vec_size_bits"), Switch("matmul_tile"), Switch("matmul_use_fixed_tile_sizes"), Number("matmul_unroll_factor"), Number("matmul_unroll_jam_factor"),
        Number("matmul_num_vec_registers"), Switch("matmul_invert_loops"),
        Unused("matmul_fixed_tile_sizes", "a list of whole numbers", v => v.IsList(item => item.Whole(0, uint.MaxValue) is not null)),
        Switch("use_cuda"), Switch("force_cuda"), Switch("cuda_fuse_any"), Unused("cuda_devices", "a list of whole numbers", v => v.IsList(item => item.Whole(int.MinValue, int.MaxValue) is not null)),
        Switch("useHdfs"), Text("hdfsAddress"), Text("hdfsUsername"), Text("libdir"),
        Switch("enable_property_recording"), Switch("enable_property_insert"), Text("properties_file_path"),
        Unused("logging", "a list of objects, each with \"log-level-limit\" or with \"name\", \"filename\", \"level\" and \"format\", all of them text", v => v.IsList(IsLogger)),
    ];

    static ConfigKey Flag(string name, Action<ToolSettings, bool> set) => new(name, "true or false", (s, v) => v.Value is bool on && Set(() => set(s, on)));

    static ConfigKey Explain(string stage) => new("explain_" + stage, "true or false", (s, v) =>
    {
        if (v.Value is not bool on) return false;
        if (on && OptionTable.Stages.Contains(stage)) s.Explain.Add(stage);
        else if (on) s.WithoutEffect.Add("explain_" + stage);
        return true;
    });

    static ConfigKey Unused(string name, string must, Func<ConfigValue, bool> takes) => new(name, must, (s, v) => takes(v) && Set(() => s.WithoutEffect.Add(name)));
    static ConfigKey Switch(string name) => Unused(name, "true or false", v => v.Value is bool);
    static ConfigKey Text(string name) => Unused(name, "text", v => v.Value is string);
    static ConfigKey Number(string name) => Unused(name, "a whole number", v => v.Whole(int.MinValue, int.MaxValue) is not null);
    static ConfigKey Size(string name) => Unused(name, "a whole number of at least 0", v => v.Whole(0, int.MaxValue) is not null);

    static bool Set(Action set)
    {
        set();
        return true;
    }

    static bool IsLogger(ConfigValue value)
    {
        string?[] texts = [.. value.Entries.Where(e => e.Value.Value is string).Select(e => e.Key)];
        return texts.Contains("log-level-limit") || ((string[])["name", "filename", "level", "format"]).All(texts.Contains);
    }

    static bool SetImportPaths(ToolSettings settings, ConfigValue value)
    {
        if (value.Value is not IReadOnlyList<ConfigEntry> entries || !entries.All(e => e.Value.IsList(folder => folder.Value is string))) return false;
        var paths = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var entry in entries) paths[entry.Key] = [.. entry.Value.Items.Select(folder => (string)folder.Value!)];
        settings.ImportPaths = ImportPaths.From(paths);
        return true;
    }
}
