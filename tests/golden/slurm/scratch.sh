#!/bin/sh
#SBATCH --job-name=daphne-c0ffee
#SBATCH --ntasks=2
#SBATCH --time=60
#SBATCH --signal=B:USR1@120
#SBATCH --output=/home/ada/.daphne/clusters/c0ffee/job-%j.log
#SBATCH --open-mode=append
#SBATCH --no-requeue
#SBATCH --no-kill

umask 077
cd /home/ada/.daphne/clusters/c0ffee || exit 1
drain() { scancel --signal=TERM "$SLURM_JOB_ID" || kill -TERM "$step"; } 2>/dev/null
trap drain USR1 TERM
srun --kill-on-bad-exit=0 --no-kill --wait=0 --output="worker-$SLURM_JOB_ID-${SLURM_RESTART_COUNT:-0}-%t.log" --open-mode=append \
    sh -c 'say() { echo "the bundle is not copied to this node: $*" >&2; }
own=$(set -u; echo "/scratch/$USER/daphne-$SLURM_JOB_ID-${SLURM_RESTART_COUNT:-0}-$SLURM_PROCID") || own=
trap : TERM
bundle=$0
case $own in /*) ;; *) say "'\''/scratch/\$USER'\'' is no folder here"; own= ;; esac
if [ -n "$own" ] && ! mkdir -p "$own"; then own=; say "its folder cannot be made"; fi
if [ -n "$own" ]; then
    if [ "$(stat -c %d "$own")" = "$(stat -c %d "$0")" ]; then say "$own is on the disk it comes from"
    elif cp -R "$0/." "$own"; then bundle=$own
    else say "$own cannot hold it"; fi
    [ "$bundle" = "$own" ] || { rm -rf "$own"; own=; }
fi
"$bundle/daphne" "$@" "${SLURMD_NODENAME:-$(hostname)}:0"; status=$?
[ -z "$own" ] || rm -rf "$own"
exit $status' \
    /home/ada/.daphne/bundles/daphne-0123456789abcdef worker --identity-file=identity.pem --dead-man=60 &
step=$!
wait "$step"; status=$?
while kill -0 "$step" 2>/dev/null; do wait "$step"; status=$?; done
exit "$status"
