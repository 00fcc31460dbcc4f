"""Reads prose sentence by sentence and says what stands there without evidence, or too firmly.

A sentence is keyed when it holds a `{claim}` or `{source}` role. A number that `{glue:text}` prints was
computed by a cell, so it is none here. A name may also be keyed by `{term}`: its entry in the glossary has
the evidence. What else needs none stands in tests/harmless.csv, with the reason.
"""

import csv
import json
import re
from functools import cache

from ..evidence import weighed
from ..exercises.source import chapters, read
from . import ROOT, found
from .pages import without_code

HARMLESS = ROOT / "tests" / "harmless.csv"
NUMERALS = """three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion
    third thirds quarter quarters half twice dozen dozens hundreds thousands millions""".split()
NUMBER = re.compile(rf"(?<![A-Za-z\d])\d(?:[\d.,]*\d)?|\b(?:{'|'.join(NUMERALS)})\b", re.I)
NAME = re.compile(r"\b[A-Z][\w’'-]*[a-z][\w’'-]*|\b[A-Z]{2,}\w*")
ROLE = re.compile(r"\{([\w:]+)\}`([^`]*)`")
CITING = {"claim", "source"}

# A sentence on a disputed statement says whose it is, gives a range, doubts or denies it.
CAREFUL = re.compile(
    r"""\b(?:articles?|authors?|captions?|paragraphs?|sentences?|says?|said|saying|told|tells|writes?|wrote|calls?|called|according|
    reports?|reported|reportedly|claims?|claimed|asserts?|asserted|names?|gives?|lists?|puts?|dates?|prints?|printed|counts?|
    about|roughly|nearly|over|at\ least|up\ to|between|ranges?|from|estimates?|estimated|
    may|might|could|would|seems?|appears?|likely|probably|perhaps|believed?|supposed|thought|whether|if|unless|
    disputed?|disputes|contested|contradict\w*|disagree\w*|den(?:y|ies|ied)|doubt\w*|wrong|otherwise|
    but|yet|although|though|however|while|despite|instead|not|no|nor|never|nobody|none|without)\b|\?""",
    re.I | re.X,
)


def cells(path):
    """(cell number, Markdown) for each text a reader gets of a chapter or an exercise; a plain page is one cell."""
    text = path.read_text("utf8")
    if path.suffix == ".md":
        return [(1, text)]
    notebook = json.loads(text)
    if path.parent.name == "exercises":
        shown = _exercise(path, text)
        told = [(n, text) for n, q in enumerate(getattr(shown, "questions", []), 1) for text in asked(q)]
        return told or [(c["number"], c["source"]) for kind in ("task", "hint", "why", "rubric") for c in shown.parts(kind)]
    return [(n, "".join(c["source"])) for n, c in enumerate(notebook["cells"], 1) if c["cell_type"] == "markdown"]


@cache
def _exercise(path, _text):
    return read(path)


def asked(question):
    """The texts of a question of a quiz: what is asked, and what is said of each answer. An answer is on offer and states nothing."""
    said = question.get("options", []) + question.get("slips", [])
    return [question["question"], question.get("feedback", ""), *(answer["feedback"] for answer in said)]


@cache
def sentences(markdown):
    """The sentences of a text as (what a reader reads, [(role, target), ...]), without headings and fences; a cell of a table begins one."""
    found = []
    markdown = re.sub(r"^\| \d+–\d+ (?=\|)", "", without_code(markdown), flags=re.M)  # the minutes of a plan
    markdown = re.sub(r"^\|.*\|$", lambda row: row[0].replace("|", "\n\n"), markdown, flags=re.M)
    for paragraph in re.split(r"\n\s*\n|\n(?=\s*(?:\d+\.|[-*:]) )", markdown):
        lines = [line for line in paragraph.splitlines() if not re.match(r"\s*(#|:[\w-]+:|<!--|\|?-{3})", line)]
        joined = re.sub(r"^\s*(?:\d+\.|[-*:])\s+|^\**\d+\.\**\s+", "", " ".join(line.strip() for line in lines))
        roles = []

        def keep(match, roles=roles):
            phrase, target = re.fullmatch(r"(.*?)(?:\s*<([^<>]*)>)?", match[2], re.S).groups()
            roles.append((match[1], target or phrase))
            shown = "" if match[1].startswith("glue") else phrase
            return f"{shown}\x00{len(roles) - 1}\x00"

        joined = ROLE.sub(keep, joined)
        joined = re.sub(r"\[[^]]*\]\([^)]*\)|`[^`]*`", "", joined)  # links within the book, code
        for part in re.split(r"(?<=[.!?])((?:\x00\d+\x00|[\"”’)*_])*)\s+(?=[A-Z“\"(*\d\x00])", joined)[::2]:
            marks = [roles[int(n)] for n in re.findall(r"\x00(\d+)\x00", part)]
            shown = re.sub(r"\x00\d+\x00", "", part).replace("*", "").strip()
            if shown or marks:
                found.append((shown, marks))
    return found


@cache
def harmless():
    """The patterns that need no evidence, as (kind, pattern, reason)."""
    with HARMLESS.open(encoding="utf8", newline="") as file:
        return [(row["kind"], re.compile(row["pattern"]), row["reason"]) for row in csv.DictReader(file)]


def unkeyed(markdown, allowed):
    """What stands in a text without evidence, as (number or name, sentence).

    Names in questions assert nothing; in a sentence with a computed number they are what was counted.
    """
    found = []
    for shown, marks in sentences(markdown):
        roles = {role for role, _ in marks}
        if roles & CITING:
            continue
        rest = {"number": shown, "name": shown}
        for kind, pattern, _ in allowed:
            rest[kind] = pattern.sub(" ", rest[kind])
        found += [(number, shown) for number in NUMBER.findall(rest["number"])]
        if not shown.endswith("?") and not any(role == "term" or role.startswith("glue") for role in roles):
            inside = re.sub(r"^\W*[\w’'-]+|(?<=[.:!?] )\W*[\w’'-]+", " ", rest["name"])  # a first word is always capital
            found += [(name, shown) for name in NAME.findall(inside)]
    return found


def too_firm(markdown, verdicts):
    """Sentences that repeat a contested or contradicted claim as if it were settled, as (claim id, sentence)."""
    return [
        (target, shown)
        for shown, marks in sentences(markdown)
        for role, target in marks
        if role == "claim" and verdicts.get(target) in ("contested", "contradicted") and not CAREFUL.search(shown)
    ]


def find(path):
    """Findings in a page that speaks about the world: the lessons, their plans, the exercises."""
    if path.parent.name != "exercises" and path.stem not in asserting():
        return
    allowed, verdicts = harmless(), _verdicts()
    for number, text in cells(path):
        for what, sentence in unkeyed(text, allowed):
            yield found(path, number, f"{what!r} has no evidence: link it, {{claim}}`…` or {{source}}`…`, or compute it with glue(), in: {sentence}")
        for claim, sentence in too_firm(text, verdicts):
            yield found(path, number, f"{claim} is contested or contradicted: say whose statement it is, or give the range, in: {sentence}")


def asserting():
    """The names of the pages that speak about the world; the others speak about the book, or are made from data/."""
    plans = [f"plan-{name}" for name in chapters()]
    return {"index", "how-to-read", *chapters(), "capstone", "template", *plans}


@cache
def _verdicts():
    return weighed().set_index("claim_id")["verdict"].to_dict()
