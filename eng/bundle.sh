#!/usr/bin/env bash
# Builds the bundle that other machines run: artifacts/bundle/daphne-HASH.tar.gz (self-contained: no .NET is needed there). Prints its path.
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet publish src/Daphne.Net.Cli -c Release -r linux-x64 --self-contained true -p:PublishReadyToRun=true -o artifacts/bundle/files -v quiet --nologo >&2
rm -f artifacts/bundle/daphne-*.tar.gz
artifacts/bundle/files/daphne bundle artifacts/bundle/files artifacts/bundle
