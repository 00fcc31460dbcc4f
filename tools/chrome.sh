#!/bin/sh
# The charts' pictures are drawn by a local Chrome or Chromium, and the site's tests open
# the pages in it. Where there is none and we may, install Debian's; else say how to get one.
if .venv/bin/python -c 'from panj.pictures import browser; raise SystemExit(not browser())'; then
    exit 0
fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "No Chrome or Chromium found: installing Debian's chromium (once)."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null && exit 0
fi
echo "No Chrome or Chromium found, so the book will show data tables in place of pictures: install one (Debian, Ubuntu: sudo apt-get install chromium) or set BROWSER_PATH to it."
exit 1
