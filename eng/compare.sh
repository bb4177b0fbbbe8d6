#!/usr/bin/env bash
# Measures against peers, side by side in one run each, and records the figures in benchmarks/results/<cpu>/. Takes about five minutes on a quiet machine.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${1:-15}
bash eng/setup.sh
/usr/bin/python3 -c "import pandas" || { echo "install python3-pandas, a peer that no test needs" >&2; exit 1; }
bash eng/build.sh
dotnet build benchmarks/Daphne.Net.Benchmarks -c Release -v quiet --nologo
dotnet publish benchmarks/EmptyProgram -c Release -p:PublishReadyToRun=true -o artifacts/empty -v quiet --nologo

# Vendor, family and model: what a compiler sees of a CPU.
cpu=$(awk -F': *' '/^vendor_id/ {v=$2} /^cpu family/ {f=$2} /^model\t/ {m=$2} END {print tolower(v) "-family" f "-model" m}' /proc/cpuinfo)
results="benchmarks/results/$cpu"
mkdir -p "$results"
program=artifacts/bin/Daphne.Net.Benchmarks/release/Daphne.Net.Benchmarks

record() { # title, file, command ...
    local title=$1 file="$results/$2.md"
    shift 2
    local text
    text=$("$@" | tee >(cat >&2))
    {
        echo "# $title"
        echo
        echo "\`$*\` · $(awk -F': *' '/^model name/ {print $2; exit}' /proc/cpuinfo), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg), .NET $(dotnet --list-runtimes | awk '/NETCore.App 10/ {v=$2} END {print v}'), $(date -u +%Y-%m-%d)"
        echo
        echo '```'
        echo "$text"
        echo '```'
    } > "$file"
}

record "Start of the tool beside an empty program" startup /usr/bin/python3 benchmarks/peers/startup.py artifacts/daphne/daphne artifacts/empty/EmptyProgram "$rounds"
record "Whole scripts beside NumPy" scripts /usr/bin/python3 benchmarks/peers/scripts.py "$program" "$rounds"
record "Products, solving, transposing and ordering beside NumPy on OpenBLAS, one thread" openblas /usr/bin/python3 benchmarks/peers/openblas.py "$program" "$rounds"
record "Joining, grouping and sorting frames beside pandas" tables /usr/bin/python3 benchmarks/peers/tables.py "$program" "$rounds"
record "Reading and writing files beside pandas" files /usr/bin/python3 benchmarks/peers/files.py "$program" 5
record "Transfers and small calls beside grpcio, dask and a bare socket" grpc-transfer /usr/bin/python3 benchmarks/peers/grpc_transfer.py "$program" "$rounds"
record "Scripts on two workers beside one process and dask.distributed" clusters /usr/bin/python3 benchmarks/peers/clusters.py "$program" "$rounds"
record "What distribution costs a pipeline that has nothing to do" empty-pipelines "$program" empty-pipelines
