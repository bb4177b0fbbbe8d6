using System.Text.RegularExpressions;

namespace Daphne.Net.Deployment;

/// <summary>What a worker's task does where the bundle is to lie on the node's own disk: a copy of its own, removed as it ends; the shared one where that cannot be.</summary>
static partial class NodeScratch
{
    // Absolute once its variables are filled in; nothing in it may run.
    [GeneratedRegex(@"^[/$][^""`\\\r\n\0]*$")]
    private static partial Regex Path { get; }

    public static bool CanBe(string path) => Path.IsMatch(path) && !path.Contains("$(", StringComparison.Ordinal);

    /// <summary>The text for <c>sh -c</c>; <c>$0</c> is the bundle's folder, the rest are the words behind the program.</summary>
    public static string Text(string path, IEnumerable<string> prefix, string address) => $$"""
        say() { echo "the bundle is not copied to this node: $*" >&2; }
        own=$(set -u; echo "{{path}}/daphne-$SLURM_JOB_ID-${SLURM_RESTART_COUNT:-0}-$SLURM_PROCID") || own=
        trap : TERM
        bundle=$0
        case $own in /*) ;; *) say "'{{path.Replace("$", "\\$", StringComparison.Ordinal)}}' is no folder here"; own= ;; esac
        if [ -n "$own" ] && ! mkdir -p "$own"; then own=; say "its folder cannot be made"; fi
        if [ -n "$own" ]; then
            if [ "$(stat -c %d "$own")" = "$(stat -c %d "$0")" ]; then say "$own is on the disk it comes from"
            elif cp -R "$0/." "$own"; then bundle=$own
            else say "$own cannot hold it"; fi
            [ "$bundle" = "$own" ] || { rm -rf "$own"; own=; }
        fi
        {{string.Concat(prefix.Select(w => ShellQuote.Word(w) + " "))}}"$bundle/{{Bundle.Program}}" "$@" "{{address}}"; status=$?
        [ -z "$own" ] || rm -rf "$own"
        exit $status
        """;
}
