"""What the tests share: where things are, and the built site behind a local server and in a browser."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from serve import CHROMIUM, Compressed, serve

from panj.exercises.source import chapters

ROOT = Path(__file__).parent.parent
SITE = ROOT / "_build" / "html"
PAGES = sorted(str(p.relative_to(SITE)) for p in SITE.rglob("*.html"))
READ = [p for p in PAGES if p != "index.html"]  # that one only leads to the start page
LOOKS = {
    "light": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}},
}
CHAPTERS = chapters()
CHARTED = [f"chapters/{name}.html" for name in ("index", *CHAPTERS, "capstone")]
PLANS = [ROOT / "chapters" / f"plan-{name}.md" for name in CHAPTERS]
CONTRIBUTORS = ["architecture", "template", "policy"]
INSTRUCTORS = ["teaching", "course", *(path.stem for path in PLANS), "marking", "adapting"]
REFERENCE = ["ledger", "sources", "timeline", "glossary", "codebook", "cite", "accessibility", *INSTRUCTORS, *CONTRIBUTORS]
LESSONS = [next((ROOT / "chapters").glob(f"{name}.[im]*")) for name in ("index", "how-to-read", *CHAPTERS, "capstone")]


@pytest.fixture(scope="session")
def address():
    """The built site below a folder of a local server, as http://127.0.0.1:port/html: it must not need the root."""
    assert (SITE / "index.html").exists(), "The book is not built: run `make book` first."
    with serve(Compressed, SITE.parent) as server:
        yield f"http://127.0.0.1:{server.server_port}/html"


@pytest.fixture(scope="session")
def playwright():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright):
    from panj.pictures import browser as find

    chromium = playwright.chromium.launch(executable_path=find(), args=CHROMIUM)
    yield chromium
    chromium.close()


@cache
def soup(page):
    """A built page, parsed; to be read, not changed."""
    return BeautifulSoup((SITE / page).read_text("utf8"), "html.parser")


def clone(folder):
    """Copy what git keeps into `folder`, with its dates so that make sees nothing to set up, and the environment beside it."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, listed):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


def rebuild(folder, **env):
    """The folder of the site built once more, from a copy of the sources in `folder`."""
    for name in ("_config.yml", "_toc.yml", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    for name in ("chapters", "data", "exercises", "panj", "vendor"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    command = [Path(sys.executable).parent / "jupyter-book", "build", folder, "-W", "-q"]
    built = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(folder), **env}, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr[-1500:]
    return folder / "_build" / "html"


class Visit:
    """One open page, with all it said on its console, what failed, what it asked for, and what of other hosts.

    Other hosts are refused here, unless they are out of reach anyway (`refuse=False`).
    """

    def __init__(self, context, address, refuse=True):
        self.errors, self.outside, self.requests = [], [], []
        if refuse:
            context.route(lambda url: not url.startswith(address), self._refuse)
        self.page = context.new_page()
        self.page.on("console", lambda m: self.errors.append(m.text))
        self.page.on("request", lambda r: self.requests.append(r.url))
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", lambda r: self.errors.append(f"{r.status}: {r.url}") if r.status >= 400 else None)

    def _failed(self, request):
        if request.failure != "net::ERR_ABORTED":  # that one is a reader who went on before all had come
            self.errors.append(f"failed: {request.url}: {request.failure}")

    def _refuse(self, route):
        if route.request.url.startswith(("data:", "blob:")):
            return route.continue_()
        self.outside.append(route.request.url)
        route.abort()


@pytest.fixture
def visit(browser, address):
    """visit("chapters/geography.html", **context options) opens a page with every other host blocked.

    With folder=True it is opened from the folder on disk, without any host at all.
    """
    contexts = []

    def open_page(name, folder=False, **options):
        contexts.append(browser.new_context(**options))
        base = SITE.as_uri() if folder else address
        visit = Visit(contexts[-1], base)
        visit.page.goto(f"{base}/{name}")
        return visit

    yield open_page
    for context in contexts:
        context.close()
