#!/bin/bash
# Make the virtual environment, also on a fresh Debian, whose Python comes without venv.
set -euo pipefail

folder=$1
python=${PYTHON:-python3.11}
command -v "$python" >/dev/null || python=python3
if ! "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
    echo "Python 3.11 is needed, and neither python3.11 nor python3 is it: install it, or name" \
        "it with PYTHON=/path/to/python3.11." >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "$python cannot make virtual environments: install its venv module" \
            "(on Debian: apt-get install python3-venv)." >&2
        exit 1
    fi
    echo "Installing python3-venv"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends python3-venv \
        >/dev/null
fi
echo "Making $folder"
"$python" -m venv "$folder"
