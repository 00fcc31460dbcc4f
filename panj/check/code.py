"""The Python of modules and notebooks, as ruff sees it (rules in ruff.toml)."""

import json
import subprocess
import sys
from pathlib import Path

from . import ROOT, found


def find(paths):
    """Findings in these files, or in all of the repository when there are none."""
    named = [str(path) for path in paths if path.suffix in (".py", ".ipynb")] if paths else [str(ROOT)]
    if not named:
        return []
    command = [Path(sys.executable).parent / "ruff", "check", "--output-format", "json", "--no-cache", *named]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf8")
    if told.returncode not in (0, 1):
        raise RuntimeError(f"ruff cannot run: {told.stderr.strip()}")
    return [_finding(fault) for fault in json.loads(told.stdout)]


def _finding(fault):
    line = f"line {fault['location']['row']}: {fault['message']} ({fault['code']})"
    return found(Path(fault["filename"]), fault.get("cell") or 0, line[0].upper() + line[1:])
