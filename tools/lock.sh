#!/bin/bash
# Turn requirements/*.in into lock files with hashes. The lock names no index: pip uses the one
# that is configured where it runs.
set -euo pipefail

cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --disable-pip-version-check --quiet install uv
for set in run dev; do
    # The development set takes over what the run set has settled.
    settled=$([ "$set" = run ] || echo "--constraint requirements/run.lock")
    # shellcheck disable=SC2086
    "$work/venv/bin/uv" pip compile --quiet --upgrade --generate-hashes --no-header \
        --no-emit-index-url --python-version 3.11 $settled \
        "requirements/$set.in" -o "requirements/$set.lock"
    echo "requirements/$set.lock: $(grep -c == "requirements/$set.lock") packages"
done
