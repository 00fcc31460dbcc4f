"""The data package as one ZIP: tables, geometry, contract, codebook, licence, checksums."""

import json

from ..archive import checksums
from ..data import DATA, load

README = """\
# Across the Panj: data

{description}

Edition of {as_of}. `codebook.md` says what each table holds, field by field; it is made from `datapackage.json`, the contract
that the book's tests hold the tables to. An empty cell means that nothing is known; dates may be a year or a month.

Read it with one line, without unpacking:

    frictionless validate {zip}
    pandas.read_csv(zipfile.ZipFile("{zip}").open("claims.csv"), keep_default_na=False)    # Python, after: import pandas, zipfile
    read.csv(unz("{zip}", "claims.csv"), encoding = "UTF-8")    # R

`sha256sum -c SHA256SUMS` in the unpacked folder finds a file that was damaged or changed.
"""

LICENCE = """\
Tables and datapackage.json: Creative Commons Attribution 4.0 International (CC BY 4.0), https://creativecommons.org/licenses/by/4.0/
Name as the author: The contributors of Across the Panj.

geo/: geometry after Natural Earth, public domain; geo/provenance.json names every input and its licence.
Coordinates of towns in places.csv: GeoNames, CC BY 4.0, https://www.geonames.org/

The article under study is not part of these data. claims.csv says in other words what it states.
"""

NAME = "across-the-panj-data.zip"


def files():
    """{path in the ZIP: content}. The contract lies at the top, where frictionless looks for it in a ZIP."""
    package = json.loads((DATA / "datapackage.json").read_text("utf8"))
    made = {"datapackage.json": (DATA / "datapackage.json").read_bytes()}
    made |= {r["path"]: (DATA / r["path"]).read_bytes() for r in package["resources"]}
    made["README.md"] = README.format(description=package["description"], as_of=package["edition"]["as_of"], zip=NAME)
    made |= {"LICENCE.txt": LICENCE, "codebook.md": codebook(package)}
    return made | {"SHA256SUMS": checksums(made)}


def codebook(package):
    """What each table holds, as Markdown."""
    parts = [f"# Codebook\n\n{package['title']}, edition of {package['edition']['as_of']}."]
    for r in package["resources"]:
        fields = r.get("schema", {}).get("fields")
        counted = f" ({len(load(r['name']))} rows.)" if fields else ""
        parts.append(f"## {r['path']}\n\n{r.get('description', r['title'] if 'title' in r else '')}{counted}")
        if fields:
            lines = [f"| `{f['name']}` | {f['type']} | {f.get('unit', '')} | {cell(f.get('description', ''))} |" for f in fields]
            parts.append("\n".join(["| Field | Type | Unit | Meaning |", "|---|---|---|---|", *lines]))
    return "\n\n".join(parts) + "\n"


def cell(text):
    return text.replace("|", "\\|")
