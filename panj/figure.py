"""How a chart stands on a page of the book.

myst-nb hands every stored chart to `FigureRenderer`. The page gets a `<figure>` with title, units, picture,
data table and sources as plain HTML (markup.py), and a button that loads Plotly only when a reader asks for it.
Nothing here needs JavaScript or a network to be read.
"""

import html
import json
from functools import partial

from docutils import nodes
from sphinx.util import logging

from . import pictures, plotlyjs
from .charts import MIME
from .cite import link, note
from .markup import MANY, figure, rests_on
from .style import WIDTHS, drawing, pixels

log = logging.getLogger(__name__)


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
        drawn = _pictures("../" * env.docname.count("/"), name, spec) if studio.browser else ""
        made = figure(name, spec, partial(link, env.app, env.docname), drawn, plotlyjs.script(spec), opened=not drawn)
        return [nodes.raw("", made, format="html")]


def _write_spec(folder, name, spec):
    """The interactive chart as a script, not as JSON: a page opened from a folder may not fetch."""
    folder.mkdir(parents=True, exist_ok=True)
    figure = json.dumps(drawing(spec), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    (folder / f"{name}.js").write_text(f'panjFigure("{name}",{figure},"{plotlyjs.installed()}")\n', "utf8")


def _pictures(root, name, spec):
    """Light and dark. Narrow screens get a drawing made for them; the hidden theme's picture is never loaded."""
    sizes = {size: 'width="{:.0f}" height="{:.0f}"'.format(*pixels(drawing(spec), size)) for size in WIDTHS}
    alt, path = html.escape(spec["layout"]["meta"]["panj"]["alt"]), f"{root}_static/figures/{name}"
    return "".join(
        f'<picture class="panj-{theme}"><source media="(max-width: 560px)" srcset="{path}-narrow-{theme}.svg" {sizes["narrow"]}>'
        # dark-light: the theme need not dim this picture on dark pages.
        f'<img class="dark-light" src="{path}-wide-{theme}.svg" alt="{alt}" {sizes["wide"]} loading="lazy"></picture>'
        for theme in ("light", "dark")
    )
