"""Part of `make bench`: Python in a page of this book beside the same cells in JupyterLite, in one run.

Both are served from 127.0.0.1 in the same way to the same browser, which can reach no other host. A visit runs the cell
with the chapter's first table as soon as that can be done, and when the table is seen, the cell with the first chart.
A run is three visits to each: one with a new profile, a second with what that has cached, and one with another new
profile that lets the page come to rest before it runs anything, and afterwards changes the first cell.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

import lite
from bench import commit, middle, row
from measure import SCREEN
from playwright.sync_api import TimeoutError, sync_playwright
from serve import CHROMIUM, Compressed, serve
from stock import ROOT

from panj.live.core import VERSION
from panj.pictures import browser as find_browser

CHAPTER, TABLE, CHART = "geography", 0, 1  # which of its cells
RUNS = int(os.environ.get("RUNS", 5))
PATIENCE = 180_000
ANSWER = 90_000  # so long a cell may take to read a file
HOSTS = ("127.0.0.1", "school.example")  # the second is this machine too, by a name as in a school's network: plain http, no localhost
RULES = f"MAP {HOSTS[1]} 127.0.0.1,MAP * ~NOTFOUND,EXCLUDE 127.0.0.1"
READ = 'import pandas as pd\n\npd.read_csv("../data/places.csv").head(2)'
TWO_ROWS = "table:has(tbody tr:nth-child(2)):not(:has(tbody tr:nth-child(3)))"

# measure: (what the table calls it, decimals)
MEASURES = {
    "cold table": ("Nothing cached: from Run to the first table (s)", 1),
    "cold chart": ("– from Run to the first chart (s)", 1),
    "cold table opened": ("– from opening the page to the first table (s)", 1),
    "cold chart opened": ("– from opening the page to the first chart (s)", 1),
    "warm table": ("Second visit: from Run to the first table (s)", 1),
    "warm chart": ("– from Run to the first chart (s)", 1),
    "warm table opened": ("– from opening the page to the first table (s)", 1),
    "warm chart opened": ("– from opening the page to the first chart (s)", 1),
    "rest table": ("Page left to rest before Run: from Run to the first table (s)", 1),
    "edit": ("A cell changed and run again: to its new table (s)", 2),
    "rest mb": ("Transferred, page opened and nothing run (MB)", 1),
    "cold mb": ("Transferred, with table and chart (MB)", 1),
    "warm mb": ("Transferred on the second visit (MB)", 1),
    "rest requests": ("Requests, page opened and nothing run", 0),
    "cold requests": ("Requests, with table and chart", 0),
    "memory before": ("Memory of the renderers, page opened and nothing run (MB)", 0),
    "memory after": ("Memory of the renderers, with table, chart and change (MB)", 0),
}


class Ours:
    name, folder = "this book", ROOT / "_build" / "html"
    path = f"chapters/{CHAPTER}.html"
    cells, ready, rests = ".cell:has(.panj-live)", ".panj-live button", ".panj-live"
    result, error = ".panj-mine", ".panj-error"
    runtime = folder / "_static" / "python"

    def rest(self):
        return sum(weight(self.folder / "_static" / name) for name in ("live.js", "editor.mjs"))

    def run(self, cell):
        cell.get_by_role("button", name="Run", exact=True).click()

    def edit(self, cell):
        cell.get_by_role("button", name="Edit").click()


class JupyterLite:
    name, folder = "JupyterLite", lite.HTML
    path = f"notebooks/index.html?path=chapters/{CHAPTER}.ipynb"
    cells, ready, rests = ".jp-CodeCell", ".cm-content", ".jp-Notebook-ExecutionIndicator[data-status=idle]"
    result, error = ".jp-OutputArea-output", "[data-mime-type$=error]"
    runtime = folder / "static" / "pyodide"

    def rest(self):
        return weight(self.folder) - weight(self.runtime)

    def run(self, cell):
        self.edit(cell)
        cell.page.keyboard.press("Shift+Enter")

    def edit(self, cell):
        cell.locator(".cm-content").click()


SITES = [Ours(), JupyterLite()]


def main():
    print("Building JupyterLite …", file=sys.stderr)
    lite.build(CHAPTER)
    measured, loads, results, reads = commit(), [os.getloadavg()[0]], {}, {}
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        ports = {site: stack.enter_context(serve(Counted, site.folder)).server_port for site in SITES}
        for run in range(RUNS):
            for site, port in ports.items():  # the two take turns, so both meet the same noise
                print(f"Python in {site.name}, run {run + 1} …", file=sys.stderr)
                for measure, value in visits(playwright, site, f"http://127.0.0.1:{port}").items():
                    results.setdefault((measure, site), []).append(value)
        for host in HOSTS:
            for site, port in ports.items():
                print(f"Reading a file in {site.name} at {host} …", file=sys.stderr)
                reads[host, site] = read(playwright, site, f"http://{host}:{port}")
    loads.append(os.getloadavg()[0])
    report = "\n".join([*about(measured, loads), "", *beside(results, reads)])
    (ROOT / "_build" / "bench-live.md").write_text(f"{report}\n", "utf8")
    print(f"\n{report}")


class Counted(Compressed):
    """Notes every request and the bytes of every answer, heads included. Browsers may keep an answer for ten minutes."""

    asked, sent = [], []

    def setup(self):
        super().setup()
        write = self.wfile.write
        self.wfile.write = lambda data: self.sent.append(len(data)) or write(data)

    def log_request(self, *_):
        self.asked.append(self.path)

    def end_headers(self):
        self.send_header("Cache-Control", "max-age=600")
        super().end_headers()

    @classmethod
    def forget(cls):
        cls.asked.clear()
        cls.sent.clear()


# In the browser


@contextmanager
def profile(playwright):
    """A browser that has seen nothing before, and the folder of its profile."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        flags = [*CHROMIUM, f"--host-resolver-rules={RULES}"]
        browser = playwright.chromium.launch_persistent_context(folder, executable_path=find_browser(), args=flags, viewport=SCREEN)
        browser.set_default_timeout(PATIENCE)
        yield browser, folder
        browser.close()


def visits(playwright, site, address):
    """Every measure of one run: {measure: value}."""
    found = {}
    for kinds in (("cold", "warm"), ("rest",)):
        with profile(playwright) as (browser, folder):
            for kind in kinds:
                found |= visit(site, browser.new_page(), address, kind, folder)
    return found


def visit(site, page, address, kind, folder):
    """What one visit measures: {measure: value}. Seconds, MB of 1,000,000 bytes, and numbers of requests."""
    Counted.forget()
    found, began = {}, time.perf_counter()
    table, chart = cells(site, page, address)
    if kind == "rest":
        page.locator(site.rests).first.wait_for()
        page.wait_for_load_state("networkidle")
        found = counted(kind) | {"memory before": renderers(folder)}
    pressed = time.perf_counter()
    for name, cell, result in (("table", table, "table"), ("chart", chart, ".main-svg .trace path")):
        site.run(cell)
        cell.locator(f"{site.result} {result}").first.wait_for()
        now = time.perf_counter()
        found |= {f"{kind} {name}": now - pressed, f"{kind} {name} opened": now - began}
    if kind == "rest":
        found |= {"edit": change(site, table, f"{source(TABLE)}.head(2)", TWO_ROWS), "memory after": renderers(folder)}
    else:
        found |= counted(kind)
    page.close()
    return found


def counted(kind):
    return {f"{kind} requests": len(Counted.asked), f"{kind} mb": sum(Counted.sent) / 1e6}


def cells(site, page, address):
    """Open the chapter; the cell with its first table and the one with its first chart, as soon as the first can be run."""
    page.goto(f"{address}/{site.path}", wait_until="commit")
    found = page.locator(site.cells)
    found.nth(TABLE).locator(site.ready).first.wait_for()
    return found.nth(TABLE), found.nth(CHART)


def source(number):
    """What the book has in a code cell of the chapter."""
    notebook = json.loads((ROOT / "chapters" / f"{CHAPTER}.ipynb").read_text("utf8"))
    return "".join([cell for cell in notebook["cells"] if cell["cell_type"] == "code"][number]["source"])


def change(site, cell, text, *results):
    """Write `text` into a cell's editor, which both have from CodeMirror; the seconds from running it to one of the results."""
    site.edit(cell)
    cell.locator(".cm-content").click()
    keys = cell.page.keyboard
    keys.press("ControlOrMeta+a")
    keys.insert_text(text)
    pressed = time.perf_counter()
    keys.press("Shift+Enter")
    cell.locator(", ".join(f"{site.result} {result}" for result in results)).first.wait_for()
    return time.perf_counter() - pressed


def read(playwright, site, address):
    """Whether a cell can read a table of the book by its path: "yes", or the error it ends with."""
    with profile(playwright) as (browser, _):
        browser.set_default_timeout(ANSWER)
        cell, _ = cells(site, browser.new_page(), address)
        try:
            change(site, cell, READ, TWO_ROWS, site.error)
        except TimeoutError:
            return f"no answer in {ANSWER / 1000:.0f} s"
        error = cell.locator(f"{site.result} {site.error}")
        return re.findall(r"\w+Error", error.inner_text())[-1] if error.count() else "yes"


def renderers(folder):
    """Memory in MB of the renderers of the browser with this profile, workers and service workers among them.

    It is the proportional set size, which shares out what processes have in common. Linux only.
    """
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
            if "--type=renderer " in command and f"--user-data-dir={folder} " in command:
                total += int(re.search(r"^Pss:\s*(\d+) kB", (process / "smaps_rollup").read_text(), re.M)[1]) * 1024
        except (FileNotFoundError, ProcessLookupError):
            pass  # it has ended
    return total / 1e6


# The report


def about(measured, loads):
    """What was measured, and how to read it."""
    chromium = subprocess.run([find_browser(), "--version"], capture_output=True, text=True).stdout.split(" built")[0].strip()
    pinned = ", ".join(f"{name} {version}" for name, version in lite.PIP.items())
    return [
        "## Python in the reader's browser",
        "",
        f"Measured with `python tools/bench_live.py` on {date.today()} at commit {measured}, {chromium}, Pyodide {VERSION} in both, {pinned}; "
        f"{os.cpu_count()} processors, load {loads[0]:.1f} at the beginning and {loads[1]:.1f} at the end.",
        "",
        f"A cell holds the median of {RUNS} runs with the smallest and the largest in brackets. Both run the first two cells with "
        f"results of the chapter on {CHAPTER}, from the same files of Pyodide, packages, package and tables. Run is pressed as soon "
        "as it can be; JupyterLite starts Python when the page is opened, this book when Run is pressed. MB are 1,000,000 bytes, as "
        "transferred, headers included; memory is the proportional set size of all renderers of the browser.",
    ]


def beside(results, reads):
    """A row for each measure, ours beside JupyterLite."""
    lines = [row("", *(site.name for site in SITES)), "|---|---:|---:|"]
    for measure, (label, digits) in MEASURES.items():
        lines.append(row(label, *(middle(results[measure, site], digits) for site in SITES)))
    lines.append(row("On disk, Pyodide and packages (MB)", *(f"{weight(site.runtime):.1f}" for site in SITES)))
    lines.append(row("On disk, buttons and editor or all of JupyterLite (MB)", *(f"{site.rest():.1f}" for site in SITES)))
    for host in HOSTS:
        lines.append(row(f"A cell reads a table by its path, page at http://{host}", *(reads[host, site] for site in SITES)))
    return lines


def weight(path):
    """MB of a file, or of all files in a folder."""
    return sum(file.stat().st_size for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file()) / 1e6


if __name__ == "__main__":
    main()
