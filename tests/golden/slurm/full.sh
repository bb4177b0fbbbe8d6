#!/bin/sh
#SBATCH --job-name=daphne-0123456789
#SBATCH --ntasks=8
#SBATCH --cpus-per-task=2
#SBATCH --ntasks-per-node=4
#SBATCH --mem-per-cpu=4G
#SBATCH --partition=gpu
#SBATCH --account=p1
#SBATCH --qos=long
#SBATCH --constraint=avx512
#SBATCH --time=120
#SBATCH --signal=B:USR1@120
#SBATCH --output=/scratch/clusters/0123456789/job-%j.log
#SBATCH --open-mode=append
#SBATCH --no-requeue
#SBATCH --exclusive

module load apptainer
umask 077
cd /scratch/clusters/0123456789 || exit 1
drain() { kill -TERM "$step" 2>/dev/null; }
trap drain USR1 TERM
srun --kill-on-bad-exit=0 --output=worker-%t.log --open-mode=append '--cpu-bind=cores' --cpus-per-task=2 \
    sh -c 'exec "$0" "$@" "${SLURMD_NODENAME:-$(hostname)}:50000-50127"' \
    /usr/bin/apptainer exec --bind '/home/a user/.daphne' --nv --bind /data:/data:ro '/home/a user/.daphne/images/daphne.sif' '/home/a user/.daphne/bundles/daphne-x/daphne' worker --identity-file=identity.pem --dead-man=60 &
step=$!
wait "$step"; status=$?
while kill -0 "$step" 2>/dev/null; do wait "$step"; status=$?; done
exit "$status"
