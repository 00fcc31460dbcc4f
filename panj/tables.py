"""Tables a page can be read by: every one with a caption, its header cells tied to rows and columns.

Tables that cells print come from pandas with styles, borders and empty header cells; those written
in Markdown come from docutils. Both are set again here, when a page has been put together.
"""

import html

from bs4 import BeautifulSoup
from docutils import nodes

from .cite import PAGES, link
from .markup import about, region, unbroken


def set_again(source, caption, cell=None):
    """A table's HTML in plain form, with a caption. `cell`, if given, turns a cell's own text into HTML."""
    table = BeautifulSoup(source, "html.parser").table
    for tag in [table, *table(True)]:
        tag.attrs = {name: tag[name] for name in ("colspan", "rowspan", "href", "class", "lang", "dir") if name in tag.attrs}
    for group in table("colgroup"):
        group.decompose()
    del table["class"]
    _one_head_row(table)
    for kind, part in (("col", table.thead), ("row", table.tbody)):
        for th in part("th") if part else ():
            if th.get_text(strip=True):
                th["scope"] = f"{kind}group" if "colspan" in th.attrs or "rowspan" in th.attrs else kind
            else:
                th.name = "td"  # a header that says nothing
    for box in table(["th", "td"]) if cell else ():
        if box.string:
            box.string.replace_with(BeautifulSoup(cell(str(box.string)), "html.parser"))
    head = table.find("caption") or BeautifulSoup("", "html.parser").new_tag("caption")
    head.string = caption
    table.insert(0, head)
    return region(str(table), caption)


def _one_head_row(table):
    """pandas names the index in a second head row of its own; the corner of the first has room for it."""
    rows = table.thead("tr") if table.thead else []
    if len(rows) != 2 or any(c.get_text(strip=True) for c in rows[1](["th", "td"])[1:]):
        return
    corner, name = rows[0].find(["th", "td"]), rows[1].find(["th", "td"]).get_text(strip=True)
    columns = corner.get_text(strip=True)
    corner.string = f"{name}, by {columns}" if columns else name
    rows[1].decompose()


def set_tables(app, doctree, docname):
    """Set every table of a page again and number it; in those that cells print, ids become links.

    Its caption is what the cell's metadata calls `caption`, or else the heading above it.
    """

    def cell(text):
        kind = next((kind for kind in PAGES if text in about(kind)), None)
        return link(app, docname, kind, text) if kind else unbroken(html.escape(text))

    printed = [n for n in doctree.findall(nodes.raw) if 'class="dataframe"' in n.astext()]
    for number, node in enumerate(n for n in [*doctree.findall()] if n in printed or isinstance(n, nodes.table)):
        section, says = node, None
        while not isinstance(section, nodes.section):
            if section.get("nb_element") == "cell_code":
                says = section["cell_metadata"].get("caption")
            section = section.parent
        source = node.astext() if node in printed else app.builder.render_partial(node.deepcopy())["fragment"]
        caption = f"Table {number + 1}. {says or section[0].astext()}"
        made = set_again(source, caption, cell if node in printed else None)
        node.replace_self(nodes.raw("", made, format="html"))


def setup(app):
    app.connect("doctree-resolved", set_tables)
