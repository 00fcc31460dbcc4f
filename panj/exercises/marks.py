"""The tables a marker works in: CSV that no spreadsheet runs, and that keeps what a person has typed.

A cell that a spreadsheet would take for a formula, and a number that it would change, get an apostrophe, which
reading takes away again.
A table that changes is first copied to a numbered backup beside it: rubric.csv.1.bak, rubric.csv.2.bak, …
"""

import csv
import io
import itertools
import re

from .source import Fault

GRADES = ["student", "name", "file", "order", "exercise", "points", "of", "status", "comment", "points_by_hand", "comment_by_hand"]
RUBRIC = ["student", "name", "order", "exercise", "criterion", "look_for", "answer", "flag", "level_0_to_3", "remark"]
# Columns that a person fills; all others are written anew.
TYPED = {"grades.csv": ["points_by_hand", "comment_by_hand"], "rubric.csv": ["level_0_to_3", "remark"]}
KEYS = {"grades.csv": ["student", "exercise"], "rubric.csv": ["student", "exercise", "criterion"]}
GONE = {"grades.csv": "status", "rubric.csv": "flag"}  # where it stands that a row is left over
CHANGED = "the answer has changed since this was typed: look again, then empty this cell"
LEFT = "left over: no such row any more, kept for what was typed here"
# Where OWASP sees the beginning of a formula, wide forms too: in a cell, and where a spreadsheet that expects
# semicolons would begin another one. And numbers that a spreadsheet would change: 007, and those of 16 digits and more.
FORMULA = r"(^|[;\n\r\t])%s(?=[\s']*(?:[=+\-@＝＋－＠]|0\d|\d{16}))"
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def clean(text):
    """Text without what no table can hold: control characters and halves of characters."""
    return CONTROL.sub(" ", text.encode("utf8", "replace").decode())


def safe(value):
    """The value as the text of a cell that no spreadsheet runs or changes."""
    return re.sub(FORMULA % "", r"\1'", clean(format(value, "g") if isinstance(value, float) else str(value)))


def plain(text):
    """What `safe` was given."""
    return re.sub(FORMULA % "'", r"\1", text)


def read(path, columns):
    """The rows of a table as dicts, each with its number in a spreadsheet as "row". Fault names what a spreadsheet has spoilt."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Fault(f"{path.name}: cannot be read ({error.strerror}); close it in your spreadsheet and try again") from None
    except UnicodeError:
        raise Fault(f"{path.name}: is not UTF-8 any more; save it from your spreadsheet as 'CSV UTF-8', or restore a backup beside it") from None
    head = text.partition("\n")[0]
    delimiter = next((d for d in ",;\t" if d in head), ",")  # some spreadsheets save with semicolons
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restval="", strict=True))
    except csv.Error as error:
        raise Fault(f"{path.name}: is no table any more ({error}); restore a backup beside it") from None
    for column in columns:
        if column not in (rows[0] if rows else next(csv.reader([head], delimiter=delimiter), [])):
            raise Fault(f"{path.name}, row 1: the column {column} is gone; put it back, or restore a backup beside it")
    return [{c: plain(row[c]) for c in columns} | {"row": number} for number, row in enumerate(rows, 2)]


def write(path, columns, rows):
    """Write a table; one that is there and differs is kept as a numbered backup."""
    made = io.StringIO(newline="")
    table = csv.DictWriter(made, columns, extrasaction="ignore", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    table.writerow(dict(zip(columns, columns)))
    table.writerows({c: safe(row[c]) for c in columns} for row in rows)
    data = made.getvalue().encode("utf-8-sig")  # with its mark, or Excel spoils names
    try:
        if path.exists() and path.read_bytes() != data:
            backups = (path.with_name(f"{path.name}.{n}.bak") for n in itertools.count(1))
            next(backup for backup in backups if not backup.exists()).write_bytes(path.read_bytes())
        path.write_bytes(data)
    except OSError as error:
        raise Fault(f"{path.name}: cannot be written ({error.strerror}); close it in your spreadsheet and try again") from None


def keep(name, new, old):
    """The new rows of the table `name` with what a person typed in the old ones.

    A level or a remark on an answer that has changed is kept and flagged; the flag stays until a person empties
    it. A row where something is typed and that has no new one, or that is there twice, follows at the end.
    """
    typed, kept, left = TYPED[name], {}, []
    for row in old:
        if any(row[c].strip() for c in typed):
            key = tuple(row[c] for c in KEYS[name])
            left += [kept[key]] if key in kept else []
            kept[key] = row
    for row in new:
        was = kept.pop(tuple(str(row[c]) for c in KEYS[name]), None)
        if was:
            row |= {c: was[c] for c in typed}
            if name == "rubric.csv":
                row["flag"] = CHANGED if was["answer"].split() != row["answer"].split() else was["flag"].replace(LEFT, "")
    return new + [row | {GONE[name]: LEFT} for row in (*left, *kept.values())]
