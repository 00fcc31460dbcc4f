"""What a site has beside the pages of the book: the page for lost readers, the way in, and files for hosts and search engines."""

import os
from pathlib import Path
from xml.sax.saxutils import escape

from .edition import address
from .policy import headers


def more_pages(app):
    """Pages that are in no table of contents."""
    yield "404", {}, "404.html"
    yield "index", {}, "index.html"


def write_site_files(app, exception):
    """`_headers`, `sitemap.xml` and `robots.txt`, from what was built."""
    if exception or app.builder.name != "html":
        return
    base = app.config.html_baseurl
    pages = sorted(app.env.found_docs)
    urls = "".join(f"  <url><loc>{escape(base + app.builder.get_target_uri(page))}</loc></url>\n" for page in pages)
    out = Path(app.outdir)
    (out / "_headers").write_text(headers(), "utf8")
    (out / "sitemap.xml").write_text(
        f'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n', "utf8"
    )
    (out / "robots.txt").write_text(f"User-agent: *\nAllow: /\n{f'Sitemap: {base}sitemap.xml' if base else ''}\n", "utf8")


def withdraw(app, exception):
    """Take away what an earlier build left of pages that the book no longer has; Sphinx lets it stand."""
    if exception or app.builder.name != "html":
        return
    for folder in ("chapters", "_sources/chapters"):
        for path in Path(app.outdir, folder).glob("*"):
            if f"chapters/{path.name.partition('.')[0]}" not in app.env.found_docs:
                path.unlink()


def set_address(app, config):
    """Where the book will be published, with a slash at its end: `make book BASEURL=https://…`."""
    config.html_baseurl = address("BASEURL", os.environ.get("BASEURL") or config.html_baseurl)


def setup(app):
    app.connect("config-inited", set_address)
    app.connect("html-collect-pages", more_pages)
    app.connect("build-finished", write_site_files)
    app.connect("build-finished", withdraw)
