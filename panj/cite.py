"""Links from the text to the evidence, and the record of who cites what.

- ``{claim}`phrase <claim-id>` `` links a phrase to its row in the ledger;
- ``{source}`phrase <source-id>` `` to its entry in the list of sources.

A bare id shows itself. An unknown id fails the build and says what to do.
"""

import html
import re
from functools import cache

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from .data import load
from .evidence import VERDICTS, weighed

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
        anchor = link(self.env.app, self.env.docname, self.name, key, phrase)
        plain, _, more = about(self.name)[key]
        text = html.escape(f"{plain}\n{more}")
        return [nodes.raw("", anchor.replace("<a ", f'<a title="{text}" ', 1), format="html")], []


def link(app, docname, kind, key, text=None):
    """A link to a row of the ledger (claim) or of the list of sources (source)."""
    target = app.builder.get_relative_uri(docname, PAGES[kind])
    printed = f' data-id="{key}"' if text and text != key else ""  # on paper nobody can follow the phrase: the id is printed
    return f'<a class="panj-{kind}"{printed} href="{target}#{kind}-{key}">{html.escape(text or key)}</a>'


@cache
def about(kind):
    """What a reader sees of a claim or source before following the link, by id: (what it says, the same as HTML, what to know about it).

    Plain text cannot name a language, so in it a source has its title only where that is English.
    """
    if kind == "claim":
        return {
            c.claim_id: (
                c.statement,
                html.escape(c.statement),
                f"{c.locator}, sentence {c.sentence} · {c.type}, {c.hedge} · {VERDICTS[c.verdict]} {c.verdict}",
            )
            for c in weighed().itertuples()
        }
    found = {}
    for s in load("sources").itertuples():
        name = f"{s.publisher}, {s.date}" if s.date else s.publisher
        plain = f"{name}: {s.title}" if s.language == "en" else name
        found[s.source_id] = (plain, f"{html.escape(name)}: {marked(s.title, s.language)}", f"{s.kind} · {s.reliability_note}")
    return found


def note(env, kind, key):
    """Remember that the page being read cites this claim or source."""
    env.metadata.setdefault(env.docname, {}).setdefault("panj_cited", {})[(kind, key)] = None


def citing(env, kind, key):
    """The names of the pages that cite a claim or source, in the order of the book."""
    book = [env.config.root_doc, *env.toctree_includes.get(env.config.root_doc, [])]
    return [page for page in book if (kind, key) in env.metadata[page].get("panj_cited", {})]


def unbroken(text):
    """A date, or a verdict with its sign, that may not be broken over two lines."""
    if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", text):
        return f"<time>{text}</time>"
    for verdict, sign in VERDICTS.items():
        text = text.replace(f"{sign} {verdict}", f"{sign}\N{WORD JOINER}\N{NO-BREAK SPACE}{verdict}".replace(" ", "\N{NO-BREAK SPACE}"))
    return text


def literal(text):
    """Text that stays text in Markdown: neither a mark of its own nor HTML."""
    return re.sub(r"[^\w\s]", lambda mark: f"&#{ord(mark[0])};", text)


def marked(text, language, escape=html.escape):
    """Escaped text, in an element that names its language (a BCP 47 code) unless that is English."""
    text = escape(text)
    if language == "ru":  # a Russian title can quote a Tajik one, and these letters are not Russian
        text = re.sub(r"\w*[ҷҳқӯӣғ]\w*(?:\s+\w*[ҷҳқӯӣғ]\w*)*", r'<span lang="tg">\g<0></span>', text, flags=re.I)
    direction = ' dir="rtl"' if re.search("[\u0600-\u06ff]", text) else ""
    return text if language == "en" else f'<span lang="{language}"{direction}>{text}</span>'


def setup(app):
    about.cache_clear()
    app.add_role("claim", Cite())
    app.add_role("source", Cite())
