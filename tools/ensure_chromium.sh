#!/bin/bash
# Make sure that the browser which the tests drive is there.
set -euo pipefail

if [ -x "${CHROMIUM:-}" ] || command -v chromium >/dev/null; then
    exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "The browser tests need Chromium: install it (on Debian: apt-get install chromium)," \
        "or set CHROMIUM to the path of one." >&2
    exit 1
fi
echo "Installing Chromium for the browser tests"
apt-get update -qq
# One font, so that pages have letters; Chromium itself recommends far more.
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
    chromium fonts-dejavu-core >/dev/null
