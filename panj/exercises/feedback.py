"""What a student and a teacher read: Markdown made from the rows of grades.csv and rubric.csv.

What comes from a submission or a cell is shown as text: never as markup, a link or a formula of its own.
"""

import html
import re
import unicodedata
from collections import Counter
from functools import cache
from statistics import mean, median

from ..archive import pack
from .source import rubric
from .submissions import MOODLE

RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.I)
SAME = "same answers as "  # the last note of a status, for the teacher alone
BAR = 30  # characters of the longest bar


def student(title, exercises, rows, marks, total=""):
    """The feedback of one student. `rows` of grades.csv and `marks` of rubric.csv are this student's; `total` a sentence."""
    number = {e.id: n for n, e in enumerate(exercises, 1)}
    parts = [f"# {title}", f"{escape(rows[0]['name'])}, file {escape(rows[0]['file'])}", total]
    for row in rows:
        own = [mark for mark in marks if mark["exercise"] == row["exercise"]]
        e = next((e for e in exercises if e.id == row["exercise"]), None)
        parts.append(f"## Exercise {number[e.id]}. {e.about['title']}" if e else f"## {escape(row['exercise'])}")
        points = f"{escape(row['points_by_hand'])} (by hand)" if str(row["points_by_hand"]).strip() else f"{row['points']}"
        parts.append(f"Checked by program: {points} of {row['of']} points. {_sentence(row['status'])}".rstrip())
        parts.append("\n".join(f"- {escape(line)}" for line in str(row["comment"]).splitlines() if line.strip()))
        parts.append(escape(row["comment_by_hand"]))
        if own and own[0]["answer"]:
            parts.append(f"Your answer:\n\n{fenced(own[0]['answer'])}")
        parts.append("\n".join(map(_level, own)))
    return "\n\n".join(part for part in parts if part) + "\n"


def _level(mark):
    words, level = _words(), level_of(mark["level_0_to_3"])
    said = escape(mark["remark"])
    if level is None:
        given = "no answer, no points" if not mark["answer"] else "not marked yet"
    else:
        given = f"{level} of 3, {words['levels'][level]}: {words['criteria'].get(mark['criterion'], [''] * 4)[level]}"
    return f"- **{escape(mark['criterion'])}**: {given}." + (f" {said}" if said else "")


@cache
def _words():
    return rubric()


def level_of(text):
    """0, 1, 2 or 3 from what was typed, or None."""
    text = str(text).strip()
    return int(text[0]) if re.fullmatch(r"[0-3]([.,]0*)?", text) else None


def summary(title, exercises, submitted, rows):
    """The class at a glance: points by exercise, failed checks, and whom to look at. `rows` are those of grades.csv."""
    parts = [f"# {title}: summary", f"{submitted} submissions."]
    parts += [_distribution(n, e, [r for r in rows if r["exercise"] == e.id]) for n, e in enumerate(exercises, 1)]
    lines = Counter((r["exercise"], line) for r in rows for line in set(r["comment"].splitlines()))
    if lines:
        parts.append("## What failed most\n\n| Students | Exercise | What they were told |\n|---:|---|---|")
        parts[-1] += "".join(f"\n| {n} | {key} | {escape(line)} |" for (key, line), n in lines.most_common(15))
    look = list(dict.fromkeys((r["name"], r["student"], r["status"]) for r in rows if r["status"] not in ("graded", "not answered")))
    if look:
        parts.append("## Have a look\n\n| Name | Student | Status |\n|---|---|---|")
        parts[-1] += "".join(f"\n| {' | '.join(map(escape, row))} |" for row in look)
    return "\n\n".join(parts) + "\n"


def _distribution(number, e, rows):
    points = [float(r["points"]) for r in rows]
    answered = sum(r["status"].startswith("graded") for r in rows)
    head = f"## Exercise {number}. {e.about['title']}\n\n{answered} of {len(rows)} answered it."
    if not points or not rows[0]["of"]:
        return f"{head} It has no points by program."
    head += f" Points by program: mean {mean(points):.1f}, median {median(points):g}, of {rows[0]['of']}."
    counts = Counter(points)
    scale = BAR / max(counts.values())
    lines = [f"| {p:g} | {counts[p]} | {'█' * round(counts[p] * scale) or '▏'} |" for p in sorted(counts)]
    return "\n".join([f"{head}\n", "| Points | Students | |", "|---:|---:|---|", *lines])


def bundle(path, assignment, files):
    """A ZIP for Moodle's "Upload multiple feedback files in a zip", from {path of the submission: Markdown}.

    Moodle finds the student by the number in a folder's name, Full name_1234567_assignsubmission_file_. Nothing is
    written when no submission came from Moodle. The same feedback always gives the same bytes.
    """
    found = {}
    for file, text in files.items():
        part = next((m for part in file.split("/") if (m := MOODLE.fullmatch(part))), None)
        if part:
            found[f"{filename(part[1]).replace('_', ' ')}_{part[2]}_assignsubmission_file_/feedback-{filename(assignment)}.md"] = text
    if found:
        pack(path, {name: text.encode("utf8", "replace") for name, text in found.items()})


def filenames(students):
    """{student: a file name of its own} for (student, name) pairs, also where case and accents make no difference."""
    made, taken = {}, set()
    for key, name in students:
        base = filename(name if name == key else f"{name}-{key}")
        tries = (base if n == 1 else f"{base}-{n}" for n in range(1, len(students) + 2))
        made[key] = next(t for t in tries if t.casefold() not in taken)
        taken.add(made[key].casefold())
    return made


def filename(name):
    """A name that every system takes: letters, digits, spaces, dots, hyphens; at most 120 bytes; never a reserved one."""
    name = "".join(c if unicodedata.category(c)[0] in "LMN" or c in " .-_" else "-" for c in unicodedata.normalize("NFC", name))
    name = name.encode()[:120].decode(errors="ignore").strip(" .-")
    return f"_{name}" if not name or RESERVED.match(name) else name


def escape(text):
    """Text as one line of Markdown that says what it says and does nothing."""
    text = html.escape(" ".join(str(text).split()), quote=False)
    text = re.sub(r"([\\`*_\[\]#|~!$^{}])", r"\\\1", text)
    text = re.sub(r"(?i)(https?:|www)(?=[/.])", "\\1\u200b", text)  # or an address becomes a link
    return re.sub(r"^(\d*)([-+=:.)])", r"\1\\\2", text)


def fenced(text):
    """Text of several lines, as it was written, in a fence longer than any in it."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}text\n{text.rstrip()}\n{fence}"


def _sentence(status):
    """A status as a student reads it: what is meant for the teacher, and other students' names, are not in it."""
    status = "; ".join(part for part in status.partition(f"; {SAME}")[0].split("; ") if part != "graded" and not part.startswith("ask "))
    return escape(status[:1].upper() + status[1:]) + "." if status else ""
