"""WCAG 2.2 AA where axe-core is blind: outline, tables, real keys, targets, the choice of light or dark."""

import pytest
from conftest import LOOKS, READ, soup


@pytest.mark.parametrize("name", READ)
def test_headings_and_landmarks_make_an_outline(name):
    page = soup(name)
    levels = [int(h.name[1]) for h in page.select("h1, h2, h3, h4, h5, h6")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(levels, levels[1:])), levels
    assert all(len(page.select(tag)) == 1 for tag in ("header", "main", "body > footer"))
    labels = [nav["aria-label"] for nav in page.select("nav")]
    assert len(labels) == len(set(labels)) >= 1


@pytest.mark.parametrize("name", READ)
def test_tables_have_captions_and_scopes(name):
    for table in soup(name).select("table"):
        assert table.caption and table.caption.get_text(strip=True), table.get_text()[:80]
        assert all(th.get("scope") for th in table.select("th")), table.caption
        assert table.select("thead th"), table.caption
        box = table.find_parent(class_="panj-scroll")
        assert box["role"] == "region" and box["tabindex"] == "0" and box["aria-label"]


def test_a_table_is_a_stop_only_while_it_scrolls(visit):
    for width, stops in ((390, True), (1280, False)):
        page = visit("chapters/reading.html", viewport={"width": width, "height": 800}).page
        box = page.locator(".cell_output .panj-scroll").first
        box.scroll_into_view_if_needed()
        page.wait_for_function("box => box.scrollWidth > box.clientWidth === box.hasAttribute('tabindex')", arg=box.element_handle())
        assert (box.get_attribute("tabindex") == "0") is stops


def focused(page):
    """Where the keyboard is: the element, what shows that, and whether it can be seen."""
    return page.evaluate(
        """() => {
            const at = document.activeElement;
            const style = getComputedStyle(at), [line] = at.getClientRects(); // a link can run over several
            const middle = line && document.elementFromPoint(line.left + line.width / 2, line.top + Math.min(line.height, 30) / 2);
            return {
                name: at.tagName + (at.id ? "#" + at.id : "") + " " + at.textContent.trim().slice(0, 40),
                body: at === document.body,
                shown: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
                covered: line && !(at.contains(middle) || middle?.contains(at)),
            };
        }"""
    )


@pytest.mark.parametrize("name", ["chapters/index.html", "chapters/geography.html", "chapters/ledger.html", "search.html"])
@pytest.mark.parametrize("look", ["light", "phone"])
def test_tab_goes_through_the_page_and_out_and_always_shows_where(visit, name, look):
    page = visit(name, **LOOKS[look]).page
    stops = page.locator(":is(a[href], button, input, select, summary, [tabindex='0']):visible").count()
    visited = 0
    for _ in range(min(stops + 20, 150)):
        page.keyboard.press("Tab")
        at = focused(page)
        if at["body"]:
            break
        visited += 1
        assert at["shown"], f"no outline on {at['name']}"
        assert not at["covered"], f"something lies over {at['name']}"
    assert at["body"] or visited == 150, "the keyboard never leaves the page"


def test_the_skip_link_leads_past_the_menus(visit):
    page = visit("chapters/geography.html").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    assert page.locator(".panj-skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_menus_open_and_close_with_keys_and_give_focus_back(visit):
    page = visit("chapters/geography.html", **LOOKS["phone"]).page
    for menu, opener in (("#book-nav", "Contents"), ("#page-nav", "On this page")):
        button = page.get_by_role("button", name=opener)
        assert page.locator(menu).is_hidden()
        button.focus()
        page.keyboard.press("Enter")
        assert page.locator(menu).is_visible()
        page.keyboard.press("Tab")
        assert page.evaluate("menu => document.querySelector(menu).contains(document.activeElement)", menu)
        page.keyboard.press("Escape")
        assert page.locator(menu).is_hidden()
        assert button.evaluate("b => b === document.activeElement")
    page.get_by_role("button", name="On this page").click()
    page.locator("#page-nav a").nth(2).click()
    assert page.locator("#page-nav").is_hidden(), "the menu lies over what it led to"


@pytest.mark.parametrize("name", READ)
def test_targets_are_large_enough_for_a_thumb(visit, name):
    """WCAG 2.5.8: 24 by 24 pixels, but for links within a sentence."""
    page, small = visit(name).page, {}
    for look in ("light", "phone"):
        page.set_viewport_size(LOOKS[look]["viewport"])
        small[look] = page.locator(":is(button, input, select, summary, .panj-nav a, .panj-turn a, .panj-foot a, .panj-home):visible").evaluate_all(
            """all => all.map((e) => [e.outerHTML.slice(0, 120), e.getBoundingClientRect()])
                .filter(([, box]) => box.width < 24 || box.height < 24).map(([html]) => html)"""
        )
    assert small == {"light": [], "phone": []}


def test_the_reader_chooses_light_or_dark_and_the_book_remembers(visit):
    page = visit("chapters/index.html").page
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    button = page.get_by_role("button", name="Dark")
    button.press("Enter")
    dark = page.evaluate(ground)
    assert dark != "rgb(255, 255, 255)" and button.get_attribute("aria-pressed") == "true"
    assert page.locator("picture.panj-dark img").first.is_visible()
    page.goto(page.url.replace("index", "ledger"))
    assert page.evaluate(ground) == dark
    page.emulate_media(media="print")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


def test_nothing_on_a_page_moves_by_itself(visit):
    page = visit("chapters/geography.html").page
    moving = page.evaluate(
        """[...document.querySelectorAll("*")].filter((e) => {
            const s = getComputedStyle(e);
            return s.animationName !== "none" || s.transitionDuration !== "0s" || s.scrollBehavior === "smooth";
        }).map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert moving == []


@pytest.mark.parametrize("name", [name for name in READ if name.startswith("chapters/")])
def test_no_heading_on_a_phone_has_a_line_for_a_link_that_is_not_seen(visit, name):
    page = visit(name, **LOOKS["phone"]).page
    heights = "[...document.querySelectorAll('h1, h2, h3')].map((h) => h.offsetHeight)"
    before = page.evaluate(heights)
    page.evaluate("document.querySelectorAll('.headerlink').forEach((link) => link.remove())")
    assert page.evaluate(heights) == before
