#!/usr/bin/env bash
# A matrix of 160 MB to a worker through the ssh connection, in turns with scp of the same bytes over the same connection, on the test cluster's login node.
# Needs what eng/setup.sh installs, root, and a build of the cluster tests; writes benchmarks/results/<cpu>/tunnel.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
cpu=$(awk -F': *' '/^vendor_id/ {v=$2} /^cpu family/ {f=$2} /^model\t/ {m=$2} END {print tolower(v) "-family" f "-model" m}' /proc/cpuinfo)
file="benchmarks/results/$cpu/tunnel.md"
mkdir -p "$(dirname "$file")"
figures=$(mktemp)
load=$(cut -d' ' -f1 /proc/loadavg)
DAPHNE_FIGURES="$figures" artifacts/bin/Daphne.Net.ClusterTests/release/Daphne.Net.ClusterTests -noColor -explicit only -class '*TunnelFigures' >&2
{
    echo "# A matrix through the ssh connection beside scp"
    echo
    echo "\`bash benchmarks/peers/tunnel.sh\` · $(awk -F': *' '/^model name/ {print $2; exit}' /proc/cpuinfo), $(nproc) cores, load $load before, $(cut -d' ' -f1 /proc/loadavg) after, $(ssh -V 2>&1 | cut -d, -f1), .NET $(dotnet --list-runtimes | awk '/NETCore.App 10/ {v=$2} END {print v}'), $(date -u +%Y-%m-%d)"
    echo
    echo '```'
    cat "$figures"
    echo '```'
    echo
    echo "160 MB of random doubles, both ways over one connection of ssh (its default cipher) to another network namespace of this machine; the tunnel's time holds the"
    echo "whole run of a script that adds the cells up. Inside the connection values are encrypted once more (TLS between the members of the cluster)."
} > "$file"
rm -f "$figures"
echo "$file"
