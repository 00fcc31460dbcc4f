"""How the book asks to be cited, in four forms that say the same: a sentence, BibTeX, RIS, and the files
CITATION.cff and codemeta.json, which archives and repositories read.

``python -m panj.citation`` (`make cite`) writes the two files. Title and author stand in _config.yml,
version and day in data/datapackage.json.
"""

import html
import json
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from .data import DATA
from .edition import edition, written
from .pages import Page, late

ROOT = Path(__file__).parent.parent
NAME = "across-the-panj"


@dataclass(frozen=True)
class Work:
    title: str
    author: str  # an organisation: it is never split into first and last names
    summary: str
    language: str
    version: str
    day: date
    licences: tuple  # SPDX names: of text and tables, of code
    url: str  # "" when the book was built without its address


def work(url=""):
    """The book as a work to cite."""
    book = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))
    package = json.loads((DATA / "datapackage.json").read_text("utf8"))
    code = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]["license"]
    settings, this = book["sphinx"]["config"], edition({})
    return Work(
        book["title"], book["author"], settings["html_theme_options"]["summary"], settings["language"],
        this.version, this.as_of, (package["licenses"][0]["name"], code), url,
    )


def sentence(w):
    """The citation as HTML."""
    where = f' <a href="{html.escape(w.url)}">{html.escape(w.url)}</a>.' if w.url else ""
    return f"{html.escape(w.author)}. <cite>{html.escape(w.title)}</cite>. Edition {w.version}, {written(w.day)}.{where}"


def bibtex(w):
    lines = {
        "author": f"{{{w.author}}}",
        "title": f"{{{w.title}}}",
        "year": f"{w.day:%Y}",
        "month": f"{w.day.month}",
        "note": f"Edition {w.version}",
        "url": w.url,
    }
    return f"@misc{{{NAME}-{w.version},\n" + "".join(f"  {name} = {{{text}}},\n" for name, text in lines.items() if text) + "}\n"


def ris(w):
    lines = {
        "TY": "BOOK", "AU": w.author, "TI": w.title, "PY": f"{w.day:%Y}", "DA": f"{w.day:%Y/%m/%d}", "ET": w.version,
        "LA": w.language, "UR": w.url,
    }
    return "".join(f"{tag}  - {text}\n" for tag, text in lines.items() if text) + "ER  - \n"


def cff(w):
    authors = [{"name": w.author}]
    said = {
        "cff-version": "1.2.0",
        "message": f"Please cite the edition you used. The licence named here is that of text and tables; the code is under {w.licences[1]}.",
        "type": "dataset",
        "title": w.title,
        "abstract": w.summary,
        "authors": authors,
        "version": w.version,
        "date-released": w.day,
        "license": w.licences[0],
        "preferred-citation": {"type": "book", "title": w.title, "authors": authors, "edition": w.version, "year": w.day.year, "month": w.day.month},
    }

    class Plain(yaml.SafeDumper):
        ignore_aliases = staticmethod(lambda data: True)

    return "# Made by `make cite` from _config.yml and data/datapackage.json.\n" + yaml.dump(said, Dumper=Plain, sort_keys=False, width=10_000, allow_unicode=True)


def codemeta(w):
    said = {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": w.title,
        "description": w.summary,
        "author": [{"@type": "Organization", "name": w.author}],
        "version": w.version,
        "dateModified": w.day.isoformat(),
        "license": [f"https://spdx.org/licenses/{name}" for name in w.licences],
        "programmingLanguage": "Python",
        "isAccessibleForFree": True,
    }
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"


FILES = {"CITATION.cff": cff, "codemeta.json": codemeta}  # in the repository
DOWNLOADS = {"bibtex": (f"{NAME}.bib", bibtex), "ris": (f"{NAME}.ris", ris)}  # on the site


class Citation(Page):
    """``{citation} sentence``, ``bibtex`` or ``ris``; made when pages are written, because it holds the book's address."""

    files = ("datapackage.json",)
    required_arguments = 1

    def content_nodes(self):
        return [late(make=SHOWN[self.arguments[0]])]


def show_sentence(app, docname):
    return f'<p class="panj-cite">{sentence(work(app.config.html_baseurl))}</p>'


def show_bibtex(app, docname):
    return _block(app, docname, "bibtex")


def show_ris(app, docname):
    return _block(app, docname, "ris")


def _block(app, docname, form):
    name, make = DOWNLOADS[form]
    href = app.builder.get_relative_uri(docname, "index").removesuffix("index.html") + f"_static/{name}"
    return (
        f'<div class="panj-cite"><div class="highlight"><pre>{html.escape(make(work(app.config.html_baseurl)))}</pre></div></div>'
        f'<p><a href="{href}" download>Download {name}</a></p>'
    )


SHOWN = {"sentence": show_sentence, "bibtex": show_bibtex, "ris": show_ris}


def write_downloads(app, exception):
    if exception or app.builder.name != "html":
        return
    for name, make in DOWNLOADS.values():
        (Path(app.outdir) / "_static" / name).write_text(make(work(app.config.html_baseurl)), "utf8")


def setup(app):
    app.add_directive("citation", Citation)
    app.connect("build-finished", write_downloads)


if __name__ == "__main__":
    for name, make in FILES.items():
        (ROOT / name).write_text(make(work()), "utf8")
