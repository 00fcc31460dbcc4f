"""The grader reads what students hand in, whatever it is, and keeps what a person typed.

Submissions are made by small functions from the exercises' stored proofs; none is run but in the test of the whole loop.
"""

import copy
import csv
import io
import json
import os
import random
import re
import stat
import subprocess
import sys
import time
import zipfile

import pytest
from conftest import ROOT
from make_submissions import SAMPLES, last, model, notebook, output, text, write, written
from markdown_it import MarkdownIt

import panj.exercises.grade
from panj.exercises import feedback, handouts, marks, submissions
from panj.exercises.finish import finish
from panj.exercises.grade import asked, grade
from panj.exercises.source import Fault, assignments, everything
from panj.handin.answers import MIME, MOST

EXERCISES, QUIZZES = everything()
PS1 = assignments(EXERCISES)["ps1"]
OWN = PS1["exercises"]
BLANK = handouts.student(PS1)
FULL = sum(check.points for e in OWN for check in e.checks)
NUMBER = next((e, name) for e in OWN for name, kind in e.kinds.items() if kind == "number")
LIST = next((e, name) for e in OWN for name, kind in e.kinds.items() if kind == "list")
WRITTEN = next((e, name) for e in OWN for name, kind in e.kinds.items() if kind == "written")


@pytest.fixture(autouse=True)
def read_once(monkeypatch):
    """The exercises of the repository are read once for all tests, to be quick."""
    monkeypatch.setattr(panj.exercises.grade, "everything", lambda private=None: everything(private) if private else (EXERCISES, QUIZZES))


def handed_in(n=0, answers=None, **values):
    """A notebook of ps1 with model answers; `values` replaces some in the receipt alone, as a forger would."""
    made = notebook("ps1", PS1, answers or written(OWN, n), BLANK)
    for name, value in values.items():
        e = next(e for e in OWN if name in e.answers)
        stored(made)["answers"][e.id][name] = value
    return made


def stored(made):
    return last(made)["outputs"][-1]["data"][MIME]


def put(folder, files):
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data if isinstance(data, bytes) else (data if isinstance(data, str) else text(data)).encode())
    return folder


def packed(path, files, change=None):
    """A ZIP of {name: bytes, text or notebook}; `change` may alter each entry before it is written."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            if change:
                change(entry)
            archive.writestr(entry, data if isinstance(data, (bytes, str)) else text(data))
    return path


def rows(out, name="grades.csv"):
    with open(out / name, encoding="utf-8-sig", newline="") as file:
        return [{key: marks.plain(value) for key, value in row.items()} for row in csv.DictReader(file)]


def change(out, name, where, **values):
    """What a person does in a spreadsheet: type into the rows for which `where` holds."""
    found = rows(out, name)
    for row in found:
        if where(row):
            row.update(values)
    with open(out / name, "w", encoding="utf-8-sig", newline="") as file:
        table = csv.DictWriter(file, found[0])
        table.writeheader()
        table.writerows(found)


def points(found, student):
    return sum(float(row["points"]) for row in found if row["student"] == student)


def status(found, student):
    return {row["status"] for row in found if row["student"] == student}


# The whole way


def test_the_model_answers_get_every_point_from_the_handout_to_the_table(tmp_path):
    """Build the handout, answer and run it in a kernel as a student does, save, grade."""
    import nbformat
    from nbclient import NotebookClient

    handouts.build(tmp_path / "made")
    folder = tmp_path / "made" / "student" / "ps1"
    answered, opened = notebook("ps1", PS1, model(OWN), BLANK), nbformat.read(folder / "ps1.ipynb", 4)
    for cell, filled in zip(opened.cells, answered["cells"], strict=True):
        cell.source = filled["source"]
    (tmp_path / "none").mkdir()
    client = NotebookClient(opened, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    client.execute(env=os.environ | {"PYTHONPATH": str(tmp_path / "none")})
    (tmp_path / "class").mkdir()
    nbformat.write(opened, tmp_path / "class" / "ada.ipynb")
    out, number = grade(tmp_path / "class", "ps1", tmp_path / "out")
    assert number == 1 and status(rows(out), "ada") == {"graded"} and points(rows(out), "ada") == FULL
    assert {row["comment"] for row in rows(out)} == {""}
    run = next(o["data"][MIME] for c in opened.cells for o in c.get("outputs", []) if MIME in o.get("data", {}))
    assert run["answers"] == stored(answered)["answers"] and set(stored(answered)["ran"]) <= set(run["ran"])


@pytest.mark.parametrize("rebuilt", [False, True], ids=["as kept", "made anew"])
def test_the_sample_submissions_get_the_statuses_that_are_written_down(tmp_path, rebuilt):
    folder = SAMPLES  # with expected.csv in it, which is nobody's submission
    if rebuilt:
        folder = tmp_path / "ps1"
        write(folder)
    out, _ = grade(folder, "ps1", tmp_path / "out")
    with open(SAMPLES / "expected.csv", encoding="utf8", newline="") as file:
        expected = [tuple(row.values()) for row in csv.DictReader(file)]
    assert len({student for student, *_ in expected}) == 12
    found = [(row["student"], row["name"], row["exercise"], row["status"]) for row in rows(out)]
    assert sorted(found) == sorted(expected), "after a change of the exercises of ps1: python tools/make_submissions.py"


# Broken and hostile notebooks, one beside a good one


def lines(value):
    return value.splitlines(keepends=True)


def with_receipt(value):
    made = handed_in()
    last(made)["outputs"][0]["data"][MIME] = value
    return made


def unrun():
    return json.loads(BLANK)


def edited():
    made = handed_in()
    made["cells"][[n for n, c in enumerate(made["cells"]) if c["cell_type"] == "code"][1]]["source"] += "\nx = 1"
    return made


def old_answers():
    """Answers mended in the cell, but not run again: the receipt has the old ones."""
    e, name = NUMBER
    made = handed_in(answers=written(OWN, 0) | {e.id: e.proof["model"] | e.proof["wrong"][0]["answers"]})
    for cell, right in zip(made["cells"], handed_in()["cells"]):
        cell["source"] = right["source"]
    return made


def noted_later():
    made = handed_in()
    made["cells"].append({"cell_type": "code", "metadata": {}, "source": "1 + 1", "outputs": [], "execution_count": None})
    return made


def copied():
    made = handed_in()
    made["cells"][4:4] = [dict(cell) for cell in made["cells"][4:7]]
    return made


def deleted(keep):
    made = handed_in()
    made["cells"] = [cell for cell in made["cells"] if keep(cell)]
    return made


def stripped():
    made = handed_in()
    return {"cells": [{key: cell[key] for key in ("cell_type", "source", "outputs") if key in cell} for cell in made["cells"]]}


def two_receipts():
    made = handed_in()
    first = handed_in(answers={e.id: {} for e in OWN})
    last(made)["outputs"].insert(0, output(stored(first)))
    return made


def two_assignments():
    made = handed_in()
    last(made)["outputs"].append(output(stored(made) | {"assignment": "another"}))
    return made


def forged():
    made = handed_in(answers={e.id: {} for e in OWN})
    stored(made).update(score=99, points={e.id: 99 for e in OWN}, status="graded")
    made["cells"][-1]["metadata"]["nbgrader"] = {"score": 99}
    return made


def nested(depth):
    return "[" * depth + "]" * depth


def deep_answer(depth):
    return raw(LIST[1], nested(depth))


def raw(name, value):
    """The text of a notebook with JSON for an answer that json.dumps could not write, or only slowly."""
    return text(handed_in(**{name: "HERE"})).replace('"HERE"', value)


JUNK = [1, None, [], {}, {"outputs": 3}, {"outputs": [1, {"data": 2}, {"data": {MIME: None}}]}]
SOURCES = [{"cell_type": "code", "source": source} for source in (None, 3, {}, [1, None])]
MILLION = "[" + "0," * (10**6 - 1) + "0]"


def without(field):
    made = handed_in()
    del stored(made)[field]
    return made


OPEN = FULL - sum(c.points for c in NUMBER[0].checks if NUMBER[1] in c.needs)
NO_LIST = FULL - sum(c.points for c in LIST[0].checks if LIST[1] in c.needs)
BROKEN = {
    "not run": (unrun, "not run: no receipt found; ask the student to run all cells and save", 0),
    "code edited after the run": (edited, "graded; code changed after the last run, or not run (cell", FULL),
    "old answers after edited code": (old_answers, "code changed after the last run", None),
    "a cell added after the receipt": (noted_later, "graded", FULL),
    "copied cells": (copied, "graded", FULL),
    "deleted cells": (lambda: deleted(lambda c: c["source"] == "hand_in()"), "graded", FULL),
    "deleted receipt": (lambda: deleted(lambda c: c["source"] != "hand_in()"), "not run", 0),
    "stripped metadata": (stripped, "graded", FULL),
    "two receipts": (two_receipts, "graded; more than one receipt; the last was taken", FULL),
    "a receipt of another assignment too": (two_assignments, "more than one receipt", FULL),
    "forged scores": (forged, "fields that are not its own, which were ignored", 0),
    "no fingerprints": (lambda: without("ran"), "graded", FULL),
    "no answers at all": (lambda: without("answers"), "not answered", 0),
    "receipt is a list": (lambda: with_receipt([1, 2]), "not run", 0),
    "receipt as text": (lambda: with_receipt(json.dumps(stored(handed_in()))), "graded", FULL),
    "receipt as lines": (lambda: with_receipt(lines(json.dumps(stored(handed_in()), indent=1))), "graded", FULL),
    "receipt as broken text": (lambda: with_receipt("{"), "not run", 0),
    "answers are a list": (lambda: with_receipt(stored(handed_in()) | {"answers": [1]}), "not answered", 0),
    "assignment is no name": (lambda: with_receipt(stored(handed_in()) | {"assignment": {"a": 1}}), "for another assignment", 0),
    "other fields of the wrong type": (lambda: with_receipt(stored(handed_in()) | {"ran": {"a": 1}, "missing": 3}), "graded", FULL),
    "fingerprints of the wrong type": (lambda: with_receipt(stored(handed_in()) | {"ran": [1, [2], None]}), "code changed", FULL),
    "a number as text": (lambda: handed_in(**{NUMBER[1]: "33"}), "graded", OPEN),
    "True for a number": (lambda: handed_in(**{NUMBER[1]: True}), "graded", OPEN),
    "a number of two kinds": (lambda: handed_in(**{NUMBER[1]: {"value": 33}}), "graded", OPEN),
    "a list of lists": (lambda: handed_in(**{LIST[1]: [["AFG"]]}), "graded", NO_LIST),
    "NaN": (lambda: handed_in(**{NUMBER[1]: float("nan")}), "graded", OPEN),
    "Infinity": (lambda: handed_in(**{NUMBER[1]: float("-inf")}), "graded", OPEN),
    "a number of 5,000 digits": (lambda: raw(NUMBER[1], "9" * 5000), "no notebook", 0),
    "a million items": (lambda: raw(LIST[1], MILLION), "graded", NO_LIST),
    "a huge text": (lambda: handed_in(**{WRITTEN[1]: "word " * 10**5}), "graded", FULL),
    "halves of characters": (lambda: json.dumps(handed_in(**{WRITTEN[1]: "\ud800 \x00 \x1b[31m " * 9})), "graded", FULL),
    "an answer nested deeply": (lambda: deep_answer(200), "graded", NO_LIST),
    "a file nested 100,000 deep": (lambda: nested(100_000), "nested too deeply", 0),
    "an answer nested 100,000 deep": (lambda: deep_answer(100_000), "nested too deeply", 0),
    "a web page": (lambda: "\n <!DOCTYPE html><title>ps1</title>", "this file is a web page, not a notebook", 0),
    "cut off": (lambda: text(handed_in())[:2000], "this file is cut off", 0),
    "cut off after a value": (lambda: text(handed_in()).rstrip()[:-1].rstrip(), "this file is cut off", 0),
    "not UTF-8": (lambda: b"\x89PNG\r\n\x1a\n\x00\xfe", "no text in UTF-8", 0),
    "with a mark of UTF-8": (lambda: b"\xef\xbb\xbf" + text(handed_in()).encode(), "graded", FULL),
    "UTF-16": (lambda: text(handed_in()).encode("utf-16"), "graded", FULL),
    "UTF-16 cut": (lambda: text(handed_in()).encode("utf-16")[:1001], "no text", 0),
    "empty": (lambda: b" \n", "this file is empty", 0),
    "JSON, but a list": (lambda: "[1]", "no notebook", 0),
    "JSON, but a number": (lambda: "1", "no notebook", 0),
    "no cells": (lambda: '{"nbformat": 4}', "no notebook", 0),
    "cells are text": (lambda: '{"cells": "abc"}', "not run", 0),
    "cells of all kinds": (lambda: {"cells": [*JUNK, *handed_in()["cells"]]}, "graded", FULL),
    "sources of all kinds": (lambda: {"cells": [*SOURCES, *handed_in()["cells"]]}, "graded", FULL),
    "more than 20 MB": (lambda: b" " * (submissions.MOST["file"] + 1), "larger than 20 MB, so it was not read", 0),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_or_hostile_notebook_gets_its_row_and_the_batch_goes_on(tmp_path, case):
    make, says, expected = BROKEN[case]
    put(tmp_path / "class", {"broken.ipynb": make(), "good.ipynb": handed_in(1)})
    out, number = grade(tmp_path / "class", "ps1", tmp_path / "out")
    found = rows(out)
    assert number == 2 and len(found) == 2 * len(OWN)
    assert status(found, "good") == {"graded"} and points(found, "good") == FULL
    assert all(says in s for s in status(found, "broken")), status(found, "broken")
    assert says != "graded" or status(found, "broken") == {"graded"}
    assert points(found, "broken") == expected if expected is not None else 0 < points(found, "broken") < FULL
    assert (out / "feedback" / "broken.md").exists()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        (NUMBER[1], "33", "should be a number, but is text"),
        (NUMBER[1], float("nan"), "should be a finite number"),
        (NUMBER[1], None, "is missing"),
        (LIST[1], MILLION, "has 1,000,000 items; an answer has at most 1,000"),
        (LIST[1], [json.loads(nested(60))], "is nested too deeply to be an answer"),
        (WRITTEN[1], "word " * 10**5, "is longer than 20,000 characters"),
    ],
)
def test_an_answer_of_the_wrong_form_is_named(tmp_path, name, value, says):
    put(tmp_path / "class", {"ada.ipynb": raw(name, value) if value == MILLION else handed_in(**{name: value})})
    out, _ = grade(tmp_path / "class", "ps1", tmp_path / "out")
    assert f"{name} {says}." in "\n".join(row["comment"] for row in rows(out)).splitlines()


CHARTED = next(name for name, a in assignments(EXERCISES).items() if any("figure" in e.kinds.values() for e in a["exercises"]))
BAR = {"type": "bar", "x": [1], "y": [1]}


CHARTS = [
    {"data": [BAR], "layout": {"title": {"text": {"text": ["<b>"] * 999}}}},
    {"data": [1, None, [], {"type": {"a": [1]}}, {"x": "abc", "y": {"a": None}}], "layout": {"title": 3}},
    {"data": [BAR] * 5000, "layout": {"title": "=1+1 | <script>"}},
    {"data": [BAR | {"y": [float("nan"), float("inf"), None, "a"]}], "layout": {"xaxis": "x", "yaxis": [1]}},
    {"data": "abc", "layout": "abc"},
    *({"data": [{"type": depth}], "layout": {}} for depth in (40, 300, 940, 980)),  # what JSON may still read, and what may stumble later
]


@pytest.mark.parametrize("chart", CHARTS, ids=range(len(CHARTS)))
def test_a_hostile_chart_stops_nothing(tmp_path, chart):
    assignment = assignments(EXERCISES)[CHARTED]
    e, name = next((e, name) for e in assignment["exercises"] for name, kind in e.kinds.items() if kind == "figure")
    ada, bob = (notebook(CHARTED, assignment, given(assignment["exercises"])) for given in (lambda own: written(own, 1), model))
    stored(ada)["answers"][e.id][name] = chart
    ada = re.sub(r'"type": (\d+)', lambda m: f'"type": {nested(int(m[1]))}', text(ada))
    out, _ = grade(put(tmp_path / "class", {"ada.ipynb": ada, "bob.ipynb": bob}), CHARTED, tmp_path / "out")
    row = next(row for row in rows(out) if row["student"] == "ada" and row["exercise"] == e.id)
    assert (row["status"] == "graded" or "nested too deeply" in row["status"]) and float(row["points"]) < float(row["of"])
    assert all(float(row["of"]) == float(row["points"]) for row in rows(out) if row["student"] == "bob")


def test_nothing_that_is_read_stops_the_batch(tmp_path):
    """Hundreds of good notebooks in which a few places, drawn by lot, hold something else; and as many with broken bytes."""
    draw, good = random.Random(7), text(handed_in())
    junk = [None, True, -1, 1e308, float("nan"), "", "=1", "\ud800", "a" * 300, [], {}, [None], [[1]], {"a": {"b": []}}, {"": 0}]
    made = {}
    for n in range(150):
        spoilt = json.loads(good)
        for _ in range(draw.randrange(1, 4)):
            place = draw.choice([_stored_in(spoilt), spoilt])
            while isinstance(place, (dict, list)) and place:
                key = draw.choice(list(place)) if isinstance(place, dict) else draw.randrange(len(place))
                if not isinstance(place[key], (dict, list)) or not place[key] or draw.random() < 0.25:
                    place[key] = copy.deepcopy(draw.choice(junk))
                    break
                place = place[key]
        made[f"a{n}.ipynb"] = json.dumps(spoilt)
        spoilt = bytearray(good.encode())
        for _ in range(draw.randrange(1, 9)):
            spoilt[draw.randrange(len(spoilt))] = draw.randrange(256)
        made[f"b{n}.ipynb"] = bytes(spoilt)
    out, number = grade(packed(tmp_path / "class.zip", made), "ps1", tmp_path / "out")
    assert number == len(made) and len(rows(out)) == len(made) * len(OWN)
    assert len({row["status"] for row in rows(out)}) > 5
    finish("ps1", out)


def _stored_in(made):
    """The receipt of a notebook that may have lost it already."""
    try:
        return stored(made)
    except (StopIteration, LookupError, TypeError, AttributeError):
        return made


def test_a_submission_is_never_run(tmp_path):
    made, trap = handed_in(), tmp_path / "trap"
    for cell in made["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = f"open({str(trap)!r}, 'w')"
    put(tmp_path / "class", {"ada.ipynb": made, "handin/__init__.py": f"open({str(trap)!r}, 'w')", "sitecustomize.py": f"open({str(trap)!r}, 'w')"})
    grade(tmp_path / "class", "ps1", tmp_path / "out")
    assert not trap.exists()


def test_answers_of_the_largest_size_keep_no_check_busy():
    """Every check of every exercise, hidden ones too, with the most that encode lets through."""
    large = {
        "number": [1e299, -1e299, 10**299, 5e-324],
        "text": ["a" * MOST["characters"], "a " * (MOST["characters"] // 2)],
        "written": ["a" * MOST["characters"], "-\n" * (MOST["characters"] // 2)],
        "list": [["a" * 200] * MOST["items"], [1e299] * MOST["items"]],
        "table": [[{f"c{n}": 1e299 for n in range(MOST["columns"])}] * MOST["rows"]],
        "figure": [{"data": [{"type": "bar", "x": [0] * 10**5, "y": [0] * 10**5}], "layout": {"title": {"text": "t" * 10**5}}}],
    }
    begun = time.perf_counter()
    for e in EXERCISES.values():
        for n in range(4):
            e.results({name: large[kind][n % len(large[kind])] for name, kind in e.kinds.items()})
    assert time.perf_counter() - begun < 5


# ZIPs and folders


def from_zip(tmp_path, files, change=None, name="class.zip"):
    out, number = grade(packed(tmp_path / name, files, change), "ps1", tmp_path / "out")
    return rows(out), number


def test_a_zip_is_read_without_unpacking(tmp_path):
    inner = packed(tmp_path / "inner.zip", {"ps1/ps1.ipynb": handed_in(2), "ps1/data/lengths.csv": "a", "ps1/handin/exercises.json": "{}"}).read_bytes()
    litter = {"__MACOSX/._ada.ipynb": b"x", "Bob/.ipynb_checkpoints/ps1-checkpoint.ipynb": unrun(), ".DS_Store": b"x"}
    found, number = from_zip(tmp_path, {"ada.ipynb": handed_in(1), "Bob/ps1.zip": inner, "cy/.ipynb": handed_in(3)} | litter)
    assert number == 3 and points(found, "ada") == points(found, "Bob") == points(found, "cy") == FULL and status(found, "Bob") == {"graded"}
    assert {row["file"] for row in found if row["student"] == "Bob"} == {"Bob/ps1.zip/ps1/ps1.ipynb"}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["class.zip", "inner.zip", "out"]


def test_the_folder_that_was_packed_is_no_student(tmp_path):
    found, number = from_zip(tmp_path, {"class/ada.ipynb": handed_in(1), "class/bob/ps1.ipynb": handed_in(2)})
    assert number == 2 and points(found, "ada") == points(found, "bob") == FULL


OUTSIDE = ["../../evil.ipynb", "/evil.ipynb", "C:\\evil.ipynb", "..\\..\\evil.ipynb", "a/../../evil.ipynb", "\\\\host\\evil.ipynb"]


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_path_that_leaves_the_zip_is_refused(tmp_path, name):
    found, number = from_zip(tmp_path, {name: handed_in(), "good.ipynb": handed_in(1)})
    bad = {row["status"] for row in found if row["student"] != "good"}
    assert number == 2 and len(bad) == 1 and "points to a place outside it" in bad.pop() and points(found, "good") == FULL


def test_backslashes_in_a_zip_are_folders(tmp_path):
    found, _ = from_zip(tmp_path, {"ada\\ps1.ipynb": handed_in(1), "bob\\ps1.ipynb": handed_in(2)})
    assert points(found, "ada") == points(found, "bob") == FULL


def test_a_zip_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setitem(submissions.MOST, "unpacked", 60_000_000)
    bomb = b" " * (submissions.MOST["file"] + 1)
    almost = b" " * (submissions.MOST["file"] - 1)
    begun = time.perf_counter()
    found, _ = from_zip(tmp_path, {"a.ipynb": bomb, **{f"b{n}.ipynb": almost for n in range(5)}})
    assert "larger than 20 MB" in status(found, "a").pop()
    assert "this file is empty" in status(found, "b0").pop() and "once unpacked" in status(found, "b4").pop()
    assert time.perf_counter() - begun < 10


def test_no_more_is_read_than_the_limit():
    class Endless(io.BytesIO):
        def read(self, size=-1):
            assert 0 < size <= submissions.MOST["file"] + 1
            return b" " * size

    assert "larger than 20 MB" in submissions._bytes(100, Endless)[1]
    assert "larger than 20 MB" in submissions._bytes(submissions.MOST["file"] + 1, lambda: pytest.fail("opened"))[1]


def test_a_size_that_a_zip_lies_about_is_not_believed(tmp_path):
    path = packed(tmp_path / "class.zip", {"ada.ipynb": b" " * (submissions.MOST["file"] + 1)})
    small = (submissions.MOST["file"] + 1).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(small, (100).to_bytes(4, "little")))
    out, _ = grade(path, "ps1", tmp_path / "out")
    assert status(rows(out), "ada") <= {"this file is damaged; ask for it again", "this file is empty; ask for it again"}


def test_too_many_files_and_too_many_zips_within_zips(tmp_path, monkeypatch):
    monkeypatch.setitem(submissions.MOST, "files", 3)
    deep = packed(tmp_path / "a.zip", {"ps1.ipynb": handed_in()}).read_bytes()
    deep = packed(tmp_path / "b.zip", {"b.zip": deep}).read_bytes()
    files = {"ada.zip": deep, **{f"s{n}.ipynb": handed_in(n) for n in range(3)}}
    found, _ = from_zip(tmp_path, files)
    assert "a ZIP within a ZIP within a ZIP" in status(found, "ada").pop() and points(found, "s0") == FULL
    assert any("more than 3 files" in row["status"] for row in found)


def test_links_in_a_zip_are_not_followed(tmp_path):
    def link(entry):
        entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16

    found, _ = from_zip(tmp_path, {"ada.ipynb": "/etc/passwd"}, link)
    assert "a link to another place" in status(found, "ada").pop()


def spoilt(tmp_path, spoil):
    path = packed(tmp_path / "class.zip", {"ada.ipynb": handed_in()})
    path.write_bytes(spoil(path.read_bytes()))
    out, _ = grade(path, "ps1", tmp_path / "out")
    return status(rows(out), "ada").pop()


def test_a_locked_a_damaged_and_an_unknown_zip(tmp_path):
    def lock(data):  # the bit that says "encrypted", in both headers
        local, central = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
        made = bytearray(data)
        made[local + 6] |= 1
        made[central + 8] |= 1
        return bytes(made)

    def method(data):
        made = bytearray(data)
        made[data.index(b"PK\x03\x04") + 8] = made[data.index(b"PK\x01\x02") + 10] = 97
        return bytes(made)

    assert "locked with a password" in spoilt(tmp_path, lock)
    assert "damaged" in spoilt(tmp_path, lambda data: data[:500] + bytes(40) + data[540:])
    assert "damaged" in spoilt(tmp_path, method)
    put(tmp_path / "class", {"ada.zip": b"PK\x03\x04 not really", "good.ipynb": handed_in(1)})
    out, _ = grade(tmp_path / "class", "ps1", tmp_path / "out")
    assert "this ZIP cannot be opened" in status(rows(out), "ada").pop() and points(rows(out), "good") == FULL


def test_links_and_pipes_in_a_folder_are_not_followed(tmp_path):
    put(tmp_path / "class", {"good.ipynb": handed_in(1), "good/.ipynb_checkpoints/x.ipynb": "x"})
    put(tmp_path / "elsewhere", {"ps1.ipynb": handed_in(2)})
    (tmp_path / "class" / "ada.ipynb").symlink_to(tmp_path / "elsewhere" / "ps1.ipynb")
    (tmp_path / "class" / "bob").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(tmp_path / "class" / "cy.ipynb")
    out, number = grade(tmp_path / "class", "ps1", tmp_path / "out")
    assert number == 4 and points(rows(out), "good") == FULL
    assert all("a link to another place" in status(rows(out), name).pop() for name in ("ada", "bob"))
    assert "no file that can be read" in status(rows(out), "cy").pop()


def test_what_cannot_be_graded_at_all_is_one_sentence(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "litter").mkdir()
    (tmp_path / "litter" / ".DS_Store").touch()
    put(tmp_path, {"class/ada.ipynb": handed_in(), "text.zip": "no ZIP"})
    for path, name, out, says in [
        ("nowhere", "ps1", "out", "nowhere: there is no such folder or file"),
        ("empty", "ps1", "out", "empty: holds no submissions"),
        ("litter", "ps1", "out", "holds no submissions"),
        ("text.zip", "ps1", "out", "neither a folder nor a ZIP"),
        ("class", "ps99", "out", "there is no assignment 'ps99'; ASSIGNMENT is one of: ps1"),
        ("class", "ps1", "class/out", "lies in the folder of the submissions"),
    ]:
        with pytest.raises(Fault, match=re.escape(says)):
            grade(tmp_path / path, name, tmp_path / out)
        assert not (tmp_path / out).exists()


def test_a_command_says_what_is_missing(monkeypatch):
    for name in ("SUBMISSIONS", "ASSIGNMENT"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(Fault, match="^make finish ASSIGNMENT=ps1: ASSIGNMENT is missing$"):
        asked("ASSIGNMENT")
    done = subprocess.run([sys.executable, "-m", "panj.exercises.grade"], cwd=ROOT, env=os.environ, capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.strip() == "make grade SUBMISSIONS=folder-or-zip ASSIGNMENT=ps1: SUBMISSIONS is missing"


# Whose it is


def people(tmp_path, files):
    out, _ = grade(put(tmp_path / "class", files), "ps1", tmp_path / "out")
    return {row["student"]: row for row in rows(out)}


def test_moodle_with_folders_without_and_of_every_version(tmp_path):
    found = people(
        tmp_path,
        {
            "Ada Love-Lace_1234567_assignsubmission_file_/ps1.ipynb": handed_in(1),
            "Bob O'Neil_1234568_assignsubmission_file/sub/ps1.ipynb": handed_in(2),
            "Cy_1234569_assignsubmission_file_my_ps1.ipynb": handed_in(3),
            "Cy_1234569_assignsubmission_onlinetext_/onlinetext.html": "<p>Please see my file.</p>",
            "Dee_1234570_assignsubmission_onlinetext_/onlinetext.html": "<p>I had no time.</p>",
            "Participant_1234571_assignsubmission_file_/ps1.pdf": b"%PDF",
            "grades of last year.csv": "a,b",
        },
    )
    assert {key: row["name"] for key, row in found.items()} == {
        "1234567": "Ada Love-Lace",
        "1234568": "Bob O'Neil",
        "1234569": "Cy",
        "1234570": "Dee",
        "1234571": "Participant",
    }
    assert all(found[key]["status"] == "graded" for key in ("1234567", "1234568", "1234569"))
    assert "a web page" in found["1234570"]["status"] and "no notebook was handed in, but ps1.pdf" in found["1234571"]["status"]


def test_canvas_with_late_and_newer_submissions(tmp_path):
    found = people(
        tmp_path,
        {
            "lovelaceada_12345_67890_ps1.ipynb": handed_in(answers={e.id: {} for e in OWN}),
            "lovelaceada_LATE_12345_100000_ps1-1.ipynb": handed_in(1),
            "oneilbob_late_12346_67892_my_ps1.ipynb": handed_in(2),
            "de_groot_12347_67893_ps1.ipynb": handed_in(3),
        },
    )
    assert {key: row["name"] for key, row in found.items()} == {"12345": "lovelaceada", "12346": "oneilbob", "12347": "de_groot"}
    assert found["12345"]["status"] == "graded; newer submission taken: lovelaceada_LATE_12345_100000_ps1-1.ipynb, not lovelaceada_12345_67890_ps1.ipynb"


def test_names_that_only_look_like_those_of_canvas_are_not_made_one_student(tmp_path):
    names = {"ada_2026_11_ps1", "bob_2026_11_ps1"}
    assert people(tmp_path, {f"{name}.ipynb": handed_in(n) for n, name in enumerate(names)}).keys() == names


def test_the_newest_submission_that_can_be_graded_counts(tmp_path):
    empty = handed_in(answers={e.id: {} for e in OWN})
    found = people(
        tmp_path,
        {
            **{f"ada/{name}": empty for name in ("ps1.ipynb", "ps1-2.ipynb", "ps1-9.ipynb")},
            "ada/ps1-10.ipynb": handed_in(1),
            "bob/ps1.ipynb": handed_in(2),
            "bob/ps1-1.ipynb": unrun(),
            "cy/ps1.ipynb": unrun(),
            "cy/ps1 (1).ipynb": "<html>",
        },
    )
    assert found["ada"]["file"] == "ada/ps1-10.ipynb" and found["ada"]["status"].startswith("graded; newer submission taken: ps1-10.ipynb, not ps1.ipynb")
    assert found["bob"]["status"].startswith("graded; older submission taken: ps1.ipynb; of ps1-1.ipynb: not run")
    assert found["cy"]["file"] == "cy/ps1 (1).ipynb" and "a web page" in found["cy"]["status"]


def test_the_same_answers_are_shown_to_the_teacher_alone(tmp_path):
    bare = {e.id: {name: value for name, value in e.proof["model"].items() if e.kinds[name] in ("number", "list")} for e in OWN}
    files = {"ada": handed_in(1), "bob": handed_in(1), "cy": handed_in(2), "dee": handed_in(answers=bare), "eve": handed_in(answers=bare)}
    out, _ = grade(put(tmp_path / "class", {f"{name}.ipynb": made for name, made in files.items()}), "ps1", tmp_path / "out")
    assert status(rows(out), "ada") == {"graded; same answers as bob, have a look"} and "same answers as ada" in status(rows(out), "bob").pop()
    assert not any("same" in s for name in ("cy", "dee", "eve") for s in status(rows(out), name))
    assert "bob" not in (out / "feedback" / "ada.md").read_text("utf8") and points(rows(out), "ada") == FULL


NAMES = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "\r=1", "＝1", "'=1", "a;=1", "a,b", 'a"b', "a\nb", "a b", "a\\b"]
NAMES += ["سارا\u202e", "\u202egnp", "😀", "Zoë", "Zoe\u0308", "ﬀ", "x" * 240, "Ada", "ada", "ADA", "CON", "nul.txt", "com1", "trailing.", "trailing "]
NAMES += ["*", "--help", "..", "<script>alert(1)</script>", "[x](javascript:1)"]


def test_hostile_names_are_shown_safely_and_keep_their_feedback_apart(tmp_path):
    """Names as folders in a ZIP, where any character may stand."""
    found, number = from_zip(tmp_path, {f"{name}_{n}_assignsubmission_file_/ps1.ipynb": handed_in(n) for n, name in enumerate(NAMES)})
    assert number == len({row["student"] for row in found}) >= len(NAMES) - 1
    pages = list((tmp_path / "out" / "feedback").iterdir())
    assert len(pages) == number and len({page.name.casefold() for page in pages}) == number
    for page in pages:
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f]|[. ]$|^-', page.stem), page.name
        assert not feedback.RESERVED.match(page.name) and len(page.name.encode()) < 150
    assert not any(re.search(r"[\n\r\t\u202e]", row["name"]) for row in found)


def test_plain_names_that_differ_in_case_alone_have_pages_of_their_own(tmp_path):
    made = feedback.filenames([(name, name) for name in NAMES])
    assert len({name.casefold() for name in made.values()}) == len(NAMES)


# The tables


HOSTILE = ["=1+1", " =1", "'=1", "''=1", "+1", "-1", "@a", "\t=1", "\r\n=1", "a\n=1", "a;=1", 'a";=cmd|x', "a; - b", "a\t@b", "＝1"]
HOSTILE += ["'quoted'", "plain", "", "-", "007", "'007", "10830000000012345", "0.5", "1234567"]


def test_a_cell_comes_back_as_it_was():
    draw = random.Random(1)
    made = HOSTILE + ["".join(draw.choice("=+-@;'\n\r\t a＝07") for _ in range(draw.randrange(12))) for _ in range(5000)]
    assert all(marks.plain(marks.safe(text)) == text for text in made)
    assert [marks.safe(text)[0] for text in ("007", "10830000000012345", "0.5", "1234567")] == ["'", "'", "0", "1"], "a spreadsheet changes some numbers"


def test_no_cell_runs_as_a_formula(tmp_path):
    """Every cell of every table, read with commas, and as a spreadsheet that expects semicolons or tabs would cut it."""
    files = {f"{name}_{n}_assignsubmission_file_/ps1.ipynb": handed_in(**{WRITTEN[1]: text}) for n, (name, text) in enumerate(zip(NAMES, HOSTILE * 2))}
    packed(tmp_path / "class.zip", files)
    out, _ = grade(tmp_path / "class.zip", "ps1", tmp_path / "out")
    change(out, "grades.csv", lambda row: True, comment_by_hand="=1+1")
    change(out, "rubric.csv", lambda row: True, remark="@now", level_0_to_3="=2")
    finish("ps1", out)
    grade(tmp_path / "class.zip", "ps1", out)
    for name in ("grades.csv", "rubric.csv", "final.csv"):
        content = (out / name).read_text("utf-8-sig")
        for delimiter in ",;\t":
            for line in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter):
                assert not any(re.match(r"[\s\"]*[=+\-@＝＋－＠]", cell) for cell in line), line


def marked(tmp_path, files=None):
    """A graded class with levels, remarks and points that a person has typed for ada."""
    files = files or {"ada.ipynb": handed_in(1), "bob.ipynb": handed_in(2)}
    out, _ = grade(put(tmp_path / "class", files), "ps1", tmp_path / "out")
    change(out, "rubric.csv", lambda row: row["student"] == "ada", level_0_to_3="2", remark="well argued <b>; see p. 3")
    change(out, "grades.csv", lambda row: row["student"] == "ada" and row["order"] == "1", points_by_hand="1,5", comment_by_hand="half for the *idea*")
    return out


def test_the_final_table_adds_levels_and_points_by_hand(tmp_path):
    out = marked(tmp_path)
    _, said = finish("ps1", out)
    final = {row["student"]: row for row in rows(out, "final.csv")}
    criteria = sum(len(e.criteria) for e in OWN)
    first = sum(c.points for c in OWN[0].checks)
    assert float(final["ada"]["total"]) == FULL - first + 1.5 + 2 * criteria and final["ada"]["complete"] == "yes"
    assert float(final["ada"][OWN[0].id]) == 1.5 + 2 * len(OWN[0].criteria)
    assert float(final["bob"]["total"]) == FULL and final["bob"]["complete"] == "no" and final["bob"]["open"] == str(criteria)
    assert float(final["bob"]["of"]) == sum(e.points for e in OWN) == FULL + 3 * criteria
    assert len(said) == criteria and all(re.match(r"rubric\.csv, row \d+ \(bob, .*\): the level is empty; type 0, 1, 2 or 3$", s) for s in said)
    page = (out / "feedback" / "ada.md").read_text("utf8")
    assert "2 of 3, competent: " in page and "well argued &lt;b&gt;" in page and "1,5 (by hand)" in page and "half for the \\*idea\\*" in page
    assert f"**{FULL - first + 1.5 + 2 * criteria:g} of {FULL + 3 * criteria} points.**" in page
    assert f"**{FULL} of {FULL + 3 * criteria} points so far.**" in (out / "feedback" / "bob.md").read_text("utf8")


def test_what_is_no_level_is_named_with_its_row_and_the_rest_goes_on(tmp_path):
    out = marked(tmp_path)
    for typed in ("4", "-1", "two", "1.5", "=3"):
        change(out, "rubric.csv", lambda row: row["student"] == "ada" and row["criterion"] == WRITTEN_CRITERION, level_0_to_3=typed)
        change(out, "grades.csv", lambda row: row["student"] == "bob" and row["order"] == "2", points_by_hand="99")
        _, said = finish("ps1", out)
        row = next(n for n, row in enumerate(rows(out, "rubric.csv"), 2) if row["student"] == "ada" and row["criterion"] == WRITTEN_CRITERION)
        assert any(s.startswith(f"rubric.csv, row {row} (ada, ") and f"the level is {typed!r}; type 0, 1, 2 or 3" in s for s in said)
        assert any(s.startswith("grades.csv, row 7 (bob, ") and "points_by_hand is '99'; type a number from 0 to" in s for s in said)
        assert {row["complete"] for row in rows(out, "final.csv")} == {"no"}


WRITTEN_CRITERION = next(iter(WRITTEN[0].criteria))


def test_what_was_not_written_needs_no_level(tmp_path):
    out, _ = grade(put(tmp_path / "class", {"ada.ipynb": unrun()}), "ps1", tmp_path / "out")
    _, said = finish("ps1", out)
    assert said == [] and rows(out, "final.csv")[0]["complete"] == "yes" and rows(out, "final.csv")[0]["total"] == "0"


def test_grading_again_keeps_what_was_typed_and_a_backup(tmp_path):
    out = marked(tmp_path)
    typed = (out / "rubric.csv").read_bytes()
    grade(tmp_path / "class", "ps1", out)
    assert {(row["level_0_to_3"], row["remark"]) for row in rows(out, "rubric.csv") if row["student"] == "ada"} == {("2", "well argued <b>; see p. 3")}
    assert {row["flag"] for row in rows(out, "rubric.csv")} == {""}
    assert [row["points_by_hand"] for row in rows(out) if row["student"] == "ada"] == ["1,5", "", "", ""]
    assert (out / "rubric.csv.1.bak").read_bytes() == typed
    before = sorted(p.name for p in out.iterdir())
    grade(tmp_path / "class", "ps1", out)
    assert sorted(p.name for p in out.iterdir()) == before, "nothing changed, so no more backups"


def test_a_level_on_an_answer_that_has_changed_is_kept_and_flagged_until_a_person_looks(tmp_path):
    out = marked(tmp_path)
    put(tmp_path / "class", {"ada.ipynb": handed_in(77)})
    for _ in range(2):
        grade(tmp_path / "class", "ps1", out)
        ada = [row for row in rows(out, "rubric.csv") if row["student"] == "ada"]
        assert {row["flag"] for row in ada} == {marks.CHANGED} and {row["level_0_to_3"] for row in ada} == {"2"}
        assert all("(77)" in row["answer"] for row in ada)
    assert sum(marks.CHANGED in sentence and "(ada, " in sentence for sentence in finish("ps1", out)[1]) == len(ada)
    change(out, "rubric.csv", lambda row: True, flag="")
    grade(tmp_path / "class", "ps1", out)
    assert {row["flag"] for row in rows(out, "rubric.csv")} == {""}


def test_a_row_with_something_typed_outlives_its_submission(tmp_path):
    out = marked(tmp_path)
    (tmp_path / "class" / "ada.ipynb").unlink()
    for _ in range(2):
        grade(tmp_path / "class", "ps1", out)
        left = [row for row in rows(out, "rubric.csv") if row["student"] == "ada"]
        assert len(left) == sum(len(e.criteria) for e in OWN) and {(row["flag"], row["level_0_to_3"]) for row in left} == {(marks.LEFT, "2")}
        assert [(row["status"], row["points_by_hand"]) for row in rows(out) if row["student"] == "ada"] == [(marks.LEFT, "1,5")]
    finish("ps1", out)
    assert next(row for row in rows(out, "final.csv") if row["student"] == "ada")["complete"] == "no"
    put(tmp_path / "class", {"ada.ipynb": handed_in(1)})
    grade(tmp_path / "class", "ps1", out)
    back = [row for row in rows(out, "rubric.csv") if row["student"] == "ada"]
    assert {(row["flag"], row["level_0_to_3"]) for row in back} == {("", "2")} and status(rows(out), "ada") == {"graded"}


def test_a_row_typed_twice_is_not_lost(tmp_path):
    out = marked(tmp_path)
    with open(out / "rubric.csv", encoding="utf-8-sig", newline="") as file:
        head, first, *others = csv.reader(file)
    with open(out / "rubric.csv", "w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, first, [*first[:-1], "another opinion"], *others])
    for _ in range(2):
        grade(tmp_path / "class", "ps1", out)
        both = [row["remark"] for row in rows(out, "rubric.csv") if [row[c] for c in ("student", "exercise", "criterion")] == [first[0], first[3], first[4]]]
        assert sorted(both) == ["another opinion", "well argued <b>; see p. 3"]
    _, said = finish("ps1", out)
    ada = next(row for row in rows(out, "final.csv") if row["student"] == "ada")
    assert ada["complete"] == "no" and any("another row for this; delete one of the two" in s for s in said)
    assert float(ada[OWN[0].id]) == 1.5 + 2 * len(OWN[0].criteria), "a second opinion adds no points"


@pytest.mark.parametrize("style", [{"delimiter": ";"}, {"delimiter": "\t"}, {"lineterminator": "\n"}, {"quoting": csv.QUOTE_ALL}], ids=str)
def test_a_table_as_other_spreadsheets_save_it(tmp_path, style):
    out = marked(tmp_path)
    with open(out / "rubric.csv", encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file))
    with open(out / "rubric.csv", "w", encoding="utf8", newline="") as file:
        csv.writer(file, **style).writerows(table)
    finish("ps1", out)
    assert next(row for row in rows(out, "final.csv") if row["student"] == "ada")["complete"] == "yes"


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda data: data.decode("utf-8-sig").replace("ada", "Zoë").encode("latin-1"), "rubric.csv: is not UTF-8 any more"),
        (lambda data: data.replace(b"level_0_to_3", b"level"), "rubric.csv, row 1: the column level_0_to_3 is gone"),
        (lambda data: b"", "rubric.csv, row 1: the column student is gone"),
        (lambda data: data + b'"open', "rubric.csv: is no table any more"),
    ],
)
def test_a_table_that_a_spreadsheet_has_spoilt_is_never_overwritten(tmp_path, spoil, says):
    out = marked(tmp_path)
    (out / "rubric.csv").write_bytes(spoil((out / "rubric.csv").read_bytes()))
    before = snapshot(out)
    for again in (lambda: grade(tmp_path / "class", "ps1", out), lambda: finish("ps1", out)):
        with pytest.raises(Fault, match=re.escape(says)):
            again()
        assert snapshot(out) == before


def test_a_table_that_is_locked_and_a_folder_with_other_grades(tmp_path):
    out = marked(tmp_path)
    (out / "final.csv").mkdir()
    with pytest.raises(Fault, match="^final.csv: cannot be written .*; close it in your spreadsheet and try again$"):
        finish("ps1", out)
    with pytest.raises(Fault, match="holds the grades of another assignment; name another folder"):
        grade(tmp_path / "class", "ethnicity", out)
    (out / "rubric.csv").unlink()
    (out / "rubric.csv").mkdir()
    with pytest.raises(Fault, match="^rubric.csv: cannot be read .*; close it in your spreadsheet and try again$"):
        grade(tmp_path / "class", "ps1", out)


def test_cleaning_keeps_the_grades(tmp_path):
    put(tmp_path, {"Makefile": (ROOT / "Makefile").read_bytes(), "_build/grades/ps1/rubric.csv": "typed", "_build/html/index.html": "built", "_build/a b.md": "built"})
    for _ in range(2):
        subprocess.run(["make", "-s", "clean"], cwd=tmp_path, check=True, stderr=subprocess.DEVNULL)
        assert [str(p.relative_to(tmp_path)) for p in (tmp_path / "_build").rglob("*") if p.is_file()] == ["_build/grades/ps1/rubric.csv"]


def test_finish_before_grade_is_one_sentence(tmp_path):
    with pytest.raises(Fault, match="run make grade first"):
        finish("ps1", tmp_path)


# What is read


def test_text_of_a_student_is_no_markup(tmp_path):
    bad = "<script>alert(1)</script> ![x](http://evil/x.png) [y](javascript:1) **bold** # head\n"
    bad += "```\n</details><img src=x onerror=1>\n````\n<b>\n| a | b |\n"
    made = handed_in(**{WRITTEN[1]: bad * 3})
    stored(made)["missing"] = {NUMBER[1]: bad}
    del stored(made)["answers"][NUMBER[0].id][NUMBER[1]]
    packed(tmp_path / "class.zip", {f"{bad}_7_assignsubmission_file_/x <b>.ipynb": made, "z.ipynb": "<html>"})
    out, _ = grade(tmp_path / "class.zip", "ps1", tmp_path / "out")
    change(out, "rubric.csv", lambda row: True, level_0_to_3="1", remark=bad)
    for _ in range(2):
        for page in [out / "summary.md", *(out / "feedback").iterdir()]:
            shown = MarkdownIt("commonmark").enable("table").render(page.read_text("utf8"))
            tags = set(re.findall(r"<(\w+)", shown))
            assert tags <= {"h1", "h2", "p", "ul", "li", "strong", "pre", "code", "table", "thead", "tbody", "tr", "th", "td", "ol"}, (page.name, tags)
            assert not re.search(r"https?://|www\.", re.sub(r"<pre>.*?</pre>", "", shown, flags=re.S)), "an address that some programs would link"
            assert "<strong>bold" not in shown and shown.count("<h1") == 1 and shown.count("<h2") <= len(OWN) + 2
        finish("ps1", out)


def test_feedback_tells_the_sentence_of_a_failed_check_and_no_more(tmp_path):
    for e in OWN:
        for n, wrong in enumerate(e.proof["wrong"]):
            answers = model(OWN)
            answers[e.id] |= wrong["answers"]
            out, _ = grade(put(tmp_path / f"{e.id}{n}", {"ada.ipynb": handed_in(answers=answers)}), "ps1", tmp_path / "out")
            check = next(check for check in e.checks if check.name == wrong["fails"])
            row = next(row for row in rows(out) if row["exercise"] == e.id)
            assert row["comment"] == check.feedback
            lost = float(row["of"]) - float(row["points"])
            assert lost > 0 if check.public else lost == check.points  # after a refused form, hidden checks are not reached
            page = (out / "feedback" / "ada.md").read_text("utf8")
            assert feedback.escape(check.feedback) in page and check.name not in page
    assert feedback.escape(check.feedback) in (out / "summary.md").read_text("utf8")


def test_a_teachers_own_check_counts(tmp_path):
    e, name = NUMBER
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / f"{e.id}.py").write_text(f'def never({name}):\n    """A check of my own."""\n    return {name} is None\n')
    out, _ = grade(put(tmp_path / "class", {"ada.ipynb": handed_in(1)}), "ps1", tmp_path / "out", tmp_path / "own")
    row = next(row for row in rows(out) if row["exercise"] == e.id)
    assert float(row["of"]) == float(row["points"]) + 1 and row["comment"] == "A check of my own."


def test_moodle_gets_its_feedback_back(tmp_path):
    """The names that mod/assign/feedback/file/importziplib.php takes apart: name_number_plugin type_plugin_."""
    files = {"Ada = Love_1234567_assignsubmission_file_/ps1.ipynb": handed_in(1), "Bob_1234568_assignsubmission_file_ps1.ipynb": handed_in(2)}
    files["cy.ipynb"] = handed_in(3)
    out, _ = grade(put(tmp_path / "class", files), "ps1", tmp_path / "out")
    data = (out / "feedback-moodle.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = {name: archive.read(name).decode() for name in archive.namelist()}
    assert [name.split("/")[0].split("_", 4)[1:] for name in sorted(found)] == [[n, "assignsubmission", "file", ""] for n in ("1234567", "1234568")]
    assert all(name.endswith("/feedback-ps1.md") and text.startswith("# ") for name, text in found.items())
    finish("ps1", out)
    assert (out / "feedback-moodle.zip").read_bytes() != data, "finishing brings the levels"
    plain, _ = grade(put(tmp_path / "plain", {"cy.ipynb": handed_in(3)}), "ps1", tmp_path / "out2")
    assert not (plain / "feedback-moodle.zip").exists()


def snapshot(folder):
    return {p: (p.read_bytes() if p.is_file() and not p.is_symlink() else None) for p in sorted(folder.rglob("*"))}


def test_nothing_is_written_but_in_the_folder_for_grades(tmp_path, monkeypatch):
    files = {f"{name}/ps1.ipynb": handed_in(n) for n, name in enumerate(NAMES)} | {f"{'../' * n}x.ipynb": handed_in() for n in range(1, 6)}
    files |= {f"{name}.ipynb": handed_in(n) for n, name in enumerate(["../../evil", "/evil", "a/../../evil"])}
    (tmp_path / "a").mkdir()
    packed(tmp_path / "a" / "class.zip", files)
    monkeypatch.chdir(tmp_path / "a")
    before = snapshot(tmp_path)
    grade(tmp_path / "a" / "class.zip", "ps1", tmp_path / "a" / "out")
    finish("ps1", tmp_path / "a" / "out")
    after = {path: data for path, data in snapshot(tmp_path).items() if not path.is_relative_to(tmp_path / "a" / "out")}
    assert after == before


def test_the_same_submissions_always_give_the_same_bytes(tmp_path):
    packed(tmp_path / "class.zip", {f"{name}_{n}_assignsubmission_file_/ps1.ipynb": handed_in(n % 5) for n, name in enumerate(NAMES)})
    one, two = (grade(tmp_path / "class.zip", "ps1", tmp_path / name)[0] for name in ("one", "two"))
    assert {p.relative_to(one): data for p, data in snapshot(one).items()} == {p.relative_to(two): data for p, data in snapshot(two).items()}
