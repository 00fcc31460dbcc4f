#!/bin/sh
# The charts' pictures are drawn by a local Chrome or Chromium, and the site's tests open the pages in it;
# with the word "both", in Firefox too. What is missing is installed from Debian where we may; else we say how to get it.
install() {
    command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || return 1
    echo "No $1 found: installing Debian's (once)."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1" >/dev/null
}
if [ "${1:-}" = both ] && ! command -v firefox-esr >/dev/null && ! command -v firefox >/dev/null && [ -z "${FIREFOX_PATH:-}" ]; then
    install firefox-esr || echo "No Firefox found, so one test is skipped: install it (Debian, Ubuntu: sudo apt-get install firefox-esr) or set FIREFOX_PATH to it."
fi
if ! .venv/bin/python -c 'from panj.pictures import browser; raise SystemExit(not browser())' && ! install chromium; then
    echo "No Chrome or Chromium found, so the book will show data tables in place of pictures: install one (Debian, Ubuntu: sudo apt-get install chromium) or set BROWSER_PATH to it."
    exit 1
fi
