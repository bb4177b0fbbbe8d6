#!/usr/bin/env bash
# Figures of deployments, on the cluster of tests/cluster (root): prints Markdown. Run it on a machine that does nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=artifacts/bin
dotnet build tests/Daphne.Net.ClusterTests -c Release -v quiet --nologo >&2
dotnet build tests/Daphne.Net.Tests -c Release -v quiet --nologo >&2
eng/bundle.sh >&2
tests/cluster/up.sh >/dev/null

load() { cut -d' ' -f1 /proc/loadavg; }
figures() { grep -o 'FIGURE .*' | sed 's/^FIGURE //'; }
began=$(load)
real=$($bin/Daphne.Net.ClusterTests/release/Daphne.Net.ClusterTests -noColor -explicit only -class '*DeploymentFigures' -showLiveOutput | tee /dev/stderr | grep OUTPUT | figures)
many=$($bin/Daphne.Net.Tests/release/Daphne.Net.Tests -noColor -class '*ManyHostsTests' -class '*ElasticMachineTests' -showLiveOutput | tee /dev/stderr | grep OUTPUT | figures)
cat <<END
# Deployments

\`benchmarks/deployment.sh\` · $(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, load $began at the beginning and $(load) at the end, .NET $(dotnet --version | cut -d. -f1), $(date +%F)

On the cluster of \`tests/cluster\`: a login node and three nodes in namespaces of one machine, Slurm $(sbatch --version | cut -d' ' -f2). From \`Deploy()\` being called until every worker was greeted, logging in included;
beside it a job of three tasks that only write a line, from \`sbatch\` on the login node until all three lines are there; one after the other, in turns.
Bytes are those the machine's interface to the login node sent, headers included.

\`\`\`
$real
\`\`\`

Without machines: a thousand that answer like ones behind SSH, deployed to and cleaned; an elastic cluster of a thousand workers in simulated time.

\`\`\`
$many
\`\`\`
END
