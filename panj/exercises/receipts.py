"""Read what hand_in() has stored in a notebook: data, re-validated here, and never code to run.

A field the receipt should not have, such as a score, is never looked at. Answers go through the same
`encode` as on the student's side, so that a check meets only plain data of the declared kind and size.
"""

import json
import re
from dataclasses import dataclass, field

from ..handin import fingerprint
from ..handin.answers import MIME, NotAnAnswer, encode

DEEPEST = 50
FIELDS = {"format", "assignment", "answers", "missing", "ran"}


@dataclass
class Receipt:
    """The answers of one file: `answers` {exercise: {name: value}}, `missing` {exercise: {name: why}}.

    `problem`: one sentence when nothing could be read; `notes`: what a person should know of what was read.
    """

    problem: str = ""
    notes: list = field(default_factory=list)
    answers: dict = field(default_factory=dict)
    missing: dict = field(default_factory=dict)


def read(data, file, assignment, exercises):
    """The Receipt for `assignment` (its name) with these exercises in the bytes of a notebook. It never raises."""
    try:
        cells = _cells(data, file)
        found = [(place, receipt) for place, cell in enumerate(cells) for receipt in _stored(cell)]
        if not found:
            return Receipt("not run: no receipt found; ask the student to run all cells and save")
        own = [(place, receipt) for place, receipt in found if receipt.get("assignment") == assignment]
        if not own:
            return Receipt(f"for another assignment ({_short(found[-1][1].get('assignment'))}); ask for {assignment}.ipynb")
        place, receipt = own[-1]
        made = Receipt(notes=["more than one receipt; the last was taken"] if len(found) > 1 else [])
        if set(receipt) - FIELDS:
            made.notes.append("the receipt holds fields that are not its own, which were ignored")
        _validate(made, receipt, exercises)
        changed = _changed(cells[: place + 1], receipt.get("ran"))
        if changed:
            made.notes.append(f"code changed after the last run, or not run (cell {', '.join(map(str, changed))}); the answers are those of the run")
        return made
    except _Unreadable as why:
        return Receipt(str(why))
    except RecursionError:
        return Receipt("this file is nested too deeply to be a notebook; ask for it again")


class _Unreadable(Exception):
    """Why a file gives no receipt."""


def _cells(data, file):
    if not data.strip():
        raise _Unreadable("this file is empty; ask for it again")
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeError:
        raise _Unreadable("this file is no text in UTF-8, so no notebook; ask for the .ipynb file") from None
    if text.lstrip().startswith("<"):
        raise _Unreadable("this file is a web page, not a notebook; ask for the .ipynb file")
    try:
        cells = json.loads(text)["cells"]
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
        raise _Unreadable(f"this file is {'cut off' if cut else 'no notebook that can be read'}; ask for it again") from None
    except (ValueError, KeyError, TypeError):  # a number of thousands of digits; JSON that is no notebook
        raise _Unreadable("this file is no notebook that can be read; ask for it again") from None
    return [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else []


def _stored(cell):
    """The receipts among a cell's outputs, in order, whatever else stands there."""
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else []:
        data = output.get("data") if isinstance(output, dict) else None
        stored = data.get(MIME) if isinstance(data, dict) else None
        if isinstance(stored, list) and all(isinstance(line, str) for line in stored):  # some programs keep JSON as lines
            stored = "".join(stored)
        if isinstance(stored, str):
            try:
                stored = json.loads(stored)
            except ValueError:
                continue
        if isinstance(stored, dict):
            yield stored


def _validate(made, receipt, exercises):
    """Fill answers and missing of each exercise with what is plain data of the declared kind."""
    given, said = _dict(receipt.get("answers")), _dict(receipt.get("missing"))
    for e in exercises:
        values, made.answers[e.id], made.missing[e.id] = _dict(given.get(e.id)), {}, {}
        for name, kind in e.kinds.items():
            try:
                if _deep(values.get(name)):
                    raise NotAnAnswer("is nested too deeply to be an answer")
                made.answers[e.id][name] = encode(values.get(name), kind)
            except NotAnAnswer as why:
                made.missing[e.id][name] = _short(said[name]) if name not in values and isinstance(said.get(name), str) else str(why)


def _deep(value):
    """Whether lists and dicts are nested so deeply that a program might stumble; a chart needs about ten levels."""
    level = [value]
    for _ in range(DEEPEST):
        level = [item for part in level if isinstance(part, (dict, list)) for item in (part.values() if isinstance(part, dict) else part)]
        if not level:
            return False
    return True


def _changed(cells, ran):
    """The numbers of code cells, up to the receipt, that had not run in this form. Without fingerprints it cannot be seen."""
    if not isinstance(ran, list) or not ran:
        return []
    known = {mark for mark in ran if isinstance(mark, str)}
    sources = ((number, _source(cell)) for number, cell in enumerate(cells, 1) if cell.get("cell_type") == "code")
    return [number for number, source in sources if source.strip() and fingerprint(source) not in known]


def _source(cell):
    source = cell.get("source")
    source = "".join(line for line in source if isinstance(line, str)) if isinstance(source, list) else source
    return source.encode("utf8", "replace").decode() if isinstance(source, str) else ""


def _dict(value):
    return value if isinstance(value, dict) else {}


def _short(value):
    return re.sub(r"\s+", " ", value)[:120] if isinstance(value, str) else "of an unknown name"
