"""Whether stored outputs still hold: notebooks run once more, and nbval compares as in `make test`.

Only those that can have changed since the main branch are run: a notebook that differs, and one that reads a file of
data/ that differs; and of these none whose outputs held when it was last run, as long as it and those files stay as
they were. After a change of the package, run all. pytest loads this file as a plugin (-p), also in each of its workers, to
learn which cell a report is on.
"""

import contextlib
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from ..data import DATA
from ..tidy import shown
from . import ROOT, found
from .pages import cells

HELD = ROOT / "_build" / "held.json"  # {notebook: what it rested on when its outputs held}
PLACE = "panj_cell"
DIFFERS = ("Cell outputs differ", "Unrun reference cell has outputs")  # what nbval says


def changed():
    """The files that differ from the main branch, as paths, also those that git does not know; None where this is no repository of its own."""
    if [Path(top.strip()).resolve() for top in _git("rev-parse", "--show-toplevel")] != [ROOT.resolve()]:
        return None
    for main in ("origin/main", "main", "HEAD"):
        base = _git("merge-base", "HEAD", main)
        if base:
            names = _git("diff", "--name-only", "-z", base[0].strip()) + _git("ls-files", "--others", "--exclude-standard", "-z")
            return {ROOT / name for name in names if name}
    return None


def _git(*command):
    told = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True, encoding="utf8")
    return told.stdout.split("\0") if told.returncode == 0 else []


def doubtful(notebooks, changes):
    """Those notebooks whose outputs may no longer hold, given the files that changed; None for any file."""
    known = _held()
    return [path for path in notebooks if (changes is None or changes & {path, *_read(path)}) and known.get(shown(path)) != _basis(path)]


def _read(path):
    """The files of data/ that the cells of a notebook read."""
    return [file for file in sorted(DATA.rglob("*.*")) if file.is_file() and _reads(path, file)]


def _reads(path, file):
    """Whether a cell names a table, load("claims") or read_csv("../data/claims.csv"), or asks for what rests on the file."""
    named = rf"""["'/]{file.stem}(\.\w+)?["']"""
    if file.suffix == ".csv":
        named += r"|\bglob\(" + r"|\bweighed\(" * (file.stem in ("claims", "evidence"))
    elif file.parent != DATA:
        named += r"|\bpanj\.(geo|maps)\b"
    return any(re.search(named, cell.source) for cell in cells(path, "code"))


def _held():
    try:
        return json.loads(HELD.read_text("utf8"))
    except (OSError, ValueError):
        return {}


def _basis(path):
    """A hash of what the outputs of a notebook rest on: itself, and what it reads."""
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in [path, *_read(path)])).hexdigest()


def find(notebooks):
    """Findings in these notebooks, each of which is run from top to bottom; those without any are remembered."""
    import pytest

    notebooks = [path for path in notebooks if cells(path, "code")]
    if not notebooks:
        return []
    rested = {shown(path): _basis(path) for path in notebooks}  # before they run: somebody may save meanwhile
    heard = _Heard()
    options = ["--nbval", "-p", "no:cacheprovider", "-p", __name__, "-q", "-o", "addopts=", "--rootdir", str(ROOT)]
    workers = ["-n", "auto", "--dist", "loadfile"] if len(notebooks) > 4 else ["-p", "no:xdist"]  # a worker takes a while to start
    with _aside() as told:
        code = pytest.main([*options, *workers, *map(str, notebooks)], plugins=[heard])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) or (code and not heard.findings):
        raise RuntimeError(f"the notebooks cannot be run:\n{told[0]}")
    faulty = {fault.file for fault in heard.findings}
    HELD.parent.mkdir(exist_ok=True)
    HELD.write_text(json.dumps(_held() | {name: basis for name, basis in rested.items() if name not in faulty}, indent=1), "utf8")
    return heard.findings


@contextlib.contextmanager
def _aside():
    """Keep what kernels and pytest print off the terminal; afterwards the list given holds it."""
    told, before = [], [os.dup(1), os.dup(2)]
    with tempfile.TemporaryFile("w+", encoding="utf8") as kept:
        sys.stdout.flush()
        os.dup2(kept.fileno(), 1)
        os.dup2(kept.fileno(), 2)
        try:
            yield told
        finally:
            sys.stdout.flush()
            for own, old in zip((1, 2), before):
                os.dup2(old, own)
                os.close(old)
            kept.seek(0)
            told.append(kept.read())


class _Heard:
    """Collects what pytest reports, here or in its workers; of cells that do not run only the first, for others follow from it."""

    def __init__(self):
        self.findings, self.halted = [], set()

    def pytest_runtest_logreport(self, report):
        place = dict(report.user_properties).get(PLACE)
        if report.failed and place:
            path, number, raised = place
            if raised and path not in self.halted:
                self.findings.append(found(Path(path), number, f"the cell does not run: {raised}"))
                self.halted.add(path)
            elif not raised:
                self.findings.append(found(Path(path), number, "the stored output differs from a fresh one: run all and save"))


def pytest_runtest_makereport(item, call):
    """Write down which cell a report of nbval is on, and the last line of what it raised, before the report is made."""
    if call.when == "call" and call.excinfo and hasattr(item, "cell"):
        path = item.path.resolve()
        number = next(cell.number for cell in cells(path) if cell.stored["id"] == item.cell.id)
        error, raised = call.excinfo.value, ""
        if str(error) not in DIFFERS:
            trace = re.sub(r"\x1b\[[\d;]*m", "", getattr(error, "inner_traceback", None) or "").strip()
            raised = trace.splitlines()[-1] if trace else str(error)
        item.user_properties.append((PLACE, (str(path), number, raised)))
