"""The page around the text: its head, its menus, its security policy, and the site's own files.

The templates are in theme/. This file gives them what they print, and takes away what no page
needs: every stylesheet and script has to earn its place on every page that loads it.
"""

import base64
import hashlib
import html
import os
import re
from pathlib import Path
from xml.sax.saxutils import escape

from docutils import nodes

HERE = Path(__file__).parent

# What extensions add to every page, and why it goes.
UNUSED = {
    "mystnb": "boxes and icons for notebook cells: panj.css has the few rules ours need",
    "sphinx-design": "cards, tabs and grids: the book uses its dropdowns alone, which are plain <details>",
    "design-tabs": "no page has tabs",
}
# Sphinx's own search. Nothing else on a page needs these.
SEARCH = ("documentation_options", "doctools", "sphinx_highlight")

# A reader's choice of light or dark, applied before the first paint. The dark stylesheets are for
# screens whose reader asks for dark; a choice made on the page overrides that, and printing never does.
THEME_SCRIPT = """\
(() => {
  let chosen;
  try { chosen = localStorage.getItem("panj-theme"); } catch { /* storage can be switched off */ }
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  for (const sheet of document.querySelectorAll("link[data-dark]")) sheet.media = dark ? "screen" : "not all";
})();"""

# A host shows 404.html at any address; the book's root is what stands before its own folders.
ROOT_SCRIPT = """\
(() => {
  const base = document.createElement("base");
  base.href = location.pathname.replace(/(chapters|_static|_sources|_downloads)\\/.*$|[^/]*$/, "");
  document.head.append(base);
})();"""

CARD_ALT = "The border of Tajikistan and Afghanistan along the Panj, drawn on a map, with the book's title"


def digest(script):
    """The source expression that allows this one inline script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def policy(scripts, connect="'none'", base="'none'"):
    """A Content-Security-Policy that allows the site's own files, the given inline scripts, and no other host."""
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *map(digest, scripts)]),
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": connect,
        "form-action": "'self'",
        "base-uri": base,
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def headers():
    """The file `_headers` for hosts that read one: the policy of every page together, and two more safeguards."""
    return (
        "/*\n"
        f"  Content-Security-Policy: {policy([THEME_SCRIPT, ROOT_SCRIPT], connect=SELF, base=SELF)}\n"
        "  X-Content-Type-Options: nosniff\n"
        "  Referrer-Policy: strict-origin-when-cross-origin\n"
    )


SELF = "'self'"


def fill_page(app, pagename, templatename, context, doctree):
    """What layout.html prints beyond Sphinx's own context, and only the files this page needs."""
    search, lost = pagename == "search", pagename == "404"
    early = ROOT_SCRIPT if lost else ""
    has_charts = bool(app.env.metadata.get(pagename, {}).get("panj_figures"))
    context |= {
        "theme_script": THEME_SCRIPT,
        "early_script": early,
        "policy": policy(filter(None, [early, THEME_SCRIPT]), connect=SELF if search else "'none'", base=SELF if lost else "'none'"),
        "description": description(doctree) or context.get("theme_summary", ""),
        "author": app.config.author,
        "base": app.config.html_baseurl,
        "card_alt": CARD_ALT,
        "contents": contents(context["toctree"](collapse=True, maxdepth=1, includehidden=True, titles_only=True) or ""),
    }
    has_code = doctree is not None and any(doctree.findall(nodes.literal_block))
    wanted = {"explore.js": has_charts, "pygments": has_code, **dict.fromkeys(SEARCH, search)}
    unwanted = (*UNUSED, *(name for name, needed in wanted.items() if not needed))
    for kind in ("css_files", "script_files"):
        context[kind] = [f for f in context[kind] if not named(f).startswith(unwanted)]
    for css in context["css_files"]:
        if "dark" in named(css):
            css.attributes.update({"media": "screen and (prefers-color-scheme: dark)", "data-dark": ""})


def named(asset):
    """The file's own name, without folder or checksum."""
    return Path(str(getattr(asset, "filename", asset) or "")).name


def contents(tree):
    """The book's table of contents: captions are no headings of the page, and the open page says so."""
    tree = tree.replace(' role="heading"', "")
    return re.sub(r'<a class="current reference internal" href="#"', r'\g<0> aria-current="page"', tree)


def description(doctree, longest=300):
    """What a search engine or a message shows: the question a chapter asks, or how a page's first paragraph begins."""
    if doctree is None:
        return ""
    boxes = [box for box in doctree.findall(nodes.admonition) if "question" in box["classes"]]
    for paragraph in (boxes or [doctree])[0].findall(nodes.paragraph):
        # A link to the evidence is a node of HTML.
        text = " ".join(html.unescape(re.sub("<[^>]*>", "", paragraph.astext())).split())
        if not text.startswith("Time:"):
            return text if len(text) <= longest else text[: text.rindex(". ", 0, longest) + 1]
    return ""


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


def set_address(app, config):
    """Where the book will be published, with a slash at its end: `make book BASEURL=https://…`."""
    base = os.environ.get("BASEURL") or config.html_baseurl
    config.html_baseurl = base.rstrip("/") + "/" if base else ""


def setup(app):
    app.add_html_theme("panj", str(HERE / "theme"))
    app.add_config_value("comments_config", {}, "")  # Jupyter Book sets it, for an extension we leave out
    app.connect("config-inited", set_address)
    app.connect("html-collect-pages", more_pages)
    app.connect("html-page-context", fill_page, priority=900)
    app.connect("build-finished", write_site_files)
    app.add_css_file("dark.css", priority=201)
