"""Read exercises/<id>.ipynb: what each cell is for, and what is wrong with a notebook.

A cell's first tag says what it is. In the order of the notebook:

    about      raw      title, chapter, number, objectives, … as YAML (see FIELDS)
    task       markdown what to do
    hint       markdown one step of help; may repeat
    setup      code     imports and tables, the same for everyone
    starter    code     the answers, still `...`
    written    code     an answer in words, still empty, for a person to grade
    solution   code     the model answers
    confirm    code     every computed answer once more, by another way
    why        markdown why they are right and the tempting answers wrong
    check      code     one function; more tags: public or hidden, points:N
    wrong      code     changes model answers into a tempting mistake; more tag: fails:<check>; its first line is a comment that says what is wrong
    rubric     markdown "- criterion: what to look for", criteria from rubric.yml
    anchor     markdown an answer graded for calibration: first line "claim 1 · limits 0"
    proof      code     prove("<id>")

A quiz is a notebook with about (``quiz: true``), setup and quiz cells.
"""

import json
import re
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import yaml

from ..handin.answers import KINDS, Check

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "exercises"
BLOOM = ("remember", "understand", "apply", "analyse", "evaluate", "create")
FORMS = ("recall", "computation", "chart reading", "source criticism", "draw it better", "argument", "forecast")
PARTS = "about task hint setup starter written solution confirm why check wrong rubric anchor proof quiz".split()
FIELDS = {"title": str, "chapter": str, "number": int, "objectives": list, "bloom": str, "form": str, "minutes": int, "solution": str, "answers": dict}
# The book's links to the evidence and to the glossary: (kind, words, id).
ROLE = re.compile(r"\{(claim|source|term)\}`([^`<]*?)\s*(?:<([^`<>]*)>)?`")
PROOF = "application/vnd.panj.proof+json"
QUIZ = "application/vnd.panj.quiz+json"


class Fault(ValueError):
    """What is wrong with an exercise, where, and how to mend it."""


@dataclass
class Notebook:
    """A notebook of exercises/ with its cells by what they are for, each cell a dict with source, tags and outputs."""

    path: Path
    about: dict
    cells: list

    @property
    def id(self):
        return self.path.stem

    def parts(self, kind):
        return [cell for cell in self.cells if cell["part"] == kind]

    def text(self, kind):
        """The text of all cells of one kind, one after the other."""
        return "\n\n".join(cell["source"] for cell in self.parts(kind))

    def fault(self, where, what):
        return Fault(f"{self.path.name}, {where}: {what}")

    def stored(self, mime):
        """What the cells have stored under a MIME type, in order."""
        return [o["data"][mime] for cell in self.cells for o in cell.get("outputs", []) if mime in o.get("data", {})]


@dataclass
class Exercise(Notebook):
    """One exercise. `checks` in their order; `criteria`: criterion -> what to look for; `extra`: an instructor's own checks."""

    extra: list = field(default_factory=list)

    @property
    def answers(self):
        """{name: {"kind", "asks", and for a number "tolerance" and perhaps "unit"}}"""
        return self.about["answers"]

    @property
    def kinds(self):
        return {name: answer["kind"] for name, answer in self.answers.items()}

    @property
    def computed(self):
        """The answers that a second computation has to confirm: all but words."""
        return [name for name, kind in self.kinds.items() if kind not in ("text", "written")]

    @property
    def tolerance(self):
        return {name: answer["tolerance"] for name, answer in self.answers.items() if "tolerance" in answer}

    @property
    def withheld(self):
        return self.about["solution"] == "withheld"

    @property
    def checks(self):
        return self._own_checks + self.extra

    @cached_property
    def _own_checks(self):
        return [Check(c["source"], int(tag(c, "points") or 0), "public" in c["tags"]) for c in self.parts("check")]

    @cached_property
    def criteria(self):
        lines = re.findall(r"^- +([\w -]+): +(.+)$", self.text("rubric"), re.M)
        return dict(lines)

    @property
    def scale(self):
        """The rubric as Markdown: for each criterion what to look for, and what the levels mean."""
        known = rubric()
        return "\n\n".join(
            f"**{name}**: {look}\n\n"
            + "\n".join(f"{n}. *{level}*: {words}" for n, (level, words) in enumerate(zip(known["levels"], known["criteria"][name])))
            for name, look in self.criteria.items()
        )

    @property
    def points(self):
        """Points for checks, and three for each criterion of the rubric."""
        return sum(check.points for check in self.checks) + 3 * len(self.criteria)

    @cached_property
    def proof(self):
        """What prove() stored: {"model": {name: value}, "wrong": [{"fails", "why", "answers"}]}."""
        stored = self.stored(PROOF)
        if not stored:
            raise self.fault("last cell", f"holds no proof; run it: make run EXERCISE={self.id}")
        return stored[-1]

    def results(self, answers, model=None):
        """What each check makes of these plain answers, by its name, public checks first.

        "passed", "failed", "not answered", or "not reached": a hidden check does not look at an answer
        whose form a public check has refused, so that a student hears of the form first.
        """
        model = model or self.proof["model"]
        results, refused = {}, set()
        for check in sorted(self.checks, key=lambda check: not check.public):
            asks = {name for name in check.needs if name in self.answers}
            if asks - set(answers):
                results[check.name] = "not answered"
            elif asks & refused and not check.public:
                results[check.name] = "not reached"
            elif check.passes(answers, model, self.tolerance):
                results[check.name] = "passed"
            else:
                results[check.name] = "failed"
                refused |= asks if check.public else set()
        return results


@dataclass
class Quiz(Notebook):
    @property
    def questions(self):
        return self.stored(QUIZ)


def tag(cell, name):
    """What stands after the colon of a tag such as points:2, or None."""
    return next((t.partition(":")[2] for t in cell["tags"] if t.startswith(name + ":")), None)


def read(path):
    """The Exercise or Quiz in a notebook. Fault names the file, the cell and the mend."""
    path = Path(path)
    try:
        cells = json.loads(path.read_text("utf8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Fault(f"{path.name}: is not a notebook that can be read ({type(error).__name__}: {error})") from error
    found = []
    for number, (cell, source) in enumerate(zip(cells, sources), 1):
        tags = cell.get("metadata", {}).get("tags", [])
        part = next((t for t in tags if t in PARTS), None)
        if part is None:
            raise Fault(f"{path.name}, cell {number}: no tag says what it is; give it one of: {', '.join(PARTS)}")
        found.append({"part": part, "tags": tags, "source": source, "outputs": cell.get("outputs", []), "number": number})
    if not found or found[0]["part"] != "about":
        raise Fault(f"{path.name}, cell 1: should be a raw cell with the tag about")
    try:
        about = yaml.safe_load(found[0]["source"])
    except yaml.YAMLError as error:
        raise Fault(f"{path.name}, cell 1: is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(about, dict):
        raise Fault(f"{path.name}, cell 1: should be lines such as 'title: …'")
    made = (Quiz if about.get("quiz") else Exercise)(path, about, found)
    if isinstance(made, Exercise):
        _require(made)
    return made


def everything(private=None):
    """(exercises, quizzes) of exercises/ and of an instructor's own folder, in the order of the book.

    In `private`, a notebook is one more exercise or quiz, and <id>.py adds hidden checks to the exercise of
    that id: functions like those of check cells, one point each.
    """
    private = Path(private).expanduser() if private else None
    if private and not private.is_dir():
        raise Fault(f"{private}: there is no such folder; PRIVATE names the folder with your own exercises")
    paths = sorted(FOLDER.glob("*.ipynb")) + (sorted(private.glob("*.ipynb")) if private else [])
    order = {name: n for n, name in enumerate(chapters())}
    made = sorted(map(read, paths), key=lambda n: (order.get(n.about.get("chapter"), 99), n.about.get("number", 0), n.id))
    exercises = {n.id: n for n in made if isinstance(n, Exercise)}
    quizzes = {n.id: n for n in made if isinstance(n, Quiz)}
    for path in sorted(private.glob("*.py")) if private else []:
        if path.stem not in exercises:
            raise Fault(f"{path.name}: there is no exercise {path.stem!r}; name the file after the one whose answers it checks")
        exercises[path.stem].extra = extra_checks(path, exercises[path.stem])
    _require_unique(exercises.values())
    return exercises, quizzes


def extra_checks(path, exercise):
    """The functions of a file as hidden checks of one point, each with the lines before the first function."""
    source = path.read_text("utf8")
    starts = [m.start() for m in re.finditer(r"^def ", source, re.M)]
    head = source[: starts[0]] if starts else ""
    found = [Check(head + source[a:b], 1, False) for a, b in zip(starts, [*starts[1:], None])]
    for check in found:
        for name in check.needs:
            if name not in {*exercise.answers, "model", "tolerance"}:
                raise Fault(f"{path.name}, {check.name}: {exercise.id} has no answer {name!r}; it has {', '.join(exercise.answers)}")
    return found


@cache
def chapters():
    """The names of the numbered chapters, in the order of _toc.yml."""
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))["parts"]
    return [Path(entry["file"]).name for part in parts if part.get("numbered") for entry in part["chapters"]]


def assignments(exercises, private=None):
    """{name: {"title", "exercises": [Exercise]}}: those of assignments.yml, an instructor's own, and one for each chapter."""
    listed = {}
    for folder in [FOLDER, *([Path(private).expanduser()] if private else [])]:
        path = folder / "assignments.yml"
        if path.exists():
            listed |= yaml.safe_load(path.read_text("utf8")) or {}
    for name in chapters():
        ids = [e.id for e in exercises.values() if e.about["chapter"] == name]
        if ids:
            listed[name] = {"title": f"Exercises on {name}", "exercises": ids}
    made = {}
    for name, given in listed.items():
        unknown = [key for key in given["exercises"] if key not in exercises]
        if unknown:
            raise Fault(f"assignments.yml, {name}: there is no exercise {unknown[0]!r}; there are: {', '.join(exercises)}")
        made[name] = {"title": given["title"], "exercises": [exercises[key] for key in given["exercises"]]}
    return made


def _require(e):
    about = e.about
    for name, kind in FIELDS.items():
        if not isinstance(about.get(name), kind):
            raise e.fault("cell 1", f"needs {name!r}, a {kind.__name__}")
    for name, allowed in {"bloom": BLOOM, "form": FORMS, "solution": ("open", "withheld")}.items():
        if about[name] not in allowed:
            raise e.fault("cell 1", f"{name} is {about[name]!r}; it should be one of: {', '.join(allowed)}")
    for name, answer in about["answers"].items():
        if not isinstance(answer, dict) or answer.get("kind") not in KINDS or not answer.get("asks"):
            raise e.fault("cell 1", f"the answer {name} needs a kind ({', '.join(KINDS)}) and what it 'asks'")
        if answer["kind"] == "number" and not isinstance(answer.get("tolerance"), (int, float)):
            raise e.fault("cell 1", f"the number {name} needs a tolerance, from the precision of the data")
    for kind in ("task", "hint", "setup", "solution", "why", "proof"):
        if not e.parts(kind):
            raise e.fault("cells", f"none has the tag {kind}")
    for cell in e.parts("check"):
        where = f"cell {cell['number']}"
        if ("public" in cell["tags"]) == ("hidden" in cell["tags"]):
            raise e.fault(where, "a check needs one of the tags public and hidden")
        try:
            check = Check(cell["source"])
        except (SyntaxError, StopIteration, NameError) as error:
            raise e.fault(where, f"should hold one function ({error or 'there is none'})") from error
        if not check.feedback:
            raise e.fault(where, f"{check.name} needs a docstring: the sentence a student reads")
        if "public" in cell["tags"] and {"model", "tolerance"} & set(check.needs):
            raise e.fault(where, f"{check.name} is public, so it may not know the model answers")
        unknown = set(check.needs) - set(about["answers"]) - {"model", "tolerance"}
        if unknown:
            raise e.fault(where, f"{check.name} asks for {unknown.pop()!r}, which is no answer of this exercise")
    names = [check.name for check in e.checks]
    for cell in e.parts("wrong"):
        if tag(cell, "fails") not in names:
            raise e.fault(f"cell {cell['number']}", f"needs a tag fails:<check>; the checks are {', '.join(names)}")
        if not cell["source"].startswith("# "):
            raise e.fault(f"cell {cell['number']}", "should begin with a comment that says what is wrong")
    if e.parts("rubric"):
        unknown = set(e.criteria) - set(rubric()["criteria"])
        if unknown or not e.criteria:
            raise e.fault("rubric", f"should have lines '- criterion: …' with criteria of rubric.yml, not {unknown or 'none'}")


@cache
def rubric():
    """rubric.yml: {"levels": [four words], "criteria": {name: [four sentences]}}."""
    return yaml.safe_load((FOLDER / "rubric.yml").read_text("utf8"))


def _require_unique(exercises):
    """Answers of different exercises meet in one notebook, so no two may have one name."""
    seen = {}
    for e in exercises:
        for name in e.answers:
            if name in seen:
                raise e.fault("cell 1", f"{seen[name]} has an answer {name!r} too; choose another name")
            seen[name] = e.id
