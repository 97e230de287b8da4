#!/bin/sh
# Makes sure of a browser and of Chinese letters to test with; says what it does before it does it.
set -eu
[ -x /usr/bin/chromium ] && fc-list :lang=zh 2>/dev/null | grep -q . && exit 0
command -v apt-get >/dev/null || { echo "Please install chromium at /usr/bin/chromium, and Noto CJK." >&2; exit 1; }
root=""
[ "$(id -u)" = 0 ] || root=sudo
echo "Installing chromium and fonts-noto-cjk (apt-get)"
export DEBIAN_FRONTEND=noninteractive
$root apt-get update -qq
$root apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null
