"""WCAG 2.2 AA as far as axe-core sees it, on every page, with charts untouched and explored."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import LOOKS, READ

RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
COLOURS = ["color-contrast", "link-in-text-block"]
# In the light all is looked at, and opened. The dark changes colours and nothing else, a phone all but colours.
IN = {
    "light": RULES,
    "dark": {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": COLOURS}},
    "phone": RULES | {"rules": {rule: {"enabled": False} for rule in COLOURS}},
}


def violations(page, part="html", rules=RULES):
    """What axe finds in the elements that a selector names: {rule: [their HTML]}."""
    found = Axe().run(page, context={"include": [part]}, options=rules).response["violations"]
    return {v["id"]: [n["html"][:200] for n in v["nodes"]] for v in found}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", READ)
def test_axe_finds_nothing_before_and_after_charts_are_explored(visit, name, look):
    page = visit(name, **LOOKS[look]).page
    opened = look == "light"
    page.evaluate("open => document.querySelectorAll('details').forEach((d) => { d.open = open })", opened)
    assert violations(page, rules=IN[look]) == {}
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = false })")
    buttons = page.locator(".panj-explore").all()[: None if opened else 1]
    for button in buttons:
        button.click()
        button.locator("xpath=ancestor::figure").locator(".panj-plot .main-svg").first.wait_for()
        page.keyboard.press("ArrowRight")
    if buttons:
        assert violations(page, ".panj-figure", IN[look]) == {}


@pytest.mark.parametrize(("look", "seen"), {"light": {"color-contrast", "image-alt"}, "dark": {"color-contrast"}, "phone": {"image-alt"}}.items())
def test_axe_is_awake(visit, look, seen):
    """The check above can fail: it sees an image without a name and text too pale to read."""
    page = visit("chapters/how-to-read.html", **LOOKS[look]).page
    page.evaluate("""() => {
        document.querySelector("h1").style.color = "#888";
        document.querySelector("h1").style.background = "#999";
        document.querySelector("article").append(Object.assign(new Image(), { src: "../_static/favicon.svg" }));
    }""")
    assert set(violations(page, rules=IN[look])) == seen
