"""How the statements of the article fare: one verdict per claim, computed from the rows of evidence.csv."""

from .data import load

# In the order of a scale, from agreement to silence. The sign stands for the word where room is short.
VERDICTS = {
    "corroborated": "✓",
    "refined": "≈",
    "contested": "⇄",
    "contradicted": "✗",
    "not found": "○",
    "not checkable": "–",
}


def verdict(rows):
    """The verdict on one claim, from the verdicts of its rows (an iterable of the words in `VERDICTS`).

    Sources that disagree make a claim contested. Else the most demanding word stands:
    contradicted, refined, corroborated, not found, not checkable.
    ValueError when there are no rows: every claim has evidence, if only the note that none was found.
    """
    said = set(rows)
    if not said:
        raise ValueError("A claim has no row in data/evidence.csv: say there what was found, or what was looked for.")
    if "contested" in said or ("contradicted" in said and said & {"corroborated", "refined"}):
        return "contested"
    return next(v for v in ("contradicted", "refined", "corroborated", "not found", "not checkable") if v in said)


def weighed():
    """The table of claims with two more columns: ``verdict``, and ``sources``, the number of sources weighed."""
    claims, evidence = load("claims"), load("evidence")
    by_claim = evidence.groupby("claim_id")
    return claims.assign(
        verdict=claims["claim_id"].map(by_claim["verdict"].agg(verdict)),
        sources=claims["claim_id"].map(by_claim["source_id"].agg(lambda ids: (ids != "").sum())),
    )
