"""Whether pages and tables fit together: every claim is taught, every source is used, every entry of the glossary is linked."""

import csv

from ..charts import MIME
from ..data import DATA, load
from ..exercises.source import chapters
from . import Finding
from .pages import FOLDER, cells, contents
from .prose import cells as texts
from .prose import sentences

OVERVIEW = "reading"  # its charts of the whole ledger cite every claim, and teach none of them


def find():
    """Findings in the rows of data/ that nothing uses, or that a page uses otherwise than they say."""
    claims, sources, glossary, untaught = (load(name) for name in ("claims", "sources", "glossary", "untaught"))
    linked, plotted = roles(), charted()
    taught = {key for _, role, key in linked if role == "claim"} | {key for page, kind, key in plotted if kind == "claim" and page != OVERVIEW}
    left_out = set(untaught["claim_id"])
    yield from _rows(claims, "claims", "claim_id", set(claims["claim_id"]) - taught - left_out, "no chapter takes up this claim: link it where it belongs, or add it to untaught.csv with the reason")
    yield from _rows(untaught, "untaught", "claim_id", left_out & taught, "a chapter takes up this claim after all: delete the row")

    used = {key for _, role, key in linked if role == "source"} | {key for _, kind, key in plotted if kind == "source"} | set(_cited())
    yield from _rows(sources, "sources", "source_id", set(sources["source_id"]) - used, "nothing cites this source: cite it, or delete the row")

    yield from _rows(glossary, "glossary", "chapter", set(glossary["chapter"]) - {"", *chapters()}, f"there is no such chapter: write one of {', '.join(chapters())}, or nothing")
    terms = {key for _, role, key in linked if role == "term"}
    reached = glossary[glossary["term"].isin(terms) | glossary["chapter"].ne("")]
    lookalikes = {key for keys in reached["not_to_confuse"] for key in keys.split()}
    yield from _rows(glossary, "glossary", "term_id", set(glossary["term_id"]) - set(reached["term_id"]) - lookalikes, "no page links this entry: link it, {term}`…`, or delete the row")


def _rows(table, name, field, wrong, sentence):
    for row, value in enumerate(table[field], 2):
        if value in wrong:
            yield Finding("", 0, f"data/{name}.csv, row {row}, {field}: “{value}”: {sentence}")


def _cited():
    """Every source that a row of another table cites."""
    for path in DATA.glob("*.csv"):
        if path.stem != "sources":
            with path.open(encoding="utf8", newline="") as file:
                for row in csv.DictReader(file):
                    for field in ("source_id", "name_source_id", "coordinate_source"):
                        yield from row.get(field, "").split()


def taught():
    """The pages that teach: start page, how to read, chapters, capstone."""
    return [path for path in contents() if path.parent == FOLDER and path.stem in {"index", "how-to-read", *chapters(), "capstone"}]


def roles():
    """Every (page, role, target) in the prose of the pages that teach."""
    return [(path.stem, role, target) for path in taught() for _, text in texts(path) for _, marks in sentences(text) for role, target in marks]


def charted():
    """Every (page, kind, id) that a row of a chart on these pages cites."""
    outputs = [(path.stem, output["data"]) for path in taught() for cell in cells(path, "code") for output in cell.outputs if "data" in output]
    return {(page, kind, key) for page, data in outputs if MIME in data for cites in data[MIME]["layout"]["meta"]["panj"]["cited"] for kind, key in cites}
