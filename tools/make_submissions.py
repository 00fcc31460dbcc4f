"""python tools/make_submissions.py writes tests/submissions/ps1 anew: twelve submissions as Moodle's ZIP holds them.

One came later, in a ZIP of its own: not every tool that copies files takes its name.

Everything in them comes from the exercises and their stored proofs: run it again when the exercises of ps1 change.
"""

import json
import re
import shutil
import zipfile
from pathlib import Path

from panj.exercises.handouts import student
from panj.exercises.source import assignments, everything
from panj.handin import collect, fingerprint
from panj.handin.answers import MIME

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "tests" / "submissions"
OTHER = "ethnicity"  # an assignment that shares no exercise with ps1


def model(exercises):
    """The model answers of these exercises as {exercise: {name: value}}."""
    return {e.id: dict(e.proof["model"]) for e in exercises}


def written(exercises, n):
    """The model answers, with the number n of a student before everything that is written."""
    given = model(exercises)
    for e in exercises:
        given[e.id] |= {name: f"\n({n}) {given[e.id][name].lstrip()}" for name, kind in e.kinds.items() if kind == "written"}
    return given


def notebook(name, assignment, given, blank=None):
    """The student's notebook, as a dict, after a run with these answers ({exercise: {name: value}}).

    `blank` is the text of the handout's notebook, where it is at hand.
    """
    made = json.loads(blank or student(assignment))
    values = {key: value for answers in given.values() for key, value in answers.items()}
    own = [key for e in assignment["exercises"] for key in e.answers]
    for number, cell in enumerate(made["cells"], 1):
        cell["source"] = "".join(cell["source"])
        if cell["cell_type"] == "code":
            cell["execution_count"] = number
            answers = [key for key in own if re.search(rf"^{key} =", cell["source"], re.M)]
            if answers:
                cell["source"] = "\n".join(f"{key} = {repr(values[key]) if key in values else '...'}" for key in answers)
    last(made)["outputs"] = [output(receipt(name, assignment, given, made))]
    return made


def last(made):
    """The cell of a notebook that hands in."""
    return next(cell for cell in made["cells"] if cell["source"] == "hand_in()")


def receipt(name, assignment, given, made):
    """What hand_in() stores for these answers."""
    answers, missing = {}, {}
    for e in assignment["exercises"]:
        answers[e.id], lacking = collect(e.kinds, given.get(e.id, {}))
        missing |= lacking
    ran = sorted({fingerprint(cell["source"]) for cell in made["cells"] if cell["cell_type"] == "code" and cell["source"].strip()})
    return {"format": 1, "assignment": name, "answers": answers, "missing": missing, "ran": ran}


def output(stored):
    return {"output_type": "display_data", "metadata": {}, "data": {MIME: stored, "text/plain": "answers recorded."}}


def text(made):
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def samples():
    """{path: text} of the twelve submissions."""
    exercises, _ = everything()
    known = assignments(exercises)
    ps1, own = known["ps1"], known["ps1"]["exercises"]
    good = notebook("ps1", ps1, written(own, 1))
    half = written(own, 2)
    half[own[0].id] |= own[0].proof["wrong"][0]["answers"]
    half[own[-1].id] = {}
    unrun = json.loads(student(ps1))
    edited = notebook("ps1", ps1, written(own, 4))
    next(cell for cell in edited["cells"] if cell["source"].startswith("import"))["source"] += "\n# one more look"
    first = notebook("ps1", ps1, half)
    twin = text(notebook("ps1", ps1, written(own, 11)))
    elsewhere = notebook(OTHER, known[OTHER], written(known[OTHER]["exercises"], 10))
    return {
        "Anora Good_4100001/ps1.ipynb": text(good),
        "Behruz Middling_4100002/ps1.ipynb": text(notebook("ps1", ps1, half)),
        "Chaman Unrun_4100003/ps1.ipynb": text(unrun),
        "Daler Edited_4100004/ps1.ipynb": text(edited),
        "Esen Webpage_4100005/ps1.ipynb": "<!DOCTYPE html>\n<title>ps1</title>\n<p>Saved from the browser.</p>\n",
        "Farida Truncated_4100006/ps1.ipynb": text(good)[: len(text(good)) // 3],
        "Gulnora Again_4100007/ps1.ipynb": text(first),
        "Gulnora Again_4100007/ps1-1.ipynb": text(notebook("ps1", ps1, written(own, 7))),
        "late.zip/Karimi, سارا_4100008/ps1.ipynb": text(notebook("ps1", ps1, written(own, 8))),
        "=SUM(1+1)_4100009/ps1.ipynb": text(notebook("ps1", ps1, written(own, 9))),
        "Ilhom Elsewhere_4100010/ps1.ipynb": text(elsewhere),
        "Jamila Same_4100011/ps1.ipynb": twin,
        "Komron Same_4100012/ps1.ipynb": twin,
    }


def write(folder):
    """Write the samples below `folder`, which is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "late.zip", "w") as late:
        for path, made in samples().items():
            *above, person, file = path.split("/")
            if above:
                entry = zipfile.ZipInfo(f"{person}_assignsubmission_file_/{file}", (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                late.writestr(entry, made)
                continue
            target = folder / f"{person}_assignsubmission_file_" / file
            target.parent.mkdir(exist_ok=True)
            target.write_text(made, "utf8", newline="\n")


if __name__ == "__main__":
    write(SAMPLES / "ps1")
