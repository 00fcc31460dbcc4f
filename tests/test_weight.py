"""What a page costs a reader with a bad line: bytes as a static host sends them (gzip), and requests, all to its own host."""

import gzip
from urllib.parse import urlsplit

import pytest
from conftest import PAGES, READ, SITE, soup

KB = 1000
FIRST_LOAD, REFERENCE_LOAD, REQUESTS = 130 * KB, 150 * KB, 12
MAP, CHART = 40 * KB, 8 * KB
LARGE = ("chapters/index.html", "chapters/ledger.html", "chapters/glossary.html", "chapters/sources.html", "search.html")
PACKED = (".png", ".woff2")  # sent as they are


def sent(path):
    """Bytes of a file as it is sent."""
    body = path.read_bytes()
    return len(body if path.suffix in PACKED else gzip.compress(body, 6))


def files(requests):
    """The site's files behind some requests, each once: what is asked for again is in the browser's cache."""
    return list(dict.fromkeys(SITE / urlsplit(url).path.split("/html/")[1] for url in requests))


def below_the_fold(page):
    """Names of the pictures that begin below the first screen: they load later, if at all."""
    return page.evaluate(
        """[...document.images].filter((i) => i.loading === "lazy" && i.getBoundingClientRect().top > innerHeight)
            .map((i) => i.currentSrc.split("/").at(-1))"""
    )


@pytest.mark.parametrize("size", [{"width": 390, "height": 844}, {"width": 1280, "height": 900}], ids=["phone", "desktop"])
@pytest.mark.parametrize("page", READ)
def test_a_page_opens_on_a_bad_line(visit, page, size):
    seen = visit(page, viewport=size)
    seen.page.wait_for_load_state("networkidle")
    assert seen.outside == [], "another host is asked"
    assert seen.errors == []
    later = below_the_fold(seen.page)
    icon = seen.page.locator("link[rel=icon]").evaluate("link => link.href")  # asked for only where there is a window
    first = [f for f in files([*seen.requests, icon]) if f.name not in later]
    weight = {f.name: sent(f) for f in first}
    assert sum(weight.values()) <= (REFERENCE_LOAD if page in LARGE else FIRST_LOAD), weight
    assert len(first) <= REQUESTS, first


def test_every_picture_is_light():
    maps = {figure["id"].removeprefix("figure-") for page in PAGES for figure in soup(page).select("figure:has(.panj-note)") if "Natural Earth" in figure.select_one(".panj-note").text}
    heavy = {
        file.name: sent(file)
        for file in (SITE / "_static" / "figures").glob("*.svg")
        if sent(file) > (MAP if file.name[:16] in maps else CHART)
    }
    assert maps and heavy == {}
