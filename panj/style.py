"""Colours with one meaning each, and the plain look every chart starts from.

A colour names a side or an organisation and keeps that meaning in every chapter.
Each has a light-page and a dark-page value; `DARK` maps one to the other, so a
picture or an interactive chart is re-coloured by replacing strings, not redrawn.
Colour never stands alone: charts also label directly, or differ in symbol or dash. Values that
meet in a chart were moved apart, by search, until they differ for readers with each of the three
common colour deficiencies too; tests/test_colour.py holds them there.
"""

import plotly.graph_objects as go
import plotly.io as pio

# name: (on a light page, on a dark page)
PALETTE = {
    # sides
    "tajikistan": ("#1d77bd", "#5ca0d9"),
    "afghanistan": ("#a76419", "#e0a45a"),
    "taliban": ("#313142", "#e0dfed"),
    "resistance": ("#047061", "#4ccaa9"),
    "jihadist": ("#bd382d", "#ff8c75"),
    "russia": ("#5e4085", "#cfb1fc"),
    "china": ("#9a2b4b", "#cc6a91"),
    "west": ("#6b7783", "#99a5b0"),
    # organisations
    "csto": ("#565bb8", "#9697e8"),
    "sco": ("#8a7401", "#d6bf46"),
    # neither side: measures, statement types, one thing picked out
    "neutral": ("#47586c", "#acc3d5"),
    "highlight": ("#be561b", "#ffa260"),
    # verdicts: blue for agreement, orange for disagreement, grey for silence
    "corroborated": ("#21577b", "#7ebee8"),
    "refined": ("#5788a8", "#4d85a8"),
    "contested": ("#c17929", "#dea771"),
    "contradicted": ("#a03d02", "#ee7b36"),
    "not found": ("#6e7882", "#99a3ac"),
    "not checkable": ("#88939b", "#6b747d"),
    # the page and the map
    "ink": ("#1c2733", "#e8edf2"),
    "muted": ("#55616d", "#a9b4bf"),
    "grid": ("#dfe4e8", "#37414c"),
    "ground": ("#ffffff", "#14181d"),
    "land": ("#f1ede4", "#2a2f33"),
    "water": ("#5795c9", "#4f8fc4"),
    "tajikistan_tint": ("#cde0f1", "#1d3a53"),
    "afghanistan_tint": ("#f1dcbb", "#4b3820"),
}

COLOR = {name: light for name, (light, _) in PALETTE.items()}
DARK = dict(PALETTE.values())

# A chart is drawn for two widths; pixels.
WIDTHS = {"wide": 640, "narrow": 370}
HEIGHT = 440

# Faces already on the reader's machine.
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"

_axis = {
    "gridcolor": COLOR["grid"],
    "linecolor": COLOR["grid"],
    "zerolinecolor": COLOR["muted"],
    "automargin": True,
    "title": {"standoff": 8},
}

TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": FONT, "size": 14, "color": COLOR["ink"]},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "colorway": [COLOR[n] for n in ("neutral", "highlight", "tajikistan", "resistance", "russia", "china")],
        # Only notebooks draw the title; a page of the book prints it as text.
        "title": {"automargin": True, "yref": "container", "x": 0, "xanchor": "left", "font": {"size": 16}},
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "xaxis": _axis,
        "yaxis": _axis,
        "hoverlabel": {"bgcolor": COLOR["ground"], "font": {"color": COLOR["ink"]}},
        "legend": {"orientation": "h", "y": -0.15, "x": 0, "xanchor": "left"},
        "geo": {"bgcolor": "rgba(0,0,0,0)", "visible": False},
    }
)


def use():
    """Make the house look Plotly's default template for this Python session."""
    pio.templates["panj"] = TEMPLATE
    pio.templates.default = "panj"


def drawing(spec):
    """The figure as the page draws it: the page itself prints the title and the sources."""
    layout = {k: v for k, v in spec["layout"].items() if k not in ("meta", "title", "width")}
    layout.setdefault("height", HEIGHT)
    return {"data": spec["data"], "layout": layout}


def pixels(figure, size):
    """Width and height of a drawing. A map keeps its shape, so a narrow one is also lower."""
    width, height = WIDTHS[size], figure["layout"]["height"]
    return (width, min(height, width)) if "geo" in figure["layout"] else (width, height)
