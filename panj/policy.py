"""The security policy of the site, and the two inline scripts that it allows.

A page may load the site's own files and nothing else; no other host, no inline style, no inline
script but these. Each page carries its policy, and `_headers` holds one for hosts that send it.
"""

import base64
import hashlib

SELF, NONE = "'self'", "'none'"

# A reader's choice of light or dark, applied before the first paint. The dark stylesheets are for
# screens whose reader asks for dark; a choice made on the page overrides that, and printing never does.
THEME_SCRIPT = """\
(() => {
  let chosen;
  try { chosen = localStorage.getItem("panj-theme"); } catch { /* storage can be switched off */ }
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  for (const sheet of document.querySelectorAll("link[data-dark]")) sheet.media = dark ? "screen" : "not all";
})();"""

# A host shows 404.html at any address; the book's root is what stands before its own folders.
ROOT_SCRIPT = """\
(() => {
  const base = document.createElement("base");
  base.href = location.pathname.replace(/(chapters|_static|_sources|_downloads)\\/.*$|[^/]*$/, "");
  document.head.append(base);
})();"""


def digest(script):
    """The source expression that allows this one inline script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def policy(scripts, connect=NONE, base=NONE, wasm=False):
    """A Content-Security-Policy that allows the site's own files, the given inline scripts, and no other host.

    `wasm`: WebAssembly too. The worker that runs Python has the policy of its own answer, so hosts that send one need it.
    """
    rules = {
        "default-src": NONE,
        "script-src": " ".join([SELF, *map(digest, scripts), *(["'wasm-unsafe-eval'"] if wasm else [])]),
        "style-src": SELF,
        "img-src": SELF,
        "connect-src": connect,
        "form-action": SELF,
        "base-uri": base,
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def headers():
    """The file `_headers` for hosts that read one: the policy of every page together, and two more safeguards."""
    return (
        "/*\n"
        f"  Content-Security-Policy: {policy([THEME_SCRIPT, ROOT_SCRIPT], connect=SELF, base=SELF, wasm=True)}\n"
        "  X-Content-Type-Options: nosniff\n"
        "  Referrer-Policy: strict-origin-when-cross-origin\n"
    )
