"""Handouts: ``python -m panj.exercises.handouts`` (make handouts) writes them into _build/handouts.

    student/<assignment>/      the notebook, its data, the folder handin/ and a README; also as a ZIP
    instructor/<assignment>.ipynb   the same with model answers, checks, wrong answers, rubrics and anchors
    instructor/<assignment>-rubric.md    the rubrics alone
    quiz/<quiz>-moodle.xml, <quiz>-canvas.zip    to be imported (lms.py)

An assignment is an entry of exercises/assignments.yml, or a chapter. The same sources always give the same bytes.
"""

import json
import os
import re
import shutil
import sys
from pathlib import Path

import nbformat

from ..archive import pack
from ..data import DATA
from ..markup import about
from . import lms
from .source import ROLE, ROOT, Fault, assignments, everything

OUT = ROOT / "_build" / "handouts"
HANDIN = ROOT / "panj" / "handin"
TABLE = re.compile(r"\.\./data/([\w.-]+)")

README = """\
# {title}

1. Unpack this folder and keep it together: the notebook reads `data/` and `handin/` beside it.
2. You need Python with `jupyterlab`, `pandas` and `plotly` (`pip install jupyterlab pandas plotly`). Nothing else is loaded, and no network is needed.
3. Open `{name}.ipynb`, put your answers in place of the dots, and run all cells.
4. Read the receipt below the last cell, save the notebook, and hand in that one file.

From the teaching module Across the Panj. Text and tables CC BY 4.0, code MIT.
"""

FIRST = """\
# {title}

Put your answers where the dots or the empty lines are. After each exercise a cell looks at the *form* of your answers; \
whether they are right you learn with your grade. At the end run all cells, read the receipt, save, and hand in this file.
"""

LAST = "## Hand in\n\nRun all cells first, then look at the receipt: does it name everything you did?"


def student(assignment):
    """The student's notebook: tasks, hints, set-up, empty answers, checks of form, and the cell that collects."""
    cells, notes = [_text(FIRST.format(**assignment)), _code("from handin import check, hand_in")], Notes()
    for number, e in enumerate(assignment["exercises"], 1):
        cells.append(_text(f"## Exercise {number}. {e.about['title']}\n\n*About {e.about['minutes']} minutes.*\n\n{notes.plain(e.text('task'))}"))
        hints = (f"<details><summary>Hint {n}</summary>\n\n{notes.plain(h['source'])}\n\n</details>" for n, h in enumerate(e.parts("hint"), 1))
        cells.append(_text("\n\n".join(hints)))
        cells += [_code(_here(cell["source"])) for kind in ("setup", "starter", "written") for cell in e.parts(kind)]
        cells.append(_code(f'check("{e.id}")'))
    cells += [_text(LAST), _code("hand_in()"), *notes.cell()]
    return _notebook(cells)


def instructor(assignment):
    """The instructor's notebook: what the student's holds, with everything that is withheld there."""
    cells, notes = [_text(f"# {assignment['title']}: for instructors")], Notes()
    for number, e in enumerate(assignment["exercises"], 1):
        kind = f"{e.about['bloom']}, {e.about['form']}, {e.about['minutes']} minutes, {e.points} points, model answer {e.about['solution']}"
        cells.append(_text(f"## Exercise {number}. {e.about['title']}\n\n*{kind}. Objectives {', '.join(map(str, e.about['objectives']))} of {e.about['chapter']}. `{e.id}`*\n\n{notes.plain(e.text('task'))}"))
        cells += [_text(f"*Hint {n}.* {notes.plain(h['source'])}") for n, h in enumerate(e.parts("hint"), 1)]
        cells += [_code(_here(cell["source"])) for part in ("setup", "solution") for cell in e.parts(part)]
        cells.append(_text(f"**Why.** {notes.plain(e.text('why'))}"))
        lines = [f"- `{c.name}` ({'public' if c.public else f'hidden, {c.points} points'}): {c.feedback}" for c in e.checks]
        cells.append(_text("**Checks**\n\n" + "\n".join(lines)))
        cells += [_code(check.source) for check in e.checks]
        wrong = [f"- fails `{w['fails']}`: {w['why']}" for w in e.proof["wrong"]]
        if wrong:
            cells.append(_text("**Tempting mistakes**\n\n" + "\n".join(wrong)))
        if e.criteria:
            cells.append(_text("**Rubric**\n\n" + notes.plain(e.scale)))
            cells += [_text(f"**Anchor {n}**, for calibration\n\n{notes.plain(a['source'])}") for n, a in enumerate(e.parts("anchor"), 1)]
    return _notebook(cells + notes.cell())


def sheet(assignment):
    """The rubrics of an assignment as a page to print: what to look for, and what each level means."""
    notes = Notes()
    parts = [f"# {assignment['title']}: rubric", "Give each criterion a level from 0 to 3; a level is a point."]
    for number, e in enumerate(assignment["exercises"], 1):
        if e.criteria:
            parts.append(f"## Exercise {number}. {e.about['title']}\n\n{notes.plain(e.scale)}")
    return "\n\n".join(parts + [cell["source"] for cell in notes.cell()]) + "\n"


class Notes:
    """Turns the book's links to the evidence into numbered notes that a plain notebook can show."""

    def __init__(self):
        self.keys = []

    def plain(self, text):
        return ROLE.sub(self._note, text)

    def _note(self, match):
        kind, words, key = match.groups()
        if kind == "term":
            return words
        key = key or words
        if (kind, key) not in self.keys:
            self.keys.append((kind, key))
        return f"{words or key} [{self.keys.index((kind, key)) + 1}]"

    def cell(self):
        """A last cell with the notes, if there are any."""
        lines = []
        for n, (kind, key) in enumerate(self.keys, 1):
            says, _, more = about(kind)[key]
            lines.append(f"{n}. " + (f"The article, claim `{key}`: {says} ({more})" if kind == "claim" else f"{says} (`{key}`)"))
        return [_text("## Notes\n\n" + "\n".join(lines))] if lines else []


def declared(name, assignment):
    """handin/exercises.json: the answers by kind, and the public checks alone."""
    exercises = {e.id: {"answers": e.kinds, "checks": [c.source for c in e.checks if c.public]} for e in assignment["exercises"]}
    return json.dumps({"assignment": name, "exercises": exercises}, indent=1, ensure_ascii=False)


def build(out=OUT, private=None):
    """Write every handout below `out`, which is made anew; gives the names of the assignments."""
    exercises, quizzes = everything(private)
    found = assignments(exercises, private)
    shutil.rmtree(out, ignore_errors=True)
    for name, assignment in found.items():
        files = {f"{name}.ipynb": student(assignment), "README.md": README.format(name=name, title=assignment["title"])}
        files["handin/exercises.json"] = declared(name, assignment)
        files |= {f"handin/{path.name}": path.read_text("utf8") for path in sorted(HANDIN.glob("*.py"))}
        tables = {t for e in assignment["exercises"] for c in e.parts("setup") + e.parts("solution") for t in TABLE.findall(c["source"])}
        files |= {f"data/{table}": (DATA / table).read_text("utf8") for table in sorted(tables)}
        for file, text in files.items():
            _write(out / "student" / name / file, text)
        pack(out / "student" / f"{name}.zip", {f"{name}/{file}": text for file, text in files.items()})
        _write(out / "instructor" / f"{name}.ipynb", instructor(assignment))
        _write(out / "instructor" / f"{name}-rubric.md", sheet(assignment))
    for name, quiz in quizzes.items():
        _write(out / "quiz" / f"{name}-moodle.xml", lms.moodle(quiz))
        (out / "quiz" / f"{name}-canvas.zip").write_bytes(lms.canvas(quiz))
    return list(found)


def _here(source):
    """Code of the repository's exercises/ as it runs beside data/."""
    return TABLE.sub(r"data/\1", source)


def _text(source):
    return nbformat.v4.new_markdown_cell(source)


def _code(source):
    return nbformat.v4.new_code_cell(source)


def _notebook(cells):
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{number:02d}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    made = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
    return nbformat.writes(made) + "\n"


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf8", newline="\n")


if __name__ == "__main__":
    try:
        print(f"Handouts for {', '.join(build(private=os.environ.get('PRIVATE')))} are in {OUT.relative_to(Path.cwd()) if OUT.is_relative_to(Path.cwd()) else OUT}")
    except Fault as fault:
        sys.exit(str(fault))
