"""Sphinx extension of the book: puts together its parts and the files that charts need.

The parts: the page around the text (skeleton.py, sitefiles.py), tables (tables.py), links to the
evidence (cite.py), pages made from data/ (pages.py, lists.py, glossary.py, codebook.py), exercises and
quizzes (exercises/boxes.py), downloads (formats/downloads.py) and charts (figure.py, which myst-nb finds by its entry point).
"""

import hashlib
import json
import shutil
from pathlib import Path

from sphinx.util import logging

from . import citation, cite, codebook, edition, glossary, links, lists, pages, pictures, plotlyjs, sitefiles, skeleton, style, tables, vintage
from .exercises import boxes
from .formats import downloads
from .live import runtime

log = logging.getLogger(__name__)
HERE = Path(__file__).parent


def open_studio(app):
    plotlyjs.check()
    app.panj_studio = pictures.Studio(Path(app.outdir).parent / "pictures")
    if not app.panj_studio.browser:
        log.info("No Chrome or Chromium found: the book shows data tables in place of pictures.")
    app.config.html_static_path.append(str(HERE / "static"))


def put_charts(app, exception):
    """Copy what the pages' charts need, and nothing of charts that are gone."""
    app.panj_studio.close()
    if exception or app.builder.name != "html":
        return
    static = Path(app.outdir) / "_static"
    (static / "figures").mkdir(parents=True, exist_ok=True)
    names = {n for meta in app.env.metadata.values() for n in meta.get("panj_figures", {})}
    for old in (static / "figures").iterdir():
        if old.name[:16] not in names:
            old.unlink()
    for name in names:
        for made in app.panj_studio.folder.glob(f"{name}*"):
            shutil.copy2(made, static / "figures" / made.name)
    plotlyjs.put(static)
    part, _, traces = plotlyjs.part()
    known = {"panjDark": style.DARK, "panjPlotly": {"part": part, "whole": plotlyjs.WHOLE.name, "traces": sorted(traces)}}
    lines = (f"window.{name}={json.dumps(value, separators=(',', ':'))};\n" for name, value in known.items())
    (static / "palette.js").write_text("".join(lines), "utf8")
    runtime.assemble(static / "python")


def setup(app):
    for part in (edition, skeleton, sitefiles, cite, citation, pages, lists, glossary, codebook, tables, boxes, downloads, links, vintage):
        part.setup(app)
    app.connect("builder-inited", open_studio)
    app.connect("build-finished", put_charts)
    app.add_js_file("explore.js", loading_method="defer")
    app.add_js_file("live.js", loading_method="defer")
    app.add_js_file("panj.js", loading_method="defer")
    # Pages are read again when this code changes, or when a browser has come or gone.
    code = b"".join(path.read_bytes() for path in sorted(HERE.rglob("*.py"))) + bytes([bool(pictures.browser())])
    return {"env_version": hashlib.sha256(code).hexdigest(), "parallel_read_safe": False}
