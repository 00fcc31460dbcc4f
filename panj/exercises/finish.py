"""Put the points of checks and the levels of a person together: make finish ASSIGNMENT=ps1.

Reads grades.csv and rubric.csv in _build/grades/<assignment> (or OUT), writes final.csv (student, name, points by
exercise, total, of, complete, open, status) and the feedback anew, with levels in words. What is empty or cannot be a
level is named, counts as nothing so far, and leaves the student's row incomplete; all else goes on.
"""

import os
import sys
from pathlib import Path

from . import feedback, marks
from .grade import GRADES, TABLES, asked, hand_back, named
from .source import Fault


def finish(assignment, out=None, private=None):
    """(folder, sentences on what is open) once final.csv and the feedback are written."""
    given, out = named(assignment, private), Path(out).expanduser() if out else GRADES / assignment
    for name in TABLES:
        if not (out / name).exists():
            raise Fault(f"{out / name}: there is no such file; run make grade first")
    rows, rubric = (marks.read(out / name, columns) for name, columns in TABLES.items())
    said, final, statuses, ids = [], {}, {}, [e.id for e in given["exercises"]]
    for row in rows:
        _add(final, row, _points(row, said))
        statuses.setdefault(row["student"], {})[row["exercise"]] = row["status"]
    seen = set()
    for row in rubric:
        key = tuple(row[c] for c in marks.KEYS["rubric.csv"])
        _add(final, row, _level(row, said) if key not in seen else _twice(row, said))
        seen.add(key)
    for student, line in final.items():
        found = statuses.get(student, {})
        line["open"] += sum(e not in found for e in ids)  # rows kept of a submission that is gone
        line |= {e: line.get(e, 0.0) for e in ids}
        line |= {"total": sum(line[e] for e in ids), "of": sum(e.points for e in given["exercises"])}
        line |= {"complete": "no" if line["open"] else "yes", "status": "; ".join(dict.fromkeys(found.values())) or marks.LEFT}
    marks.write(out / "final.csv", ["student", "name", *ids, "total", "of", "complete", "open", "status"], final.values())
    totals = {name: f"**{line['total']:g} of {line['of']} points{' so far' if line['open'] else ''}.**" for name, line in final.items()}
    hand_back(out, assignment, given, rows, rubric, totals)
    return out, said


def _add(final, row, points):
    line = final.setdefault(row["student"], {"student": row["student"], "name": row["name"], "open": 0})
    line[row["exercise"]] = line.get(row["exercise"], 0.0) + (points or 0)
    line["open"] += points is None


def _points(row, said):
    """The points of one row of grades.csv, those by hand first; None when they are no such points."""
    column = "points_by_hand" if row["points_by_hand"].strip() else "points"
    try:
        points = float(row[column].replace(",", "."))
        if 0 <= points <= float(row["of"]):
            return points
    except ValueError:
        pass
    said.append(f"grades.csv, row {row['row']} ({row['name']}, {row['exercise']}): {column} is {row[column]!r}; type a number from 0 to {row['of']}")
    return None


def _twice(mark, said):
    said.append(f"{_where(mark)}: there is another row for this; delete one of the two")


def _where(mark):
    return f"rubric.csv, row {mark['row']} ({mark['name']}, {mark['exercise']}, {mark['criterion']})"


def _level(mark, said):
    """The points of one row of rubric.csv; nothing written needs no level and gets none."""
    where = _where(mark)
    typed, level = mark["level_0_to_3"].strip(), feedback.level_of(mark["level_0_to_3"])
    if level is None and not typed and not mark["answer"]:
        return 0.0
    if level is None:
        said.append(f"{where}: the level is {repr(typed) if typed else 'empty'}; type 0, 1, 2 or 3")
    elif mark["flag"] == marks.CHANGED:
        said.append(f"{where}: {marks.CHANGED}")
    return level


if __name__ == "__main__":
    try:
        folder, said = finish(*asked("ASSIGNMENT"), os.environ.get("OUT"), os.environ.get("PRIVATE"))
        print("\n".join([*said, f"{folder}/final.csv is written" + (f"; {len(said)} things are open." if said else ", and complete.")]))
    except Fault as fault:
        sys.exit(str(fault))
