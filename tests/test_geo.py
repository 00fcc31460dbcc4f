"""The map layers are what they say: lengths, winding, checksums, places inside their countries."""

import csv
import hashlib
import json
from itertools import pairwise
from math import cos, hypot, radians

import pytest

from panj.geo import GEO, edges, layer, length_km, rings

SCALES = ("110m", "50m", "10m")
AREAS = ("countries-110m", "countries-50m", "countries-10m", "map", "provinces")


def outlines(scale):
    return {f["properties"]["iso3"]: edges(rings(f)) for f in layer(f"countries-{scale}")["features"]}


def signed_area(ring):
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


def holds(ring_list, x, y):
    """Whether a point lies inside, by counting the edges east of it."""
    crossed = False
    for ring in ring_list:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                crossed = not crossed
    return crossed


def km_to(ring_list, x, y):
    """Rough distance to the nearest edge, on a flat map around the point."""
    kx, ky = 111.3 * cos(radians(y)), 111.0
    nearest = float("inf")
    for ring in ring_list:
        flat = [((a - x) * kx, (b - y) * ky) for a, b in ring]
        for (x1, y1), (x2, y2) in pairwise(flat):
            dx, dy = x2 - x1, y2 - y1
            along = max(0, min(1, -(x1 * dx + y1 * dy) / (dx * dx + dy * dy or 1)))
            nearest = min(nearest, hypot(x1 + along * dx, y1 + along * dy))
    return nearest


@pytest.mark.parametrize("scale, km", [("110m", 939.8), ("50m", 1037.1), ("10m", 1170.2)])
def test_border_length(scale, km):
    outline = outlines(scale)
    shared = outline["TJK"] & outline["AFG"]
    assert length_km(shared) == pytest.approx(km, rel=0.005)
    line = next(f for f in layer("border")["features"] if f["properties"]["scale"] == scale)
    points = line["geometry"]["coordinates"]
    assert edges([points]) == shared
    assert points[0][0] < points[-1][0]


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("country", ("AFG", "TJK"))
def test_neighbours_add_up_to_the_perimeter(scale, country):
    outline = outlines(scale)
    shares = [outline[country] & other for iso3, other in outline.items() if iso3 != country]
    assert sum(map(length_km, shares)) == pytest.approx(length_km(outline[country]), abs=0.1)


@pytest.mark.parametrize("name", AREAS)
def test_outer_rings_run_clockwise(name):
    for f in layer(name)["features"]:
        for outer, *holes in f["geometry"]["coordinates"]:
            assert signed_area(outer) < 0, f["properties"]["name"]
            assert all(signed_area(hole) > 0 for hole in holes), f["properties"]["name"]


def test_provenance_covers_every_layer():
    provenance = json.loads((GEO / "provenance.json").read_text(encoding="utf-8"))
    assert set(provenance) == {p.name for p in GEO.glob("*.geojson")}
    for name, entry in provenance.items():
        raw = (GEO / name).read_bytes()
        assert hashlib.sha256(raw).hexdigest() == entry["sha256"], name
        assert len(raw) == entry["bytes"], name


def test_layers_stay_small():
    assert sum(p.stat().st_size for p in GEO.iterdir()) < 1_500_000


def test_map_labels_lie_in_their_countries():
    for f in layer("map")["features"]:
        p = f["properties"]
        assert holds(rings(f), p["label_lon"], p["label_lat"]), p["name"]


def test_places_lie_in_their_countries():
    outline = {f["properties"]["iso3"]: rings(f) for f in layer("countries-10m")["features"]}
    with (GEO.parent / "places.csv").open(newline="", encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["lat"] and r["country"] in outline]
    assert len(rows) > 10
    for row in rows:
        ring_list, x, y = outline[row["country"]], float(row["lon"]), float(row["lat"])
        assert holds(ring_list, x, y) or km_to(ring_list, x, y) < 5, row["place_id"]
