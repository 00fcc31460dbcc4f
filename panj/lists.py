"""The ledger, the list of sources and the timeline: long lists of entries below a filter."""

import html
from datetime import date

from .cite import citing, link
from .data import load
from .evidence import VERDICTS, weighed
from .markup import marked
from .pages import LatePage, Page


class Ledger(LatePage):
    files = ("claims.csv", "evidence.csv", "sources.csv", "predictions.csv", "untaught.csv", "datapackage.json")

    @staticmethod
    def html(app, docname):
        claims, sources = weighed(), load("sources").set_index("source_id")
        evidence = dict(list(load("evidence").groupby("claim_id", sort=False)))
        outcomes = load("predictions").set_index("claim_id")
        cards, used = [], {}
        for c in claims.itertuples():
            pages = [page for page in citing(app.env, "claim", c.claim_id) if page != docname]
            used.update({slug(page): title(app, page) for page in pages})
            weighing = "".join(_evidence(app, docname, row, sources) for row in evidence[c.claim_id].itertuples())
            parts = [
                f"<p>{html.escape(c.statement)}</p>",
                f'<p class="panj-meta"><a href="#claim-{c.claim_id}"><code>{c.claim_id}</code></a> · '
                f"{c.locator}, sentence {c.sentence} · {c.topic} · {c.type} · {c.hedge}</p>",
                f'<p class="panj-verdict">{mark(c.verdict)}</p><ul class="panj-evidence">{weighing}</ul>',
            ]
            if c.claim_id in outcomes.index:
                p = outcomes.loc[c.claim_id]
                rests = ", ".join(link(app, docname, "source", key) for key in p.source_id.split())
                parts.append(f'<p class="panj-meta">Outcome: {p.outcome}. {html.escape(p.reason)} {rests}</p>')
            parts.append(_taken_up(app, docname, pages))
            marks = {"topic": c.topic, "type": c.type, "hedge": c.hedge, "locator": c.locator, "verdict": c.verdict,
                     "chapter": " ".join(map(slug, pages))}
            cards.append(card(f"claim-{c.claim_id}", marks, parts))
        choices = {"chapter": {slug(p): used[slug(p)] for p in app.env.toctree_includes[app.config.root_doc] if slug(p) in used}}
        for column in ("topic", "type", "hedge", "verdict", "locator"):
            values = VERDICTS if column == "verdict" else dict.fromkeys(claims[column])
            choices[column] = {value: value for value in values if value in set(claims[column])}
        return filtered(choices, cards, "claims")


USES = {
    "evidence": "",
    "spelling": '<p class="panj-meta">Shows how a name is written; nothing else in this book rests on it.</p>',
    "example": '<p class="panj-meta">An example of how a text changes on its way; nothing in this book rests on it.</p>',
}


class SourceList(LatePage):
    files = ("sources.csv", "evidence.csv", "estimates.csv", "events.csv", "epilogue.csv", "datapackage.json")

    @staticmethod
    def html(app, docname):
        evidence = dict(list(load("evidence").groupby("source_id", sort=False)))
        sources, cards = load("sources").sort_values(["publisher", "date"], kind="stable"), []
        read = figures_and_events()
        for s in sources.itertuples():
            pages = [page for page in citing(app.env, "source", s.source_id) if page != docname]
            weighs = "; ".join(
                f"{mark(row.verdict)} {link(app, docname, 'claim', row.claim_id)}"
                for row in (evidence[s.source_id].itertuples() if s.source_id in evidence else ())
            )
            parts = [
                f'<p><a href="{html.escape(s.url)}">{marked(s.title, s.language)}</a></p>',
                f'<p class="panj-meta">{html.escape(s.publisher)}{", " + s.date if s.date else ""} · {s.kind} · '
                f"{html.escape(s.reliability_note)} · <code>{s.source_id}</code></p>",
                USES[s.use],
                f'<p class="panj-meta">Weighs {weighs}</p>' if weighs else "",
                f'<p class="panj-meta">Read there: {html.escape("; ".join(read[s.source_id]))}</p>' if s.source_id in read else "",
                _taken_up(app, docname, pages),
            ]
            cards.append(card(f"source-{s.source_id}", {"kind": s.kind, "use": s.use}, parts))
        choices = {column: {value: value for value in sorted(set(sources[column]))} for column in ("kind", "use")}
        return filtered(choices, cards, "sources")


class Timeline(Page):
    files = ("events.csv", "epilogue.csv", "claims.csv", "sources.csv", "datapackage.json")

    def html(self):
        origins = {"article": "the article", "context": "other sources", "afterwards": "after the article"}
        rows = [(e, "article" if e["claim_id"] else "context") for e in load("events").to_dict("records")]
        rows += [(e, "afterwards") for e in load("epilogue").to_dict("records")]
        rows.sort(key=lambda row: (row[0]["start"], row[0]["end"]))
        self.names = {("source", s.source_id): s.publisher for s in load("sources").itertuples()}
        self.names |= {("claim", c.claim_id): f"the article, {c.locator}" for c in load("claims").itertuples()}
        return filtered({"origin": origins}, [self.event(*row) for row in rows], "events")

    def event(self, event, origin):
        links = [
            link(self.env.app, self.env.docname, kind, key, self.names[kind, key])
            for kind in ("claim", "source")
            for key in event.get(f"{kind}_id", "").split()
        ]
        when = day(event["start"]) + (f" to {day(event['end'])}" if event["end"] else "")
        about = [html.escape(event["note"])] if event.get("note") else []
        parts = [
            f"<p><time>{when}</time> {html.escape(event['event'])}</p>",
            f'<p class="panj-meta">{" · ".join([*about, ", ".join(links)])}</p>',
        ]
        return card(f"event-{event['event_id']}", {"origin": origin}, parts)


def figures_and_events():
    """What the tables take from each source, by its id: figures with unit and date, events with their day."""
    taken = {}
    for e in load("estimates").itertuples():
        number = f"{e.value:,g}" if e.value == e.value else " to ".join(f"{n:,g}" for n in (e.low, e.high) if n == n)
        taken.setdefault(e.source_id, []).append(f"{e.quantity}, {e.as_of}: {number} {e.unit}")
    for table in ("events", "epilogue"):
        for e in load(table).itertuples():
            for key in e.source_id.split():
                taken.setdefault(key, []).append(f"{day(e.start)}: {e.event}")
    return taken


def day(text):
    """A date as a page prints it: 2004, April 2015, 15 June 2001."""
    first = date.fromisoformat(text + "-01-01"[: 10 - len(text)])
    return {4: f"{first:%Y}", 7: f"{first:%B %Y}", 10: f"{first.day} {first:%B %Y}"}[len(text)]


def _evidence(app, docname, row, sources):
    """One row of evidence as a list item: its verdict, who says it, and what."""
    note = html.escape(row.note)
    if not row.source_id:
        return f"<li>{note[:1].upper()}{note[1:]}.</li>"
    s = sources.loc[row.source_id]
    value = html.escape(f"{row.value} {row.unit}".strip())
    dated = row.date or s.date
    said = "; ".join(part for part in (value, note) if part)
    own = link(app, docname, "source", row.source_id, "about this source")
    return (
        f'<li>{mark(row.verdict)} <a href="{html.escape(s.url)}">{html.escape(s.publisher)}</a>'
        f'{f" ({dated})" if dated else ""}: {said}. <span class="panj-meta">{own}</span></li>'
    )


def _taken_up(app, docname, pages):
    where = ", ".join(f'<a href="{app.builder.get_relative_uri(docname, page)}">{title(app, page)}</a>' for page in pages)
    return f'<p class="panj-meta">Taken up in {where}</p>' if where else ""


def mark(verdict):
    """A verdict as sign and word, so that neither colour nor sign has to be known."""
    return f'<span class="panj-mark" data-verdict="{slug(verdict)}">{VERDICTS[verdict]} {verdict}</span>'


def card(anchor, marks, parts):
    """One entry of a list; `marks` are what the filter asks for."""
    data = " ".join(f'data-{name}="{html.escape(value if name == "chapter" else slug(value))}"' for name, value in marks.items())
    return f'<li id="{anchor}" {data}>{"".join(parts)}</li>'


def filtered(choices, cards, what):
    """A list of cards below a form that JavaScript shows and panj.js reads. `choices`: field -> {value: label}."""
    selects = "".join(
        f'<label>{name} <select name="{name}"><option value="">all</option>'
        + "".join(f'<option value="{slug(value)}">{html.escape(label)}</option>' for value, label in values.items())
        + "</select></label>"
        for name, values in choices.items()
    )
    return (
        f'<form class="panj-filter" hidden aria-label="Filter the {what}" data-what="{what}">{selects}'
        f'<label>words <input type="search" name="words"></label><output role="status">{len(cards)} {what}</output></form>\n'
        f'<ol class="panj-ledger">{"".join(cards)}</ol>'
    )


def slug(text):
    return text.rpartition("/")[2].replace(" ", "-")


def title(app, page):
    return html.escape(app.env.titles[page].astext().partition(":")[0])


def setup(app):
    app.add_directive("ledger", Ledger)
    app.add_directive("sourcelist", SourceList)
    app.add_directive("timeline", Timeline)
