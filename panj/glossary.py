"""The glossary page and the key terms of each chapter, both from data/glossary.csv."""

from docutils import nodes
from docutils.statemachine import StringList

from .data import load
from .markup import literal, marked
from .pages import Page

KINDS = {"term": "Terms", "person": "People", "community": "Communities", "movement": "Movements and armed groups",
         "organisation": "Organisations", "state": "States", "group": "Groups", "place": "Places"}
LANGUAGES = {"tajik": ("Tajik", "tg", "tg-Latn"), "russian": ("Russian", "ru", "ru-Latn"), "dari": ("Dari", "fa-AF", "fa-Latn-AF")}


class Glossary(Page):
    """Every entry, in one section per kind, so that ``{term}`` links find it."""

    files = ("glossary.csv", "datapackage.json")

    def content_nodes(self):
        entries = load("glossary")
        return [self.section(kind, heading, entries[entries["kind"] == kind]) for kind, heading in KINDS.items()]

    def section(self, kind, heading, entries):
        section = nodes.section(ids=[f"glossary-{kind}"])
        section += nodes.title(text=heading)
        lines = ["```{glossary}"]
        for entry in sorted(entries.to_dict("records"), key=lambda e: e["term"].lower()):
            lines += [literal(entry["term"]), *(f"  {line}" for line in definition(entry)), ""]
        self.state.nested_parse(StringList([*lines, "```"], "data/glossary.csv"), 0, section)
        return section


class KeyTerms(Page):
    """The key terms of the chapter it stands in, with their definitions."""

    files = ("glossary.csv", "datapackage.json")

    def content_nodes(self):
        entries = load("glossary")
        entries = entries[entries["chapter"] == self.env.docname.rpartition("/")[2]]
        lines = [f"{{term}}`{e.term}`\n: {cited(e.definition, e.claim_id, e.source_id)}\n" for e in entries.itertuples()]
        box = nodes.container()
        self.state.nested_parse(StringList("\n".join(lines).splitlines(), "data/glossary.csv"), 0, box)
        return box.children


def cited(text, claims, sources):
    """A definition followed by links to what it rests on."""
    links = [f"{{{kind}}}`{key}`" for kind, keys in (("claim", claims), ("source", sources)) for key in keys.split()]
    return literal(text) + (f" ({', '.join(links)})" if links else "")


def definition(entry):
    """The lines of one entry: definition, names in three languages, spellings, look-alikes."""
    yield cited(entry["definition"], entry["claim_id"], entry["source_id"])
    names = [
        f"{label} {marked(entry[name], own, literal)}, {marked(entry[name + '_latin'], latin, literal)}"
        for name, (label, own, latin) in LANGUAGES.items()
        if entry[name]
    ]
    if names:
        sources = ", ".join(f"{{source}}`{key}`" for key in entry["name_source_id"].split())
        yield ""
        yield f"{'; '.join(names)} ({sources})."
    if entry["variants"]:
        yield ""
        yield f"Also written: {literal(entry['variants'])}."
    if entry["not_to_confuse"]:
        terms = load("glossary").set_index("term_id")["term"]
        yield ""
        yield "Not to be confused with " + ", ".join(f"{{term}}`{terms[key]}`" for key in entry["not_to_confuse"].split()) + "."


def setup(app):
    app.add_directive("glossarypage", Glossary)
    app.add_directive("keyterms", KeyTerms)
