"""The same chapters as a Jupyter Book of factory settings, for `make bench` to measure ours against.

`build()` copies chapters, data and table of contents, and runs the copies with charts shown by a
plain `fig.show()`. The copy is also a Sphinx extension of that build: it lets the text of the
chapters pass, with links to the evidence as links and nothing more.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from docutils import nodes

ROOT = Path(__file__).parent.parent
STOCK = ROOT / "_build" / "stock"
HTML = STOCK / "_build" / "html"
SHOW = "\n\ndef show(fig, **said):\n    fig.show()\n"


def build():
    """Build the stock book into HTML, from nothing."""
    shutil.rmtree(STOCK, ignore_errors=True)
    for name in ("chapters", "data", "panj"):
        shutil.copytree(ROOT / name, STOCK / name, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    shutil.copy(ROOT / "_toc.yml", STOCK)
    with (STOCK / "panj" / "charts.py").open("a", encoding="utf8") as charts:
        charts.write(SHOW)
    ours = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))
    config = {
        "title": ours["title"],
        "author": ours["author"],
        "only_build_toc_files": True,
        "execute": {"execute_notebooks": "force", "timeout": 300},
        "parse": ours["parse"],  # what the text is written in
        "sphinx": {"extra_extensions": ["stock"]},
    }
    (STOCK / "_config.yml").write_text(yaml.safe_dump(config), "utf8")
    here = os.pathsep.join([str(STOCK), str(Path(__file__).parent)])
    settings = {**os.environ, "PYTHONPATH": here, "PLOTLY_RENDERER": "notebook_connected"}
    log = STOCK / "build.log"
    with log.open("w") as out:
        done = subprocess.run([Path(sys.executable).parent / "jupyter-book", "build", STOCK], env=settings, stdout=out, stderr=out)
    if done.returncode or "Traceback" in log.read_text("utf8"):
        raise SystemExit(f"The stock book could not be built: read {log.relative_to(ROOT)}.")


def cite(page):
    """A role that makes a phrase, or a bare id, a link to a page of the evidence."""

    def role(name, rawtext, text, lineno, inliner, options=None, content=None):
        phrase, _, key = text.removesuffix(">").rpartition("<")
        target = f"{page}.html#{name}-{key.strip()}"
        return [nodes.reference("", phrase.strip() or key.strip(), refuri=target, internal=True)], []

    return role


def setup(app):
    from panj import codebook, glossary, lists, pages

    for part in (pages, lists, glossary, codebook):
        part.setup(app)
    app.add_role("claim", cite("ledger"))
    app.add_role("source", cite("sources"))
