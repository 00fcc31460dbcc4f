"""The HTML of evidence and of charts: on a page of the book, and for a chart that a reader's own code shows.

Text made from data alone, without Sphinx, so that the browser's Python makes it too (live/session.py).
Paths are relative, so the book works in any folder. A `link` below is link(kind, id) -> HTML.
"""

import html
import re
from functools import cache

from .data import load
from .evidence import VERDICTS, weighed
from .style import drawing, pixels

MANY = 30  # so many claims and sources under one chart are a list, no longer something to read


def anchor(page, kind, key, text=None):
    """A link to a row of the ledger (claim) or of the list of sources (source), on `page`."""
    printed = f' data-id="{key}"' if text and text != key else ""  # on paper nobody can follow the phrase: the id is printed
    return f'<a class="panj-{kind}"{printed} href="{page}#{kind}-{key}">{html.escape(text or key)}</a>'


@cache
def about(kind):
    """What a reader sees of a claim or source before following the link, by id: (what it says, the same as HTML, what to know about it).

    Plain text cannot name a language, so in it a source has its title only where that is English.
    """
    if kind == "claim":
        return {
            c.claim_id: (
                c.statement,
                html.escape(c.statement),
                f"{c.locator}, sentence {c.sentence} · {c.type}, {c.hedge} · {VERDICTS[c.verdict]} {c.verdict}",
            )
            for c in weighed().itertuples()
        }
    found = {}
    for s in load("sources").itertuples():
        name = f"{s.publisher}, {s.date}" if s.date else s.publisher
        plain = f"{name}: {s.title}" if s.language == "en" else name
        found[s.source_id] = (plain, f"{html.escape(name)}: {marked(s.title, s.language)}", f"{s.kind} · {s.reliability_note}")
    return found


def figure(name, spec, link, pictures="", plotly="", opened=False):
    """One chart: title, unit, date, picture, caveat, the button that makes it interactive, its data, and what that rests on.

    `spec` is what `show()` stored. Without `pictures` the description stands as text. A chart that was not
    shown by `show()` has neither unit nor description nor data, and says so. `plotly` names the script that can draw it. `opened`: the data are shown without a click.
    """
    meta = (spec["layout"].get("meta") or {}).get("panj")
    shown = meta or {"title": _title(spec), "units": "", "as_of": "", "alt": "", "note": BARE}
    text = {k: html.escape(shown[k]) for k in ("title", "units", "as_of", "alt", "note")}
    (_, wide), (_, narrow) = (pixels(drawing(spec), size) for size in ("wide", "narrow"))
    script = f' data-plotly="{plotly}"' if plotly else ""
    of = " · ".join(filter(None, (text["units"], text["as_of"])))
    parts = [
        f'<figure class="panj-figure" id="figure-{name}">',
        f'<figcaption><strong>{text["title"]}</strong>{f"<span>{of}</span>" if of else ""}</figcaption>',
        f'<div class="panj-canvas" data-wide="{wide}" data-narrow="{narrow}">',
        pictures,
        "</div>",
        f'<p class="panj-note">{text["alt"]}</p>' if text["alt"] and not pictures else "",
        f'<p class="panj-note">{text["note"]}</p>' if text["note"] else "",
        f'<p class="panj-actions"><button type="button" class="panj-explore" data-figure="{name}"{script} hidden>'
        'Explore this chart</button><span role="status"></span></p>',
        *(_evidence(meta, link, opened) if meta else ()),
        "</figure>",
    ]
    return "\n".join(part for part in parts if part)


BARE = "Shown without show(), so it has no unit, no date, no description and no data to check it by."


def _title(spec):
    title = spec["layout"].get("title") or "Your chart"
    return title if isinstance(title, str) else title.get("text") or "Your chart"


def _evidence(meta, link, opened):
    yield f'<details class="panj-data"{" open" if opened else ""}><summary>Data and sources</summary>'
    yield region(_table(meta, link), f"Data: {meta['title']}")
    yield "</details>"
    yield _rests(meta, link)


def _table(meta, link):
    head = "".join(f'<th scope="col">{html.escape(c)}</th>' for c in [*meta["columns"], "Rests on"])
    rows = []
    for row, cites in zip(meta["rows"], meta["cited"]):
        links = ", ".join(link(kind, key) for kind, key in cites)
        rows.append("<tr>" + "".join(f"<td>{unbroken(html.escape(_said(v)))}</td>" for v in row) + f"<td>{links}</td></tr>")
    return f"<table><caption>The data of this chart</caption><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def rests_on(meta):
    """The claims and sources that the plotted rows rest on, each once, claims first: [(kind, id), ...]."""
    cited = dict.fromkeys((kind, key) for cites in meta["cited"] for kind, key in cites)
    return sorted(cited, key=lambda cite: cite[0] != "claim")


def _rests(meta, link):
    """What the chart rests on, each claim and source once with what it says, unless that would be a second ledger."""
    cited = rests_on(meta)
    numbers = {word: sum(kind == word for kind, _ in cited) for word in ("claim", "source")}
    counted = " and ".join(f"{n} {word}{'s' if n > 1 else ''}" for word, n in numbers.items() if n)
    if len(cited) > MANY:
        return f'<p class="panj-note">Rests on {counted}, named row by row in the data.</p>'
    items = []
    for kind, key in cited:
        _, what, more = about(kind)[key]
        items.append(f'<li>{what} <span class="panj-meta">{html.escape(more)} · {link(kind, key)}</span></li>')
    return f'<details class="panj-data"><summary>Rests on {counted}</summary><ul class="panj-rests">{"".join(items)}</ul></details>'


def _said(value):
    """A number without a needless .0, anything else as it is."""
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)


def region(table, label):
    """A table in a box that scrolls sideways and that the keyboard can reach (panj.js: only while it must)."""
    return f'<div class="panj-scroll" tabindex="0" role="region" aria-label="{html.escape(label)}">{table}</div>'


def unbroken(text):
    """A date, or a verdict with its sign, that may not be broken over two lines."""
    if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", text):
        return f"<time>{text}</time>"
    for verdict, sign in VERDICTS.items():
        text = text.replace(f"{sign} {verdict}", f"{sign}\N{WORD JOINER}\N{NO-BREAK SPACE}{verdict}".replace(" ", "\N{NO-BREAK SPACE}"))
    return text


def literal(text):
    """Text that stays text in Markdown: neither a mark of its own nor HTML."""
    return re.sub(r"[^\w\s]", lambda mark: f"&#{ord(mark[0])};", text)


def marked(text, language, escape=html.escape):
    """Escaped text, in an element that names its language (a BCP 47 code) unless that is English."""
    text = escape(text)
    if language == "ru":  # a Russian title can quote a Tajik one, and these letters are not Russian
        text = re.sub(r"\w*[ҷҳқӯӣғ]\w*(?:\s+\w*[ҷҳқӯӣғ]\w*)*", r'<span lang="tg">\g<0></span>', text, flags=re.I)
    direction = ' dir="rtl"' if re.search("[\u0600-\u06ff]", text) else ""
    return text if language == "en" else f'<span lang="{language}"{direction}>{text}</span>'
