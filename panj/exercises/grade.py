"""Grade what students handed in: make grade SUBMISSIONS=folder-or-zip ASSIGNMENT=ps1.

Writes into _build/grades/<assignment> (or OUT):

    grades.csv          a row for each student and exercise; points_by_hand and comment_by_hand are yours to fill
    rubric.csv          a row for each criterion of what a person grades; level_0_to_3 and remark are yours to fill
    feedback/           a page for each student
    feedback-moodle.zip the same for Moodle's "Upload multiple feedback files in a zip", when it came from Moodle
    summary.md          the class at a glance

Nothing of a submission is run: its answers are data that hand_in() stored in the notebook. What a person typed
into the tables stays when the same assignment is graded again. PRIVATE adds an instructor's own exercises and checks.
"""

import hashlib
import json
import os
import sys
from pathlib import Path

from . import feedback, marks
from .receipts import read
from .source import ROOT, Fault, assignments, everything
from .submissions import submissions

GRADES = ROOT / "_build" / "grades"
TABLES = {"grades.csv": marks.GRADES, "rubric.csv": marks.RUBRIC}


def grade(path, assignment, out=None, private=None):
    """Grade the folder or ZIP `path`; gives (folder, number of submissions). Fault names what stands in the way."""
    given, out = named(assignment, private), Path(out).expanduser() if out else GRADES / assignment
    if Path(path).expanduser().is_dir() and out.resolve().is_relative_to(Path(path).expanduser().resolve()):
        raise Fault(f"{out}: lies in the folder of the submissions; name another folder with OUT=…")
    found = submissions(path, lambda data, name: read(data, name, assignment, given["exercises"]))
    twins = same(found)
    rows, rubric = [], []
    for submission in found:
        for order, e in enumerate(given["exercises"], 1):
            rows.append(row(submission, e, order, twins.get(submission.student)))
            rubric += levels(submission, e, order)
    before = {name: marks.read(out / name, columns) if (out / name).exists() else [] for name, columns in TABLES.items()}
    if before["grades.csv"] and not {row["exercise"] for row in before["grades.csv"]} & {e.id for e in given["exercises"]}:
        raise Fault(f"{out}: holds the grades of another assignment; name another folder with OUT=…")
    rows, rubric = (marks.keep(name, new, before[name]) for name, new in zip(TABLES, (rows, rubric)))
    out.mkdir(parents=True, exist_ok=True)
    marks.write(out / "grades.csv", marks.GRADES, rows)
    marks.write(out / "rubric.csv", marks.RUBRIC, rubric)
    hand_back(out, assignment, given, rows, rubric)
    _write(out / "summary.md", feedback.summary(given["title"], given["exercises"], len(found), [r for r in rows if r["status"] != marks.LEFT]))
    return out, len(found)


def named(assignment, private=None):
    """The assignment of this name. Fault lists those that there are."""
    exercises, _ = everything(private)
    known = assignments(exercises, private)
    if assignment not in known:
        raise Fault(f"there is no assignment {assignment!r}; ASSIGNMENT is one of: {', '.join(known)}")
    return known[assignment]


def row(submission, e, order, twins):
    """The row of grades.csv for one student and exercise. Points are those of checks; a rubric's come with `make finish`."""
    receipt = submission.receipt
    answers, lacking = receipt.answers.get(e.id, {}), receipt.missing.get(e.id, {})
    points, comment = 0, []
    if receipt.problem:
        status = receipt.problem
    elif not answers:
        status = "not answered"
    else:
        status = "graded"
        results = e.results(answers)
        points = sum(check.points for check in e.checks if results[check.name] == "passed")
        comment = [f"{name} {why}." for name, why in lacking.items()]
        comment += [check.feedback for check in e.checks if results[check.name] == "failed"]
    notes = [*receipt.notes, *submission.notes, *([f"{feedback.SAME}{twins}, have a look"] if twins else [])]
    return {
        "student": submission.student,
        "name": submission.name,
        "file": submission.file,
        "order": order,
        "exercise": e.id,
        "points": points,
        "of": sum(check.points for check in e.checks),
        "status": "; ".join([status, *notes]),
        "comment": "\n".join(comment),
        "points_by_hand": "",
        "comment_by_hand": "",
    }


def levels(submission, e, order):
    """The rows of rubric.csv for one student and exercise, each with what the student wrote."""
    answers = submission.receipt.answers.get(e.id, {})
    wrote = {name: answers[name].strip() for name, kind in e.kinds.items() if kind == "written" and name in answers}
    wrote |= {name: _chart(answers[name]) for name, kind in e.kinds.items() if kind == "figure" and name in answers}
    text = "\n\n".join(f"{name}: {text}" if len(wrote) > 1 else text for name, text in wrote.items())
    common = {"student": submission.student, "name": submission.name, "order": order, "exercise": e.id, "answer": marks.clean(text)}
    blank = {"flag": "", "level_0_to_3": "", "remark": ""}
    return [common | {"criterion": criterion, "look_for": look} | blank for criterion, look in e.criteria.items()]


def _chart(figure):
    """A chart in one line; to see it, open the notebook."""
    title = figure["layout"].get("title")
    title = title.get("text") if isinstance(title, dict) else title
    kinds = [str(trace.get("type", "scatter"))[:20] for trace in figure["data"] if isinstance(trace, dict)][:10]
    return f"a chart ({', '.join(kinds)}) with the title “{str(title)[:200]}”; open the notebook to see it"


def same(found):
    """{student: who has the same answers}, for receipts that are equal in everything and hold something written."""
    groups = {}
    for submission in found:
        answers = submission.receipt.answers
        if any(isinstance(value, str) and len(value.split()) > 5 for given in answers.values() for value in given.values()):
            digest = hashlib.sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()
            groups.setdefault(digest, []).append(submission)
    return {s.student: _names([t for t in group if t is not s]) for group in groups.values() for s in group if len(group) > 1}


def _names(group):
    shown = [s.name if s.name == s.student else f"{s.name} ({s.student})" for s in group[:3]]
    return ", ".join(shown) + (f" and {len(group) - 3} more" if len(group) > 3 else "")


def hand_back(out, assignment, given, rows, rubric, totals=None):
    """Write the feedback of every student with rows in the tables; `totals` {student: one sentence} stands at its head."""
    (out / "feedback").mkdir(exist_ok=True)
    by, given_levels = {}, {}
    for r in rows:
        by.setdefault(r["student"], []).append(r)
    for mark in rubric:
        given_levels.setdefault(mark["student"], []).append(mark)
    names, files = feedback.filenames([(student, own[0]["name"]) for student, own in by.items()]), {}
    for student, own in by.items():
        text = feedback.student(given["title"], given["exercises"], own, given_levels.get(student, []), (totals or {}).get(student, ""))
        _write(out / "feedback" / f"{names[student]}.md", text)
        files[own[0]["file"]] = text
    feedback.bundle(out / "feedback-moodle.zip", assignment, files)


def _write(path, text):
    path.write_bytes(text.encode("utf8", "replace"))


def asked(*names):
    """What stands after make: the values of these variables. Fault says how the command goes."""
    for name in names:
        if not os.environ.get(name):
            command = "grade SUBMISSIONS=folder-or-zip" if "SUBMISSIONS" in names else "finish"
            raise Fault(f"make {command} ASSIGNMENT=ps1: {name} is missing")
    return [os.environ[name] for name in names]


if __name__ == "__main__":
    try:
        folder, number = grade(*asked("SUBMISSIONS", "ASSIGNMENT"), os.environ.get("OUT"), os.environ.get("PRIVATE"))
        print(f"{number} submissions graded; {folder}/summary.md shows the class, and rubric.csv beside it waits for your levels.")
    except Fault as fault:
        sys.exit(str(fault))
