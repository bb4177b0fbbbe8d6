#!/usr/bin/env bash
# Installs what the tests need, builds everything, runs all tests. Ends with "N passed, N failed"; exit status 0 only if none failed.
set -euo pipefail
cd "$(dirname "$0")/.."

bash eng/setup.sh
export DAPHNE_REPOSITORY="$PWD"
export DAPHNE_FUZZ_SECONDS="${DAPHNE_FUZZ_SECONDS:-30}"
dotnet build Daphne.Net.sln -c Release -v quiet --nologo
bash eng/build.sh

passed=0 failed=0
for project in Daphne.Net.Tests Daphne.Net.ClusterTests; do
    log="artifacts/$project.log"
    status=0
    "artifacts/bin/$project/release/$project" -noColor 2>&1 | tee "$log" || status=$?
    # The last summary line: "Total: 12, Errors: 0, Failed: 1, Skipped: 0, Not Run: 0, ..."
    summary=$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -n 1)
    if [ -z "$summary" ]; then
        echo "$project ended without a summary (status $status)"
        failed=$((failed + 1))
        continue
    fi
    read -r total errors fail skipped <<<"$(grep -oE '[0-9]+' <<<"$summary" | tr '\n' ' ')"
    # A test that was skipped did not show what it is there to show.
    bad=$((errors + fail + skipped))
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
    failed=$((failed + bad))
    passed=$((passed + total - fail - skipped))
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
