"""Reference pages that are made from data/ when the book is built: each is a directive without content.

`Page` is remade when its files change. `LatePage` also says which pages of the book take up an
entry, so its HTML is made last, when all pages have been read.
"""

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from .cite import PAGES
from .data import DATA


class Page(SphinxDirective):
    """A directive whose content is computed from files of data/ and remade when they change."""

    files = ()

    def run(self):
        for name in self.files:
            self.env.note_dependency(str(DATA / name))
        return self.content_nodes()

    def content_nodes(self):
        return [nodes.raw("", self.html(), format="html")]


class late(nodes.General, nodes.Element):
    """Stands where the HTML of a page will stand when all pages have been read."""


class LatePage(Page):
    def content_nodes(self):
        return [late(make=type(self).html)]

    @staticmethod
    def html(app, docname):
        """The HTML of this page, known only when all pages have been read."""
        raise NotImplementedError


def fill_late_pages(app, doctree, docname):
    for node in list(doctree.findall(late)):
        node.replace_self(nodes.raw("", node["make"](app, docname), format="html"))


def also_write_late_pages(app, env):
    """What any page cites shows on these, so they are written again with it."""
    return [page for page in PAGES.values() if page in env.all_docs]


def setup(app):
    app.add_node(late)
    app.connect("doctree-resolved", fill_late_pages)
    app.connect("env-updated", also_write_late_pages)
