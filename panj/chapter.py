"""Begin a chapter: ``make chapter NAME=rivers`` copies the template and enters the copy in _toc.yml, as the last chapter."""

import re
import sys

import nbformat

from .check.pages import FOLDER, TEMPLATE
from .tidy import ROOT, tidy

TOC = ROOT / "_toc.yml"


class Refused(ValueError):
    """Why no chapter was begun, as a sentence."""


def begin(name, folder=FOLDER, toc=TOC):
    """Write <name>.ipynb into `folder`, add it to `toc`, and return its path. Neither is touched when `Refused`."""
    if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name):
        raise Refused(f"NAME={name!r} should be small letters and hyphens, such as: make chapter NAME=rivers")
    path = folder / f"{name}.ipynb"
    if path.exists() or path.with_suffix(".md").exists():
        raise Refused(f"chapters/{name} is there already: choose another NAME, or open it with make lab")
    listed = entered(toc.read_text("utf8"), name)
    notebook = nbformat.read(TEMPLATE, as_version=4)
    title = name.replace("-", " ").capitalize()
    for cell in notebook.cells:
        cell.source = re.sub(r"(?m)^(```\{(?:quiz|exercises)\}) template$", rf"\1 {name}", cell.source)
        cell.source = cell.source.replace("# A chapter to copy\n", f"# {title}\n")
    nbformat.write(tidy(notebook), path)
    toc.write_text(listed, "utf8")
    return path


def entered(toc, name):
    """The text of _toc.yml with the chapter after the last one that is numbered; comments and form stay."""
    # The first chapter sets the depth; the list ends with the last line that is as deep or deeper, and no comment.
    part = re.search(r"numbered: true\n( +)chapters:\n(?: *#.*\n)*(\1 *)- .*\n(?:(?: *(?:#.*)?\n)*\2(?:- | +[^ #\n]).*\n)*", toc)
    if not part:
        raise Refused("_toc.yml has no part with numbered: true and chapters: enter the chapter by hand")
    return f"{toc[: part.end()]}{part[2]}- file: chapters/{name}\n{toc[part.end() :]}"


if __name__ == "__main__":
    try:
        name = begin(sys.argv[1]).stem
    except Refused as refused:
        sys.exit(str(refused))
    print(f"chapters/{name}.ipynb is begun and stands last among the chapters in _toc.yml. make lab opens it; make check says what it lacks.")
