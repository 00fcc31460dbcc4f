"""The page around the text: its head, its menus, and only the styles and scripts it needs.

The templates are in theme/. This file gives them what they print, and takes away what no page
needs: every stylesheet and script has to earn its place on every page that loads it.
"""

import re
from pathlib import Path
from textwrap import shorten

from docutils import nodes

from .edition import written
from .learning import plain, resource
from .policy import NONE, ROOT_SCRIPT, SELF, THEME_SCRIPT, policy

HERE = Path(__file__).parent

# What extensions add to every page, and why it goes.
UNUSED = {
    "mystnb": "boxes and icons for notebook cells: panj.css has the few rules ours need",
    "sphinx-design": "cards, tabs and grids: the book uses its dropdowns alone, which are plain <details>",
    "design-tabs": "no page has tabs",
}
# Sphinx's own search. Nothing else on a page needs these.
SEARCH = ("documentation_options", "doctools", "sphinx_highlight")

CARD_ALT = "The border of Tajikistan and Afghanistan along the Panj, drawn on a map, with the book's title"


def fill_page(app, pagename, templatename, context, doctree):
    """What layout.html prints beyond Sphinx's own context, and only the files this page needs."""
    search, lost = pagename == "search", pagename == "404"
    early = ROOT_SCRIPT if lost else ""
    holds = app.env.metadata.get(pagename, {})
    said, edition = description(doctree), app.config.panj_edition
    context |= {
        "theme_script": THEME_SCRIPT,
        "early_script": early,
        "policy": policy(filter(None, [early, THEME_SCRIPT]), connect=SELF if search else NONE, base=SELF if lost else NONE),
        "description": said or context.get("theme_summary", ""),
        "resource": resource(app, pagename, doctree, said),
        "edition": edition,
        "changed": written(edition.changed),
        "author": app.config.author,
        "base": app.config.html_baseurl,
        "card_alt": CARD_ALT,
        "contents": contents(context["toctree"](collapse=True, maxdepth=2, includehidden=True, titles_only=True) or ""),
    }
    if "body" in context:  # the label would hide from speech control what the summary says
        context["body"] = context["body"].replace(' aria-label="Toggle hidden content"', "")
    has_code = doctree is not None and any(doctree.findall(nodes.literal_block))
    runs = doctree is not None and any(n.get("nb_element") == "cell_code" for n in doctree.findall(nodes.container))
    wanted = {"explore.js": "panj_figures" in holds, "exercises.js": "panj_exercises" in holds, "live.js": runs, "pygments": has_code, **dict.fromkeys(SEARCH, search)}
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
    """The book's table of contents: captions are no headings of the page, a title stands without what follows its colon, and the open page says so."""
    tree = re.sub(r"(<a [^>]*>[^<:]*):[^<]*", r"\1", tree.replace(' role="heading"', ""))
    return re.sub(r'<a class="current reference internal" href="#"', r'\g<0> aria-current="page"', tree)


def description(doctree, longest=300):
    """What a search engine or a message shows: the question a chapter asks, or how a page's first paragraph begins."""
    if doctree is None:
        return ""
    boxes = [box for box in doctree.findall(nodes.admonition) if "question" in box["classes"]]
    for paragraph in (boxes or [doctree])[0].findall(nodes.paragraph):
        text = plain(paragraph)
        if not text.startswith("Time:"):
            sentences = text[: text.rfind(". ", 0, longest) + 1]
            return text if len(text) <= longest else sentences or shorten(text, longest, placeholder=" …")
    return ""


def setup(app):
    app.add_html_theme("panj", str(HERE / "theme"))
    app.add_config_value("comments_config", {}, "")  # Jupyter Book sets it, for an extension we leave out
    app.connect("html-page-context", fill_page, priority=900)
    app.add_css_file("dark.css", priority=201)
