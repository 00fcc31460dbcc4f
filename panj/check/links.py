"""Where a page leads: every link inside the book has a file, and every role an entry."""

import re
from functools import cache
from urllib.parse import unquote

from ..data import load
from ..numbers import PREFIX
from . import found
from .pages import FOLDER, cells, contents, exercises, without_code
from .prose import ROLE

LINK = re.compile(r"""\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+["'][^)]*)?\)|^\[[^\]^]+\]:\s*<?([^\s>]+)""", re.M)  # in place, or at the foot of a text


def find(path):
    """Findings in the Markdown of a page, an exercise or a document."""
    if path.parent == FOLDER and path not in contents():
        yield found(path, 0, "no reader comes here: add it to _toc.yml")
    for cell in cells(path, "markdown"):
        text = re.sub(r"``[^`].*?``", "", without_code(cell.source), flags=re.S)
        for role, phrase in ROLE.findall(text):
            if fault := _unknown(path, role, re.sub(r"^.*<([^<>]*)>$", r"\1", phrase, flags=re.S)):
                yield found(path, cell.number, fault)
        for here, below in LINK.findall(re.sub(r"`[^`]*`", "", ROLE.sub("", text))):
            if fault := _fault(path, unquote(here or below)):
                yield found(path, cell.number, fault)


def _fault(path, target):
    file, _, anchor = target.partition("#")
    if ":" in file or target.startswith("#"):
        return None  # another host (not asked here), or this page (panj/links.py follows anchors in each build)
    aimed = (path.parent / file).resolve()
    if not aimed.exists():
        return f"the link leads to {file}, which is not there: correct it"
    if path.parent == FOLDER and aimed.parent == FOLDER and aimed.suffix in (".md", ".ipynb") and aimed not in contents():
        return f"the link leads to {file}, which is not in _toc.yml: add it there"
    return None


def _unknown(path, role, key):
    known = entries(role) if role in ("claim", "source", "term", "exercise") else None
    if role.startswith("glue"):
        known = {output["metadata"]["scrapbook"]["name"] for cell in cells(path) for output in cell.outputs if PREFIX + "text/plain" in output.get("data", {})}
        if key not in known:
            return f"no cell glues {key!r}: add glue({key!r}, …) to one, run all and save"
    if known is not None and key not in known:
        return f"{{{role}}}`{key}` leads nowhere: there is no such id in {WHERE[role]}"
    return None


WHERE = {"claim": "data/claims.csv", "source": "data/sources.csv", "term": "data/glossary.csv, term", "exercise": "exercises/"}


@cache
def entries(role):
    """The ids that a role may name."""
    if role == "exercise":
        return set(exercises()[0])
    return set(load({"term": "glossary"}.get(role, f"{role}s"))["term" if role == "term" else f"{role}_id"])
