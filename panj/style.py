"""Colours with one meaning each, and the plain look every chart starts from.

A colour names a side or an organisation and keeps that meaning in every chapter.
Each has a light-page and a dark-page value; `DARK` maps one to the other, so a
picture or an interactive chart is re-coloured by replacing strings, not redrawn.
Colour never stands alone: charts also label directly, or differ in symbol or dash.
"""

import plotly.graph_objects as go
import plotly.io as pio

# name: (on a light page, on a dark page)
PALETTE = {
    # sides
    "tajikistan": ("#1f6fb2", "#6cb4ee"),
    "afghanistan": ("#a8641a", "#e0a458"),
    "taliban": ("#3d3d4e", "#c9c9d6"),
    "resistance": ("#117a65", "#4cc9a8"),
    "jihadist": ("#b3352b", "#ff8a73"),
    "russia": ("#6a4c93", "#b79be0"),
    "china": ("#a02c6d", "#ec86bd"),
    "west": ("#5f6b76", "#a7b3be"),
    # organisations
    "csto": ("#4d4fa3", "#9c9ef0"),
    "sco": ("#8a7500", "#d8c24a"),
    # neither side: measures, statement types, one thing picked out
    "neutral": ("#4b6478", "#9db4c6"),
    "highlight": ("#c2571a", "#ff9d5c"),
    # verdicts: blue for agreement, orange for disagreement, grey for silence
    "corroborated": ("#1f567a", "#7fc0ea"),
    "refined": ("#6d9cb8", "#4f86a8"),
    "contested": ("#d9944f", "#d9a066"),
    "contradicted": ("#b04a12", "#ff8c4a"),
    "not found": ("#747f89", "#98a2ab"),
    "not checkable": ("#b4bcc4", "#6b747d"),
    # the page and the map
    "ink": ("#1c2733", "#e8edf2"),
    "muted": ("#5a6672", "#a9b4bf"),
    "grid": ("#dfe4e8", "#37414c"),
    "ground": ("#ffffff", "#14181d"),
    "land": ("#f1ede4", "#2a2f33"),
    "water": ("#5b9bd0", "#4f8fc4"),
    "tajikistan_tint": ("#cde0f1", "#1d3a53"),
    "afghanistan_tint": ("#f1dcbb", "#4b3820"),
}

COLOR = {name: light for name, (light, _) in PALETTE.items()}
DARK = dict(PALETTE.values())

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
