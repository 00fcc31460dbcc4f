"""What every chapter has. The template shows it, and a page made from it is done when nothing is found here or in practice.py."""

import ast
import re

from ..charts import MIME
from ..data import load
from . import found
from .pages import FOLDER, TEMPLATE, cells, lessons, prose, sections

ANATOMY = [
    "What you will be able to do",
    "What the article says",
    "Weigh the claim",
    "What is missing",
    "Check yourself",
    "Exercises",
    "Summary",
    "Key terms",
    "Where next",
]
WORDS = 1500, 2500
CHARTS = 4


def find(path):
    """Findings in a chapter, which is named by its file; none for other pages."""
    if path.stem not in {lesson.stem for lesson in (*lessons(), TEMPLATE)} or path.suffix != ".ipynb":
        return []
    faults = [*_anatomy(path), *_alt(path)]
    if path.stem != TEMPLATE.stem:
        faults += _substance(path)
    return faults


def objectives(text):
    """The numbers of the objectives that the Markdown of a chapter promises."""
    return [int(number) for number in re.findall(r"^(\d+)\. \*\*", sections(text).get(ANATOMY[0], ""), re.M)]


def _anatomy(path):
    text = prose(path)
    parts = sections(text)
    for heading in ANATOMY:
        if heading not in parts:
            yield found(path, 0, f"the section “{heading}” is missing: the template has all {len(ANATOMY)}, in their order")
    have = [heading for heading in parts if heading in ANATOMY]
    if have != [heading for heading in ANATOMY if heading in have]:
        yield found(path, 0, f"the sections are out of order: {', '.join(ANATOMY)}")

    def lacks(what, mend, heading=None):
        return found(path, where(path, heading), f"{what}: {mend}")

    if ":class: question" not in text:
        yield lacks("there is no question", "begin with an admonition of the class question, as the template does", "# ")
    if not re.search(r"\*\*Time:\*\* \d+ minutes", text):
        yield lacks("it does not say how many minutes it takes", "write “**Time:** 50 minutes.” below the question", "# ")
    if "**You need:**" not in text:
        yield lacks("it does not say what a reader needs", "write “**You need:** …” after the time", "# ")
    if not objectives(text):
        yield lacks("there is no objective", "write “1. **Compare** …”, a verb in bold first", ANATOMY[0])
    if "{claim}`" not in parts.get(ANATOMY[1], "{claim}`"):
        yield lacks("no claim is linked here", "link the article's statements, {claim}`words <claim-id>`", ANATOMY[1])
    if "{source}`" not in parts.get(ANATOMY[2], "{source}`"):
        yield lacks("no source is linked here", "set independent sources beside the claim, {source}`words <source-id>`", ANATOMY[2])
    if len(parts.get("Summary", "…" * 30).split()) < 30 and "Summary" in parts:
        yield lacks("the summary is missing", "say in a paragraph what holds now", "Summary")
    if "{term}`" not in text:
        yield lacks("no term is linked", "link names and words to the glossary, {term}`Panj`")
    for heading, directive in {"Check yourself": f"{{quiz}} {path.stem}", "Exercises": f"{{exercises}} {path.stem}", "Key terms": "{keyterms}"}.items():
        if heading in parts and not re.search(rf"^```{re.escape(directive)}$", parts[heading], re.M):
            yield lacks(f"the section “{heading}” does not print what it should", f"put ```{directive} there", heading)


def where(path, heading):
    """The number of the cell with a heading, 0 if there is none."""
    mark = heading if heading == "# " else f"## {heading}\n"
    return next((c.number for c in cells(path, "markdown") if heading and f"\n{c.source}\n".find(f"\n{mark}") >= 0), 0)


def _alt(path):
    for cell in cells(path, "code"):
        try:
            calls = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)]
        except SyntaxError:
            continue  # code.py says so
        for call in calls:
            if isinstance(call.func, ast.Name) and call.func.id == "show":
                given = {keyword.arg: keyword.value for keyword in call.keywords}  # None stands for **more, which show() itself looks at
                alt = given.get("alt")
                if not given.keys() & {"alt", None} or (isinstance(alt, ast.Constant) and len(str(alt.value).split()) < 8):
                    yield found(path, cell.number, "the chart has no alt text: show(…, alt=…) says in a sentence or two what it shows")


def _substance(path):
    text, name = prose(path), path.stem
    if not (FOLDER / f"plan-{name}.md").exists():
        yield found(path, 0, f"it has no lesson plan: begin chapters/plan-{name}.md with a copy of another, and add it to _toc.yml")
    if name not in set(load("glossary")["chapter"]):
        yield found(path, where(path, "Key terms"), f"it has no key terms: write {name} as the chapter of their rows in data/glossary.csv")
    words = length(text)
    if not WORDS[0] <= words <= WORDS[1]:
        yield found(path, 0, f"it has {words} words to read: a lesson has {WORDS[0]} to {WORDS[1]}")
    charts = sum(MIME in output.get("data", {}) for cell in cells(path, "code") for output in cell.outputs)
    if charts < CHARTS:
        yield found(path, 0, f"it has {charts} charts: a lesson argues with {CHARTS} or more")
    for cell in cells(path, "markdown") if TEMPLATE.exists() else ():
        if cell.source in _advice():
            yield found(path, cell.number, "these are the words of the template: write your own")


def length(text):
    """Words to read: from what the article says to the questions, without ids, headings and list numbers."""
    text = text.split("## Check yourself")[0].partition("## What the article says")[2]
    return len(re.findall(r"\w[\w’'.,-]*", re.sub(r"\s<[^<>`]+>`|^#+ .*$|\{[\w:]+\}", "", text, flags=re.M)))


def _advice():
    """The cells of the template that tell what to write in their place: all but headings with a directive."""
    return {cell.source for cell in cells(TEMPLATE, "markdown") if len(re.sub(r"^#.*$|```.*", "", cell.source, flags=re.M).split()) > 8}
