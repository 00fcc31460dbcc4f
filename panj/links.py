"""Links: those within the site are checked by every build, those to other hosts by `make links` (outside.py).

A link is an address in an attribute of a page: where it leads, or a picture, style or script that the page loads.
"""

import functools
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from sphinx.util import logging

log = logging.getLogger(__name__)
ADDRESSES = ("href", "src", "srcset")


class Page(HTMLParser):
    """What a page links to, and the anchors that it offers."""

    def __init__(self, path):
        super().__init__()
        self.links, self.anchors = {}, set()
        self.feed(path.read_text("utf8"))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.anchors.add(found.get("id"))
        self.links |= {found[name]: None for name in ADDRESSES if found.get(name)}


def read(site):
    """Every page of a built site: {path relative to the site: Page}."""
    return {path.relative_to(site).as_posix(): Page(path) for path in sorted(Path(site).rglob("*.html"))}


def broken(site):
    """A sentence for each link within the built site that leads nowhere; empty when all is well."""
    site = Path(site).resolve()
    found, faults, exists = read(site), [], functools.cache(Path.exists)
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
