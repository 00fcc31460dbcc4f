"""The built site, as a reader meets it: in Chromium, with every outside host blocked."""

import json

import pytest
from conftest import CHAPTERS, CHARTED, PAGES, REFERENCE, ROOT, SITE, soup

from panj import load
from panj.charts import MIME
from panj.evidence import weighed
from panj.markup import MANY


def stored_charts(page):
    """The charts stored in the notebook behind a page, in order."""
    notebook = json.loads((ROOT / page).with_suffix(".ipynb").read_text("utf8"))
    outputs = [o for c in notebook["cells"] for o in c.get("outputs", [])]
    return [o["data"][MIME] for o in outputs if MIME in o.get("data", {})]


def test_every_page_of_the_contents_is_built():
    assert {f"chapters/{n}.html" for n in (*CHAPTERS, *REFERENCE, "index", "how-to-read", "capstone")} <= set(PAGES)


@pytest.mark.parametrize("page", CHARTED)
def test_the_table_on_the_page_holds_the_charts_rows_and_their_evidence(page):
    ids = {"claim": set(load("claims")["claim_id"]), "source": set(load("sources")["source_id"])}
    for figure, chart in zip(soup(page).select(".panj-figure"), stored_charts(page), strict=True):
        meta = chart["layout"]["meta"]["panj"]
        cited = {f"{kind}-{key}" for cites in meta["cited"] for kind, key in cites}
        listed = [a["href"].split("#")[1] for a in figure.select(".panj-rests a")]
        assert sorted(listed) == (sorted(cited) if len(cited) <= MANY else [])
        rows = figure.select("tbody tr")
        assert len(rows) == len(meta["rows"])
        for row, values, cited in zip(rows, meta["rows"], meta["cited"]):
            cells = row.select("td")
            assert [number(c.get_text()) for c in cells[:-1]] == [number(str(v)) for v in values]
            links = [a["href"].split("#")[1] for a in cells[-1].select("a")]
            assert links == [f"{kind}-{key}" for kind, key in cited]
            assert cited and all(key in ids[kind] for kind, key in cited)


@pytest.mark.parametrize("page", CHARTED)
def test_every_bar_is_in_the_table(page):
    """A chart and its table can only tell two stories if a value is in one and not in the other."""
    for chart in stored_charts(page):
        table = {number(str(v)) for row in chart["layout"]["meta"]["panj"]["rows"] for v in row}
        for trace in chart["data"]:
            if trace["type"] == "bar" and "base" not in trace:
                values = trace["x" if trace.get("orientation") == "h" else "y"]
                missing = [v for v in values if v and not {number(str(r)) for r in rounded(v)} & table]
                assert missing == [], chart["layout"]["meta"]["panj"]["title"]


def rounded(value):
    """A plotted value as a table may print it: in full, or to whole numbers, tenths or hundredths."""
    return [value, round(value), round(value, 1), round(value, 2)]


def number(text):
    """A number rounded as the page prints it, or the text itself."""
    try:
        return float(f"{float(text):.5g}")
    except ValueError:
        return text


def test_a_map_knows_that_dushanbe_lies_in_tajikistan(visit):
    """Hovering names the country, and the country's drawn area, alone of all, covers the point.

    The second half matters: with wrong winding every country fills the globe, and hovering still looks right.
    """
    seen = visit("chapters/index.html")
    place = load("places").set_index("place_id")
    seen.page.locator(".panj-explore").first.click()
    plot = seen.page.locator(".panj-plot").first
    plot.locator(".choroplethlayer path").first.wait_for(state="attached")
    plot.evaluate("plot => plot.scrollIntoView({block: 'center'})")  # not under the page's own bar
    for town, country in {"dushanbe": "Tajikistan", "kabul": "Afghanistan", "mazar-e-sharif": "Afghanistan"}.items():
        where = [place.loc[town, "lon"], place.loc[town, "lat"]]
        x, y, covering = plot.evaluate(
            """async (plot, where) => {
                const marked = plot.data.flatMap((t, i) => (t.mode ?? "").includes("markers") ? [i] : []);
                if (marked.length) await Plotly.deleteTraces(plot, marked);
                const [x, y] = plot._fullLayout.geo._subplot.projection(where);
                const covering = [...plot.querySelectorAll(".choroplethlayer path")]
                    .filter((area) => area.isPointInFill(new DOMPoint(x, y)))
                    .map((area) => area.__data__.loc);
                const box = plot.getBoundingClientRect();
                return [box.x + x, box.y + y, covering];
            }""",
            where,
        )
        assert covering == [country]
        seen.page.mouse.move(x - 3, y - 3)
        seen.page.mouse.move(x, y)
        seen.page.wait_for_timeout(300)
        assert country in plot.locator(".hoverlayer").text_content()


def test_27_and_42_stand_on_the_page_with_their_claims():
    page = soup("chapters/ethnicity.html")
    rows = {r.select("td")[-1].get_text(): r.get_text(" ") for r in page.select(".panj-figure tbody tr")}
    assert "27" in rows["tajik-share-27"] and "42" in rows["pashtun-share-42"]


def test_dark_pages_show_the_dark_pictures(visit):
    seen = visit("chapters/ethnicity.html", color_scheme="dark")
    assert seen.page.locator("picture.panj-dark img").first.is_visible()
    assert not seen.page.locator("picture.panj-light img").first.is_visible()


def test_the_ledger_filters_and_links(visit):
    claims = weighed()
    page = visit("chapters/ledger.html").page
    shown = page.locator(".panj-ledger > li:visible")
    for column, value in (("topic", "ethnicity"), ("type", "prediction"), ("verdict", "not found"), ("locator", "P8")):
        page.select_option(f"select[name={column}]", label=value)
        assert shown.count() == (claims[column] == value).sum()
        assert page.locator("output").inner_text() == f"{shown.count()} of {len(claims)} claims"
        page.select_option(f"select[name={column}]", label="all")
    page.select_option("select[name=chapter]", label="Geography")
    cited = {a["href"].split("#claim-")[1] for a in soup("chapters/geography.html").select("a.panj-claim")}
    assert {li.removeprefix("claim-") for li in shown.evaluate_all("all => all.map(li => li.id)")} == cited
    page.select_option("select[name=topic]", label="actors")
    page.evaluate("location.hash = 'claim-csto-only-neighbour'")
    page.locator("#claim-csto-only-neighbour").wait_for(state="visible")


def test_a_claim_is_two_clicks_from_its_evidence():
    """From any claim in the text or under a chart: first to the locator and verdict, then to a source or an honest blank."""
    ledger = soup("chapters/ledger.html")
    claims, evidence = weighed().set_index("claim_id"), load("evidence")
    address = load("sources").set_index("source_id")["url"]
    for page in (*CHARTED, "chapters/how-to-read.html", "chapters/capstone.html"):
        for key in {a["href"].split("#claim-")[1] for a in soup(page).select("a.panj-claim")}:
            card, claim = ledger.find(id=f"claim-{key}"), claims.loc[key]
            assert f"{claim.locator}, sentence {claim.sentence}" in card.get_text()
            assert claim.verdict in card.select_one(".panj-verdict").get_text()
            rows = evidence[evidence["claim_id"] == key]
            links = {a["href"] for a in card.select(".panj-evidence a[href^=http]")}
            assert links == {address[s] for s in rows["source_id"] if s}
            assert links or rows["note"].item()[1:] in card.get_text()


def test_hovering_and_focusing_a_claim_shows_what_stands_behind_it(visit):
    page = visit("chapters/ethnicity.html").page
    tip, anchor = page.locator("#panj-tip"), page.locator("a.panj-claim[href$='#claim-tajik-share-27']").first
    expected = ["Tajiks are about 27 per cent", "P1, sentence 8", "asserted", "contested"]
    anchor.hover()
    assert all(part in tip.inner_text() for part in expected)
    page.mouse.move(0, 0)
    tip.wait_for(state="hidden")
    anchor.focus()
    assert all(part in tip.inner_text() for part in expected)
    box = tip.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]
    page.keyboard.press("Escape")
    assert tip.is_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/ledger.html#claim-tajik-share-27")


def test_the_box_never_covers_its_own_link(visit):
    """At phone width links wrap, and the box has to keep clear of every line."""
    page = visit("chapters/ethnicity.html", viewport={"width": 390, "height": 800}).page
    covered = page.locator("a:is(.panj-claim, .panj-source)[data-about]:visible").evaluate_all(
        """anchors => anchors.filter((anchor) => {
            anchor.focus();
            const box = document.getElementById("panj-tip").getBoundingClientRect();
            return [...anchor.getClientRects()].some((line) =>
                line.left < box.right && box.left < line.right && line.top < box.bottom && box.top < line.bottom);
        }).map((anchor) => anchor.textContent)"""
    )
    assert covered == []


def test_the_ledger_keeps_its_filter_when_a_reader_comes_back(visit):
    page = visit("chapters/ledger.html").page
    shown = page.locator(".panj-ledger > li:visible")
    page.select_option("select[name=verdict]", label="not found")
    count = shown.count()
    page.goto(page.url.replace("ledger", "timeline"))
    page.go_back()
    assert page.locator("select[name=verdict]").input_value() in ("", "not-found")
    assert shown.count() == (count if page.locator("select[name=verdict]").input_value() else len(load("claims")))


@pytest.mark.parametrize("page", CHARTED)
def test_ids_in_the_tables_of_cells_are_links(page):
    ids = {*load("claims")["claim_id"], *load("sources")["source_id"]}
    cells = [cell for cell in soup(page).select(".cell_output td, .cell_output th") if cell.get_text() in ids]
    assert [cell.get_text() for cell in cells if not cell.select("a[href]")] == []


def test_a_source_says_what_was_read_there():
    card = soup("chapters/sources.html").find(id="source-unodc-2025-11-opium-survey")
    assert "poppy area, 2025: 10,200 ha" in card.get_text()


def test_a_claim_is_a_plain_link_without_javascript(visit):
    page = visit("chapters/ethnicity.html", java_script_enabled=False).page
    anchor = page.locator("a.panj-claim[href$='#claim-tajik-share-27']").first
    assert "contested" in anchor.get_attribute("title")
    anchor.click()
    assert page.locator("#claim-tajik-share-27 .panj-evidence li").count() > 1


@pytest.mark.parametrize(("page", "tables"), [("ledger", ["claims", "evidence"]), ("timeline", ["events", "epilogue"]), ("sources", ["sources"]), ("glossary", ["glossary"])])
def test_reference_pages_offer_their_tables(page, tables):
    """Every row stands on the page, and the very file can be downloaded."""
    html = soup(f"chapters/{page}.html")
    for table in tables:
        (href,) = {a["href"] for a in html.select("a.download") if a["href"].endswith(f"/{table}.csv")}
        assert (SITE / "chapters" / href).resolve().read_bytes() == (ROOT / "data" / f"{table}.csv").read_bytes()
    entries = html.select(".glossary > dt") if page == "glossary" else html.select(".panj-ledger > li")
    assert len(entries) == sum(len(load(t)) for t in tables if t != "evidence")


def test_foreign_names_say_their_language():
    page, names = soup("chapters/glossary.html"), load("glossary")
    for column, language in (("tajik", "tg"), ("russian", "ru"), ("dari", "fa-AF")):
        shown = [span.get_text() for span in page.select(f"span[lang={language}]")]
        assert sorted(shown) == sorted(name for name in names[column] if name)
    assert all(span["dir"] == "rtl" for span in page.select("span[lang=fa-AF]"))


@pytest.mark.parametrize("page", CHARTED)
def test_every_map_says_whose_boundaries_it_draws(page):
    for chart in stored_charts(page):
        if "geo" in chart["layout"]:
            assert "Natural Earth" in chart["layout"]["meta"]["panj"]["note"]
            assert "legal status" in chart["layout"]["meta"]["panj"]["note"]
