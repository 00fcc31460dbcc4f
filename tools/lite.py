"""A chapter in JupyterLite, for `make bench` to measure Python in our pages against.

`build()` makes a JupyterLite that asks no other host and has the very files that our pages run: the folder
`_static/python/` of the built book. It adds what its kernel needs, IPython, from the packages installed here.
"""

import hashlib
import importlib.metadata
import json
import shutil
import subprocess
import sys
from pathlib import Path

from stock import ROOT

from panj.archive import pack
from panj.live.runtime import installed

BENCH = ROOT / "_build" / "bench"
PYTHON = ROOT / "_build" / "html" / "_static" / "python"
LITE = ROOT / "_build" / "lite"
HTML = LITE / "_output"
PIP = {"jupyterlite-core[contents]": "0.8.6", "jupyterlite-pyodide-kernel": "0.8.6"}  # in an environment of their own
MICROPIP = "0.11.1"  # installs the kernel's own wheels, in the browser
IPYTHON = (
    "ipython", "ipython-pygments-lexers", "jedi", "parso", "comm", "matplotlib-inline", "prompt-toolkit", "wcwidth",
    "pygments", "stack-data", "executing", "asttokens", "pure-eval", "traitlets", "typing-extensions",
)  # fmt: skip
# What draws charts in JupyterLab, from the plotly that is installed here.
EXTENSION = Path(sys.prefix) / "share" / "jupyter" / "labextensions" / "jupyterlab-plotly"


def build(chapter):
    """Build a JupyterLite that holds one chapter and the tables into HTML, from nothing."""
    shutil.rmtree(LITE, ignore_errors=True)
    runtime = LITE / "static" / "pyodide"
    shutil.copytree(PYTHON, runtime)
    shutil.copytree(ROOT / "data", LITE / "files" / "data")
    (LITE / "files" / "chapters").mkdir()
    (LITE / "files" / "chapters" / f"{chapter}.ipynb").write_text(json.dumps(blank(chapter)), "utf8")
    packages = carry(runtime)
    kernel = {"disablePyPIFallback": True, "loadPyodideOptions": {"packages": packages, "env": {"HOME": "/home/pyodide"}}}
    site = {"jupyter-lite-schema-version": 0, "jupyter-config-data": {"litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": kernel}}}
    small = {"no_sourcemaps": True, "no_unused_shared_packages": True, "federated_extensions": [str(EXTENSION)], "apps": ["notebooks"]}
    (LITE / "jupyter-lite.json").write_text(json.dumps(site), "utf8")
    (LITE / "overrides.json").write_text(json.dumps({"@jupyterlab/docmanager-extension:plugin": {"autosave": False}}), "utf8")
    (LITE / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": small}), "utf8")
    log = LITE / "build.log"
    with log.open("w") as out:
        done = subprocess.run([environment() / "jupyter-lite", "build"], cwd=LITE, stdout=out, stderr=out)
    if done.returncode:
        raise SystemExit(f"JupyterLite could not be built: read {log.relative_to(ROOT)}.")


def environment():
    """The programs of the environment that has JupyterLite, made once."""
    folder = BENCH / "jupyterlite" / "-".join(PIP.values())
    if not (folder / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        wanted = [f"{name}=={version}" for name, version in PIP.items()]
        subprocess.run([folder / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", *wanted], check=True)
        (folder / "ready").touch()
    return folder / "bin"


def blank(chapter):
    """The chapter's notebook without outputs, for the kernel that JupyterLite has."""
    notebook = json.loads((ROOT / "chapters" / f"{chapter}.ipynb").read_text("utf8"))
    notebook["metadata"]["kernelspec"]["name"] = "python"
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return notebook


def carry(runtime):
    """Add to our runtime folder what JupyterLite's kernel needs, name all in the lock file, and return the names."""
    pip = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"]
    subprocess.run([*pip, "--python-version", "3.14", "--dest", runtime, f"micropip=={MICROPIP}"], check=True)
    files = {"micropip": f"micropip-{MICROPIP}-py3-none-any.whl", "packages": "packages.zip", "book": "book.zip"}
    for name in IPYTHON:
        files[name] = f"{name}-{importlib.metadata.version(name)}.zip"
        pack(runtime / files[name], dict(installed([name])))
    path = runtime / "pyodide-lock.json"
    lock = json.loads(path.read_text("utf8"))
    for name, file in files.items():
        known = {"name": name, "version": "0", "file_name": file, "sha256": hashlib.sha256((runtime / file).read_bytes()).hexdigest()}
        lock["packages"][name] = known | {"install_dir": "site", "package_type": "package", "imports": [], "depends": [], "unvendored_tests": False}
    path.write_text(json.dumps(lock), "utf8")
    return list(lock["packages"])
