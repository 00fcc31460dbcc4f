"""Sphinx extension of the book: pages made from the data, links into the ledger, and the charts' files.

- ``{ledger}``, ``{sourcelist}`` and ``{codebook}`` print data/ as reference pages;
- ``{claim}`` and ``{source}`` link a phrase to the row it rests on;
- every chart's picture and data are put into the site.
"""

import hashlib
import html
import json
import shutil
from pathlib import Path

import plotly
from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from . import pictures, style
from .data import DATA, load
from .figure import link

log = logging.getLogger(__name__)
HERE = Path(__file__).parent


class Cite(SphinxRole):
    """``{claim}`phrase <claim-id>` `` or ``{source}`phrase <source-id>` ``; a bare id shows itself."""

    def run(self):
        phrase, _, key = self.text.removesuffix(">").rpartition("<")
        key, phrase = (key.strip(), phrase.strip()) if phrase else (self.text.strip(), None)
        rows = load(f"{self.name}s").set_index(f"{self.name}_id")
        if key not in rows.index:
            log.warning(
                "the %s %r is not in data/%ss.csv; correct the id or add the row", self.name, key, self.name,
                location=self.get_location(),
            )
            return [nodes.literal(text=self.text)], []
        row = rows.loc[key]
        if self.name == "claim":
            about = f"{row.locator}.{row.sentence}: {row.statement} ({row.type}, {row.hedge})"
        else:
            about = f"{row.publisher}: {row.title}" + (f", {row.date}" if row.date else "")
        anchor = link(self.env.app, self.env.docname, self.name, key, phrase)
        return [nodes.raw("", anchor.replace("<a ", f'<a title="{html.escape(about)}" ', 1), format="html")], []


class Page(SphinxDirective):
    """A directive whose HTML is computed from files of data/ and remade when they change."""

    files = ()

    def run(self):
        for name in self.files:
            self.env.note_dependency(str(DATA / name))
        return self.content_nodes()

    def content_nodes(self):
        return [nodes.raw("", self.html(), format="html")]


class Ledger(Page):
    files = ("claims.csv", "datapackage.json")

    def html(self):
        claims = load("claims")
        choices = "".join(_choice(claims, column) for column in ("topic", "type", "hedge", "locator"))
        cards = "".join(
            f'<li id="claim-{c.claim_id}" data-topic="{c.topic}" data-type="{c.type}" data-hedge="{c.hedge}" '
            f'data-locator="{c.locator}"><p>{html.escape(c.statement)}</p>'
            f'<p class="panj-meta"><a href="#claim-{c.claim_id}"><code>{c.claim_id}</code></a> · '
            f"<span>{c.locator}, sentence {c.sentence}</span> · <span>{c.topic}</span> · <span>{c.type}</span> · "
            f"<span>{c.hedge}</span></p></li>"
            for c in claims.itertuples()
        )
        return (
            f'<form class="panj-filter" hidden aria-label="Filter the ledger">{choices}'
            '<label>words <input type="search" name="words"></label>'
            f'<output role="status">{len(claims)} claims</output></form>\n<ol class="panj-ledger">{cards}</ol>'
        )


def _choice(table, column):
    values = dict.fromkeys(table[column])
    options = "".join(f'<option value="{v}">{v}</option>' for v in values)
    return f'<label>{column} <select name="{column}"><option value="">all</option>{options}</select></label>'


class SourceList(Page):
    files = ("sources.csv", "datapackage.json")

    def html(self):
        items = "".join(
            f'<li id="source-{s.source_id}"><p><a href="{html.escape(s.url)}">{html.escape(s.title)}</a></p>'
            f'<p class="panj-meta">{html.escape(s.publisher)}{", " + s.date if s.date else ""} · {s.kind} · '
            f"{html.escape(s.reliability_note)} · <code>{s.source_id}</code></p></li>"
            for s in load("sources").sort_values(["publisher", "date"]).itertuples()
        )
        return f'<ul class="panj-ledger">{items}</ul>'


class Codebook(Page):
    """One section per table, so that the page has a table of contents."""

    files = ("datapackage.json",)

    def content_nodes(self):
        package = json.loads((DATA / "datapackage.json").read_text("utf8"))
        return [self.section(r) for r in package["resources"] if "schema" in r] + [self.layers(package)]

    def section(self, resource):
        section = nodes.section(ids=[f"table-{resource['name']}"])
        section += nodes.title(text=resource["path"])
        rows = len(load(resource["name"]))
        section += nodes.paragraph(text=f"{resource['description']} ({rows} rows.)")
        fields = "".join(_field(field, resource["schema"]) for field in resource["schema"]["fields"])
        head = "".join(f'<th scope="col">{h}</th>' for h in ("Field", "Type", "Meaning", "Must be"))
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{fields}</tbody></table>"
        label = f"Fields of {resource['path']}"
        section += nodes.raw(
            "", f'<div class="panj-scroll" tabindex="0" role="region" aria-label="{label}">{table}</div>', format="html"
        )
        return section

    def layers(self, package):
        section = nodes.section(ids=["geometry"])
        section += nodes.title(text="Geometry")
        items = "".join(
            f"<li><code>{r['path']}</code>: {html.escape(r.get('description', ''))}</li>"
            for r in package["resources"]
            if "schema" not in r
        )
        section += nodes.raw("", f"<ul>{items}</ul>", format="html")
        return section


def _field(field, schema):
    rules = field.get("constraints", {})
    must = [text for text, is_so in (("given", rules.get("required")), ("unique", rules.get("unique"))) if is_so]
    if "enum" in rules:
        must.append("one of " + ", ".join(map(str, rules["enum"])))
    if "minimum" in rules or "maximum" in rules:
        must.append(f"from {rules.get('minimum', '…')} to {rules.get('maximum', '…')}")
    if field["name"] == schema.get("primaryKey"):
        must.append("the table's key")
    for key in schema.get("foreignKeys", []):
        if field["name"] in (key["fields"], *key["fields"]):
            table = key["reference"]["resource"] or "this table"
            must.append(f"an id of {table}")
    cells = [field["name"], field["type"], field.get("description", ""), "; ".join(must)]
    if field.get("unit"):
        cells[2] += f" ({field['unit']})"
    return "<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in cells) + "</tr>"


def open_studio(app):
    app.panj_studio = pictures.Studio(Path(app.outdir).parent / "pictures")
    if not app.panj_studio.browser:
        log.info("No Chrome or Chromium found: the book shows data tables in place of pictures.")
    app.config.html_static_path.append(str(HERE / "static"))


def tidy_page(app, pagename, templatename, context, doctree):
    """sphinx-thebe is always loaded by Jupyter Book and declares one constant twice, an error on every page."""
    context["script_files"] = [s for s in context["script_files"] if "thebe" not in str(s).lower()]


def put_charts(app, exception):
    """Copy what the pages' charts need, and nothing of charts that are gone."""
    app.panj_studio.close()
    if exception or app.builder.name != "html":
        return
    static = Path(app.outdir) / "_static"
    (static / "figures").mkdir(parents=True, exist_ok=True)
    names = {n for meta in app.env.metadata.values() for n in meta.get("panj_figures", [])}
    for old in (static / "figures").iterdir():
        if old.name[:16] not in names:
            old.unlink()
    for name in names:
        for made in app.panj_studio.folder.glob(f"{name}*"):
            shutil.copy2(made, static / "figures" / made.name)
    shutil.copy2(Path(plotly.__file__).parent / "package_data" / "plotly.min.js", static / "plotly.min.js")
    swaps = json.dumps(style.DARK, separators=(",", ":"))
    (static / "palette.js").write_text(f"window.panjDark={swaps};\n", "utf8")


def setup(app):
    app.add_role("claim", Cite())
    app.add_role("source", Cite())
    app.add_directive("ledger", Ledger)
    app.add_directive("sourcelist", SourceList)
    app.add_directive("codebook", Codebook)
    app.connect("builder-inited", open_studio)
    app.connect("html-page-context", tidy_page, priority=900)
    app.connect("build-finished", put_charts)
    app.add_css_file("panj.css")
    app.add_js_file("palette.js", loading_method="defer")
    app.add_js_file("panj.js", loading_method="defer")
    # Pages are read again when this code changes, or when a browser has come or gone.
    code = b"".join(path.read_bytes() for path in sorted(HERE.glob("*.py"))) + bytes([bool(pictures.browser())])
    return {"env_version": hashlib.sha256(code).hexdigest(), "parallel_read_safe": False}
