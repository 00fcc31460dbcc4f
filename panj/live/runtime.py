"""Put together the folder `_static/python/` of the site: all that a page needs to run Python, and nothing from elsewhere.

- the core of Pyodide (core.py)
- four wheels built for it that no registry offers, from vendor/pyodide/ (NOTICE.md there)
- packages.zip: the pure Python packages that chapters import, the same files the book is built with
- book.zip: this package and data/, as a chapter finds them
- worker.mjs and session.py, which run cells
- runtime.json: what to load and how many bytes that is
"""

import hashlib
import importlib.metadata
import json
import shutil
from pathlib import Path

from ..archive import pack
from ..exercises.handouts import declared
from ..exercises.source import assignments, everything
from .core import CORE, VERSION

HERE = Path(__file__).parent
STATIC = HERE / "static"
ROOT = HERE.parent.parent
VENDOR = ROOT / "vendor" / "pyodide"
WHEELS = ("numpy", "pandas", "python-dateutil", "six")
PACKAGES = ("plotly", "narwhals", "packaging", "geographiclib", "pyyaml")
# Of plotly, the JavaScript (the page has its own), the JupyterLab extension and sample data; of all, tests and compiled parts.
UNUSED = ("plotly/package_data/plotly", "plotly/package_data/widget", "plotly/package_data/datasets/", "plotly/labextension/", "geographiclib/test/", "../", "jupyter/")
BOOK = ("panj", "data")


def assemble(folder):
    """Write the runtime into `folder`, which is made anew. The same sources always give the same bytes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"):
        shutil.copyfile(CORE / name, folder / name)
    lock = wheels()
    for package in lock["packages"].values():
        shutil.copyfile(VENDOR / package["file_name"], folder / package["file_name"])
    (folder / "pyodide-lock.json").write_text(json.dumps(lock, sort_keys=True), "utf8")
    for part in (STATIC / "worker.mjs", HERE / "session.py", VENDOR / "NOTICE.md"):
        shutil.copyfile(part, folder / part.name)
    pack(folder / "packages.zip", dict(installed()))
    pack(folder / "book.zip", dict(book()))
    sizes = {path.name: path.stat().st_size for path in sorted(folder.iterdir()) if path.name != "NOTICE.md"}
    (folder / "runtime.json").write_text(json.dumps({"python": VERSION, "packages": list(lock["packages"]), "bytes": sizes}, sort_keys=True), "utf8")


def wheels():
    """Pyodide's own lock file, cut down to the wheels in vendor/ and to what pandas really needs of them."""
    lock = json.loads((CORE / "pyodide-lock.json").read_text("utf8"))
    lock["packages"] = {name: lock["packages"][name] for name in WHEELS}
    for package in lock["packages"].values():
        package["depends"] = [name for name in package["depends"] if name in WHEELS]
    return lock


def checksums():
    """{file: (sha256 in vendor/, sha256 in Pyodide's lock file)}"""
    found = {}
    for package in wheels()["packages"].values():
        held = hashlib.sha256((VENDOR / package["file_name"]).read_bytes()).hexdigest()
        found[package["file_name"]] = (held, package["sha256"])
    return found


def installed(names=PACKAGES):
    """(path, bytes) of the pure Python files of these packages, as they are installed here, with their licences."""
    for name in names:
        for file in importlib.metadata.distribution(name).files:
            path = str(file)
            if path.startswith(UNUSED) or path.endswith((".pyc", ".so", ".pyd", "RECORD", "INSTALLER", "REQUESTED", "direct_url.json")):
                continue
            yield path, file.locate().read_bytes()


def book():
    """(path, bytes) of the package, the tables, and what each chapter's exercises ask for."""
    exercises, _ = everything()
    for name, assignment in assignments(exercises).items():
        yield f"handin/{name}/exercises.json", declared(name, assignment).encode()
    for top in BOOK:
        for path in sorted((ROOT / top).rglob("*")):
            relative = path.relative_to(ROOT)
            if path.is_file() and not {"__pycache__", "static", "theme"} & set(relative.parts) and not path.name.startswith("."):
                yield str(relative), path.read_bytes()
