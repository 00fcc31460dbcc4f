"""Every page says how old what it rests on is, and a report says what in the data is due."""

import re
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest
from conftest import CHARTED, PAGES, ROOT, soup

from panj import vintage
from panj.data import load
from panj.edition import edition
from panj.evidence import weighed
from panj.lists import day

THIS = replace(edition({}), current="")
READ = load("sources").set_index("source_id")["accessed"]


def foot(page):
    """What the page says of its sources, and where it leads for them; None when it rests on none."""
    line = soup(page).select_one("footer .panj-vintage")
    return line and (" ".join(line.get_text().split()), line.a["href"])


def cited(page):
    """The sources that stand in the text of a built page, and those that weigh the claims in it; nothing rests on mere examples and spellings."""
    linked = [re.fullmatch(r"(?:ledger|sources)\.html#(claim|source)-(.+)", a["href"]) for a in soup(page).select("article a[href]")]
    told = {(found[1], found[2]) for found in linked if found}
    sources = load("sources")
    rest = {key for kind, key in told if kind == "source"}.union(*(vintage.weighing().get(key, ()) for kind, key in told if kind == "claim"))
    return rest & set(sources["source_id"][sources["use"] == "evidence"])


@pytest.mark.parametrize("page", [*CHARTED, "chapters/timeline.html", "chapters/glossary.html"])
def test_a_page_says_how_old_its_sources_are(page):
    """Counted anew from the links on the page."""
    said, leads = foot(page)
    keys = cited(page)
    sources = load("sources").set_index("source_id").loc[sorted(keys)]
    dates = sorted(sources["date"][sources["date"] != ""])
    assert said == (
        f"This page rests on {len(keys)} sources, dated {dates[0][:4]} to {day(dates[-1])}; last read on {day(max(sources['accessed']))}."
    )
    assert leads == "sources.html"


def test_the_ledger_counts_what_weighs_its_statements_and_tells_their_outcome():
    keys = {key for table in ("evidence", "predictions") for text in load(table)["source_id"] for key in text.split()}
    assert foot("chapters/ledger.html")[0].startswith(f"This page rests on {len(keys)} sources, ")


def test_the_list_of_sources_counts_all_that_bear_something_and_a_page_without_says_nothing():
    assert foot("chapters/sources.html")[0].startswith(f"This page rests on {(load('sources')['use'] == 'evidence').sum()} sources, ")
    assert foot("chapters/accessibility.html") is None
    assert {page for page in PAGES if foot(page)} <= {page for page in PAGES if page.startswith("chapters/")}


@pytest.mark.parametrize("use", ["evidence", "example", "spelling"])
def test_on_an_example_or_a_spelling_nothing_rests(use):
    sources = load("sources")
    key = sources["source_id"][sources["use"] == use].iloc[0]
    assert vintage.behind("chapters/x", f'<a href="sources.html#source-{key}">x</a>') == ({key} if use == "evidence" else set())


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (["2021-08-15"], "1 source</a>, dated 15 August 2021; last read on 2 May 2026."),
        (["2021", "2021-08"], "2 sources</a>, dated August 2021; last read on 2 May 2026."),
        (["1999", "2021-08", ""], "3 sources</a>, dated 1999 to August 2021; last read on 2 May 2026."),
        ([""], "1 source</a>; last read on 2 May 2026."),
    ],
)
def test_the_sentence_fits_what_is_known(monkeypatch, dates, said):
    told = {str(number): (published, f"2026-05-0{2 if number == 0 else 1}") for number, published in enumerate(dates)}
    monkeypatch.setattr(vintage, "dates", lambda: told)
    assert vintage.sentence(vintage.vintage(told), "x").endswith(said)


def test_of_nothing_nothing_is_said():
    assert vintage.vintage([]) is None


def test_a_claim_counts_with_the_sources_that_weigh_it():
    claim = weighed()["claim_id"][0]
    evidence = load("evidence")
    assert vintage.weighing()[claim] == set(evidence[evidence["claim_id"] == claim]["source_id"]) - {""}


# The report


def after(count):
    """The day so many months after the edition, early enough to be whole months from the last reading too."""
    year, month = divmod(THIS.as_of.year * 12 + THIS.as_of.month - 1 + count, 12)
    return date(year, month + 1, min(THIS.as_of.day, 28))


def test_a_fresh_edition_has_nothing_due():
    said = "\n".join(vintage.report(THIS.as_of, THIS))
    assert "PAST ITS REVIEW" not in said and f"Sources: all {len(READ)} were read in the last {THIS.review_after} months" in said
    assert re.findall(r"(\d+) of \d+ sources due", said) and set(re.findall(r"(\d+) of \d+ sources due", said)) == {"0"}


def test_an_old_edition_names_all_that_is_due_and_what_to_do():
    lines = vintage.report(after(THIS.review_after + 2), THIS)
    said = "\n".join(lines)
    assert "PAST ITS REVIEW. Look for what has happened since" in said and "then `make cite`" in said
    assert f"Sources: {len(READ)} of {len(READ)} were last read {THIS.review_after} months ago or earlier. Open each (`make links`" in said
    assert {line.split()[1] for line in lines if re.match(r"  \d{4}-\d\d-\d\d  \S+  https?:", line)} == set(READ.index)
    assert all(due == of for due, of in re.findall(r"(\d+) of (\d+) sources due", said))


def test_only_what_was_read_long_ago_is_due(monkeypatch):
    today = after(1)
    table = load("sources")
    table.loc[table["source_id"] == "geonames", "accessed"] = "2020-01-01"
    monkeypatch.setattr(vintage, "load", lambda name: table if name == "sources" else load(name))
    monkeypatch.setattr(vintage, "dates", lambda: {s.source_id: (s.date, s.accessed) for s in table.itertuples()})
    said = "\n".join(vintage.report(today, THIS))
    assert f"Sources: 1 of {len(READ)} were last read" in said and "  2020-01-01  geonames  https://www.geonames.org/" in said
    assert re.search(r"places\.csv .* 1 of \d+ sources due", said) and re.search(r"events\.csv .* 0 of \d+ sources due", said)


def test_the_oldest_figures_come_first_each_with_the_newest_there_is():
    lines = vintage.report(THIS.as_of, THIS)
    start = next(number for number, line in enumerate(lines) if line.startswith("Figures:"))
    rows = [line.split(None, 1) for line in lines[start + 1 :]]
    assert len(rows) == vintage.OLDEST and [as_of for as_of, _ in rows] == sorted(as_of for as_of, _ in rows)
    table = load("estimates")
    for as_of, what in rows:
        quantity, subject = what.rsplit(", ", 1)
        assert as_of == max(table[(table["quantity"] == quantity) & (table["subject"] == subject)]["as_of"])


def test_a_frozen_edition_is_left_in_peace():
    (line,) = vintage.report(date(2999, 1, 1), replace(THIS, current="https://new.example/"))
    assert "is frozen; the current one is at https://new.example/" in line


def test_the_command_prints_the_report():
    done = subprocess.run([sys.executable, "-m", "panj.vintage"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.startswith("Edition ") and done.stderr == ""


@pytest.mark.parametrize(("then", "now", "count"), [("2026-01-31", "2026-02-28", 0), ("2026-01-15", "2026-07-15", 6), ("2026-01-15", "2026-07-14", 5), ("2025-12-01", "2026-01-01", 1)])
def test_months_are_whole(then, now, count):
    assert vintage.months(date.fromisoformat(then), date.fromisoformat(now)) == count


def test_the_line_is_whole_on_paper(visit):
    page = visit("chapters/geography.html").page
    line = page.locator(".panj-vintage")
    on_screen = line.inner_text()
    page.emulate_media(media="print")
    assert line.inner_text() == on_screen and re.match(r"This page rests on \d+ sources, dated ", on_screen)
