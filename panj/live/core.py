"""Fetch the core of Pyodide from the npm registry, once: ``python -m panj.live.core`` (part of setting up).

CPython for WebAssembly, five files. No package of PyPI holds them, and none of them is in the repository.
"""

import base64
import hashlib
import io
import os
import sys
import tarfile
import urllib.request
from pathlib import Path

VERSION = "314.0.3"
INTEGRITY = "sK40My6m8tmBUYtYH9au9rXUeh9x0wfahtHdOlGmJxZDsKBGKtP6KznyFB2+u/klbQTdDionR0uaVd176zVQzQ=="  # sha512, as npm states it
REGISTRY = os.environ.get("NPM_CONFIG_REGISTRY", "https://registry.npmjs.org/")
FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
CORE = Path(sys.prefix) / "share" / "pyodide"


def fetch():
    """Put FILES into CORE. SystemExit with one sentence when the registry cannot be reached or sends something else."""
    if (CORE / VERSION).exists():
        return
    url = f"{REGISTRY.rstrip('/')}/pyodide/-/pyodide-{VERSION}.tgz"
    try:
        with urllib.request.urlopen(url, timeout=180) as answer:
            archive = answer.read()
    except OSError as error:
        sys.exit(f"Python for the browser could not be fetched from {url} ({error}). Try again, or name a mirror in NPM_CONFIG_REGISTRY.")
    if base64.b64encode(hashlib.sha512(archive).digest()).decode() != INTEGRITY:
        sys.exit(f"{url} is not the file that npm published: its sha512 differs from the one in panj/live/core.py.")
    CORE.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(archive)) as package:
        for name in FILES:
            (CORE / name).write_bytes(package.extractfile(f"package/{name}").read())
    (CORE / VERSION).touch()


if __name__ == "__main__":
    fetch()
