"""Part of `make bench`: time and memory of grading a class, and that a submission costs the same in a larger class.

The class is synthetic: notebooks as handed in, with answers from the exercises' stored proofs, in a temporary folder.
"""

import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml
from make_submissions import ROOT, notebook, text, written

from panj.exercises.handouts import student
from panj.exercises.source import assignments, everything

EXERCISES, CLASSES = 6, (500, 1000, 2000)
# A small process of its own starts the grader: memory is counted from the process that starts it.
CHILD = """
import json, resource, subprocess, sys
subprocess.run([sys.executable, "-m", "panj.exercises.grade"], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        ids = list(everything()[0])[:EXERCISES]
        (folder / "own").mkdir()
        (folder / "own" / "assignments.yml").write_text(yaml.safe_dump({"bench": {"title": "Bench", "exercises": ids}}), "utf8")
        measured = {size: measure(folder, size) for size in CLASSES}
    print("\n## Grading a class\n\n| Submissions | Exercises | Seconds | Seconds of processor | Peak memory (MB) |\n|---:|---:|---:|---:|---:|")
    for size, (seconds, busy, memory) in measured.items():
        print(f"| {size:,} | {EXERCISES} | {seconds:.1f} | {busy:.1f} | {memory:.0f} |")
    print()
    for less, more in itertools.pairwise(CLASSES):
        each = (measured[more][1] - measured[less][1]) / (more - less)
        print(f"From {less:,} to {more:,} submissions, each took {1000 * each:.2f} ms of processor; in all {measured[more][1] / measured[less][1]:.2f} times as much.")


def measure(folder, size):
    """(seconds, seconds of processor, peak MB) of one process that grades `size` submissions."""
    exercises, _ = everything(folder / "own")
    assignment = assignments(exercises, folder / "own")["bench"]
    blank = student(assignment)
    for n in range(size):
        given = written(assignment["exercises"], n)
        wrong = assignment["exercises"][n % EXERCISES]
        given[wrong.id] |= wrong.proof["wrong"][0]["answers"]
        path = folder / f"class-{size}" / f"Student {n}_{10**6 + n}_assignsubmission_file_" / "bench.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(text(notebook("bench", assignment, given, blank)), "utf8")
    names = {"SUBMISSIONS": folder / f"class-{size}", "ASSIGNMENT": "bench", "OUT": folder / f"grades-{size}", "PRIVATE": folder / "own"}
    settings, begun = os.environ | {name: str(path) for name, path in names.items()}, time.perf_counter()
    done = subprocess.run([sys.executable, "-c", CHILD], cwd=ROOT, env=settings, stdout=subprocess.PIPE, check=True)
    busy, memory = json.loads(done.stdout)
    return time.perf_counter() - begun, busy, memory / (1e6 if sys.platform == "darwin" else 1e3)  # bytes there, kB here


if __name__ == "__main__":
    main()
