"""Check the form of your answers, and collect them for handing in.

This folder comes with the notebook and asks for nothing but pandas and plotly. ``check`` says in words
what an answer still lacks; ``hand_in`` stores all answers in the notebook, below its last cell, and
prints a receipt. Nothing is sent anywhere: save the notebook and hand in the file.
"""

import hashlib
import json
import sys
from pathlib import Path

from .answers import MIME, Check, NotAnAnswer, encode

HERE = Path(__file__).parent


def check(exercise):
    """Say whether each answer of an exercise has the form that is asked for (not whether it is right)."""
    answers, missing = collect(declared()["exercises"][exercise]["answers"], sys._getframe(1).f_globals)
    for name, why in missing.items():
        print(f"○ {name} {why}.")
    for test in map(Check, declared()["exercises"][exercise]["checks"]):
        if all(name in answers for name in test.needs):
            print(f"✓ {test.feedback}" if test.passes(answers) else f"✗ {test.feedback}")


def hand_in():
    """Store every answer in this notebook and print what was recorded. Then save the notebook and hand it in."""
    from IPython.display import display

    exercises, found = declared(), sys._getframe(1).f_globals
    answers, missing = {}, {}
    for name, exercise in exercises["exercises"].items():
        answers[name], lacking = collect(exercise["answers"], found)
        missing |= lacking
    kept, total = sum(map(len, answers.values())), sum(map(len, answers.values())) + len(missing)
    lines = [";\n  ".join([f"{kept} of {total} answers recorded", *(f"{name} {why}" for name, why in missing.items())]) + "."]
    lines += ["Save this notebook now, and hand in the file. After a change, run all cells again first."]
    receipt = {"format": 1, "assignment": exercises["assignment"], "answers": answers, "missing": missing, "ran": ran()}
    display({MIME: receipt, "text/plain": "\n".join(lines)}, raw=True)


def collect(kinds, found):
    """The answers among the variables `found`, as plain data by name; and why others are missing, by name."""
    answers, missing = {}, {}
    for name, kind in kinds.items():
        try:
            answers[name] = encode(found.get(name), kind)
        except NotAnAnswer as why:
            missing[name] = str(why)
    return answers, missing


def ran():
    """Fingerprints of the cells as they were run, so that the grader can see a cell that was changed afterwards."""
    from IPython import get_ipython

    shell = get_ipython()
    return sorted({fingerprint(source) for source in shell.history_manager.input_hist_raw if source.strip()}) if shell else []


def fingerprint(source):
    """Sixteen hexadecimal digits for a cell's text, blank lines and spaces around it aside."""
    return hashlib.sha256(source.strip().encode()).hexdigest()[:16]


def declared():
    """What the handout asks for: {"assignment", "exercises": {id: {"answers": {name: kind}, "checks": [source]}}}."""
    return json.loads((HERE / "exercises.json").read_text("utf8"))
