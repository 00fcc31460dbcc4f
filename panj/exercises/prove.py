"""The last cell of an exercise: run its parts against its checks and store what came out.

The solution must pass every check, and so must the same answers computed a second way, since hidden checks
compare with the solution and would follow its mistakes. The starter must pass none, and each wrong answer
must fail the check it names and no other. The stored output holds the model answers, so that nothing else
has to run them again.
"""

import os
from pathlib import Path

from ..handin import collect
from .source import PROOF, read, tag


def prove(name):
    """Prove the saved notebook `name` of this folder (or of the folder that PRIVATE names), print it and store it.

    AssertionError with one sentence when a part does not do what it should.
    """
    from IPython.display import display

    folders = [Path.cwd(), Path(os.environ.get("PRIVATE") or ".").expanduser()]
    path = next((f / f"{name}.ipynb" for f in folders if (f / f"{name}.ipynb").exists()), folders[0] / f"{name}.ipynb")
    proof, lines = proven(read(path))
    display({PROOF: proof, "text/plain": "\n".join(lines)}, raw=True)


def proven(e):
    """({"model", "wrong"}, lines to print) of an Exercise whose parts do what they should."""
    model, missing = collect(e.kinds, run(e, "setup", "starter", "written", "solution"))
    assert not missing, f"{e.id}: with the solution, {_list(missing)}"
    lines = [f"{len(e.answers)} answers, {len(e.checks)} checks, {e.points} points"]

    results = e.results(model, model)
    assert set(results.values()) <= {"passed"}, f"{e.id}: the solution does not pass {_list(results, 'passed')}"
    lines.append("The solution passes every check.")

    again, _ = collect(e.kinds, run(e, "setup", "starter", "written", "confirm"))
    for name in e.computed:
        assert name in again, f"{e.id}: no cell with the tag confirm computes {name} a second time"
    for results in (e.results(model | again, model), e.results(model, model | again)):
        assert set(results.values()) <= {"passed"}, f"{e.id}: solution and second computation disagree: {_list(results, 'passed')}"
    if e.computed:
        lines.append("A second computation agrees.")

    given, _ = collect(e.kinds, run(e, "setup", "starter", "written"))
    results = e.results(given, model)
    assert "passed" not in results.values(), f"{e.id}: the starter may pass nothing: {_list(results)}"
    lines.append("The starter passes none.")

    wrong = []
    for cell in e.parts("wrong"):
        found = run(e, "setup", "starter", "written", "solution")
        exec(compile(cell["source"], f"{e.id}, cell {cell['number']}", "exec"), found)
        answers, _ = collect(e.kinds, found)
        results = {name: what for name, what in e.results(answers, model).items() if what not in ("passed", "not reached")}
        fails, why = tag(cell, "fails"), cell["source"].splitlines()[0].removeprefix("# ")
        assert results == {fails: "failed"}, f"{e.id}, cell {cell['number']}: should fail {fails} and nothing else, but: {_list(results)}"
        changed = {name: answers[name] for name in answers if answers[name] != model[name]}
        wrong.append({"why": why, "fails": fails, "answers": changed})
        lines.append(f"Fails {fails}: {why}")
    return steady({"model": model, "wrong": wrong}), lines


def steady(value):
    """The same with floats to twelve digits: Python adds more exactly from 3.12 on, and the last digits differ."""
    if isinstance(value, dict):
        return {key: steady(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [steady(item) for item in value]
    return float(f"{value:.12g}") if isinstance(value, float) else value


def _list(found, besides=None):
    return ", ".join(f"{name} {what}" for name, what in found.items() if what != besides) or "nothing"


def run(e, *kinds):
    """The variables after the cells of these kinds have run, in the order of the notebook."""
    found = {"__name__": "__exercise__"}
    for cell in e.cells:
        if cell["part"] in kinds:
            exec(compile(cell["source"], f"{e.id}, cell {cell['number']}", "exec"), found)
    return found
