"""The book as an EPUB 3: the articles of the site, their pictures, a table of contents, notes that open in place."""

import html
import re
import uuid
from pathlib import Path
from urllib.parse import quote, unquote

import lxml.etree

from ..archive import pack
from .about import title_page
from .articles import contents, take

STYLE = Path(__file__).with_name("epub.css")
TYPES = {
    ".xhtml": "application/xhtml+xml", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png",
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
}
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
NOTE = {"doc-noteref": "noteref", "doc-endnotes": "endnotes", "doc-endnote": "endnote", "doc-backlink": "backlink"}

PAGE = """\
<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en" xml:lang="en">
<head><title>{title}</title><link rel="stylesheet" type="text/css" href="pygments.css"/><link rel="stylesheet" type="text/css" href="book.css"/></head>
<body>{body}</body>
</html>
"""
CONTAINER = """\
<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
PACKAGE = """\
<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{id}</dc:identifier>
<dc:title>{title}</dc:title>
<dc:language>en</dc:language>
<dc:creator>{author}</dc:creator>
<dc:description>{summary}</dc:description>
<dc:date>{as_of}</dc:date>
<dc:rights>{licence}</dc:rights>
<meta property="dcterms:modified">{modified:%Y-%m-%dT%H:%M:%SZ}</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessMode">visual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityFeature">structuralNavigation</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">Every chart has a description in words and a table of its numbers. Nothing needs colour, sound or script.</meta>
</metadata>
<manifest>
{manifest}
</manifest>
<spine>
{spine}
</spine>
</package>
"""


def make(site, target, told):
    """Write the EPUB of the built `site` to the path `target`. `told`: what about.about() says."""
    articles = take(site, lambda name, anchor: f"{name}.xhtml{f'#{anchor}' if anchor else ''}", told["base"])
    pages = {"title": page(told["title"], title_page(told)), "nav": page("Contents", nav(articles))}
    files = {"pygments.css": Path(site, "_static/pygments.css").read_bytes(), "book.css": STYLE.read_bytes()}
    for article in articles:
        for tag in article.element.iter():
            for attribute in {"src", "srcset"} & set(tag.keys()):
                path = Path(site, unquote(tag.get(attribute)))
                picture = f"pictures/{quote(path.name).replace('%', '_')}"  # neither spaces nor signs, which an id does not take
                files[picture] = drawing(path)
                tag.set(attribute, picture)
            if tag.get("role") in NOTE:
                tag.set(EPUB_TYPE, NOTE[tag.get("role")])
        pages[article.name] = page(article.title, inside(article.element))
    files |= {f"{name}.xhtml": text for name, text in pages.items()}
    items = "\n".join(
        f'<item id="{identifier(name)}" href="{name}" media-type="{TYPES[Path(name).suffix.lower()]}"{" properties=" + chr(34) + "nav" + chr(34) if name == "nav.xhtml" else ""}/>'
        for name in sorted(files)
    )
    spine = "\n".join(f'<itemref idref="{name}.xhtml"/>' for name in pages)
    says = {name: html.escape(value) if isinstance(value, str) else value for name, value in told.items()}
    same = uuid.uuid5(uuid.NAMESPACE_URL, f"{told['title']}, edition of {told['as_of']}")
    files["package.opf"] = PACKAGE.format(id=same, manifest=items, spine=spine, **says)
    whole = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER}
    pack(target, whole | {f"book/{name}": content for name, content in files.items()}, first=["mimetype"])


def drawing(path):
    """A picture's bytes; of an SVG without the paths that have no course, which plotly leaves and EPUB forbids."""
    if path.suffix != ".svg":
        return path.read_bytes()
    return re.sub(r"<path(?![^>]*\sd=)[^>]*?(/>|></path>)", "", path.read_text("utf8"))


def inside(element):
    """What an element holds, as XHTML."""
    return (element.text or "") + "".join(lxml.etree.tostring(part, encoding="unicode", method="xml") for part in element)


def identifier(name):
    return name.replace("/", "-")


def page(title, body):
    return PAGE.format(title=html.escape(title), body=body)


def nav(articles):
    """The table of contents: the parts, their pages, and the sections of each page."""

    def link(article):
        return f'<a href="{article.name}.xhtml">{html.escape(article.title)}</a>'

    def within(article):
        return [f'<a href="{article.name}.xhtml#{anchor}">{html.escape(words)}</a>' for anchor, words in article.sections()]

    return f'<nav epub:type="toc" role="doc-toc"><h1>Contents</h1>{contents(articles, link, within)}</nav>'
