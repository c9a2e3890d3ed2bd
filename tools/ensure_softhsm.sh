#!/bin/bash
# Make sure that SoftHSM is there, the device in software that the tests of PKCS#11 keys use.
set -euo pipefail

if command -v softhsm2-util >/dev/null; then
    exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "The tests of keys in devices need SoftHSM: install it (on Debian: apt-get install" \
        "softhsm2)." >&2
    exit 1
fi
echo "Installing SoftHSM for the tests of keys in devices"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends softhsm2 >/dev/null
