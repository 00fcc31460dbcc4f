"""``python -m panj.check [--all] [files]``: say in plain sentences what is wrong, if anything is.

Without files everything is checked, and those notebooks are run that can have changed since the main branch (--all:
each of them). With files only these are checked, and run. Advice is given on changed or named files and is no fault.
"""

import argparse
import sys
import time
from pathlib import Path

from ..data import DATA, problems
from ..exercises.source import Fault
from . import Finding, code, evidence, form, found, lesson, links, practice, prose, stale, words
from .pages import PLAN, contents, exercises, lessons, pages

RULES = (lesson, practice, links, prose, words)


def written(path):
    """Findings in one file, without running it. Where a file cannot be read, the other rules have nothing to say."""
    if not path.exists():
        return [found(path, 0, "there is no such file: correct the name here or in _toc.yml")]
    faults = list(form.find(path))
    if path.suffix == ".ipynb" and not form.whole(path):
        return faults
    try:
        return faults + [fault for rule in RULES if path.suffix in (".md", ".ipynb") for fault in rule.find(path)]
    except (ValueError, KeyError, TypeError) as error:
        return faults or [found(path, 0, str(error))]


def everything(paths=(), run_all=False):
    """(findings, number of pages checked, number of notebooks run) in these files, or in all."""
    if faults := [fault for path in PLAN for fault in written(path)]:
        return faults, 0, 0
    try:
        contents(), lessons()
    except (KeyError, TypeError, AttributeError) as error:
        return [found(PLAN[0], 0, f"this is no table of contents ({type(error).__name__}: {error}): compare it with that of the main branch")], 0, 0
    try:
        exercises()
    except Fault as fault:
        return [Finding(f"exercises/{fault}", 0, "")], 0, 0
    chosen, changes = list(paths) or pages(), stale.changed()
    faults = [fault for path in chosen for fault in written(path)] + code.find(paths)
    if not paths or any(DATA in path.parents for path in paths):
        wrong = [Finding("", 0, sentence) for sentence in problems()]
        faults += wrong or [*evidence.find(), *words.tables()]
    notebooks = [path for path in chosen if path.suffix == ".ipynb" and path.exists() and form.whole(path)]
    run = notebooks if paths or run_all else stale.doubtful(notebooks, changes)
    faults += stale.find(run)
    listened = {found(path, 0, "").file for path in (paths or changes or chosen)}
    return sorted(fault for fault in set(faults) if not fault.warning or fault.file in listened), len(chosen), len(run)


def named(paths):
    """The files that were named, and of a folder those in it that are checked."""
    return [file for path in paths for file in ([file for file in pages() if path in file.parents] if path.is_dir() else [path])]


def main(arguments):
    asked = argparse.ArgumentParser(prog="python -m panj.check", description=__doc__.split("\n\n")[1])
    asked.add_argument("--all", action="store_true", help="run every notebook")
    asked.add_argument("files", nargs="*", type=Path)
    given, began = asked.parse_args(arguments), time.monotonic()
    faults, checked, run = everything(named([path.resolve() for path in given.files]), given.all)
    for fault in faults:
        print(fault)
    wrong = sum(not fault.warning for fault in faults)
    print(f"{checked} files checked, {run} notebooks run, {wrong or 'no'} fault{'s' * (wrong != 1)}, {time.monotonic() - began:.0f} s")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
