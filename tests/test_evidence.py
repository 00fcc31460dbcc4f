"""The evidence is whole: every claim weighed and taught, every source used, nothing stale."""

import json
from datetime import date
from urllib.parse import urlsplit

import pandas as pd
import pytest
from conftest import LESSONS

from panj import load
from panj.check import evidence
from panj.check.evidence import roles
from panj.check.prose import cells, sentences
from panj.data import DATA
from panj.edition import edition
from panj.evidence import VERDICTS, verdict, weighed

PACKAGE = json.loads((DATA / "datapackage.json").read_text("utf8"))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["corroborated"], "corroborated"),
        (["corroborated", "refined"], "refined"),
        (["contradicted", "contradicted"], "contradicted"),
        (["contradicted", "corroborated"], "contested"),
        (["refined", "contradicted"], "contested"),
        (["corroborated", "contested"], "contested"),
        (["not found"], "not found"),
        (["not checkable"], "not checkable"),
    ],
)
def test_the_verdict_follows_from_the_rows(rows, expected):
    assert verdict(rows) == expected


def test_a_claim_without_evidence_has_no_verdict():
    with pytest.raises(ValueError, match="evidence.csv"):
        verdict([])


def test_every_claim_has_a_verdict_and_every_verdict_its_sources():
    claims = weighed()
    assert set(claims["verdict"]) <= set(VERDICTS)
    silent = claims["verdict"].isin(["not found", "not checkable"])
    assert (claims[~silent]["sources"] >= 1).all() and (claims[silent]["sources"] == 0).all()
    checkable = claims["type"].isin(["fact", "figure", "event", "relation"])
    assert not (claims[checkable]["verdict"] == "not checkable").any()


def test_every_role_names_a_row_that_exists():
    known = {
        "claim": set(load("claims")["claim_id"]),
        "source": set(load("sources")["source_id"]),
        "term": set(load("glossary")["term"]),
    }
    assert [(page, role, target) for page, role, target in roles() if role in known and target not in known[role]] == []


def test_the_lessons_are_those_that_are_looked_at():
    assert set(evidence.taught()) == set(LESSONS)


def test_pages_and_tables_fit_together():
    assert [str(fault) for fault in evidence.find()] == []


def more(**cells):
    """A change of a table: one row more, a copy of the first with these cells."""
    return lambda table: pd.concat([table, table.iloc[[0]].assign(**cells)], ignore_index=True)


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("untaught", lambda table: table[1:], "data/claims.csv, row 176, claim_id: “author-orcid”: no chapter takes up this claim"),
        ("untaught", more(claim_id="tajik-share-27"), "claim_id: “tajik-share-27”: a chapter takes up this claim after all"),
        ("sources", more(source_id="nobody-2026"), "source_id: “nobody-2026”: nothing cites this source"),
        ("glossary", lambda table: table.assign(chapter=table["chapter"].replace("threats", "rivers")), "chapter: “rivers”: there is no such chapter: write one of geography, "),
        ("glossary", more(term_id="moon", term="Moon", chapter=""), "term_id: “moon”: no page links this entry"),
    ],
)
def test_a_row_that_fits_nowhere_is_named(monkeypatch, name, change, says):
    monkeypatch.setattr(evidence, "load", lambda table: change(load(table)) if table == name else load(table))
    assert any(says in str(fault) for fault in evidence.find()), [str(fault) for fault in evidence.find()]


def test_every_address_is_well_formed_and_stands_once():
    sources = load("sources")
    for url in sources["url"]:
        parts = urlsplit(url)
        assert parts.scheme in ("http", "https") and "." in parts.hostname and parts.port != 0, url
    assert sources["url"].is_unique


def test_examples_of_drift_are_named_as_such():
    examples = set(load("sources").query("use == 'example'")["source_id"])
    assert examples
    for page, role, target in roles():
        if role == "source" and target in examples:
            said = " ".join(s for path in LESSONS if path.stem == page for _, text in cells(path) for s, marks in sentences(text) if (role, target) in marks)
            assert any(word in said for word in ("copy", "copied", "translation", "summary", "version", "repost", "reprint", "page", "example")), (page, said)


@pytest.mark.parametrize(
    ("quantity", "subject", "values"),
    [
        ("border length", "TJK-AFG", 9),
        ("ethnic share", "AFG-tajik", 3),
        ("ethnic share", "AFG-hazara", 2),
        ("ethnic share", "TJK-uzbek", 4),
        ("ISKP fighters", "AFG-iskp", 5),
        ("Taliban drug income", "AFG-taliban", 3),
        ("Taliban income", "AFG-taliban", 2),
        ("northern route share", "AFG-opiates", 3),
        ("poppy area", "AFG", 6),
        ("Afghans in Tajikistan", "TJK", 5),
        ("Russian base", "TJK", 3),
    ],
)
def test_disagreement_stands_as_rows(quantity, subject, values):
    table = load("estimates")
    rows = table[(table["quantity"] == quantity) & (table["subject"] == subject)]
    assert len(set(zip(rows["value"], rows["low"], rows["high"]))) >= values
    assert (rows["source_id"].ne("") | rows["claim_id"].ne("")).all()


def test_the_edition_is_not_older_than_it_may_be():
    """Mend: look for what has happened since, add it to epilogue.csv and predictions.csv, set version and edition.as_of in
    datapackage.json, and `make cite`. An edition that a newer one replaced is frozen instead: edition.frozen, or make FROZEN=https://…"""
    this = edition()
    assert not this.overdue(date.today()), f"edition {this.version} is as of {this.as_of}, and nobody has looked since"
