"""Read the map layers in data/geo/ and measure along them.

A point is a (longitude, latitude) pair in degrees on WGS84; a ring is a list of
points whose last repeats its first; an edge is a frozenset of two points, so it has
no direction. data/geo/provenance.json says where each layer comes from and what was
done to it: measure on `countries-*` and `border`, draw with `map` and `provinces`.

Needs only the standard library and geographiclib, so it also runs in a browser.
"""

import json
from itertools import pairwise
from pathlib import Path

from geographiclib.geodesic import Geodesic

GEO = Path(__file__).parent.parent / "data" / "geo"


def layer(name):
    """Read one layer, such as "countries-50m", as a GeoJSON dict.

    Raises FileNotFoundError, naming the layers there are, if this one is not among them.
    """
    path = GEO / f"{name}.geojson"
    if not path.exists():
        known = ", ".join(sorted(p.stem for p in GEO.glob("*.geojson")))
        raise FileNotFoundError(f"There is no layer {name!r}. There are: {known}.")
    return json.loads(path.read_text(encoding="utf-8"))


def rings(feature):
    """All rings of a Polygon or MultiPolygon feature, holes included, as lists of points.

    Raises ValueError for any other geometry.
    """
    geometry = feature["geometry"]
    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"A {geometry['type']} has no rings.")
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [[tuple(point) for point in ring] for part in parts for ring in part]


def edges(rings):
    """The edges of some rings (or of any lists of points), as a set of frozensets.

    Two countries drawn from the same source share the edges of their common border,
    so `edges(a) & edges(b)` is that border.
    """
    return {frozenset(pair) for ring in rings for pair in pairwise(map(tuple, ring)) if pair[0] != pair[1]}


def length_km(edges):
    """Total length of some edges or (point, point) pairs, in kilometres.

    Each edge counts as the shortest path over the WGS84 ellipsoid between its ends
    (geographiclib, after Karney 2013, "Algorithms for geodesics", Journal of Geodesy 87).
    Zero for no edges. The arithmetic errs by nanometres; a drawn border errs by
    far more, because a map leaves out bends: compare the three scales.
    """
    inverse = Geodesic.WGS84.Inverse
    return sum(
        inverse(y1, x1, y2, x2, Geodesic.DISTANCE)["s12"] for (x1, y1), (x2, y2) in sorted(map(sorted, edges))
    ) / 1000
