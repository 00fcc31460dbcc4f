"""A chapter's notebook to take away: a ZIP that runs on its own.

    geography/geography.ipynb     its code and outputs untouched, its text as a plain notebook can show it
    geography/data/               every table; geometry where the chapter draws or measures
    geography/panj/               the modules that its code imports, and those that they import
    geography/requirements.txt, README.md
"""

import ast
import importlib.metadata
import re
import tempfile
from modulefinder import ModuleFinder
from pathlib import Path

import nbformat

from ..data import DATA, load
from ..edition import written
from ..exercises.handouts import Notes
from ..numbers import PREFIX

PACKAGE = Path(__file__).parent.parent
NEEDED = ("jupyterlab", "pandas", "plotly", "geographiclib")

README = """\
# {title}

1. Unpack this folder and keep it together: the notebook reads `data/` and `panj/` beside it, and the tests of this book run it just so.
2. With Python 3.11 or later type `pip install -r requirements.txt`, then `jupyter lab {name}.ipynb`; after that no network is needed.

From the teaching module Across the Panj, edition {version}, as of {as_of}. Text and tables CC BY 4.0, code MIT; map data in `data/geo/` as its provenance.json says.
"""


def files(path, edition, base=""):
    """{path in the ZIP: content} for the notebook at `path`, of an Edition. `base`: where the book is published, if that is known."""
    notebook = nbformat.read(path, as_version=4)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    needed = modules(code)
    notes, shown = Notes(), values(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = plain(cell.source, path.stem, shown, notes, base)
    title = re.search(r"^# (.+)$", notebook.cells[0].source, re.M)[1]
    for cell in notes.cell():
        cell["id"] = f"cell-{len(notebook.cells) + 1:02d}"
        notebook.cells.append(cell)
    name = path.stem
    made = {f"{name}.ipynb": nbformat.writes(notebook) + "\n", "README.md": README.format(title=title, name=name, version=edition.version, as_of=written(edition.as_of))}
    made["requirements.txt"] = "".join(f"{package}=={importlib.metadata.version(package)}\n" for package in NEEDED)
    made |= {f"panj/{file.relative_to(PACKAGE).as_posix()}": file.read_bytes() for file in needed}
    geometry = {"maps.py", "geo.py"} & {file.name for file in needed}
    for file in sorted(DATA.rglob("*")):
        if file.is_file() and not file.name.startswith(".") and (geometry or file.parent == DATA):
            made[f"data/{file.relative_to(DATA).as_posix()}"] = file.read_bytes()
    return {f"{name}/{file}": content for file, content in made.items()}


def modules(code):
    """The files of this package that some code imports, and that they import in turn."""
    finder = ModuleFinder(path=[str(PACKAGE.parent)])
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "notebook.py")
        script.write_text(code, "utf8")
        finder.run_script(str(script))
    found = {Path(module.__file__) for module in finder.modules.values() if module.__file__}
    return sorted(file for file in found if file.is_relative_to(PACKAGE))


def values(notebook):
    """The numbers that cells computed for the text (numbers.py), by name."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    glued = [output for output in outputs if PREFIX + "text/plain" in output.get("data", {})]
    return {output.metadata.scrapbook.name: ast.literal_eval(output.data[PREFIX + "text/plain"]) for output in glued}


def plain(text, chapter, shown, notes, base):
    """A cell's text without what only the book understands: roles, boxes, and links to its other pages."""
    text = notes.plain(re.sub(r"\{glue:text\}`([^`]+)`", lambda glue: shown[glue[1]], text))
    text = re.sub(r"^:::\{dropdown\} ([^\n]*)\n(.*?)^:::$", r"<details><summary>\1</summary>\n\n\2\n</details>", text, flags=re.M | re.S)
    text = re.sub(r"^```\{admonition\} ([^\n]*)\n(?::[^\n]*\n)*(.*?)^```$", quoted, text, flags=re.M | re.S)
    text = re.sub(rf"^```\{{({'|'.join(MADE)})\}} ?([\w-]*)\n```$", lambda block: MADE[block[1]](block[2] or chapter), text, flags=re.M)
    text = re.sub(r"\]\(\.\./data/", "](data/", text)
    return re.sub(r"\[([^\]]+)\]\(([\w-]+)\.(?:ipynb|md)(#[\w-]+)?\)", lambda link: paged(link, base), text)


def terms(chapter):
    """The key terms of a chapter, as its page explains them."""
    entries = load("glossary")
    return "\n\n".join(f"**{e.term}**: {e.definition}" for e in entries[entries["chapter"] == chapter].itertuples())


# What the book puts where a chapter names it; exercises and quizzes have files of their own.
MADE = {
    "keyterms": terms,
    "exercises": lambda chapter: "The exercises stand on this chapter's page in the book. A teacher has them as a notebook, with the data they need.",
    "quiz": lambda chapter: "The quiz stands on this chapter's page in the book.",
}


def quoted(box):
    """A box as a quotation below its title."""
    return "\n".join(f"> {line}".rstrip() for line in [f"**{box[1]}**", "", *box[2].rstrip().splitlines()])


def paged(link, base):
    """A link to another page of the book: to where the book is published, or else its words alone."""
    words, page, anchor = link.groups()
    return f"[{words}]({base}chapters/{page}.html{anchor or ''})" if base else f"*{words}*"
