"""The book as one PDF: every article on one page, laid out for paper by Chromium, with bookmarks, tags and live links.

Chromium cannot yet print the page number of a link's target, so the book is printed twice: the first time to learn
where chapters begin, the second with their numbers in the table of contents.
"""

import html
import tempfile
from pathlib import Path
from urllib.parse import unquote

import lxml.html
import pikepdf
from playwright.sync_api import sync_playwright

from .. import pictures
from .about import title_page
from .articles import contents, take, unique, words

STYLE = Path(__file__).with_name("print.css")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--allow-file-access-from-files")

PAGE = """\
<!DOCTYPE html>
<html lang="en" data-theme="light">
<head><meta charset="utf-8"><title>{title}</title>{links}<style>{heads}</style></head>
<body>{body}</body>
</html>
"""


def make(site, target, told):
    """Write the PDF of the built `site` to the path `target`. `told`: what about.about() says. RuntimeError without a Chrome."""
    if not pictures.browser():
        raise RuntimeError("The PDF is printed by Chrome or Chromium, and none was found: on Debian or Ubuntu, apt-get install chromium.")
    articles, text = laid_out(site, told)
    names = [article.name for article in articles]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page = Path(folder, "book.html")
        browser = playwright.chromium.launch(executable_path=pictures.browser(), args=list(FLAGS))
        numbers = starts(printed(browser, page, text({}), tagged=False), names)
        final = printed(browser, page, text(numbers))
        browser.close()
        if starts(final, names) != numbers:
            raise RuntimeError("The page numbers in the contents moved the pages: give .panj-contents in print.css room for them.")
        finish(final, target, told, articles)


def laid_out(site, told):
    """(the articles, text): `text({name: page number})` is the whole book as one page of HTML."""
    site = Path(site).resolve()
    articles = take(site, lambda name, anchor: f"#{name}--{anchor}" if anchor else f"#{name}", told["base"])
    body = "".join(whole(site, article) for article in articles)
    heads = "".join(f'@page {a.name} {{ @top-left {{ content: "{css(a.title)}"; }} }}\n.panj-sheet[id="{a.name}"] {{ page: {a.name}; }}\n' for a in articles)
    links = "".join(f'<link rel="stylesheet" href="{path.as_uri()}">' for path in (site / "_static/pygments.css", site / "_static/panj.css", STYLE))

    def text(numbers):
        front = f'{title_page(told)}<nav class="panj-contents" aria-label="Contents"><h1>Contents</h1>{listed(articles, numbers)}</nav>'
        return PAGE.format(title=html.escape(told["title"]), links=links, heads=heads, body=front + body)

    return articles, text


def whole(site, article):
    """An article as part of the one page: its ids unique, its folds open, its pictures found."""
    element = article.element
    unique(element, f"{article.name}--")
    for fold in element.iter("details"):
        fold.set("open", "")
    for figure in element.iter("figure"):  # tagged as a figure it would want a description beside that of its picture
        figure.set("role", "group")
    for picture in list(element.iter("picture")):
        picture.find("source").drop_tree()
    for picture in element.iter("img"):
        picture.set("src", (site / unquote(picture.get("src"))).as_uri())
    element.attrib.update({"class": "panj-sheet", "id": article.name})
    return lxml.html.tostring(element, encoding="unicode")


def listed(articles, numbers):
    def link(article):
        return f'<a href="#{article.name}"><span>{html.escape(article.title)}</span><span>{numbers.get(article.name, "")}</span></a>'

    return contents(articles, link)


def css(text):
    return text.replace("\\", "\\\\").replace('"', '\\"')


def printed(browser, path, text, tagged=True):
    """The path of a PDF of one page of HTML; without tags and bookmarks it is made sooner."""
    path.write_text(text, "utf8")
    page = browser.new_page()
    page.goto(path.as_uri(), wait_until="load")
    target = path.with_suffix(".pdf")
    page.pdf(path=target, prefer_css_page_size=True, tagged=tagged, outline=tagged, print_background=True)
    page.close()
    return target


def starts(path, names):
    """{name: page number} of the anchors with these names."""
    with pikepdf.open(path) as book:
        objects = {page.obj.objgen: number for number, page in enumerate(book.pages, 1)}
        targets = book.Root.Dests
        return {name: objects[targets[f"/{name}"][0].objgen] for name in names}


def bookmarks(node):
    """Every bookmark below a node of the outline."""
    item = node.get("/First")
    while item is not None:
        yield item
        yield from bookmarks(item)
        item = item.get("/Next")


def finish(path, target, told, articles):
    """Name the book in its metadata, give it the date of its sources, mend its bookmarks, and pack it."""
    headings = {"".join(said.split()): said for a in articles for said in map(words, a.element.xpath(".//h1|.//h2|.//h3|.//h4"))}
    with pikepdf.open(path) as book:
        for item in bookmarks(book.Root.Outlines):  # Chromium loses the space where a heading breaks its line
            item.Title = headings.get("".join(str(item.Title).split()), str(item.Title))
        with book.open_metadata(set_pikepdf_as_editor=False) as meta:
            meta["dc:title"] = told["title"]
            meta["dc:creator"] = [told["author"]]
            meta["dc:rights"] = told["licence"]
            meta["dc:language"] = ["en"]
            meta["xmp:CreateDate"] = meta["xmp:ModifyDate"] = told["modified"].isoformat()
        for key in ("/CreationDate", "/ModDate"):
            book.docinfo[key] = told["modified"].strftime("D:%Y%m%d%H%M%S+00'00'")
        book.docinfo["/Title"], book.docinfo["/Author"] = told["title"], told["author"]
        book.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        book.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
