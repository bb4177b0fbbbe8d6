#!/usr/bin/env bash
# Installs what the tests need and this machine lacks: NumPy, SciPy and SQLite as peers, grpcio for interoperation, and the parts of a cluster (sshd, Slurm,
# munge, Open MPI, MPICH, podman). Debian packages only.
set -euo pipefail

sudo=""
[ "$(id -u)" -eq 0 ] || sudo=sudo
$sudo bash "$(dirname "$0")/../tests/cluster/install.sh" core mpi containers

packages=(python3-numpy python3-scipy python3-grpcio python3-protobuf sqlite3)
missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

echo "installing ${missing[*]}"
$sudo apt-get update -q
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q --no-install-recommends "${missing[@]}"
