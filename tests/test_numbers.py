"""The numbers everything else hangs on, computed from the data as a chapter would."""

import pytest

from panj import load
from panj.geo import edges, layer, rings


def neighbours(country, scale):
    """ISO3 codes of the countries whose outline shares an edge with this one's."""
    outlines = {f["properties"]["iso3"]: edges(rings(f)) for f in layer(f"countries-{scale}")["features"]}
    return {iso3 for iso3, outline in outlines.items() if iso3 != country and outline & outlines[country]}


def members(organisation, day):
    """ISO3 codes of the states that were members, frozen or not, on a day written YYYY-MM-DD."""
    table = load("memberships").merge(load("actors"), left_on="member", right_on="actor_id")
    holds = (table["from"] <= day) & ((table["to"] == "") | (day < table["to"]))
    return set(table[holds & (table["organisation_id"] == organisation) & table["status"].str.endswith("member")]["iso3"])


def test_27_and_42_per_cent_with_their_claims():
    share = load("ethnicity").set_index("claim_id", drop=False)
    stated = share[share["basis"] == "stated"]["share_percent"]
    assert stated.to_dict() == {"tajik-share-27": 27, "pashtun-share-42": 42}


@pytest.mark.parametrize("scale", ["110m", "50m", "10m"])
def test_afghanistan_and_tajikistan_have_the_neighbours_they_have(scale):
    assert neighbours("AFG", scale) == {"CHN", "IRN", "PAK", "TJK", "TKM", "UZB"}
    assert neighbours("TJK", scale) == {"AFG", "CHN", "KGZ", "UZB"}


@pytest.mark.parametrize("scale", ["110m", "50m", "10m"])
@pytest.mark.parametrize(
    ("day", "answer"), [("2010-07-01", {"TJK", "UZB"}), ("2021-10-02", {"TJK"}), ("2026-11-23", {"TJK"})]
)
def test_the_csto_members_that_border_afghanistan(scale, day, answer):
    assert neighbours("AFG", scale) & members("csto", day) == answer
