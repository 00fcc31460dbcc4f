#!/bin/sh
# The tests check the EPUB with epubcheck. Where it is missing it is installed from Debian, if we may; else we say how to get it.
command -v epubcheck >/dev/null && exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "No epubcheck found: installing Debian's (once)."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends epubcheck default-jre-headless >/dev/null && exit 0
fi
echo "No epubcheck found, so one test is skipped: install it (Debian, Ubuntu: sudo apt-get install epubcheck default-jre-headless)."
