"""The pages of the book, the cells they are made of, and what a reader reads of them."""

import json
import re
from dataclasses import dataclass
from functools import cache

import yaml

from ..exercises.source import chapters, everything
from . import ROOT

FOLDER = ROOT / "chapters"
TEMPLATE = FOLDER / "template.ipynb"
PLAN = (ROOT / "_toc.yml", ROOT / "_config.yml")
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "CODE_OF_CONDUCT.md")


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook; a plain page is one Markdown cell. `stored` is the cell as the file holds it."""

    number: int
    kind: str
    source: str
    stored: dict

    @property
    def outputs(self):
        return self.stored.get("outputs", [])

    @property
    def caption(self):
        return self.stored["metadata"].get("caption", "")


@cache
def _read(path, _changed):
    text = path.read_text("utf8")
    if path.suffix != ".ipynb":
        return [Cell(1, "markdown", text, {"metadata": {}})]
    return [Cell(n, c["cell_type"], "".join(c["source"]), c) for n, c in enumerate(json.loads(text)["cells"], 1)]


def cells(path, *kinds):
    """The cells of a page, of these kinds ("markdown", "code", "raw") or of all. OSError, ValueError, KeyError: see form.py."""
    found = _read(path, path.stat().st_mtime_ns)
    return [cell for cell in found if cell.kind in kinds] if kinds else found


def prose(path):
    """All Markdown of a page as one text."""
    return "\n\n".join(cell.source for cell in cells(path, "markdown"))


@cache
def contents():
    """The pages of _toc.yml, as paths, in the order of the book."""
    text = (ROOT / "_toc.yml").read_text("utf8")
    names = []

    def walk(entry):
        names.extend(entry[key] for key in ("root", "file") if key in entry)
        for part in entry.get("parts", []) + entry.get("chapters", []) + entry.get("sections", []):
            walk(part)

    walk(yaml.safe_load(text))
    return [next((p for p in (ROOT / f"{n}.ipynb", ROOT / f"{n}.md") if p.exists()), ROOT / f"{n}.md") for n in names]


def lessons():
    """The numbered chapters."""
    return [FOLDER / f"{name}.ipynb" for name in chapters()]


@cache
def exercises():
    """{id: Exercise} and {id: Quiz} of exercises/. `Fault` when one cannot be read."""
    return everything()


def pages():
    """All that is checked: pages, also those that no contents name, exercises, and the documents and YAML beside them."""
    written = [path for folder in (FOLDER, ROOT / "exercises") for path in sorted(folder.iterdir()) if path.suffix in (".md", ".ipynb", ".yml")]
    documents = [ROOT / name for name in DOCUMENTS if (ROOT / name).exists()]
    forms = [path for path in sorted((ROOT / ".github").rglob("*")) if path.suffix in (".md", ".yml")]
    return list(dict.fromkeys([*contents(), *written, *documents, *PLAN, *forms]))


def sections(text):
    """{heading of the second level: what stands below it}."""
    parts = re.split(r"^## +(.+)$", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def without_code(text):
    """Markdown without its fenced code, and without the fences; what stands in a directive stays."""
    kept, open_ = [], []  # open_: (the fence, whether it is a directive) for each that is not yet closed
    for line in text.splitlines():
        mark, told = re.fullmatch(r"((?:`{3,}|~{3,}|:{3,})?)(.*)", line).groups()
        fence, directive = open_[-1] if open_ else ("", True)
        if mark and open_ and mark.startswith(fence) and not told.strip():
            open_.pop()
        elif mark and directive:
            open_.append((mark, told.startswith("{")))
        elif directive:
            kept.append(line)
    return "\n".join(kept)
