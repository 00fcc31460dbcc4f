"""No number or name in the prose without evidence, and no statement firmer than its evidence."""

import pytest
from conftest import ROOT

from panj.check.pages import contents
from panj.check.prose import NUMBER, asserting, cells, find, harmless, sentences, too_firm, unkeyed

PAGES = [*(p for p in contents() if p.stem in asserting()), *sorted((ROOT / "exercises").glob("*.ipynb"))]


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_every_number_and_name_has_evidence_and_a_disputed_claim_is_repeated_with_care(path):
    """Mend: add {claim}`…` or {source}`…`, compute it with glue(), or give a reason in tests/harmless.csv."""
    assert [str(fault) for fault in find(path)] == []


def test_every_harmless_pattern_has_a_reason_and_is_needed():
    texts = [text for path in PAGES for _, text in cells(path)]
    shown = [sentence for text in texts for sentence, _ in sentences(text)]
    for kind, pattern, reason in harmless():
        assert kind in ("number", "name") and len(reason.split()) >= 4, pattern
        assert any(pattern.search(sentence) for sentence in shown), f"{pattern.pattern!r} matches nothing: remove it"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("The border is 1,344 km long.", "1,344"),
        ("It fell on 6 September.", "6"),
        ("The share is 27 per cent.", "27"),
        ("There were seven of them.", "seven"),
        ("More than a third left.", "third"),
        ("In the end Rahmon signed it.", "Rahmon"),
        ("It belongs to the CSTO.", "CSTO"),
        ("The {term}`Panj` is 900 km long.", "900"),
        ("Some say {claim}`so <tajik-share-27>`. It is 31 per cent.", "31"),
        ("A gap of {glue:text}`gap` points, not 12.", "12"),
        ("1. The border is 900 km long.", "900"),
        (":::{dropdown} Answer\nIt ended in 1996.\n:::", "1996"),
    ],
)
def test_the_lint_notices(text, what):
    assert what in [found for found, _ in unkeyed(text, [])]


@pytest.mark.parametrize(
    "text",
    [
        "Tajiks are {claim}`about 27 per cent <tajik-share-27>` of the people of Afghanistan.",
        "By then {source}`1,344 km <tajik-mfa-2013-03-01-border>` was the usual figure for the Panj.",
        "The gap in Afghanistan is {glue:text}`gap` points.",
        "## Five bodies in 2021",
        "```{admonition} 12\n:class: question\nWhose north-east is it?\n```",
        "Is Kulob near the Panj?",
        "Later {term}`Rahmon` signed it in Dushanbe.",
        "See [Chapter 12](geography.ipynb) and `1 + 1`.",
    ],
)
def test_the_lint_lets_pass(text):
    assert unkeyed(text, []) == []


def test_the_lint_knows_a_firm_sentence_from_a_careful_one():
    contested = {"tajik-share-27": "contested"}
    firm = "Tajiks are {claim}`27 per cent <tajik-share-27>` of the people."
    assert too_firm(firm, contested) == [("tajik-share-27", "Tajiks are 27 per cent of the people.")]
    assert too_firm(firm, {"tajik-share-27": "corroborated"}) == []
    assert too_firm("Tajiks are, the article says, {claim}`27 per cent <tajik-share-27>`.", contested) == []


def test_sentences_end_where_they_end():
    text = "It is 1.56 to 1. So {claim}`it is said <a>`. **Bold.** Then more."
    assert [shown for shown, _ in sentences(text)] == ["It is 1.56 to 1.", "So it is said.", "Bold.", "Then more."]
    assert NUMBER.findall("1.56 and 1,374.2 and 2021.") == ["1.56", "1,374.2", "2021"]
