"""What the site brings in other forms, and the page that offers them.

    ```{download-book}          the book in one file
    ```
    ```{download-data}          the data package
    ```
    ```{download-notebooks}     each notebook with its data
    ```

Data and notebooks are part of every build. The book in one file is made from the built site (`make formats`), so a build
cannot know it: the page says so, and `make publish-dir` has `offer` put those files into its copy of the site and name them.
"""

import html
import shutil
from pathlib import Path

from ..archive import checksums, pack
from ..pages import LatePage
from ..tables import region
from . import data, notebooks

PAGE, FOLDER, SUMS = "chapters/downloads", "_downloads", "SHA256SUMS"
NOT_HERE = '<p class="panj-whole">This copy of the book comes without them. Whoever publishes it makes them with <code>make formats</code>.</p>'
WHOLE = {
    "across-the-panj-offline.zip": "A folder to carry where there is no network: this site, the problem sets for students, the data. Unpack it and open site/index.html.",
    "across-the-panj.epub": "For e-readers and phones: text, pictures, tables, exercises and notes.",
    "across-the-panj.pdf": "For paper: the whole book with contents, bookmarks and page numbers.",
}


class Book(LatePage):
    @staticmethod
    def html(app, docname):
        return NOT_HERE


class Data(LatePage):
    @staticmethod
    def html(app, docname):
        return offered(
            app.outdir,
            {data.NAME: "Every table and map layer, with codebook, licence and checksums.", SUMS: "The checksum of every file on this page, for sha256sum --check --ignore-missing."},
            "Files with the data",
        )


class Notebooks(LatePage):
    @staticmethod
    def html(app, docname):
        return offered(app.outdir, {zipped(page): app.env.titles[page].astext() for page in pages(app)}, "Notebooks with their data")


def pages(app):
    """The pages of the book that are notebooks, in their order."""
    book = [app.config.root_doc, *app.env.toctree_includes.get(app.config.root_doc, [])]
    return [page for page in book if app.env.doc2path(page).endswith(".ipynb")]


def zipped(page):
    return f"across-the-panj-{page.rpartition('/')[2]}.zip"


def offered(site, files, caption):
    """A table of files in the folder of downloads of a site, from {name: what it is}, with their true sizes; `caption` names the table, each another."""
    rows = "".join(
        f'<tr><th scope="row"><a href="../{FOLDER}/{name}" download>{name}</a></th>'
        f"<td>{size(Path(site, FOLDER, name).stat().st_size).replace(' ', '&nbsp;')}</td><td>{html.escape(what)}</td></tr>"
        for name, what in files.items()
    )
    head = "".join(f'<th scope="col">{column}</th>' for column in ("File", "Size", "What it holds"))
    return region(f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>", caption)


def size(count):
    """A number of bytes as a reader likes it: 4 kB, 180 kB, 3.1 MB."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"


def offer(site, made):
    """Put the book's files in `made` (a folder) into a copy of the site, and name them on its page of downloads.

    FileNotFoundError with one sentence when a file, or the place for it on the page, is missing.
    """
    page = Path(site, f"{PAGE}.html")
    text = page.read_text("utf8")
    if missing := [name for name in WHOLE if not Path(made, name).is_file()]:
        raise FileNotFoundError(f"{missing[0]} is not in {made}: make it with `make formats`.")
    if NOT_HERE not in text:
        raise FileNotFoundError(f"{page} has no place for the book in one file, or names it already: begin from a fresh copy of the site.")
    for name in WHOLE:
        shutil.copy2(Path(made, name), Path(site, FOLDER, name))
    seal(Path(site, FOLDER))
    page.write_text(text.replace(NOT_HERE, offered(site, WHOLE, "The whole book in one file")), "utf8")


def seal(folder):
    """Write the checksum of every file that is offered."""
    (folder / SUMS).write_text(checksums({file.name: file.read_bytes() for file in folder.iterdir() if file.is_file() and file.name != SUMS}), "utf8")


def put(app, env):
    """Write the ZIPs into the site before pages name their sizes, and write that page again."""
    if app.builder.name != "html":
        return []
    folder = Path(app.outdir, FOLDER)
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.zip"):
        old.unlink()
    pack(folder / data.NAME, data.files())
    for page in pages(app):
        pack(folder / zipped(page), notebooks.files(Path(env.doc2path(page)), app.config.panj_edition, app.config.html_baseurl))
    seal(folder)
    return [PAGE] if PAGE in env.all_docs else []


def name_zip(app, pagename, templatename, context, doctree):
    """The ZIP of the page at hand, for the foot of the page; the bare notebook, which would not run, stays out of the site."""
    if pagename in app.env.all_docs and pagename in pages(app):
        context["notebook"], context["sourcename"] = f"{FOLDER}/{zipped(pagename)}", ""


def setup(app):
    for name, directive in (("book", Book), ("data", Data), ("notebooks", Notebooks)):
        app.add_directive(f"download-{name}", directive)
    app.connect("env-updated", put)
    app.connect("html-page-context", name_zip)
