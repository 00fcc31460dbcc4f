"""Maps of the region around the Panj, drawn from data/geo/ alone.

Plotly's own base layers are switched off, so the page asks no server for anything.
"""

import plotly.graph_objects as go

from panj.geo import layer
from panj.style import COLOR

# What a view shows, in degrees east and north. Both fit a wide page and a narrow one.
VIEWS = {
    "region": {"lon": (58, 81.4), "lat": (29, 44)},
    "river": {"lon": (65.9, 75.9), "lat": (34.1, 41.2)},
}
# Where countries' names go in the closer view; the layer itself has the points for the wider one.
RIVER_NAMES = {
    "AFG": (67.2, 35.75),
    "CHN": (75.3, 39.2),
    "KGZ": (73.7, 40.2),
    "PAK": (73.4, 35.6),
    "TJK": (72.85, 38.9),
    "UZB": (66.9, 39.9),
}
# The one province whose name would run into the heavy border on a phone.
PROVINCE_NAMES = {"Badakhshan": (70.4, 37.25)}
# On which side of its point a place's name stands where the usual side would run into something.
SIDES = {
    "dushanbe": "top center",
    "fayzabad": "bottom center",
    "kulob": "middle left",
    "kunduz": "bottom right",
    "mazar-e-sharif": "bottom center",
    "panj-river": "top center",
    "panji-poyon": "top left",
}
SYMBOLS = {"capital": "star", "city": "circle", "crossing": "diamond"}  # other kinds: the name alone


def _trace(**properties):
    """A scattergeo trace that leaves hovering to the countries below it."""
    return go.Scattergeo(hoverinfo="skip", showlegend=False, **properties)


def _lines(lines, color, width, dash="solid"):
    """Lines of (lon, lat) points as one trace, with a gap after each."""
    points = [p for line in lines for p in (*line, (None, None))]
    line = {"color": COLOR[color], "width": width, "dash": dash}
    return _trace(lon=[p[0] for p in points], lat=[p[1] for p in points], mode="lines", line=line)


def _names(names, view, color, size):
    """A text trace of (text, lon, lat) names, without those outside the view."""
    (west, east), (south, north) = VIEWS[view]["lon"], VIEWS[view]["lat"]
    shown = [n for n in names if west < n[1] < east and south < n[2] < north]
    text, lon, lat = zip(*shown)
    return _trace(lon=lon, lat=lat, text=text, mode="text", textfont={"size": size, "color": COLOR[color]})


def _countries(features, fill, notes):
    """The country areas; hovering shows the name and the country's note, if any."""
    codes = [f["properties"]["iso3"] for f in features]
    paint = [fill.get(iso3, "land" if iso3 else "grid") for iso3 in codes]
    colors = [COLOR.get(c, c) for c in paint]
    scale = sorted(set(colors))
    n = len(scale)
    return go.Choropleth(
        geojson={"type": "FeatureCollection", "features": features},
        featureidkey="properties.name",
        locations=[f["properties"]["name"] for f in features],
        z=[scale.index(color) for color in colors],
        zmin=-0.5,
        zmax=n - 0.5,
        colorscale=[[end / n, color] for i, color in enumerate(scale) for end in (i, i + 1)],
        showscale=False,
        marker={"line": {"color": COLOR["muted"], "width": 0.7}},
        text=[f"<br>{notes[iso3]}" if iso3 in notes else "" for iso3 in codes],
        hovertemplate="<b>%{location}</b>%{text}<extra></extra>",
    )


def region(fill=None, provinces=False, labels=True, view="region", notes=None, height=480):
    """Map of Tajikistan, Afghanistan and their neighbours, as a Plotly figure.

    fill: colour of each country by ISO3 code, as a name in style.PALETTE or a CSS
    colour; countries left out stay plain. Without it the two sides get their tints. The Siachen
    Glacier, which Natural Earth gives to no country, is grey.
    provinces: also draw the provinces along the Panj, named in the closer view.
    labels: name the countries. view: "region", or "river" for Tajikistan and the
    Afghan north, which has room for towns. notes: a line to show on hovering, by
    ISO3 code. height: pixels.
    Layers map, border, rivers, provinces and province-lines (Natural Earth, WGS84).
    Raises KeyError for a view that does not exist.
    """
    if fill is None:
        fill = {"TJK": "tajikistan_tint", "AFG": "afghanistan_tint"}
    frame = VIEWS[view]
    rivers = [f["geometry"]["coordinates"] for f in layer("rivers")["features"]]
    border = next(f for f in layer("border")["features"] if f["properties"]["scale"] == "10m")
    areas = layer("map")["features"]

    # The rivers must come first: Plotly fetches a world map unless the first trace is a
    # plain scattergeo. Areas are drawn below lines all the same.
    fig = go.Figure(_lines(rivers, "water", 1.8))
    fig.add_trace(_countries(areas, fill, notes or {}))
    if provinces:
        lines = [line for f in layer("province-lines")["features"] for line in f["geometry"]["coordinates"]]
        fig.add_trace(_lines(lines, "muted", 0.8, "dot"))
    fig.add_trace(_lines([border["geometry"]["coordinates"]], "ink", 2.2))
    if provinces and view == "river":
        inner = [f["properties"] for f in layer("provinces")["features"]]
        points = {p["name"]: (p["label_lon"], p["label_lat"]) for p in inner} | PROVINCE_NAMES
        names = [(name.replace("of ", "of<br>").replace("Republican ", "Republican<br>"), *point) for name, point in points.items()]
        fig.add_trace(_names(names, view, "ink", 11))
    if labels:
        known = [f["properties"] for f in areas if f["properties"]["iso3"]]
        points = {p["iso3"]: (p["label_lon"], p["label_lat"]) for p in known}
        if view == "river":
            points = RIVER_NAMES
        known = [p for p in known if p["iso3"] in points]
        sides = [(f"<b>{p['name']}</b>", *points[p["iso3"]]) for p in known if p["iso3"] in ("AFG", "TJK")]
        others = [(p["name"], *points[p["iso3"]]) for p in known if p["iso3"] not in ("AFG", "TJK")]
        fig.add_trace(_names(others, view, "muted", 12))
        fig.add_trace(_names(sides, view, "ink", 13))
    fig.update_geos(visible=False, projection_type="mercator", lonaxis_range=frame["lon"], lataxis_range=frame["lat"])
    return fig.update_layout(height=height, margin={"l": 0, "r": 0, "t": 0, "b": 0})


def add_places(fig, places, color="ink", size=12):
    """Add the named points of a table like places.csv to a map; return the map.

    places: data frame with name, kind, lat, lon (degrees) and, if there is one, place_id.
    Rows without coordinates or outside the map's view are left out, and so are countries,
    which the map names itself. A capital is a star,
    a crossing a diamond, a city a dot; valleys, rivers and ranges are names without a
    mark. color: a name in style.PALETTE. size: of the names, in pixels.
    In the wider view a narrow page has room for two or three names only.
    """
    (west, east), (south, north) = fig.layout.geo.lonaxis.range, fig.layout.geo.lataxis.range
    inside = places["lon"].between(west, east) & places["lat"].between(south, north)
    shown = places[inside & (places["kind"] != "country")]
    marked = shown["kind"].isin(list(SYMBOLS))
    for rows, mode in ((shown[marked], "markers+text"), (shown[~marked], "text")):
        if rows.empty:
            continue
        kinds, ids = rows["kind"].tolist(), rows.get("place_id", rows["name"]).tolist()
        here = {
            "lon": rows["lon"].tolist(),
            "lat": rows["lat"].tolist(),
            "mode": mode,
            "textfont": {"size": size, "color": COLOR[color]},
        }
        if mode == "text":
            text = [f"<i>{name}</i>" for name in rows["name"]]
            fig.add_trace(_trace(**here, text=text, textposition=[SIDES.get(i, "middle center") for i in ids]))
            continue
        fig.add_trace(
            go.Scattergeo(
                **here,
                text=rows["name"].tolist(),
                textposition=[SIDES.get(i, "middle right") for i in ids],
                marker={
                    "symbol": [SYMBOLS[kind] for kind in kinds],
                    "size": [12 if kind == "capital" else 8 for kind in kinds],
                    "color": COLOR[color],
                    "opacity": 1,  # Plotly fades markers of unequal size unless told otherwise
                    "line": {"color": COLOR["ground"], "width": 1},
                },
                hovertemplate="%{text}<extra></extra>",
                showlegend=False,
            )
        )
    return fig
