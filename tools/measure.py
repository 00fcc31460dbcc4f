"""What `make bench` measures on one page of a built book, in a browser.

Each visit starts with an empty cache: one for what is loaded, axe-core and the tab stops, one for the
keyboard, and one each for other hosts out of reach, a page opened from a folder, and both at once.
"""

from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import TimeoutError

SCREEN = {"width": 1280, "height": 800}
AXE = Path(__file__).parent.parent / "_build/bench/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PRESSES = 20  # of the right arrow, in each chart

IN_PAGE = """
const charts = () => [...document.querySelectorAll(".panj-figure, .js-plotly-plot")]
    .filter((chart) => !chart.parentElement.closest(".panj-figure"));
const size = (mark) => { const box = mark.getBoundingClientRect(); return box.width + box.height; };
const interactive = (chart) =>
    [...chart.querySelectorAll(".main-svg :is(.trace, .sankey) :is(path, rect, circle, text)")].some(size);
const pictured = (chart) => [...chart.querySelectorAll("img")]
    .some((img) => img.checkVisibility() && img.complete && img.naturalWidth > 0);
const seen = (chart) => pictured(chart) || interactive(chart);
const stops = (chart) =>
    [...chart.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
    .filter((e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({ visibilityProperty: true }));
const said = (chart) => [...(chart.closest(".panj-figure") ?? document)
    .querySelectorAll("[role=status], [aria-live=polite]")].map((e) => e.textContent.trim()).join(" ");
"""


class Wire:
    """What a page asks for and what comes over the wire, headers included."""

    def __init__(self, page):
        self.asked, self.kind, self.bytes = [], {}, {}
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._ask)
        session.on("Network.loadingFinished", self._finish)
        session.send("Network.enable")

    def _ask(self, event):
        if event["request"]["url"].startswith(("http", "file")):
            self.asked.append(event["request"]["url"])
            self.kind[event["requestId"]] = event.get("type")

    def _finish(self, event):
        if event["requestId"] in self.kind:
            self.bytes[event["requestId"]] = event["encodedDataLength"]

    def kb(self):
        return sum(self.bytes.values()) / 1000

    def kb_pictures(self):
        return sum(n for key, n in self.bytes.items() if self.kind[key] == "Image") / 1000

    def outside(self):
        return [u for u in self.asked if urlsplit(u).hostname not in ("127.0.0.1", None)]


def measure(browsers, address, folder, name, charts):
    """Every measure of one page of one book."""
    url, file = f"{address}/{name}.html", (folder / name).with_suffix(".html").as_uri()
    found = {}
    with opened(browsers["online"], url) as (page, wire):
        found |= {"requests": len(wire.asked), "kb": wire.kb()}
        pictures = wire.kb_pictures()
        scroll(page)
        found["seen"] = count(page, "seen", charts)
        found |= {"requests_all": len(wire.asked), "kb_all": wire.kb(), "kb_pictures": wire.kb_pictures() - pictures}
        found["axe"], found["rules"] = axe(page)
        found["stops"] = page.evaluate(f"() => {{ {IN_PAGE} return charts().flatMap(stops).length; }}")
        if charts:
            explore(page, [0])
            found["kb_interactive"] = wire.kb()
            explore(page, range(charts))
            found["interactive"] = count(page, "interactive", charts)
            found["axe_interactive"], _ = axe(page)
        found |= {"outside": len(wire.outside()), "hosts": {urlsplit(u).hostname for u in wire.outside()}}
    if not charts:
        return found
    with opened(browsers["online"], url) as (page, _):
        scroll(page)
        count(page, "seen", charts)
        found["points"] = points(page)
    for case, network, place in (("offline", "offline", url), ("folder", "online", file), ("folder_offline", "offline", file)):
        with opened(browsers[network], place) as (page, _):
            scroll(page)
            found[f"seen_{case}"] = count(page, "seen", charts)
            explore(page, range(charts))
            found[f"interactive_{case}"] = count(page, "interactive", charts)
    return found


@contextmanager
def opened(browser, url):
    """A page at rest in a browser that has seen nothing before."""
    context = browser.new_context(viewport=SCREEN, ignore_https_errors=True, color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(60_000)
    wire = Wire(page)
    page.goto(url, wait_until="load")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1000)
    yield page, wire
    context.close()


def scroll(page):
    page.evaluate(
        """async () => {
            for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight / 2) {
                scrollTo({ top: y, behavior: "instant" });
                await new Promise((done) => setTimeout(done, 60));
            }
        }"""
    )
    page.wait_for_load_state("networkidle")


def count(page, what, charts):
    """How many charts are `seen` or `interactive`, once all are or four seconds have changed nothing."""
    script = f"() => {{ {IN_PAGE} return charts().filter({what}).length; }}"
    waited, now = 0, page.evaluate(script)
    while now < charts and waited < 4:
        page.wait_for_timeout(500)
        before, now = now, page.evaluate(script)
        waited = 0 if now > before else waited + 0.5
    return now


def explore(page, numbers):
    """Press Explore on these charts of ours, unless it was pressed; stock has no such button."""
    for number in numbers:
        button, plot = (page.locator(".panj-figure").nth(number).locator(part) for part in (".panj-explore", ".js-plotly-plot .main-svg"))
        if button.count() and not plot.count():
            button.press("Enter")
            try:
                plot.first.wait_for(timeout=10_000)
            except TimeoutError:
                pass  # the count will show it
            page.wait_for_timeout(300)


def points(page):
    """How many different texts a chart's live region says while the right arrow is pressed, over all charts."""
    total = 0
    for number in range(page.evaluate(f"() => {{ {IN_PAGE} return charts().length; }}")):
        hear = f"() => {{ {IN_PAGE} return said(charts()[{number}]); }}"
        page.evaluate(f"() => {{ {IN_PAGE} stops(charts()[{number}])[0]?.focus(); }}")
        explore(page, [number])
        heard = {page.evaluate(hear)}
        for press in range(PRESSES):
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(60)
            heard.add(page.evaluate(hear))
            if press == 4 and len(heard) == 1:
                break
        total += len(heard) - 1
    return total


def axe(page):
    """The number of elements that violate a rule, and the set of these rules."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text("utf8"))
    script = """async (tags) => {
        const { violations } = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
        return Object.fromEntries(violations.map((v) => [v.id, v.nodes.length]));
    }"""
    violated = page.evaluate(script, RULES)
    return sum(violated.values()), set(violated)
