"""The built pages as the articles of a book: what reads without a browser's help, in the order of the contents.

Controls go, links to the evidence get a numbered note at the end of their page, and links within the book lead to
where `address` says. What only makes sense on the site stays there.
"""

import html
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import lxml.html
import yaml
from lxml.html.builder import H2, LI, OL, SECTION, A

ROOT = Path(__file__).parent.parent.parent
ONLINE = ("chapters/scratch", "chapters/downloads")  # pages that are tools of the site
CONTROLS = {"form", "button", "script", "noscript", "input", "output"}
FURNITURE = {"headerlink", "panj-actions", "panj-dark", "panj-needs-js", "sd-summary-state-marker"}
IDLE = ("tabindex", "loading", "hidden", "data-about", "data-wide", "data-narrow", "data-id")


@dataclass
class Article:
    """One page: its name ("geography"), title, the part of the book it begins (or ""), depth in the contents, and its element."""

    name: str
    title: str
    part: str
    depth: int
    element: object

    def sections(self):
        """(anchor, heading) of each section of the page."""
        for heading in self.element.xpath(".//section[@id]/h2"):
            yield heading.getparent().get("id"), words(heading)


def order(toc=ROOT / "_toc.yml"):
    """(page, the part that begins with it, depth) of every page that is an article, in the order of the book."""
    tree = yaml.safe_load(Path(toc).read_text("utf8"))
    yield tree["root"], "", 0
    for part in tree["parts"]:
        caption = part["caption"]
        for chapter in part["chapters"]:
            for depth, page in enumerate([chapter, *chapter.get("sections", [])]):
                if page["file"] not in ONLINE:
                    yield page["file"], caption, min(depth, 1)
                    caption = ""


def take(site, address, base=""):
    """Every article of the built site, as [Article, ...]; paths of pictures are relative to the site.

    `address(name, anchor)` is where a link to an article leads. A link to a file of the site leads to where the book is
    published (`base`); without that only its words stay.
    """
    site, pages = Path(site).resolve(), list(order())
    known = {f"{page}.html" for page, _, _ in pages}
    made = []
    for page, part, depth in pages:
        tree = lxml.html.fromstring((site / f"{page}.html").read_bytes())
        (element,) = tree.xpath("//main/article")
        tidy(element)
        element.extend(tree.xpath("//footer/p[@class='panj-vintage']"))
        add_notes(element)
        for tag in element.iter("img", "source"):
            for name in {"src", "srcset"} & set(tag.keys()):
                tag.set(name, urljoin(f"{page}.html", tag.get(name)))
        for link in list(element.iter("a")):
            target, anchor = urldefrag(urljoin((site / f"{page}.html").as_uri(), link.get("href", "")))
            if urlsplit(target).scheme == "file":
                file = Path(unquote(urlsplit(target).path)).relative_to(site).as_posix()
                if file in known:
                    link.set("href", address(Path(file).stem, unquote(anchor)))
                elif base:
                    link.set("href", f"{base}{file}{f'#{anchor}' if anchor else ''}")
                else:
                    link.drop_tag()
        name = page.rpartition("/")[2]
        made.append(Article(name, words(element.find(".//h1")).partition(":")[0], part, depth, element))
    return made


def words(element):
    return " ".join(element.text_content().split())


def tidy(element):
    """Take away what a book without a browser cannot do."""
    for tag in list(element.iter()):
        if tag.tag in CONTROLS or FURNITURE & set(tag.get("class", "").split()):
            tag.drop_tree()
            continue
        for name in IDLE:
            tag.attrib.pop(name, None)
        if tag.tag == "details" and "hide" in tag.get("class", "").split():  # a cell's output that the site folds away
            tag.tag = "div"
            tag.find("summary").drop_tree()
        if tag.tag == "source":  # its size is a page's matter, and the parser takes what follows it for its content
            tag.attrib.pop("width", None), tag.attrib.pop("height", None)
            tag.getparent().extend(tag)
        if tag.get("role") == "region" and tag.get("class") == "panj-scroll":
            del tag.attrib["role"], tag.attrib["aria-label"]


def add_notes(element):
    """Number the links to the evidence in running text, and say at the end what stands behind each."""
    notes = {}
    for link in element.xpath(".//a[@title][contains(@class, 'panj-claim') or contains(@class, 'panj-source')]"):
        says, key = link.attrib.pop("title"), link.get("href")
        first = key not in notes
        number, _ = notes.setdefault(key, (len(notes) + 1, says))
        mark = A(str(number), href=f"#note-{number}", role="doc-noteref", **{"class": "panj-noteref"}, **({"id": f"ref-{number}"} if first else {}))
        mark.tail, link.tail = link.tail, None
        link.addnext(mark)
    if notes:
        element.append(SECTION(H2("Notes"), OL(*(note(key, *told) for key, told in notes.items())), id="notes", role="doc-endnotes", **{"class": "panj-notes"}))


def note(key, number, says):
    """One note: what the claim or source says, its row, and the way back."""
    row = A(key.rpartition("#")[2].partition("-")[2], href=key)
    row.tail = " "
    back = A("↩", href=f"#ref-{number}", role="doc-backlink", **{"aria-label": f"Back to the text of note {number}"})
    return LI(says.replace("\n", " · ") + " · ", row, back, id=f"note-{number}", role="doc-endnote")


def contents(articles, link, within=lambda article: ()):
    """The table of contents as nested lists: `link(article)`, below it the links that are `within` it and the pages that belong to it."""
    top = here = []
    for article in articles:
        if article.part:
            here = []
            top.append((f"<span>{html.escape(article.part)}</span>", here))
        (here[-1][1] if article.depth else here).append((link(article), [(inner, []) for inner in within(article)]))
    return _list(top)


def _list(entries):
    return f"<ol>{''.join(f'<li>{link}{_list(inner) if inner else str()}</li>' for link, inner in entries)}</ol>"


def unique(element, prefix):
    """Put a prefix before every id of an article, and wherever an id is named, for a file that holds them all."""
    for tag in element.iter():
        if tag.get("id"):
            tag.set("id", prefix + tag.get("id"))
        for name in ("aria-labelledby", "aria-describedby", "headers"):
            if tag.get(name):
                tag.set(name, " ".join(prefix + key for key in tag.get(name).split()))
