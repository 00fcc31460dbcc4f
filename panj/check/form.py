"""How files are stored: text that every machine reads alike; notebooks tidy, run, and with nothing excused."""

import json
import re

import yaml

from ..charts import MIME
from ..tidy import Unreadable, shown, text
from . import found
from .pages import cells

TEXT = {".md", ".csv", ".yml", ".py", ".toml", ".txt", ".in", ".json"}


def find(path):
    """Findings in any file."""
    if path.suffix == ".ipynb":
        return _notebook(path)
    return _text(path) if path.suffix in TEXT else []


def _text(path):
    try:
        raw = path.read_bytes().decode("utf8")
    except UnicodeDecodeError as error:
        return [found(path, 0, f"byte {error.start + 1} is not UTF-8: save the file as UTF-8")]
    faults = []
    if raw.startswith("\ufeff"):
        faults.append("the file begins with a byte order mark: save it as UTF-8 without BOM")
    if "\r" in raw:
        faults.append("lines end as on Windows: save the file with line ends LF")
    if raw and not raw.endswith("\n"):
        faults.append("the last line has no end: add an empty line")
    if path.suffix == ".yml":
        try:
            yaml.safe_load(raw)
        except yaml.YAMLError as error:
            faults.append(f"this is not YAML: {' '.join(str(error).split())}")
    for alone in re.findall(r"!\[\s*\]\(([^)]*)\)", raw) if path.suffix == ".md" else ():
        faults.append(_no_alt(alone))
    return [found(path, 0, fault) for fault in faults]


def whole(path):
    """Whether a notebook can be read as the other rules read it: version 4.5, its cells with ids."""
    try:
        stored = json.loads(path.read_bytes())
        return (stored["nbformat"], stored["nbformat_minor"]) >= (4, 5) and all("id" in cell for cell in stored["cells"])
    except (ValueError, KeyError, TypeError):
        return False


def _notebook(path):
    stored = path.read_bytes()
    try:
        tidied = text(stored, shown(path)).encode("utf8")
    except Unreadable as fault:
        return [found(path, 0, str(fault).removeprefix(f"{shown(path)}: "))]
    faults = [] if stored == tidied else [found(path, 0, "the file is not in the form in which notebooks are kept: run make tidy")]
    if not whole(path):
        return faults
    captions = {}
    for cell in cells(path):
        faults += [found(path, cell.number, fault) for fault in (_code(cell, captions, path) if cell.kind == "code" else _markdown(cell))]
    return faults


def _code(cell, captions, path):
    if cell.source.strip() and not cell.stored["execution_count"]:
        yield "it has not run: run all and save"
    if "NBVAL" in cell.source or any("nbval" in tag for tag in cell.stored["metadata"].get("tags", [])):
        yield "it is excused from comparison: take the mark of nbval out"
    for output in cell.outputs:
        if output["output_type"] == "error":
            yield f"it ends in an error, {output['ename']}: {output['evalue'].splitlines()[0] if output['evalue'] else ''}"
        chart = output.get("data", {}).get(MIME)
        if chart and "panj" not in (chart.get("layout", {}).get("meta") or {}):
            yield "its chart has no alt text, units or sources: show it with show(fig, alt=…, table=…, units=…, as_of=…)"
    if path.parent.name != "exercises" and any('class="dataframe"' in "".join(o.get("data", {}).get("text/html", "")) for o in cell.outputs):
        caption = cell.caption.strip()
        if not caption:
            yield 'it prints a table without a caption: add {"caption": "…"} to its metadata (Property Inspector, Advanced Tools)'
        elif caption in captions:
            yield f"its caption is that of cell {captions[caption]}: say what this table holds"
        captions.setdefault(caption, cell.number)


def _markdown(cell):
    return [_no_alt(alone) for alone in re.findall(r"!\[\s*\]\(([^)]*)\)", cell.source)]


def _no_alt(picture):
    return f"the picture {picture} has no alt text: say what it shows between the brackets"
