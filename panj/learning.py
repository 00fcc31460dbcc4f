"""What a page says of itself to catalogues of teaching material: a schema.org LearningResource, as JSON-LD.

All of it is on the page already, or is known of the whole book. The policy of the pages does not concern
it: a browser runs no script of this type. Nothing in it can end the element it stands in.
"""

import html
import json
import re

from docutils import nodes
from sphinx import addnodes

from .data import DATA

OBJECTIVES = "What you will be able to do"
# What the pages of a part of the contents are for: learningResourceType.
KINDS = {"Start": "guide", "The module": "lesson", "To finish": "assignment", "For instructors": "teaching guide", "For contributors": "guide", "Reference": "reference"}
PLAN = "lesson plan"


def resource(app, pagename, doctree, description):
    """The JSON of one page, "" for a page that is no part of the book."""
    if doctree is None or pagename not in app.env.found_docs:
        return ""
    base, edition, root = app.config.html_baseurl, app.config.panj_edition, app.config.root_doc
    whole = {"@type": "Book", "name": app.config.html_title} | known(url=base)
    said = {
        "@context": "https://schema.org",
        "@type": ["Book", "LearningResource"] if pagename == root else "LearningResource",
        "name": app.env.titles[pagename].astext(),
        "description": description,
        "url": base and base + app.builder.get_target_uri(pagename),
        "inLanguage": app.config.language,
        "license": licence(),
        "isAccessibleForFree": True,
        "author": {"@type": "Organization", "name": app.config.author},
        "educationalLevel": app.config.html_theme_options.get("level"),
        "learningResourceType": "module" if pagename == root else kind(app, pagename),
        "timeRequired": (minutes := time(doctree)) and f"PT{minutes}M",
        "teaches": objectives(doctree),
        "isPartOf": None if pagename == root else whole,
        "version": edition.version,
        "dateModified": edition.changed.isoformat(),
    }
    return json.dumps(known(**said), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def known(**said):
    return {name: value for name, value in said.items() if value}


def licence():
    """The address of the licence of text and tables."""
    return json.loads((DATA / "datapackage.json").read_text("utf8"))["licenses"][0]["path"]


def kind(app, pagename):
    """What the page is for, by the part of the contents it belongs to."""
    if "/plan-" in pagename:
        return PLAN
    for tree in app.env.get_doctree(app.config.root_doc).findall(addnodes.toctree):
        if pagename in tree["includefiles"]:
            return KINDS.get(tree["caption"])
    return None


def time(doctree):
    """Minutes that the page asks of a reader, as it says below its title; None when it does not."""
    for paragraph in doctree.findall(nodes.paragraph):
        if found := re.match(r"Time: (\d+) minutes", plain(paragraph)):
            return int(found[1])
    return None


def objectives(doctree):
    """The sentences that say what a reader will be able to do."""
    for section in doctree.findall(nodes.section):
        if section[0].astext() == OBJECTIVES:
            return [plain(item) for item in section.findall(nodes.list_item)]
    return []


def plain(node):
    """The words of a node in one line; a link to the evidence is a node of HTML."""
    return " ".join(html.unescape(re.sub("<[^>]*>", "", node.astext())).split())
