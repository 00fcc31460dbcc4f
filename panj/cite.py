"""Links from the text to the evidence, and the record of who cites what.

- ``{claim}`phrase <claim-id>` `` links a phrase to its row in the ledger;
- ``{source}`phrase <source-id>` `` to its entry in the list of sources.

A bare id shows itself. An unknown id fails the build and says what to do.
"""

import html

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from .markup import about, anchor

log = logging.getLogger(__name__)
PAGES = {"claim": "chapters/ledger", "source": "chapters/sources"}


class Cite(SphinxRole):
    def run(self):
        phrase, _, key = self.text.removesuffix(">").rpartition("<")
        key, phrase = (key.strip(), phrase.strip()) if phrase else (self.text.strip(), None)
        if key not in about(self.name):
            log.warning(
                "the %s %r is not in data/%ss.csv; correct the id or add the row", self.name, key, self.name,
                location=self.get_location(),
            )
            return [nodes.literal(text=self.text)], []
        note(self.env, self.name, key)
        linked = link(self.env.app, self.env.docname, self.name, key, phrase)
        plain, _, more = about(self.name)[key]
        text = html.escape(f"{plain}\n{more}")
        return [nodes.raw("", linked.replace("<a ", f'<a title="{text}" ', 1), format="html")], []


def link(app, docname, kind, key, text=None):
    """A link from a page of the book to a row of the ledger (claim) or of the list of sources (source)."""
    return anchor(app.builder.get_relative_uri(docname, PAGES[kind]), kind, key, text)


def note(env, kind, key):
    """Remember that the page being read cites this claim or source."""
    env.metadata.setdefault(env.docname, {}).setdefault("panj_cited", {})[(kind, key)] = None


def citing(env, kind, key):
    """The names of the pages that cite a claim or source, in the order of the book."""
    book = [env.config.root_doc, *env.toctree_includes.get(env.config.root_doc, [])]
    return [page for page in book if (kind, key) in env.metadata[page].get("panj_cited", {})]


def setup(app):
    about.cache_clear()
    app.add_role("claim", Cite())
    app.add_role("source", Cite())
