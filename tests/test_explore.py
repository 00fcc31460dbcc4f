"""Charts on demand: with keys, by ear, by touch, in the dark, and in how many bytes."""

import gzip
import re

import plotly.graph_objects as go
import pytest
from conftest import CHARTED, SITE
from sphinx.errors import ExtensionError
from test_charts import GOOD, build
from test_site import stored_charts

from panj import charts, plotlyjs

FIRST_CLICK = 650_000  # bytes as a static host sends them


def points(chart):
    """How many points a reader of the chart should find, counted from its data alone."""

    def count(trace):
        match trace["type"]:
            case "choropleth":
                return len(trace["locations"])
            case "pie":
                return len(trace["labels"])
            case "sankey":
                return len(trace["node"]["color"]) + len(trace["link"]["value"])
            case "bar":
                return sum(bool(v) for v in trace["x" if trace.get("orientation") == "h" else "y"])
        pairs = zip(*(trace[c] for c in (("lon", "lat") if trace["type"] == "scattergeo" else ("x", "y"))))
        return sum(None not in pair for pair in pairs)

    heard = [trace for trace in chart["data"] if trace.get("hoverinfo") != "skip"]
    marks = sum(count(trace) for trace in heard if trace.get("mode") not in ("lines", "text"))
    return marks or sum(map(count, heard)) or len(chart["layout"].get("annotations", []))


def place(kind):
    """The first page and number of a chart that has such a trace."""
    for page in CHARTED:
        for number, chart in enumerate(stored_charts(page)):
            if kind in {trace["type"] for trace in chart["data"]}:
                return page, number
    raise AssertionError(f"no chart of the book has a {kind}")


def explored(page, number=0):
    """The figure of a chart that has been explored."""
    figure = page.locator(".panj-figure").nth(number)
    figure.locator(".panj-explore").click()
    figure.locator("[role=status]", has_text="Interactive chart shown").wait_for()
    return figure


def said(figure):
    return figure.locator("[role=status]").inner_text()


FOCUSED = "e => document.activeElement === e"


@pytest.mark.parametrize("page", CHARTED)
def test_every_chart_is_a_picture_first_then_walked_by_keys(visit, page):
    """No message on the console either, and nothing that the page's strict policy would refuse."""
    seen = visit(page)
    charts = stored_charts(page)
    figures = seen.page.locator(".panj-figure")
    assert figures.count() == len(charts) > 0
    for number, chart in enumerate(charts):
        figure = figures.nth(number)
        meta = chart["layout"]["meta"]["panj"]
        assert meta["title"] in figure.locator("figcaption").inner_text()
        picture = figure.locator("picture.panj-light img")
        picture.scroll_into_view_if_needed()
        seen.page.wait_for_function("i => i.complete && i.naturalWidth > 0", arg=picture.element_handle())
        assert picture.get_attribute("alt") == meta["alt"]
        assert not figure.locator("picture.panj-dark img").is_visible()

        explored(seen.page, number)
        plot, button = figure.locator(".panj-plot"), figure.locator(".panj-explore")
        assert len(plot.evaluate("p => p.data")) == len(chart["data"])
        assert not picture.is_visible()
        assert plot.evaluate(FOCUSED)
        total = points(chart)
        assert f"its {total} point" in said(figure) and f"its {total} point" in plot.get_attribute("aria-label")
        heard = []
        for key in ("ArrowRight", "ArrowRight", "End"):
            seen.page.keyboard.press(key)
            heard.append(said(figure))
            assert re.fullmatch(rf"[^.].*\. Point \d+ of {total}\.", heard[-1]), heard[-1]
            assert not re.search(r"undefined|NaN|null|[<>]|%\{", heard[-1]), heard[-1]
            assert figure.locator(".panj-ring").is_visible() or plot.locator(".choroplethlayer").count(), heard[-1]
        assert heard[0].endswith(f"Point 1 of {total}.") and heard[-1].endswith(f"Point {total} of {total}.")
        assert total < 2 or heard[0] != heard[1]
        seen.page.keyboard.press("Escape")
        assert button.evaluate(FOCUSED)
        assert picture.is_visible() and plot.count() == 0
    assert seen.outside == []
    assert seen.errors == []


@pytest.mark.parametrize(
    ("kind", "first", "shown"),
    [
        ("bar", r"Afghanistan: 33\.2% of Tajikistan's border", "33.2"),
        ("scatter", r"1:110 million: 18 edges, [\d,]+ km", "18 edges"),
        ("scattergeo", "Afghanistan", None),
        ("choropleth", "Afghanistan", None),
        ("sankey", "Afghanistan", None),
        ("pie", "Pashtun: 42 per cent", None),
    ],
)
def test_a_point_says_its_label_and_value_and_is_marked(visit, kind, first, shown):
    address, number = place(kind)
    page = visit(address).page
    figure = explored(page, number)
    plot, ring = figure.locator(".panj-plot"), figure.locator(".panj-ring")
    assert ring.is_hidden()
    page.keyboard.press("ArrowRight")
    assert re.match(first + r"\. Point 1 of", said(figure)), said(figure)
    if shown is not None:
        plot.locator(".hovertext").first.wait_for()
        assert shown in plot.locator(".hovertext").first.text_content()
    inner, outer = ring.bounding_box(), plot.bounding_box()
    assert outer["x"] - 1 <= inner["x"] and inner["x"] + inner["width"] <= outer["x"] + outer["width"] + 1
    assert outer["y"] - 1 <= inner["y"] and inner["y"] + inner["height"] <= outer["y"] + outer["height"] + 1
    page.keyboard.press("ArrowLeft")
    assert "Point 1 of" in said(figure), "there is nothing before the first point"
    page.keyboard.press("ArrowRight")
    assert "Point 2 of" in said(figure)
    assert ring.bounding_box() != inner
    page.keyboard.press("Home")
    assert "Point 1 of" in said(figure)


def test_up_and_down_go_from_series_to_series(visit):
    page = visit("chapters/threats.html").page
    figure = explored(page, 5)  # checkable, judgement, prediction, hearsay for each topic
    for key, expected in [
        ("ArrowRight", "checkable 30"), ("ArrowDown", "judgement 41"), ("ArrowDown", "prediction 24"),
        ("ArrowUp", "judgement 41"), ("ArrowUp", "checkable 30"), ("ArrowUp", "checkable 30"),
    ]:  # fmt: skip
        page.keyboard.press(key)
        assert said(figure).startswith(f"threats: {expected} per cent.")


def test_words_are_those_of_the_axes(visit):
    """Thousands, years, columns whose bars start anywhere, and one series among several: each once misled a first draft."""
    for address, number, start in [
        ("threats", 8, "UNODC; 2013: 209 thousand hectares."),
        ("organisations", 0, "CSTO, at work: since 7 October 2002."),
        ("organisations", 2, "Armenia, 2026: CSTO frozen member."),
        ("organisations", 3, "members of the CSTO that border Afghanistan, from October 2002: 1 (Tajikistan)."),
        ("reading", 7, "alarm not shared, fear for the border: against."),
        ("aftermath", 1, "drugs; 3 April 2022: The Taliban leader bans the growing of opium poppy."),
        ("aftermath", 3, "reported as Afghans; September 2002, UNHCR: 3,000 people."),
        ("aftermath", 5, "7 May 2022."),
        ("geography", 5, "with a ruler of 400 km: 634 km."),
    ]:
        page = visit(f"chapters/{address}.html").page
        figure = explored(page, number)
        page.keyboard.press("ArrowRight")
        assert said(figure).startswith(start), said(figure)
    page = visit("chapters/reading.html").page
    figure = explored(page, 3)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert said(figure).startswith("≈ refined; geography (14): 57 per cent.")


# Each point that a mouse finds: the words for its keys, the lines of its label, and of a bar where it starts and how long it is.
HOVERED = """async plot => {
    let clock = Date.now();
    Date.now = () => clock += 1000; // Plotly shows one label in 50 ms
    const labels = () => [...plot.querySelectorAll(".hoverlayer .nums")].map((label) => {
        const lines = [...label.querySelectorAll(".line")];
        return lines.length ? lines.map((line) => line.textContent).join(" ") : label.textContent;
    }).join(" ");
    const read = panjPoints(plot).flat();
    const others = plot._fullData.flatMap((trace, curve) =>
        ["bar", "scatter", "scattergeo"].includes(trace.type) && trace.visible === true && trace.hoverinfo !== "skip"
            ? plot.calcdata[curve].map((_, index) => ({ curve, index, subplot: trace.geo ?? trace.xaxis + trace.yaxis })) : [])
        .filter(({ curve, index }) => !read.some((p) => p.curve === curve && p.index === index));
    const found = [];
    for (const { words = null, curve, index, subplot, node } of [...read, ...others]) {
        Plotly.Fx.unhover(plot);
        if (subplot) Plotly.Fx.hover(plot, [{ curveNumber: curve, pointNumber: index }], subplot);
        else if (node) {
            const { left, top, width, height } = node.getBoundingClientRect();
            for (const type of ["mouseover", "mousemove"])
                node.dispatchEvent(new MouseEvent(type, { clientX: left + width / 2, clientY: top + height / 2, bubbles: true, view: window }));
            await new Promise(requestAnimationFrame);
        }
        const bar = plot._fullData[curve]?.type === "bar" ? plot.calcdata[curve][index] : null;
        found.push({ words, label: labels(), same: !!(words && subplot), start: bar && bar.b, long: bar && bar.s });
    }
    return found;
}"""
RAW = re.compile(r"\([−-]?[\d,.]+, [−-]?[\d,.]+\)|\btrace \d|undefined|NaN|null|%\{|[<>]")


@pytest.mark.parametrize("page", CHARTED)
def test_what_a_mouse_sees_is_what_keys_say_and_true(visit, page):
    """Bars on an axis of years begin in the year that is said; all others are as long as the number that is said."""
    seen = visit(page).page
    for number in range(len(stored_charts(page))):
        figure = explored(seen, number)
        figure.scroll_into_view_if_needed()
        heard = figure.locator(".panj-plot").evaluate(HOVERED)
        assert len(heard) > 0
        for point in heard:
            words, label = point["words"], " ".join(point["label"].split())
            assert not RAW.search(f"{words or ''} {label}"), (number, point)
            if point["same"]:
                assert label == words, number
            if point["long"]:
                numbers = [float(n.replace(",", "")) for n in re.findall(r"\d[\d,]*(?:\.\d+)?", label)]
                true = int(point["start"]) if point["start"] > 1500 else point["long"]
                assert any(abs(n - true) <= 0.5 for n in numbers), (number, point)
        seen.keyboard.press("Escape")


def test_a_bar_with_a_base_does_not_print_its_end_as_its_value():
    """In JupyterLab, where Plotly makes the label: there %{x} is where the bar ends."""
    for page in CHARTED:
        for chart in stored_charts(page):
            for bar in (trace for trace in chart["data"] if trace["type"] == "bar" and "base" in trace):
                along = "x" if bar.get("orientation") == "h" else "y"
                assert bar.get("hoverinfo") == "skip" or f"%{{{along}" not in bar.get("hovertemplate", f"%{{{along}}}"), page


@pytest.mark.parametrize(
    ("trace", "first", "last"),
    [
        (go.Heatmap(x=["then", "now"], y=["Pashtun", "Tajik"], z=[[38, 42], [25, 27]]), "Pashtun, then: 38. Point 1 of 4.", "Tajik, now: 27. Point 4 of 4."),
        (go.Sunburst(labels=["named", "Pashtun", "Tajik"], parents=["", "named", "named"], values=[69, 42, 27], branchvalues="total"),
         "named: 69. Point 1 of 3.", "named, Tajik: 27. Point 3 of 3."),
        (go.Table(header={"values": ["group", "share"]}, cells={"values": [["Pashtun", "Tajik"], [42, 27]]}), "group: Pashtun. Point 1 of 4.", "share: 27. Point 4 of 4."),
    ],
    ids=["heatmap", "sunburst", "table"],
)  # fmt: skip
def test_other_traces_of_the_bundle_are_read_too(browser, tmp_path, monkeypatch, trace, first, last):
    bundles = []
    monkeypatch.setattr(charts, "display", lambda bundle, raw: bundles.append(bundle))
    charts.show(go.Figure(trace, {"title": {"text": "Pashtuns outnumber Tajiks"}}), **GOOD)
    build(tmp_path, bundles[0])
    page = browser.new_page()
    page.goto((tmp_path / "out" / "html" / "chapters" / "page.html").as_uri())
    figure = explored(page)
    for key, expected in (("Home", first), ("End", last)):
        page.keyboard.press(key)
        assert said(figure) == expected
        assert figure.locator(".panj-ring").is_visible()
    page.close()


@pytest.mark.parametrize("kind", ["bar", "scattergeo"])
def test_zoom_buttons_have_names_and_size_and_the_view_follows_the_keys(visit, kind):
    address, number = place(kind)
    page = visit(address).page
    figure = explored(page, number)
    plot = figure.locator(".panj-plot")
    view = "p => JSON.stringify([p._fullLayout.xaxis?.range, p._fullLayout.geo?.projection.scale, p._fullLayout.geo?.center])"
    whole = plot.evaluate(view)
    buttons = plot.locator(".modebar-btn")
    assert buttons.evaluate_all("all => all.map(b => b.tagName)") == ["BUTTON"] * 3
    assert all(box["width"] >= 24 and box["height"] >= 24 for box in (buttons.nth(i).bounding_box() for i in range(3)))
    names = []
    for _ in range(3):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.ariaLabel"))
        if names == ["Zoom in"]:
            page.keyboard.press("Enter")
            page.keyboard.press("Enter")
    assert names[:2] == ["Zoom in", "Zoom out"] and names[2].startswith("Reset")
    page.wait_for_function(f"p => ({view})(p) !== {whole!r}", arg=plot.element_handle())
    plot.focus()
    for key in ("End", "Home", "End"):
        page.keyboard.press(key)
    page.wait_for_timeout(200)
    assert figure.locator(".panj-ring").is_visible()
    buttons.nth(2).focus()
    page.keyboard.press("Enter")
    page.wait_for_function(f"p => ({view})(p) === {whole!r}", arg=plot.element_handle())
    page.keyboard.press("Tab")
    assert figure.locator(".panj-explore").evaluate(FOCUSED), "Tab leaves the chart"
    buttons.nth(0).focus()
    page.keyboard.press("Escape")
    assert plot.count() == 0 and figure.locator(".panj-explore").evaluate(FOCUSED)


def test_a_change_of_theme_keeps_the_place(visit):
    page = visit("chapters/ethnicity.html").page
    figure = explored(page, 5)
    page.keyboard.press("End")
    light = figure.locator(".slice path").first.evaluate("p => p.style.fill")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function("was => document.querySelector('.panj-plot .slice path').style.fill !== was", arg=light)
    page.keyboard.press("ArrowLeft")
    assert "Point 2 of 3" in said(figure)


@pytest.mark.parametrize("page", CHARTED)
def test_in_the_dark_words_outside_the_marks_stand_out(visit, page):
    seen = visit(page, color_scheme="dark").page
    for number in range(len(stored_charts(page))):
        figure = explored(seen, number)
        faint = figure.evaluate(
            """figure => {
                const light = (color) => color.match(/[\\d.]+/g).slice(0, 3).map((v) => v / 255)
                    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
                    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
                const ground = light(getComputedStyle(document.body).backgroundColor);
                return [...figure.querySelectorAll(":is(.xtick, .ytick, .legend, .g-xtitle, .g-ytitle) text")]
                    .filter((text) => (light(getComputedStyle(text).fill) + 0.05) / (ground + 0.05) < 4.5)
                    .map((text) => text.textContent);
            }"""
        )
        assert faint == []
        seen.keyboard.press("Escape")


def test_a_finger_scrolls_the_page_and_a_tap_says_the_value(visit):
    page = visit("chapters/geography.html", viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True).page
    for number in (0, 3):  # a map, bars
        figure = explored(page, number)
        plot = figure.locator(".panj-plot")
        plot.evaluate("plot => plot.scrollIntoView({ block: 'center', behavior: 'instant' })")
        before, box = page.evaluate("scrollY"), plot.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        finger = page.context.new_cdp_session(page)
        for step in range(11):
            touch = {"type": "touchMove" if step else "touchStart", "touchPoints": [{"x": x, "y": y - 20 * step}]}
            finger.send("Input.dispatchTouchEvent", touch)
            page.wait_for_timeout(16)
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.wait_for_function("before => scrollY > before + 100", arg=before)
    bar = plot.locator(".barlayer .point path").first
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    figure.locator("[role=status]", has_text="% of Tajikistan's border. Point").wait_for()


def test_an_explored_chart_prints_as_its_picture(visit):
    page = visit("chapters/ethnicity.html").page
    figure = explored(page)
    page.emulate_media(media="print")
    assert not figure.locator(".panj-plot").is_visible()
    assert figure.locator("picture.panj-light").is_visible()


def test_nothing_moves_for_those_who_asked_for_that(visit):
    page = visit("chapters/geography.html", reduced_motion="reduce").page
    figure = explored(page)
    moving = "all => all.filter(e => getComputedStyle(e).transitionDuration.split(', ').some(d => parseFloat(d)))"
    assert figure.locator(".panj-plot *").evaluate_all(f"all => ({moving})(all).map(e => e.outerHTML)") == []


def test_the_first_click_is_small_and_the_next_is_its_data_alone(visit):
    seen = visit("chapters/geography.html")
    seen.page.wait_for_load_state("networkidle")
    asked = []
    seen.page.on("response", lambda r: asked.append(r) if re.search(r"\.(js|css)(\?|$)", r.url) else None)
    figure = explored(seen.page)
    sizes = {r.url.rpartition("/")[2].split("?")[0]: len(gzip.compress(r.body(), 6)) for r in asked}
    data = figure.locator(".panj-explore").get_attribute("data-figure") + ".js"
    assert {plotlyjs.part()[0], data, "plotly.css"} <= set(sizes)
    assert sum(sizes.values()) <= FIRST_CLICK, sizes
    seen.page.wait_for_load_state("networkidle")
    asked.clear()
    second = explored(seen.page, 1).locator(".panj-explore").get_attribute("data-figure")
    assert [r.url.rpartition("/")[2] for r in asked] == [f"{second}.js"]


def test_only_pages_with_charts_load_what_explores_them():
    for path in SITE.glob("chapters/*.html"):
        html = path.read_text("utf8")
        assert ("_static/explore.js" in html) == ("panj-explore" in html), path.name
        assert "palette.js" not in html


def test_each_chart_names_a_script_that_can_draw_it():
    name, _, traces = plotlyjs.part()
    for page in CHARTED:
        for chart in stored_charts(page):
            assert plotlyjs.script(chart) == name
        html = (SITE / page).read_text("utf8")
        assert set(re.findall('data-plotly="([^"]*)"', html)) == {name}
    assert {"bar", "scatter", "scattergeo", "choropleth", "sankey", "pie"} <= traces
    assert plotlyjs.script({"data": [{"type": "bar"}, {"type": "violin"}]}) == "plotly.min.js"


def test_the_whole_of_plotly_is_there_for_a_readers_own_chart_and_no_page_loads_it():
    assert (SITE / "_static" / "plotly.min.js").read_bytes() == plotlyjs.WHOLE.read_bytes()
    assert not any("plotly.min.js" in path.read_text("utf8") for path in SITE.rglob("*.html"))


def test_the_bundle_is_that_of_the_installed_plotly(monkeypatch):
    plotlyjs.check()
    name, version, _ = plotlyjs.part()
    text = (plotlyjs.STATIC / name).read_text("utf8")
    assert version in name and f'"{version}"' in text and "MIT license" in text and "sourceMappingURL" not in text
    monkeypatch.setattr(plotlyjs, "installed", lambda: "5.0.0")
    with pytest.raises(ExtensionError, match="draws with 5.0.0: run `make plotly`"):
        plotlyjs.check()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda route: route.fulfill(body=route.fetch().text().replace('"4.1.1")', '"4.0.0")')), "made for version 4.0.0 of Plotly"),
        (lambda route: route.abort(), "could not be loaded"),
    ],
)
def test_a_chart_that_cannot_be_drawn_says_why_and_keeps_its_picture(visit, change, says):
    page = visit("chapters/ethnicity.html").page
    page.route("**/figures/*.js", change)
    figure = page.locator(".panj-figure").first
    figure.locator(".panj-explore").click()
    figure.locator("[role=status]", has_text=says).wait_for()
    assert figure.locator("picture.panj-light").is_visible()
    assert figure.locator(".panj-plot").count() == 0
