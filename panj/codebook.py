"""The codebook: what each table holds, field by field, from datapackage.json."""

import html
import json

from docutils import nodes

from .data import DATA, load
from .markup import region
from .pages import Page


class Codebook(Page):
    """One section per table, so that the page has a table of contents."""

    files = ("datapackage.json",)

    def content_nodes(self):
        package = json.loads((DATA / "datapackage.json").read_text("utf8"))
        return [self.section(r) for r in package["resources"] if "schema" in r] + [self.layers(package)]

    def section(self, resource):
        section = nodes.section(ids=[f"table-{resource['name']}"])
        section += nodes.title(text=resource["path"])
        rows = len(load(resource["name"]))
        section += nodes.paragraph(text=f"{resource['description']} ({rows} rows.)")
        fields = "".join(_field(field, resource["schema"]) for field in resource["schema"]["fields"])
        head = "".join(f'<th scope="col">{h}</th>' for h in ("Field", "Type", "Meaning", "Must be"))
        label = f"Fields of {resource['path']}"
        table = f"<table><caption>{label}</caption><thead><tr>{head}</tr></thead><tbody>{fields}</tbody></table>"
        section += nodes.raw("", region(table, label), format="html")
        return section

    def layers(self, package):
        section = nodes.section(ids=["geometry"])
        section += nodes.title(text="Geometry")
        items = "".join(
            f"<li><code>{r['path']}</code>: {html.escape(r.get('description', ''))}</li>"
            for r in package["resources"]
            if "schema" not in r
        )
        section += nodes.raw("", f"<ul>{items}</ul>", format="html")
        return section


def _field(field, schema):
    rules = field.get("constraints", {})
    must = [text for text, is_so in (("given", rules.get("required")), ("unique", rules.get("unique"))) if is_so]
    if "enum" in rules:
        must.append("one of " + ", ".join(map(str, rules["enum"])))
    if "minimum" in rules or "maximum" in rules:
        must.append(f"from {rules.get('minimum', '…')} to {rules.get('maximum', '…')}")
    if field["name"] in schema["primaryKey"]:
        must.append("the table's key" if len(schema["primaryKey"]) == 1 else "part of the table's key")
    if "ids" in field:
        must.append(f"ids of {field['ids']}")
    for key in schema.get("foreignKeys", []):
        if field["name"] in (key["fields"], *key["fields"]):
            table = key["reference"]["resource"] or "this table"
            must.append(f"an id of {table}")
    cells = [field["name"], field["type"], field.get("description", ""), "; ".join(must)]
    if field.get("unit"):
        cells[2] += f" ({field['unit']})"
    first, *others = map(html.escape, cells)
    return f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{c}</td>" for c in others) + "</tr>"


def setup(app):
    app.add_directive("codebook", Codebook)
