#!/usr/bin/env bash
# Builds the tool: artifacts/daphne/daphne (ReadyToRun, needs the .NET 10 and ASP.NET Core runtimes).
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet publish src/Daphne.Net.Cli -c Release -r linux-x64 --self-contained false -p:PublishReadyToRun=true -o artifacts/daphne -v quiet --nologo
echo "artifacts/daphne/daphne"
