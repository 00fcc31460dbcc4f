"""Links: those within the site are checked by every build, those to other hosts by `make links` (outside.py).

A link is an address in a page or a stylesheet: where it leads, or a picture, style or script that is loaded.
"""

import functools
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import lxml.html
from sphinx.util import logging

log = logging.getLogger(__name__)
ADDRESSES = ("href", "src", "srcset")
SCRIPTS = {"data-figure": "_static/figures/{}.js", "data-plotly": "_static/{}"}  # what explore.js loads when a reader asks


@dataclass
class Page:
    """What a page links to, in its order, and the anchors that it offers."""

    links: list
    anchors: set


def read(site):
    """Every page of a built site: {path relative to the site: Page}."""
    return _read(site, "*.html", page)


def _read(site, files, reader):
    return {path.relative_to(site).as_posix(): reader(path) for path in sorted(Path(site).rglob(files))}


def page(path):
    tree = lxml.html.document_fromstring(path.read_bytes(), parser=lxml.html.HTMLParser(encoding="utf8"))
    addresses = tree.xpath("|".join(f"//@{name}" for name in ADDRESSES))
    root = tree.get("data-content_root", "")
    addresses += [root + place.format(value) for name, place in SCRIPTS.items() for value in tree.xpath(f"//@{name}")]
    return Page([*dict.fromkeys(filter(None, map(str, addresses)))], set(map(str, tree.xpath("//@id"))))


def sheet(path):
    """A stylesheet as a Page: what it loads."""
    return Page(re.findall(r"""(?:\burl\(|@import )\s*["']?([^"')]+)""", path.read_text("utf8")), set())


def broken(site):
    """A sentence for each link within the built site that leads nowhere; empty when all is well."""
    site = Path(site).resolve()
    found, faults, exists = read(site) | _read(site, "*.css", sheet), [], functools.cache(Path.exists)
    for name, page in found.items():
        for link in page.links:
            target, anchor = urldefrag(urljoin((site / name).as_uri(), link))
            if urlsplit(target).scheme != "file":
                continue
            path = Path(unquote(urlsplit(target).path))
            other = path.relative_to(site).as_posix() if path.is_relative_to(site) else None
            if other is None or not exists(path):
                faults.append(f"{name} links to {link}: there is no such file. Correct the link, or add the page to _toc.yml.")
            elif anchor and other in found and unquote(anchor) not in found[other].anchors:
                faults.append(f"{name} links to {link}: {other} has no such anchor. Correct it, or the heading it is made from.")
    return faults


def outside(site):
    """Addresses on other hosts that the site links to, with the pages that do: {address: [page, ...]}."""
    found = {}
    for name, page in read(site).items():
        for link in page.links:
            if urlsplit(link).scheme in ("http", "https"):
                found.setdefault(urldefrag(link)[0], []).append(name)
    return found


def check(app, exception):
    """A link that leads nowhere fails the build."""
    if not exception and app.builder.name == "html":
        for fault in broken(app.outdir):
            log.warning(fault)


def setup(app):
    app.connect("build-finished", check, priority=900)
