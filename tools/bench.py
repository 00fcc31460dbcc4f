"""`make bench`: measure this book beside the same chapters built the stock way, in one run.

Both are served from 127.0.0.1 with gzip and opened in the same browser. Other hosts are unreachable,
or answered by a mirror on this machine that holds what charts ask of them.
"""

import json
import os
import re
import shutil
import ssl
import statistics
import subprocess
import sys
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import plotly
import stock
from measure import PRESSES, measure
from playwright.sync_api import sync_playwright
from plotly.offline import get_plotlyjs_version
from serve import CHROMIUM, Compressed, serve

from panj.charts import MIME
from panj.pictures import browser as find_browser

ROOT = stock.ROOT
BENCH = ROOT / "_build" / "bench"
BOOKS = {"ours": ROOT / "_build" / "html", "stock": stock.HTML}
NPM = {"lighthouse": "12.8.2", "axe-core": "4.14.1", "mathjax": "3.2.2"}
LIGHTHOUSE = {"pages": ["chapters/geography", "chapters/ethnicity"], "runs": 5}
CATEGORIES = {"performance": "performance", "accessibility": "accessibility", "best-practices": "best practices", "seo": "SEO"}

# measure: (what the table calls it, how to sum up pages)
MEASURES = {
    "requests": ("Requests, first load", "middle"),
    "kb": ("Transferred, first load (kB)", "middle"),
    "requests_all": ("Requests, scrolled to the end", "middle"),
    "kb_all": ("Transferred, scrolled to the end (kB)", "middle"),
    "kb_pictures": ("– of this, pictures loaded while scrolling (kB)", "middle"),
    "kb_interactive": ("Transferred, once a chart is interactive (kB)", "middle"),
    "outside": ("Requests to other hosts", "middle"),
    "hosts": ("Other hosts asked", "names"),
    "seen": ("Charts seen, online", "total"),
    "seen_offline": ("Charts seen, other hosts unreachable", "total"),
    "seen_folder": ("Charts seen, opened from a folder, online", "total"),
    "seen_folder_offline": ("Charts seen, opened from a folder, no network", "total"),
    "interactive": ("Charts interactive (ours: after Explore), online", "total"),
    "interactive_offline": ("Charts interactive, other hosts unreachable", "total"),
    "interactive_folder_offline": ("Charts interactive, opened from a folder, no network", "total"),
    "axe": ("axe-core: elements with a violation, as opened", "middle"),
    "rules": ("axe-core: rules violated, as opened", "names"),
    "axe_interactive": ("axe-core: elements with a violation, all charts interactive", "middle"),
    "stops": ("Tab stops inside charts, as opened", "middle"),
    "points": (f"Data points read out by the keyboard ({PRESSES} × → in each chart)", "middle"),
}
CHARTS_ONLY = [m for m in MEASURES if m.split("_")[0] in ("seen", "interactive", "stops", "points")]
CHARTS_ONLY += ["kb_pictures", "kb_interactive", "axe_interactive"]


def main():
    measured = commit()
    install()
    print("Building the stock book …", file=sys.stderr)
    stock.build()
    sizes = {page: charts_in(page) for page in pages()}
    results = {}
    with ExitStack() as stack:
        at = {name: f"http://127.0.0.1:{stack.enter_context(serve(Compressed, folder)).server_port}" for name, folder in BOOKS.items()}
        online = stack.enter_context(serve(Mirror, mirror(), certificate())).server_port
        rules = {"online": f"MAP * 127.0.0.1:{online},EXCLUDE 127.0.0.1", "offline": "MAP * ~NOTFOUND,EXCLUDE 127.0.0.1"}
        playwright = stack.enter_context(sync_playwright())
        browsers = {}
        for name, rule in rules.items():
            browsers[name] = playwright.chromium.launch(executable_path=find_browser(), args=[*CHROMIUM, f"--host-resolver-rules={rule}"])
            stack.callback(browsers[name].close)
        for page, charts in sizes.items():
            for book in BOOKS:
                print(f"Measuring {page}, {book} …", file=sys.stderr)
                results[page, book] = measure(browsers, at[book], BOOKS[book], page, charts)
        version = browsers["online"].version
        scores = lighthouse(at, rules["online"])
    table = [*about(results, measured, version), *beside(sizes, results, scores)]
    (ROOT / "_build" / "bench.md").write_text("\n".join([*table, *page_by_page(sizes, results), ""]), "utf8")
    print("\n".join(table))


def install():
    """The npm packages that measure, and MathJax, which stock charts load; once."""
    have = BENCH / "node_modules"
    if not all((p := have / n / "package.json").exists() and json.loads(p.read_text())["version"] == v for n, v in NPM.items()):
        BENCH.mkdir(parents=True, exist_ok=True)
        wanted = [f"{name}@{version}" for name, version in NPM.items()]
        subprocess.run(["npm", "install", "--prefix", BENCH, "--no-audit", "--no-fund", "--silent", *wanted], check=True)


def pages():
    return re.findall(r"(?:root|file): (\S+)", (ROOT / "_toc.yml").read_text("utf8"))


def charts_in(page):
    """How many charts the notebook behind a page holds."""
    notebook = (ROOT / page).with_suffix(".ipynb")
    if not notebook.exists():
        return 0
    cells = json.loads(notebook.read_text("utf8"))["cells"]
    return sum(MIME in output.get("data", {}) for cell in cells for output in cell.get("outputs", []))


# The other hosts


def mirror():
    """A folder with one folder per host, holding what stock charts ask of it."""
    folder = BENCH / "mirror"
    plotly_js = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    files = {
        f"cdn.plot.ly/plotly-{get_plotlyjs_version()}.min.js": plotly_js,
        f"cdnjs.cloudflare.com/ajax/libs/mathjax/{NPM['mathjax']}/es5/tex-svg.min.js": BENCH / "node_modules/mathjax/es5/tex-svg.js",
    }
    shutil.rmtree(folder, ignore_errors=True)
    for path, source in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, folder / path)
    return folder


class Mirror(Compressed):
    missed = set()

    def translate_path(self, path):
        return super().translate_path(f"/{self.headers['Host']}{path}")

    def end_headers(self):
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()

    def send_error(self, *error):
        self.missed.add((self.headers["Host"], self.path))
        super().send_error(*error)


def certificate():
    key, cert = BENCH / "key.pem", BENCH / "cert.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=bench", "-keyout", key, "-out", cert]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def lighthouse(at, rule):
    """The scores of each run: {(page, category, book): [...]}. The two books take turns, so both meet the same noise."""
    flags = " ".join([*CHROMIUM, "--ignore-certificate-errors", f'--host-resolver-rules="{rule}"'])
    settings = {**os.environ, "CHROME_PATH": find_browser()}
    scores = {}
    for page in LIGHTHOUSE["pages"]:
        for run in range(LIGHTHOUSE["runs"]):
            for book, address in at.items():
                print(f"Lighthouse on {page}, {book}, run {run + 1} …", file=sys.stderr)
                command = ["node", BENCH / "node_modules/lighthouse/cli/index.js", f"{address}/{page}.html", "--quiet", "--output=json"]
                done = subprocess.run([*command, f"--chrome-flags={flags}"], env=settings, capture_output=True, text=True)
                if done.returncode:
                    raise SystemExit(f"Lighthouse failed on {page} ({book}): {done.stderr[-500:]}")
                for category, result in json.loads(done.stdout)["categories"].items():
                    scores.setdefault((page, category, book), []).append(round(100 * (result["score"] or 0)))
    return scores


# The report


def commit():
    """The commit that is measured, with -dirty when files were changed since."""
    return subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True).stdout.strip()


def about(results, measured, version):
    """What was measured, and how to read it."""
    asked = set().union(*(found["hosts"] for found in results.values()))
    missed = ", ".join(f"`{host}{path}`" for host, path in sorted(Mirror.missed) if host in asked) or "nothing"
    return [
        f"Measured with `make bench` on {date.today()} at commit {measured}, Chromium {version}, "
        f"Lighthouse {NPM['lighthouse']}, axe-core {NPM['axe-core']}, plotly {plotly.__version__}.",
        "",
        "A cell holds the median over pages, with the smallest and the largest in brackets, or the sum where it says “of”; "
        f"for Lighthouse (phone, simulated throttling) the median of {LIGHTHOUSE['runs']} runs with the lowest and the highest. "
        "kB are 1000 bytes as transferred, headers included.",
        "",
        "*Stock* is the same chapters built by the same Jupyter Book with its theme untouched, run with "
        "`PLOTLY_RENDERER=notebook_connected`, every chart shown by `fig.show()`: the same text, tables printed by cells, figures "
        "and colours. It has links to the evidence but not what ours shows on hovering, and no picture, description or data table "
        "of a chart; its ledger and sources do not say which pages take an entry up. What its charts ask of other hosts comes, "
        "when online, from a mirror on this machine, gzipped like all else; "
        f"asked for and not there: {missed}.",
    ]


def by_kind(sizes):
    """The pages of each kind, with the measures that make sense for it."""
    plain = [m for m in MEASURES if m not in CHARTS_ONLY]
    yield "Pages with charts", [p for p, n in sizes.items() if n], list(MEASURES)
    yield "Pages without charts", [p for p, n in sizes.items() if not n], plain


def beside(sizes, results, scores):
    """One table for each kind of page: a row for each measure, ours beside stock."""
    lines = []
    for title, names, measures in by_kind(sizes):
        lines += ["", f"## {title} ({len(names)})", "", row("", *BOOKS), "|---|---:|---:|"]
        charts = sum(sizes[p] for p in names)
        for m in measures:
            label, how = MEASURES[m]
            lines.append(row(label, *(summed(how, [results[p, book][m] for p in names], charts) for book in BOOKS)))
        for page, category in dict.fromkeys((p, c) for p, c, _ in scores if p in names):
            label = f"Lighthouse {CATEGORIES[category]}, {short(page)}"
            lines.append(row(label, *(middle(scores[page, category, book]) for book in BOOKS)))
    return lines


def page_by_page(sizes, results):
    """One table for each kind of page: a column for each page."""
    lines = []
    for title, names, measures in by_kind(sizes):
        lines += ["", f"## {title}, page by page: {' / '.join(BOOKS)}", "", row("", *map(short, names)), "|---|" + "---:|" * len(names)]
        for m in measures:
            label, how = MEASURES[m]
            if how != "names":
                lines.append(row(label, *(" / ".join(f"{results[p, book][m]:,.0f}" for book in BOOKS) for p in names)))
    return lines


def row(*cells):
    return f"| {' | '.join(cells)} |"


def short(page):
    return page.rpartition("/")[2]


def summed(how, values, charts):
    if how == "names":
        return ", ".join(sorted(set().union(*values))) or "none"
    if how == "total":
        return f"{sum(values)} of {charts}"
    return middle(values)


def middle(values, digits=0):
    """Median and, unless all are equal, the range."""
    low, mid, high = (f"{value:,.{digits}f}" for value in (min(values), statistics.median(values), max(values)))
    return mid if low == high else f"{mid} ({low}–{high})"


if __name__ == "__main__":
    main()
