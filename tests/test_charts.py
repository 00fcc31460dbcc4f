"""`show()` and the renderer: what they refuse, and that they repeat themselves exactly."""

import json
import logging

import nbformat.v4 as nb
import numpy as np
import pandas as pd
import plotly.express as px
import pytest
from sphinx.application import Sphinx

from panj import charts, pictures, style
from panj.tidy import METADATA

TABLE = pd.DataFrame({"group": ["Pashtun", "Tajik"], "share": [42, 27], "claim_id": ["pashtun-share-42", "tajik-share-27"]})
GOOD = {
    "alt": "Two bars: Pashtuns 42 per cent, Tajiks 27 per cent of Afghanistan's people.",
    "table": TABLE,
    "units": "per cent",
    "as_of": "2021",
}


def chart(title="Pashtuns outnumber Tajiks"):
    return px.bar(TABLE, x="share", y="group", title=title)


@pytest.fixture
def shown(monkeypatch):
    """The bundles that `show()` would put into a notebook."""
    bundles = []
    monkeypatch.setattr(charts, "display", lambda bundle, raw: bundles.append(bundle))
    return bundles


def test_a_complete_chart_is_shown_with_everything(shown):
    charts.show(chart(), **GOOD)
    meta = shown[0][charts.MIME]["layout"]["meta"]["panj"]
    assert meta["rows"] == [["Pashtun", 42], ["Tajik", 27]]
    assert meta["cited"] == [[["claim", "pashtun-share-42"]], [["claim", "tajik-share-27"]]]
    assert shown[0]["text/plain"] == GOOD["alt"]
    assert "tajik-share-27" in shown[0]["text/html"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"alt": ""}, "alt text"),
        ({"alt": "A bar chart."}, "alt text"),
        ({"units": ""}, "units"),
        ({"as_of": ""}, "as-of"),
        ({"table": TABLE[:0]}, "at least one row"),
        ({"table": TABLE[["group", "share"]]}, "claim_id or source_id column"),
        ({"table": TABLE.assign(claim_id=["pashtun-share-42", ""])}, "row 2"),
        ({"table": TABLE.assign(claim_id="no-such-claim")}, "no-such-claim"),
    ],
)
def test_an_incomplete_chart_is_refused_with_a_sentence(shown, change, says):
    with pytest.raises(ValueError, match=says):
        charts.show(chart(), **(GOOD | change))
    assert shown == []


def test_a_chart_without_a_title_is_refused(shown):
    with pytest.raises(ValueError, match="a title"):
        charts.show(chart(title=None), **GOOD)


def test_the_same_chart_gives_the_same_bytes(shown):
    for _ in range(2):
        charts.show(chart(), **GOOD)
    first, second = (json.dumps(bundle) for bundle in shown)
    assert first == second


def test_plain_leaves_no_trace_of_numpy():
    mixed = {"b": np.array([1.23456789, np.nan]), "a": (np.int64(3), {"dtype": "f8", "bdata": "AAAAAAAA+D8AAAAAAAAAQA=="})}
    assert charts.plain(mixed) == {"a": [3, [1.5, 2.0]], "b": [1.23457, None]}


def test_dark_pictures_differ_in_every_palette_colour():
    light = "".join(f'<path fill="{value}"/>' for value in style.DARK)
    assert not any(value in pictures.recolour(light) for value in set(style.DARK) - set(style.DARK.values()))


def test_a_picture_loses_digits_of_its_lines_but_not_of_its_labels():
    svg = '<path d="M1.2345,6.789"/><text x="0.5678">1,344.15</text>'
    assert pictures.tidy(svg) == '<path d="M1.2,6.7"/><text x="0.5">1,344.15</text>'


def build(folder, output):
    """Build a one-page book whose only cell has this stored output; return its HTML and its warnings."""
    cell = nb.new_code_cell("fig", outputs=[nb.new_output("display_data", data=output)], execution_count=1)
    (folder / "chapters").mkdir()
    (folder / "chapters" / "page.ipynb").write_text(json.dumps(nb.new_notebook(cells=[nb.new_markdown_cell("# Page"), cell], metadata=METADATA)))
    warnings = []
    handler = logging.Handler()
    handler.emit = lambda record: warnings.append(record.getMessage())
    settings = {
        "extensions": ["myst_nb", "panj.book"],
        "nb_execution_mode": "off",
        "root_doc": "chapters/page",
        "html_theme": "panj",
    }
    app = Sphinx(folder, None, folder / "out" / "html", folder / "out" / "tree", "html", settings, status=None, warning=None)
    logging.getLogger("sphinx").addHandler(handler)
    handler.setLevel(logging.WARNING)
    try:
        app.build()
    finally:
        logging.getLogger("sphinx").removeHandler(handler)
    warnings = [warning for warning in warnings if " links to " not in warning]  # one page alone lacks what every page links to
    return (folder / "out" / "html" / "chapters" / "page.html").read_text("utf8"), warnings


def test_a_stray_fig_show_is_a_warning_that_says_what_to_write(tmp_path):
    html, warnings = build(tmp_path, {charts.MIME: charts.plain(chart().to_plotly_json())})
    assert any("chapters/page.ipynb" in w and "show(fig, alt=" in w for w in warnings)


def test_without_a_browser_tables_stand_in_for_pictures(tmp_path, shown, monkeypatch):
    monkeypatch.setattr(pictures, "browser", lambda: None)
    charts.show(chart(), **GOOD)
    html, warnings = build(tmp_path, shown[0])
    assert warnings == []
    assert "<picture" not in html
    assert '<details class="panj-data" open>' in html and "tajik-share-27" in html
