"""The data package is whole, and every way of breaking it is named in plain words."""

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from panj.data import DATA, load, problems

PACKAGE = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
TABLES = {resource["name"]: resource for resource in PACKAGE["resources"] if "schema" in resource}


def test_clean_package_has_no_problems():
    assert problems() == []


def test_frictionless_validates_the_package():
    done = subprocess.run(
        [sys.executable, "-m", "frictionless", "validate", str(DATA / "datapackage.json")], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_command_says_one_line():
    done = subprocess.run([sys.executable, "-m", "panj"], capture_output=True, text=True, cwd=DATA.parent)
    rows = sum(len(load(name)) for name in TABLES)
    assert (done.returncode, done.stdout) == (0, f"data: {len(TABLES)} tables, {rows} rows, no faults\n")


def test_the_shares_of_the_article():
    table = load("ethnicity").set_index("group_id")
    assert list(table.loc["afg-tajik", ["share_percent", "claim_id"]]) == [27, "tajik-share-27"]
    assert list(table.loc["afg-pashtun", ["share_percent", "claim_id"]]) == [42, "pashtun-share-42"]
    assert list(table.loc["afg-other", ["share_percent", "basis"]]) == [31, "derived"]


def test_every_sentence_of_the_article_has_a_claim():
    claims = load("claims")
    found = set(zip(claims.locator, claims.sentence))
    assert found == {(locator, n) for locator, last in PACKAGE["sentences"].items() for n in range(1, last + 1)}


def test_load_types():
    places = load("places")
    assert places.lat.dtype == "float64" and places.geonameid.dtype == "str"
    assert places.lat.isna().any() and not places.note.isna().any()
    assert load("claims").sentence.dtype == "int64"
    with pytest.raises(FileNotFoundError, match="claims, sources, evidence"):
        load("nonsense")


def members(organisation, day):
    """Members of an organisation on a day (YYYY-MM-DD), by the rule in the table's description."""
    table = load("memberships")
    held = (table["from"] <= day) & ((table["to"] == "") | (day < table["to"]))
    return set(table[held & (table.organisation_id == organisation) & table.status.str.endswith("member")].member)


CSTO = {"armenia", "belarus", "kazakhstan", "kyrgyzstan", "russia", "tajikistan"}
SCO = {"china", "kazakhstan", "kyrgyzstan", "russia", "tajikistan", "uzbekistan"}


def test_memberships_at_three_dates():
    assert members("csto", "2010-06-30") == CSTO | {"uzbekistan"}
    assert members("csto", "2021-10-15") == CSTO == members("csto", "2026-11-23")
    assert members("sco", "2010-06-30") == SCO
    assert members("sco", "2021-10-15") == SCO | {"india", "pakistan"}
    assert members("sco", "2026-11-23") == SCO | {"india", "pakistan", "iran", "belarus"}


# --- one corruption at a time -------------------------------------------------


@pytest.fixture
def copy(tmp_path):
    """A copy of the data to spoil."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def number_of(rows, table, key):
    """Index of the row whose key (its first cell) is `key`; the row number in an editor is one more."""
    return next(n for n, row in enumerate(rows) if row[0] == key)


def spoil(folder, table, key, **cells):
    """Write other cells into one row of a table; return the row number."""
    path = folder / f"{table}.csv"
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    at = number_of(rows, table, key)
    for field, value in cells.items():
        rows[at][rows[0].index(field.rstrip("_"))] = value
    save(path, rows)
    return at + 1


def save(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


# (table, key of the row, cells to write, field that must be named)
CELLS = {
    "wrong type": ("ethnicity", "afg-tajik", {"share_percent": "many"}, "share_percent"),
    "share over 100": ("ethnicity", "afg-tajik", {"share_percent": "142"}, "share_percent"),
    "negative share": ("ethnicity", "afg-tajik", {"share_percent": "-27"}, "share_percent"),
    "derived share wrong": ("ethnicity", "afg-other", {"share_percent": "30"}, "share_percent"),
    "no decimal point but comma": ("ethnicity", "afg-tajik", {"share_percent": "27,0"}, "share_percent"),
    "unknown claim type": ("claims", "tajik-share-27", {"type": "rumour"}, "type"),
    "unknown hedge": ("claims", "tajik-share-27", {"hedge": "shouted"}, "hedge"),
    "unknown locator": ("claims", "tajik-share-27", {"locator": "P12"}, "locator"),
    "sentence beyond the paragraph": ("claims", "tajik-share-27", {"sentence": "9"}, "sentence"),
    "sentence zero": ("claims", "tajik-share-27", {"sentence": "0"}, "sentence"),
    "empty statement": ("claims", "tajik-share-27", {"statement": ""}, "statement"),
    "blank statement": ("claims", "tajik-share-27", {"statement": "   "}, "statement"),
    "uppercase identifier": ("actors", "pashtuns", {"actor_id": "Pashtuns"}, "actor_id"),
    "identifier used twice": ("actors", "pashtuns", {"actor_id": "taliban"}, "actor_id"),
    "claim that is not there": ("threats", "caliphate", {"claim_id": "no-such-claim"}, "claim_id"),
    "source that is not there": ("places", "pamir", {"source_id": "no-such-source"}, "source_id"),
    "place that is not there": ("drug_route", "2", {"to_place": "atlantis"}, "to_place"),
    "actor that is not there": ("threats", "caliphate", {"bearer": "nobody"}, "bearer"),
    "organisation that is not its own table's": ("organisations", "rats", {"parent": "nato"}, "parent"),
    "row citing nothing": ("threats", "caliphate", {"claim_id": ""}, "claim_id and source_id"),
    "unknown side": ("actors", "taliban", {"side": "enemy"}, "side"),
    "person with a country code": ("actors", "rahmon", {"iso3": "TJK"}, "kind and iso3"),
    "latitude 95": ("places", "dushanbe", {"lat": "95"}, "lat"),
    "point outside the country": ("places", "dushanbe", {"lat": "48.5"}, "lat and lon"),
    "latitude and longitude swapped": ("places", "kabul", {"lat": "69.17", "lon": "34.53"}, "lat and lon"),
    "latitude alone": ("places", "dushanbe", {"lon": ""}, "lat and lon"),
    "point without a source": ("places", "dushanbe", {"coordinate_source": ""}, "coordinate_source"),
    "end before start": ("events", "rabbani-presidency", {"end": "1990"}, "start and end"),
    "impossible date": ("events", "kabul-falls", {"start": "2021-02-30"}, "start"),
    "month 13": ("events", "kabul-falls", {"start": "2021-13-01"}, "start"),
    "date the other way round": ("events", "kabul-falls", {"start": "15.08.2021"}, "start"),
    "precision finer than the date": ("events", "rats-created", {"precision": "day"}, "start and precision"),
    "span without an end": ("events", "rabbani-presidency", {"end": ""}, "precision and end"),
    "hedge unlike the claim's": ("relations", "amrullah-saleh-takes-refuge-in-tajikistan", {"hedge": "asserted"}, "hedge"),
    "relation to itself": ("relations", "china-talks-with-taliban", {"to_actor": "china"}, "from_actor and to_actor"),
    "relation written twice": ("relations", "nrf-succeeds-northern-alliance", {"from_actor": "northern-alliance", "to_actor": "taliban", "type": "opposes"}, "type"),
    "unknown relation": ("relations", "china-talks-with-taliban", {"type": "winks at"}, "type"),
    "leg missing": ("drug_route", "3", {"leg": "4"}, "leg"),
    "legs that do not join": ("drug_route", "3", {"from_place": "china"}, "from_place"),
    "bounds the wrong way round": ("estimates", "border-tjk-afg-afp-2021-09-02-ahram", {"low": "1400", "high": "1300"}, "low and high"),
    "figure without a number": ("estimates", "border-tjk-afg-afp-2021-09-02-ahram", {"low": ""}, "value and low and high"),
    "share of people over 100": ("estimates", "share-afg-tajik-article", {"value": "270"}, "value and low and high"),
    "unit that does not fit": ("estimates", "population-tjk-cia-factbook-json", {"unit": "km"}, "unit"),
    "membership ends before it begins": ("memberships", "csto-uzbekistan-2006", {"to": "2005-01-01"}, "to"),
    "memberships that overlap": ("memberships", "sco-iran-2023", {"from_": "2020-01-01"}, "from"),
    "unknown verdict": ("evidence", "photo-tajik-guard", {"verdict": "true"}, "verdict"),
    "verdict without a source": ("evidence", "photo-tajik-guard", {"source_id": ""}, "verdict and source_id"),
    "silence with a source": ("evidence", "photo-date-march-2021", {"source_id": "geonames"}, "verdict and source_id"),
    "silence without a word on it": ("evidence", "photo-date-march-2021", {"note": ""}, "note"),
    "evidence for no claim": ("evidence", "photo-tajik-guard", {"claim_id": "no-such-claim"}, "claim_id"),
    "evidence from no source": ("evidence", "photo-tajik-guard", {"source_id": "no-such-source"}, "source_id"),
    "evidence from an example of drift": ("evidence", "photo-tajik-guard", {"source_id": "wikipedia-rabbani"}, "source_id"),
    "evidence from a source of spellings": ("evidence", "photo-tajik-guard", {"source_id": "rambler-tass-omon"}, "source_id"),
    "fact called uncheckable": ("evidence", "photo-date-march-2021", {"verdict": "not checkable"}, "verdict"),
    "unit without a value": ("evidence", "photo-tajik-guard", {"unit": "km"}, "value and unit"),
    "evidence dated the other way round": ("evidence", "photo-tajik-guard", {"date": "29.11.2025"}, "date"),
    "claim not weighed": ("evidence", "photo-tajik-guard", {"claim_id": "photo-bridge-over-panj"}, None),
    "unknown kind of drift": ("drift", "groups-cut", {"change": "lie"}, "change"),
    "drift between texts that are not there": ("drift", "reporter-becomes-quotation", {"source_id": "gazeta-2021-09-30-russian-mfa nobody"}, "source_id"),
    "drift of a claim that is not there": ("drift", "groups-cut", {"claim_id": "no-such-claim"}, "claim_id"),
    "unknown outcome": ("predictions", "more-refugees", {"outcome": "sort of"}, "outcome"),
    "prediction without a criterion": ("predictions", "more-refugees", {"criterion": ""}, "criterion"),
    "outcome without sources": ("predictions", "more-refugees", {"source_id": ""}, "outcome and source_id"),
    "outcome without a date": ("predictions", "more-refugees", {"as_of": ""}, "as_of"),
    "prediction that is a fact": ("predictions", "more-refugees", {"claim_id": "tajik-share-27"}, "claim_id"),
    "outcome from a source that is not there": ("predictions", "more-refugees", {"source_id": "no-such-source"}, "source_id"),
    "event before the epilogue": ("epilogue", "crocus", {"start": "2020-03-22"}, "start"),
    "event without a source": ("epilogue", "crocus", {"source_id": ""}, "source_id"),
    "event in no month": ("epilogue", "crocus", {"start": "2024-13-22"}, "start"),
    "look-alike that does not answer": ("glossary", "ahmad-massoud", {"not_to_confuse": ""}, None),
    "look-alike that is not there": ("glossary", "ahmad-massoud", {"not_to_confuse": "nobody"}, "not_to_confuse"),
    "Russian name in Latin letters": ("glossary", "ahmad-massoud", {"russian": "Masud"}, "russian"),
    "name without a transliteration": ("glossary", "ahmad-massoud", {"tajik_latin": ""}, "tajik_latin and russian_latin and dari_latin"),
    "name without a source": ("glossary", "ahmad-massoud", {"name_source_id": ""}, "name_source_id"),
    "place without evidence": ("glossary", "kabul", {"claim_id": "", "source_id": ""}, "claim_id and source_id"),
    "two entries of one name": ("glossary", "kabul", {"term": "Ahmad Massoud"}, "term"),
    "rating out of range": ("hypotheses", "share-46", {"kinship": "3"}, "kinship"),
    "rating that is none": ("hypotheses", "share-46", {"kinship": "yes"}, "kinship"),
    "reason missing": ("untaught", "author-orcid", {"reason": ""}, "reason"),
    "claim left out that is not there": ("untaught", "author-orcid", {"claim_id": "no-such-claim"}, "claim_id"),
    "source of unknown use": ("sources", "geonames", {"use": "maybe"}, "use"),
    "fighters in kilometres": ("estimates", "iskp-usip-2016-04-islamic-state", {"unit": "km"}, "unit"),
    "figure from an example, not named as one": ("estimates", "border-tjk-afg-storytellingco-2021-07-900", {"note": "a figure"}, "source_id"),
    "link that is none": ("sources", "geonames", {"url": "geonames"}, "url"),
    "text that runs backwards": ("places", "kulob", {"note": "a \u202enwot"}, "note"),
    "text that a spreadsheet runs": ("places", "kulob", {"note": '=HYPERLINK("http://example.org")'}, "note"),
    "day of access missing": ("sources", "geonames", {"accessed": "2026-11"}, "accessed"),
}


@pytest.mark.parametrize(("table", "key", "cells", "field"), CELLS.values(), ids=CELLS)
def test_spoilt_cell_is_named(copy, table, key, cells, field):
    row = spoil(copy, table, key, **cells)
    found = problems(copy)
    if field:
        assert any(problem.startswith(f"data/{table}.csv, row {row}, {field}: ") for problem in found), found
    else:  # the fault shows in another row, which is named with the spoilt one's id
        assert any(key in problem and ", row " in problem for problem in found), found


def cut_column(folder):
    path = folder / "threats.csv"
    save(path, [row[:2] + row[3:] for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8")))])


def add_column(folder):
    path = folder / "threats.csv"
    save(path, [[*row, "new"] for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8")))])


def swap_columns(folder):
    path = folder / "threats.csv"
    save(path, [[row[1], row[0], *row[2:]] for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8")))])


def replace(name, old, new):
    def change(folder):
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")

    return change


def raw(name, change):
    def rewrite(folder):
        path = folder / name
        path.write_bytes(change(path.read_bytes()))

    return rewrite


def without(locator, sentence):
    def drop(folder):
        path = folder / "claims.csv"
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
        save(path, [row for row in rows if row[1:3] != [locator, sentence]])

    return drop


def lines_without(name, start):
    return raw(name, lambda b: b"".join(line for line in b.splitlines(True) if not line.startswith(start.encode())))


def make(name, text=""):
    return lambda folder: (folder / name).write_text(text, encoding="utf-8")


def uncited(folder):
    path = folder / "datapackage.json"
    package = json.loads(path.read_text("utf8"))
    for resource in package["resources"]:
        if resource["name"] == "threats":
            resource["rules"] = [rule for rule in resource["rules"] if "claim_id" not in rule["fields"]]
    path.write_text(json.dumps(package), "utf8")


# (what is done to the folder, how a problem must begin)
FILES = {
    "column missing": (cut_column, "data/threats.csv, row 1, mechanism: this column is missing"),
    "column too many": (add_column, "data/threats.csv, row 1, new: datapackage.json does not know"),
    "columns out of order": (swap_columns, "data/threats.csv, row 1: the columns are not in order"),
    "stray delimiter": (replace("threats.csv", "A caliphate", "A, caliphate"), "data/threats.csv, row 4, last field: "),
    "row cut short": (replace("claims.csv", ",asserted,ethnicity\n", "\n"), "data/claims.csv, row 29, hedge: the row ends before this cell"),
    "semicolons": (raw("drug_route.csv", lambda b: b.replace(b",", b";")), "data/drug_route.csv, row 1, leg: "),
    "quotation mark left open": (replace("threats.csv", "\ncaliphate", '\n"caliphate'), "data/threats.csv: the table cannot be split into cells: "),
    "blank line": (replace("threats.csv", "\ncaliphate", "\n\ncaliphate"), "data/threats.csv, row 4"),
    "Windows encoding": (raw("places.csv", lambda b: b.decode().replace("Bāz", "Bàz").replace("ā", "a").replace("ŭ", "u").encode("cp1252")), "data/places.csv, row 11: a character is not encoded as UTF-8"),
    "byte order mark": (raw("actors.csv", lambda b: b"\xef\xbb\xbf" + b), "data/actors.csv, row 1: the file begins with a byte order mark"),
    "file missing": (lambda folder: (folder / "events.csv").unlink(), "data/events.csv: the file is missing"),
    "geometry missing": (lambda folder: (folder / "geo/map.geojson").unlink(), "data/geo/map.geojson: the file is missing"),
    "geometry cut short": (raw("geo/border.geojson", lambda b: b[: len(b) // 2]), "data/geo/border.geojson, row "),
    "file not listed": (make("more.csv", "a,b\n1,2\n"), "data/more.csv: datapackage.json does not list"),
    "empty file": (make("organisations.csv"), "data/organisations.csv: the file is empty"),
    "header only": (raw("sources.csv", lambda b: b.splitlines(True)[0]), "data/sources.csv, row 1: the table has a header but no rows"),
    "sentence without a claim": (without("P3", "3"), "data/claims.csv, sentence: sentence 3 of P3 has no claim"),
    "claim with no evidence": (lines_without("evidence.csv", "author-orcid,"), "data/claims.csv, row 176, claim_id: "),
    "prediction not followed up": (lines_without("predictions.csv", "more-refugees,"), "data/claims.csv, row 75, claim_id: "),
    "evidence given twice": (replace("evidence.csv", "photo-credit-reuters,", "photo-tajik-guard,"), "data/evidence.csv, row 8, claim_id and source_id: "),
    "silence beside evidence": (replace("evidence.csv", "photo-credit-reuters,", "photo-date-march-2021,"), "data/evidence.csv, row 8, verdict: "),
    "shares over 100 together": (raw("ethnicity.csv", lambda b: b.replace(b",27,", b",57,")), "data/ethnicity.csv, row 4, share_percent: the shares of AFG add up to 130"),
    "description not JSON": (raw("datapackage.json", lambda b: b.replace(b'"version"', b"version", 1)), "data/datapackage.json, row "),
    "description missing": (lambda folder: (folder / "datapackage.json").unlink(), "data/datapackage.json: the file is missing"),
    "description without sentences": (replace("datapackage.json", '"sentences"', '"phrases"'), "data/datapackage.json, sentences: "),
    "description with a field type that is none": (replace("datapackage.json", '"type": "integer"', '"type": "whole"'), "data/datapackage.json: "),
    "version that is none": (replace("datapackage.json", '"version": "', '"version": "v'), "data/datapackage.json, version: 'v"),
    "edition without a day": (replace("datapackage.json", '"as_of"', '"day"'), "data/datapackage.json, edition.as_of: None cannot stand here. Write the day"),
    "edition never reviewed": (replace("datapackage.json", '"review_after_months": 6', '"review_after_months": 0'), "data/datapackage.json, edition.review_after_months: 0 "),
    "edition frozen without an address": (replace("datapackage.json", '"frozen": ""', '"frozen": true'), "data/datapackage.json, edition.frozen: True "),
    "edition that is a word": (replace("datapackage.json", '"edition": {', '"edition": "2026", "was": {'), "data/datapackage.json, edition.as_of: None "),
    "no edition": (replace("datapackage.json", '"edition"', '"issue"'), "data/datapackage.json, edition.as_of: None "),
    "field without a description": (replace("datapackage.json", '"description": "what sort of entry it is"', '"description": ""'), "data/datapackage.json, glossary.kind: it has no description. Write it"),
    "number without a unit": (replace("datapackage.json", '"unit": ', '"in": '), "data/datapackage.json, ethnicity.share_percent: it has no unit."),
    "ids that nothing looks for": (replace("datapackage.json", '"ids": "sources"', '"id": "sources"'), "data/datapackage.json, drift.source_id: nothing looks whether the id exists"),
    "rows that may cite nothing": (uncited, "data/datapackage.json, threats: a row could cite neither the article nor a source"),
    "evidence younger than the edition": (replace("datapackage.json", '"as_of": "20', '"as_of": "19'), "data/epilogue.csv, row 2, start: "),
    "description is a list": (make("datapackage.json", "[]\n"), "data/datapackage.json, sentences: "),
    "table without a path": (replace("datapackage.json", '"path": "claims.csv"', '"way": "claims.csv"'), "data/datapackage.json: "),
}


@pytest.mark.parametrize(("change", "start"), FILES.values(), ids=FILES)
def test_spoilt_file_is_named(copy, change, start):
    change(copy)
    found = problems(copy)
    assert any(problem.startswith(start) for problem in found), found


def test_copy_is_clean_until_it_is_spoilt(copy):
    assert problems(copy) == []


def test_no_folder_at_all(tmp_path):
    assert problems(tmp_path / "nowhere") == [
        "nowhere/datapackage.json: the file is missing. Put it back, or take it out of datapackage.json."
    ]
