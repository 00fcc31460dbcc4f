"""Colours a reader can tell apart: against the ground, from one another, and with a colour deficiency."""

import itertools
import json
import re

import numpy as np
import pytest
from colorspacious import cspace_convert, deltaE
from conftest import ROOT

from panj.charts import MIME
from panj.style import PALETTE

# Names of things that are no marks: text, lines of a grid, and the grounds that marks stand on.
BACKGROUND = {"ink", "muted", "grid", "ground", "land", "water", "tajikistan_tint", "afghanistan_tint"}
NAMES = {light: name for name, (light, _) in PALETTE.items()}
THEMES = {"light": 0, "dark": 1}


def rgb(color):
    return np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])


def contrast(one, other):
    """WCAG 2.2 contrast ratio of two #rrggbb colours, from 1 to 21."""
    linear = [np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) for c in (rgb(one), rgb(other))]
    low, high = sorted(float(c @ [0.2126, 0.7152, 0.0722]) for c in linear)
    return (high + 0.05) / (low + 0.05)


def marks_of(value):
    """The palette's names for the colours of a chart's marks."""
    if isinstance(value, dict):
        return set().union(*(marks_of(v) for k, v in value.items() if k not in ("textfont", "geojson")))
    if isinstance(value, list):
        return set().union(*map(marks_of, value))
    return {NAMES[value]} - BACKGROUND if isinstance(value, str) and value in NAMES else set()


def charts():
    """The traces of every chart of the book."""
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        for cell in json.loads(path.read_text("utf8"))["cells"]:
            for output in cell.get("outputs", []):
                if MIME in output.get("data", {}):
                    yield output["data"][MIME]["data"]


def meetings():
    """Pairs of colours that meet in some chart of the book."""
    for traces in charts():
        yield from itertools.combinations(sorted(marks_of(traces)), 2)


@pytest.mark.parametrize("theme", THEMES)
def test_marks_and_text_stand_out_from_the_ground(theme):
    column = THEMES[theme]
    ground = PALETTE["ground"][column]
    faint = {name: contrast(values[column], ground) for name, values in PALETTE.items() if name not in BACKGROUND}
    assert {name: ratio for name, ratio in faint.items() if ratio < 3} == {}
    for name in ("ink", "muted"):
        for under in ("ground", "land", "tajikistan_tint", "afghanistan_tint"):
            assert contrast(PALETTE[name][column], PALETTE[under][column]) >= 4.5, f"{name} on {under}"


def test_marks_as_pale_as_the_ground_have_an_outline():
    pale = {PALETTE[name][0] for name in BACKGROUND - {"ink", "muted", "water"}}
    for trace in itertools.chain(*charts()):
        marker = trace.get("marker", {})
        fills, edges = ([c] if isinstance(c, str) else c or [] for c in (marker.get("color"), marker.get("line", {}).get("color")))
        if trace["type"] == "bar" and pale & set(fills):
            assert edges and all(NAMES[e] not in BACKGROUND - {"ink", "muted"} for e in edges), trace.get("name")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", ["deuteranomaly", "protanomaly", "tritanomaly", None])
def test_colours_that_meet_in_a_chart_can_be_told_apart(theme, sight):
    """Distance in CAM02-UCS, where 1 is just to be seen; the deficiency is simulated at full strength (Machado 2009)."""
    pairs = sorted(set(meetings()))
    assert len(pairs) > 40

    def seen(name):
        color = rgb(PALETTE[name][THEMES[theme]])
        if sight:
            color = cspace_convert(color, {"name": "sRGB1+CVD", "cvd_type": sight, "severity": 100}, "sRGB1")
        return np.clip(color, 0.002, 1)  # CAM02 has no value for less than nothing

    distances = {pair: float(deltaE(seen(pair[0]), seen(pair[1]), input_space="sRGB1")) for pair in pairs}
    assert {pair: round(d, 1) for pair, d in distances.items() if d < 10} == {}


@pytest.mark.parametrize("theme, file", [("light", "panj.css"), ("dark", "dark.css")])
def test_the_page_paints_verdicts_like_the_charts(theme, file):
    css = (ROOT / "panj" / "static" / file).read_text("utf8")
    for name in ("corroborated", "refined", "contested", "contradicted"):
        assert re.search(rf"--{name}: (#\w+)", css)[1] == PALETTE[name][THEMES[theme]]
