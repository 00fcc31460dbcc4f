"""The evidence is whole: every claim weighed and taught, every source used, nothing stale."""

import csv
import json
from datetime import date
from functools import cache
from urllib.parse import urlsplit

import pytest
from conftest import LESSONS

from panj import load
from panj.charts import MIME
from panj.check.prose import cells, sentences
from panj.data import DATA
from panj.edition import edition
from panj.evidence import VERDICTS, verdict, weighed

PACKAGE = json.loads((DATA / "datapackage.json").read_text("utf8"))
# Charts of the whole ledger cite every claim; they teach none of them.
OVERVIEW = "reading"


@cache
def roles():
    """Every (page, role, target) in the prose of the lessons."""
    return [
        (path.stem, role, target)
        for path in LESSONS
        for _, text in cells(path)
        for _, marks in sentences(text)
        for role, target in marks
    ]


@cache
def plotted():
    """Every (page, kind, id) that a row of a chart cites."""
    return {
        (path.stem, kind, key)
        for path in LESSONS
        if path.suffix == ".ipynb"
        for cell in json.loads(path.read_text("utf8"))["cells"]
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
        for cites in output["data"][MIME]["layout"]["meta"]["panj"]["cited"]
        for kind, key in cites
    }


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


def test_every_claim_is_taught_or_left_out_for_a_reason():
    taught = {target for _, role, target in roles() if role == "claim"}
    taught |= {key for page, kind, key in plotted() if kind == "claim" and page != OVERVIEW}
    left_out = set(load("untaught")["claim_id"])
    assert sorted(set(load("claims")["claim_id"]) - taught - left_out) == []
    assert sorted(left_out & taught) == [], "taught after all: take it out of untaught.csv"


def test_no_source_is_unused():
    used = {target for _, role, target in roles() if role == "source"} | {key for _, kind, key in plotted() if kind == "source"}
    for path in DATA.glob("*.csv"):
        if path.stem != "sources":
            with path.open(encoding="utf8", newline="") as file:
                for row in csv.DictReader(file):
                    for field in ("source_id", "name_source_id", "coordinate_source"):
                        used |= set(row.get(field, "").split())
    assert sorted(set(load("sources")["source_id"]) - used) == []


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


def test_every_entry_of_the_glossary_is_linked():
    """From a lesson, from the key terms of a chapter, or from a look-alike that is."""
    glossary = load("glossary").set_index("term_id")
    linked = {target for _, role, target in roles() if role == "term"}
    linked = {key for key, row in glossary.iterrows() if row["term"] in linked or row["chapter"]}
    linked |= {other for key in linked for other in glossary.loc[key, "not_to_confuse"].split()}
    assert sorted(set(glossary.index) - linked) == []


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


def test_no_evidence_is_younger_than_the_edition():
    as_of = PACKAGE["edition"]["as_of"]
    for table, field in (("epilogue", "start"), ("predictions", "as_of"), ("sources", "date")):
        assert max(load(table)[field]) <= as_of, table
