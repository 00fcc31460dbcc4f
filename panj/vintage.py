"""How old what the book rests on is: a line at the foot of each page, and a report for who keeps the book.

``python -m panj.vintage`` (`make stale`) lists what is past its review or oldest, and says what to do. What counts is
when somebody last looked (sources.csv, accessed) and up to when a figure or an event reaches; what is due after how
many months stands in datapackage.json (edition.review_after_months).
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from .cite import PAGES
from .data import DATA, load
from .edition import edition, written
from .lists import day

OLDEST = 8  # so many of the oldest figures are worth a look
DATED = {"events": ("start", "end"), "epilogue": ("start", "end"), "memberships": ("from", "to"), "predictions": ("as_of",), "estimates": ("as_of",)}


@dataclass(frozen=True)
class Vintage:
    """Of some sources: how many, the dates of the oldest and the newest ("" when none has one), and the day one was last read."""

    count: int
    oldest: str
    newest: str
    read: str


@cache
def dates():
    """{source_id: (its date or "", the day we read it)}"""
    return {s.source_id: (s.date, s.accessed) for s in load("sources").itertuples()}


@cache
def bearing():
    """The ids of the sources that something rests on: not those that only show how a text changes or a name is written."""
    sources = load("sources")
    return set(sources["source_id"][sources["use"] == "evidence"])


def cited(name):
    """The ids of the sources that the rows of a table cite."""
    return {key for text in load(name).get("source_id", ()) for key in text.split()}


@cache
def weighing():
    """{claim_id: the sources that weigh it}"""
    found = {}
    for row in load("evidence").itertuples():
        found.setdefault(row.claim_id, set()).update({row.source_id} - {""})
    return found


def vintage(sources):
    """The Vintage of the sources with these ids, None without any."""
    told = [dates()[key] for key in sources]
    if not told:
        return None
    known = sorted(published for published, _ in told if published)
    return Vintage(len(told), *((known[0], known[-1]) if known else ("", "")), max(read for _, read in told))


def behind(page, body):
    """The ids of the sources that a page rests on, from the links in its HTML: those to sources, and for those to claims what weighs them."""
    if page == PAGES["source"]:
        return bearing()
    linked = set(re.findall(r'href="[^"]*#(claim|source)-([^"]+)"', body))
    return {key for kind, key in linked if kind == "source"}.union(*(weighing().get(key, ()) for kind, key in linked if kind == "claim")) & bearing()


def sentence(found, sources):
    """What a page says of its Vintage, as HTML; `sources`: where the list of sources stands."""
    span = day(found.newest) if found.newest else ""
    if found.oldest[:4] != found.newest[:4]:
        span = f"{found.oldest[:4]} to {span}"
    return (
        f'This page rests on <a href="{sources}">{found.count} source{"s" if found.count > 1 else ""}</a>'
        f"{f', dated {span}' if span else ''}; last read on {day(found.read)}."
    )


def note_data(app, config):
    config.panj_vintage = hashlib.sha256(b"".join((DATA / name).read_bytes() for name in ("sources.csv", "evidence.csv"))).hexdigest()


def tell(app, pagename, templatename, context, doctree):
    found, home = vintage(behind(pagename, context.get("body", ""))), PAGES["source"]
    context["vintage"] = sentence(found, app.builder.get_relative_uri(pagename, home)) if found and home in app.env.all_docs else ""


def months(then, now):
    """Whole months from one day to another."""
    return (now.year - then.year) * 12 + now.month - then.month - (now.day < then.day)


def report(today, this=None):
    """The lines of the report on `today` (a date), for an Edition (this copy's)."""
    this = this or edition()
    if this.current:
        return [f"Edition {this.version} is frozen; the current one is at {this.current} Nothing here needs a review."]
    age = months(this.as_of, today)
    lines = [f"Edition {this.version} is as of {written(this.as_of)}, {age} months ago; it is to be reviewed after {this.review_after}."]
    if this.overdue(today):
        lines.append("  PAST ITS REVIEW. Look for what has happened since, add it to epilogue.csv and predictions.csv, set version and edition.as_of in datapackage.json, then `make cite`.")
    return lines + ["", *_sources(today, this), "", *_tables(today, this), "", *_estimates()]


def _sources(today, this):
    table = load("sources")
    read = [date.fromisoformat(accessed) for accessed in table["accessed"]]
    due = table[[months(seen, today) >= this.review_after for seen in read]].sort_values("accessed", kind="stable")
    if due.empty:
        return [f"Sources: all {len(table)} were read in the last {this.review_after} months, the first on {written(min(read))}."]
    return [
        f"Sources: {len(due)} of {len(table)} were last read {this.review_after} months ago or earlier. Open each (`make links` finds the dead ones), see whether it still says "
        "what its rows say, and set accessed in sources.csv.",
        *(f"  {s.accessed}  {s.source_id}  {s.url}" for s in due.itertuples()),
    ]


def _tables(today, this):
    """Each table that cites sources: how far it reaches, and how many of its sources are due."""
    package = json.loads((DATA / "datapackage.json").read_text("utf8"))
    yield "Tables: up to when each reaches, and how many of its sources are due. Where some are, read those again, and add rows for what is new."
    for name in (r["name"] for r in package["resources"] if "schema" in r and r["name"] != "sources"):
        table, keys = load(name), cited(name)
        if not keys:
            continue
        late = sum(months(date.fromisoformat(dates()[key][1]), today) >= this.review_after for key in keys)
        reach = max((value for field in DATED.get(name, ()) for value in table[field]), default="") or vintage(keys).newest or "no date"
        yield f"  {name + '.csv':<18} {len(table):>4} rows, up to {reach:<10}  {late:>3} of {len(keys)} sources due"


def _estimates():
    """The quantities whose newest figure is oldest."""
    table = load("estimates")
    newest = table[table["as_of"] != ""].groupby(["quantity", "subject"])["as_of"].max().sort_values(kind="stable")
    yield f"Figures: of {len(newest)} quantities in estimates.csv these {OLDEST} have waited longest for a newer figure. Look for one, and add it as a row; the older rows stay."
    for (quantity, subject), as_of in newest.head(OLDEST).items():
        yield f"  {as_of:<10}  {quantity}, {subject}"


def setup(app):
    for told in (dates, bearing, weighing):
        told.cache_clear()
    app.add_config_value("panj_vintage", "", "html")  # pages are written again when it changes
    app.connect("config-inited", note_data)
    app.connect("html-page-context", tell)


if __name__ == "__main__":
    print(*report(date.today()), sep="\n")
