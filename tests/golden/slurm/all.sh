#!/bin/sh
#SBATCH --job-name=daphne-c0ffee
#SBATCH --ntasks=128
#SBATCH --cpus-per-task=8
#SBATCH --ntasks-per-node=4
#SBATCH --mem-per-cpu=4G
#SBATCH --partition=cpu
#SBATCH --account=math
#SBATCH --qos=long
#SBATCH --constraint=avx512&ib
#SBATCH --time=1800
#SBATCH --signal=B:USR1@300
#SBATCH --output=/home/ada/.daphne/clusters/c0ffee/job-%j.log
#SBATCH --open-mode=append
#SBATCH --no-requeue
#SBATCH --no-kill

umask 077
cd /home/ada/.daphne/clusters/c0ffee || exit 1
drain() { scancel --signal=TERM "$SLURM_JOB_ID" || kill -TERM "$step"; } 2>/dev/null
trap drain USR1 TERM
srun --kill-on-bad-exit=0 --no-kill --wait=0 --output="worker-$SLURM_JOB_ID-${SLURM_RESTART_COUNT:-0}-%t.log" --open-mode=append --cpus-per-task=8 \
    sh -c 'exec "$0" "$@" "${SLURMD_NODENAME:-$(hostname)}:0"' \
    /home/ada/.daphne/bundles/daphne-0123456789abcdef/daphne worker --identity-file=identity.pem --dead-man=180 '--files-root=/data' '--files-root=/scratch/ada'\''s files' &
step=$!
wait "$step"; status=$?
while kill -0 "$step" 2>/dev/null; do wait "$step"; status=$?; done
exit "$status"
