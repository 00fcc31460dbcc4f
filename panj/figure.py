"""How a chart stands on a page of the book.

myst-nb hands every stored chart to `FigureRenderer`. The page gets a `<figure>` with
title, units, picture, data table and sources as plain HTML, and a button that loads
Plotly only when a reader asks for it. Nothing here needs JavaScript or a network to be read.
"""

import html
import json

from docutils import nodes
from sphinx.util import logging

from . import pictures, plotlyjs
from .charts import MIME
from .cite import about, link, note, unbroken
from .tables import region

log = logging.getLogger(__name__)
MANY = 30  # so many claims and sources under one chart are a list, no longer something to read


class FigureRenderer:
    """The renderer of plotly outputs (entry point group ``myst_nb.mime_renderers``)."""

    mime_priority_overrides = [("html", MIME, 1)]

    @staticmethod
    def handle_mime(renderer, data, inline):
        if data.mime_type != MIME:
            return None
        env = renderer.renderer.sphinx_env
        spec = data.content
        meta = (spec["layout"].get("meta") or {}).get("panj")
        if meta is None:
            log.warning(
                "%s.ipynb: a chart was shown without panj.show(). Instead of fig.show() write "
                "show(fig, alt=..., table=..., units=..., as_of=...), with `from panj import show`.",
                env.docname,
            )
            return []
        name = pictures.key(spec)
        studio = env.app.panj_studio
        if studio.browser:
            studio.draw(name, spec)
        _write_spec(studio.folder, name, spec)
        env.metadata.setdefault(env.docname, {}).setdefault("panj_figures", {})[name] = plotlyjs.script(spec)
        cited = rests_on(meta)
        for kind, key in cited if len(cited) <= MANY else ():  # a chart of the whole ledger takes up no claim
            note(env, kind, key)
        return [nodes.raw("", figure(env.app, env.docname, name, spec, meta), format="html")]


def _write_spec(folder, name, spec):
    """The interactive chart as a script, not as JSON: a page opened from a folder may not fetch."""
    folder.mkdir(parents=True, exist_ok=True)
    figure = json.dumps(pictures.drawing(spec), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    (folder / f"{name}.js").write_text(f'panjFigure("{name}",{figure},"{plotlyjs.installed()}")\n', "utf8")


def figure(app, docname, name, spec, meta):
    """The HTML of one chart. Paths are relative, so the book works in any folder."""
    root = "../" * docname.count("/")
    drawn = app.panj_studio.browser
    text = {k: html.escape(meta[k]) for k in ("title", "units", "as_of", "alt", "note")}
    drawn_figure = pictures.drawing(spec)
    sizes = {size: [round(n) for n in pictures.pixels(drawn_figure, size)] for size in pictures.WIDTHS}
    parts = [
        f'<figure class="panj-figure" id="figure-{name}">',
        f'<figcaption><strong>{text["title"]}</strong><span>{text["units"]} · {text["as_of"]}</span></figcaption>',
        f'<div class="panj-canvas" data-wide="{sizes["wide"][1]}" data-narrow="{sizes["narrow"][1]}">',
        "".join(_picture(root, name, theme, text["alt"], sizes) for theme in ("light", "dark")) if drawn else "",
        "</div>",
        f'<p class="panj-note">{text["note"]}</p>' if text["note"] else "",
        f'<p class="panj-actions"><button type="button" class="panj-explore" data-figure="{name}" data-plotly="{plotlyjs.script(spec)}" hidden>'
        'Explore this chart</button><span role="status"></span></p>',
        f'<details class="panj-data"{"" if drawn else " open"}><summary>Data and sources</summary>',
        region(_table(app, docname, meta), f"Data: {meta['title']}"),
        "</details>",
        _rests(app, docname, meta),
        "</figure>",
    ]
    return "\n".join(part for part in parts if part)


def _picture(root, name, theme, alt, sizes):
    """Narrow screens get a drawing made for them. The hidden theme's picture is never loaded."""
    path = f"{root}_static/figures/{name}"
    narrow, wide = ('width="{}" height="{}"'.format(*sizes[size]) for size in ("narrow", "wide"))
    return (
        f'<picture class="panj-{theme}"><source media="(max-width: 560px)" srcset="{path}-narrow-{theme}.svg" {narrow}>'
        # dark-light: the theme need not dim this picture on dark pages.
        f'<img class="dark-light" src="{path}-wide-{theme}.svg" alt="{alt}" {wide} loading="lazy"></picture>'
    )


def _table(app, docname, meta):
    head = "".join(f'<th scope="col">{html.escape(c)}</th>' for c in [*meta["columns"], "Rests on"])
    rows = []
    for row, cites in zip(meta["rows"], meta["cited"]):
        links = ", ".join(link(app, docname, kind, key) for kind, key in cites)
        rows.append("<tr>" + "".join(f"<td>{unbroken(html.escape(_said(v)))}</td>" for v in row) + f"<td>{links}</td></tr>")
    return f"<table><caption>The data of this chart</caption><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def rests_on(meta):
    """The claims and sources that the plotted rows rest on, each once, claims first: [(kind, id), ...]."""
    cited = dict.fromkeys((kind, key) for cites in meta["cited"] for kind, key in cites)
    return sorted(cited, key=lambda cite: cite[0] != "claim")


def _rests(app, docname, meta):
    """What the chart rests on, each claim and source once with what it says, unless that would be a second ledger."""
    cited = rests_on(meta)
    numbers = {word: sum(kind == word for kind, _ in cited) for word in ("claim", "source")}
    counted = " and ".join(f"{n} {word}{'s' if n > 1 else ''}" for word, n in numbers.items() if n)
    if len(cited) > MANY:
        return f'<p class="panj-note">Rests on {counted}, named row by row in the data.</p>'
    items = []
    for kind, key in cited:
        _, what, more = about(kind)[key]
        items.append(f'<li>{what} <span class="panj-meta">{html.escape(more)} · {link(app, docname, kind, key)}</span></li>')
    return f'<details class="panj-data"><summary>Rests on {counted}</summary><ul class="panj-rests">{"".join(items)}</ul></details>'


def _said(value):
    """A number without a needless .0, anything else as it is."""
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)
