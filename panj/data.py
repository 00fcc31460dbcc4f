"""Read a table of the book, or check them all.

`load("claims")` gives a table; `problems()` says in plain sentences what is wrong
with the data and how to mend it. `python -m panj` prints those sentences.
What a table must look like is written in data/datapackage.json and nowhere else.
"""

import csv
import io
import json
import re
from datetime import date
from pathlib import Path

import pandas as pd

DATA = Path(__file__).parent.parent / "data"


def load(name):
    """The table data/<name>.csv as a DataFrame, one row per record, columns as in the file.

    Numbers are numbers (in the unit that datapackage.json gives; NaN where empty).
    Everything else is text, dates too, because many are only a year or a month;
    an empty cell is "", so `table[table.note != ""]` keeps the rows with a note.
    FileNotFoundError when there is no such table; it names those there are.
    """
    tables = _tables(json.loads((DATA / "datapackage.json").read_text(encoding="utf-8")))
    if name not in tables:
        raise FileNotFoundError(f"There is no table {name!r}. The tables are: {', '.join(tables)}.")
    kinds = {field["name"]: field["type"] for field in tables[name]["schema"]["fields"]}
    dtypes = {field: {"integer": "int64", "number": "float64"}.get(kind, "str") for field, kind in kinds.items()}
    empty = {field: [""] for field, dtype in dtypes.items() if dtype == "float64"}
    return pd.read_csv(DATA / tables[name]["path"], dtype=dtypes, keep_default_na=False, na_values=empty)


def problems(folder=DATA):
    """Every fault of the data package in `folder`, as a list of sentences; empty when all is well.

    Each names the file, the row (numbered as in a text editor, the header is row 1) and the
    field where there are such, says what is wrong and how to mend it. Bad input never raises.
    """
    folder = Path(folder)
    package, faults = _read_package(folder)
    if faults:
        return faults
    faults += _unlisted_files(folder, package)
    tables = {}
    for resource in package["resources"]:
        text, fault = _read_text(folder, resource["path"])
        if fault:
            faults.append(fault)
        elif "schema" not in resource:
            faults += _json_faults(folder, resource["path"], text)
        else:
            rows, fault = _read_rows(folder, resource, text)
            if fault:
                faults.append(fault)
            else:
                tables[resource["name"]] = rows
    faults += _cell_faults(folder, package, tables)
    for check in (_edition, _younger, _texts, _dates, _ids, _ledger, _evidence, _predictions, _uses, _lookalikes, _shares, _relations, _legs, _memberships):
        faults += check(_Say(folder), package, tables)
    return faults


def _tables(package):
    return {resource["name"]: resource for resource in package["resources"] if "schema" in resource}


class _Say:
    """Puts a fault into the one form that all of them have."""

    def __init__(self, folder):
        self.folder = folder.name

    def __call__(self, path, fault, mend, row=None, field=None):
        place = f"{self.folder}/{path}" + (f", row {row}" if row else "") + (f", {field}" if field else "")
        return f"{place}: {fault}. {mend[0].upper()}{mend[1:]}."


# --- the files ---------------------------------------------------------------


def _read_package(folder):
    """The contents of datapackage.json, and what is wrong with it."""
    from frictionless import Package

    say, path = _Say(folder), "datapackage.json"
    text, fault = _read_text(folder, path)
    if fault:
        return None, [fault]
    if faults := _json_faults(folder, path, text):
        return None, faults
    package = json.loads(text)
    if not isinstance(package, dict) or not isinstance(package.get("sentences"), dict):
        return None, [say(path, "it has no list of sentences", "restore it from version control", field="sentences")]
    report = Package.validate_descriptor(package, basepath=str(folder))
    notes = [" ".join(note) for note in report.flatten(["note"])]
    return package, [say(path, note.rstrip("."), "correct the description of the tables") for note in notes] or _undescribed(say, path, package)


def _undescribed(say, path, package):
    """What the description of a table must say beyond its form: what each cell means, and that each row cites."""
    faults = []
    for name, table in _tables(package).items():
        schema, fields = table["schema"], {field["name"]: field for field in table["schema"]["fields"]}
        for field in fields.values():
            lacks = [key for key in ("title", "description") if not field.get(key)]
            if field["type"] == "number" and "unit" not in field and "unit" not in fields:
                lacks.append("unit")
            if lacks:
                faults.append(say(path, f"it has no {' and no '.join(lacks)}", "write it: who meets a wrong cell, and the codebook, are told with these words", field=f"{name}.{field['name']}"))
        if name in ("claims", "sources"):
            continue
        citing = {"claim_id", "source_id"} & fields.keys()
        keys = [key["fields"] for key in schema.get("foreignKeys", [])]
        bound = {field for key in keys for field in ([key] if isinstance(key, str) else key)} | {field for field in citing if "ids" in fields[field]}
        for field in sorted(citing - bound):
            faults.append(say(path, "nothing looks whether the id exists", "copy the foreign key, or ids, from another table", field=f"{name}.{field}"))
        ruled = {field for rule in table.get("rules", []) for field in rule["fields"]} | {field for field in citing if fields[field].get("constraints", {}).get("required")}
        if not citing & ruled:
            faults.append(say(path, "a row could cite neither the article nor a source", "add claim_id or source_id, and copy the rule on them from another table", field=name))
    return faults


def _unlisted_files(folder, package):
    listed = {"datapackage.json", *(resource["path"] for resource in package["resources"])}
    found = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    mend = "describe it there as a resource, or remove it"
    return [
        _Say(folder)(path.as_posix(), "datapackage.json does not list this file", mend)
        for path in found
        if path.as_posix() not in listed and not any(part.startswith(".") for part in path.parts)
    ]


def _read_text(folder, path):
    """The text of a file and None, or None and its fault."""
    say = _Say(folder)
    try:
        raw = (folder / path).read_bytes()
    except OSError:
        return None, say(path, "the file is missing", "put it back, or take it out of datapackage.json")
    if raw.startswith(b"\xef\xbb\xbf"):
        return None, say(path, "the file begins with a byte order mark", "save it as UTF-8 without BOM", row=1)
    try:
        return raw.decode("utf-8"), None
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        return None, say(path, "a character is not encoded as UTF-8", "save the file as UTF-8", row=row)


def _json_faults(folder, path, text):
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return [_Say(folder)(path, f"this is not JSON: {error.msg}", "correct the line or restore the file", error.lineno)]
    return []


def _read_rows(folder, resource, text):
    """The rows of a table as (row number, {field: text}), or None and why it cannot be read."""
    say, path = _Say(folder), resource["path"]
    try:
        rows = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error as error:
        return None, say(path, f"the table cannot be split into cells: {error}", "look for a stray quotation mark")
    if not rows:
        return None, say(path, "the file is empty", "put back the header and the rows")
    header, expected = rows[0], [field["name"] for field in resource["schema"]["fields"]]
    for field in expected:
        if field not in header:
            return None, say(path, "this column is missing", "put it back", 1, field)
    for field in header:
        if field not in expected:
            return None, say(path, "datapackage.json does not know this column", "describe it there or remove it", 1, field)
    if header != expected:
        return None, say(path, "the columns are not in order or one is doubled", f"write {','.join(expected)}", 1)
    if len(rows) == 1:
        return None, say(path, "the table has a header but no rows", "put the rows back", 1)
    padding = [""] * len(header)
    return [(number, dict(zip(header, row + padding))) for number, row in enumerate(rows[1:], 2)], None


# --- the cells, by the rules in datapackage.json -----------------------------


def _cell_faults(folder, package, tables):
    """What frictionless finds in the readable tables, in our words."""
    from frictionless import Checklist, Package, checks

    readable = []
    for name in tables:
        resource = dict(_tables(package)[name])
        keys = resource["schema"].get("foreignKeys", [])
        kept = [key for key in keys if key["reference"]["resource"] in ("", *tables)]
        resource["schema"] = {**resource["schema"], "foreignKeys": kept}
        readable.append(resource)
    faults = []
    if readable:
        checked = Package.from_descriptor({"name": package["name"], "resources": readable}, basepath=str(folder))
        for resource in readable:
            rules = resource.get("rules", [])
            checklist = Checklist(checks=[checks.row_constraint(formula=rule["rule"]) for rule in rules])
            report = checked.get_resource(resource["name"]).validate(checklist)
            errors = [error for task in report.tasks for error in task.errors]
            bad = {(error.row_number, error.field_name) for error in errors if hasattr(error, "field_name")}
            uneven = {error.row_number for error in errors if error.type in ("extra-cell", "missing-cell")}
            for error in errors:
                if not error.type.endswith("-cell") and getattr(error, "row_number", None) in uneven:
                    continue  # the cells are shifted; the rest of the row says nothing
                faults += _translate(_Say(folder), resource, error, bad)
    return faults


def _translate(say, resource, error, bad):
    """A frictionless error as a list of no or one sentence."""
    path, row = resource["path"], getattr(error, "row_number", None)
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    if error.type == "row-constraint":
        rule = next(rule for rule in resource["rules"] if f'"{rule["rule"]}"' in error.note)
        if any((row, field) in bad for field in rule["fields"]):
            return []  # the cell itself is wrong, and that is said already
        fault, mend = rule["message"].split("; ", 1)
        return [say(path, fault, mend, row, " and ".join(rule["fields"]))]
    if error.type == "primary-key":
        key = " and ".join(resource["schema"]["primaryKey"])
        return [say(path, f"the identifier is {error.note}", "give each row its own", row, key)]
    if error.type == "foreign-key":
        target = f"{error.reference_name or resource['name']}.csv"
        cell = error.field_cells[0]
        return [say(path, f'"{cell}" is not in {target}', "correct it or add the row there", row, error.field_names[0])]
    if error.type == "extra-cell":
        return [say(path, f'the row has one cell too many, "{error.cell}"', "put text with a comma in double quotes", row, "last field")]
    if error.type == "missing-cell":
        return [say(path, "the row ends before this cell", "add the missing commas", row, error.field_name)]
    if error.type in ("type-error", "constraint-error", "unique-error"):
        field = fields[error.field_name]
        return [say(path, _cell_fault(error, field), f"correct it: {field['description']}", row, field["name"])]
    return [say(path, error.message.rstrip("."), "correct the row", row, getattr(error, "field_name", None))]


def _cell_fault(error, field):
    cell = f'"{error.cell}"'
    if error.type == "type-error":
        return f"{cell} is not a valid {field['type']}"
    if error.type == "unique-error":
        return f"{cell} stands in another row too"
    constraint = re.match(r'constraint "(\w+)"', error.note)
    limits = field["constraints"]
    match constraint and constraint[1]:
        case "required":
            return "the cell is empty"
        case "maximum":
            return f"{error.cell} is over the maximum {limits['maximum']}"
        case "minimum":
            return f"{error.cell} is under the minimum {limits['minimum']}"
        case "enum":
            return f"{cell} is not one of {', '.join(limits['enum'])}"
        case _:
            return f"{cell} is not written as it should be"


# --- what cells and rows must mean together ----------------------------------


def _number(text):
    try:
        return float(text)
    except ValueError:
        return None


# Direction marks, overrides and other letters nobody sees. (The non-joiner is none: Persian is written with it.)
UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def _texts(say, package, tables):
    """Text that is not what it looks like: it would turn other text around, or run in a spreadsheet."""
    for name, rows in tables.items():
        path = _tables(package)[name]["path"]
        fields = [f["name"] for f in _tables(package)[name]["schema"]["fields"] if f["type"] == "string"]
        for number, row in rows:
            for field in fields:
                if found := UNSEEN.search(row[field]):
                    yield say(path, f"the text holds the unseen character U+{ord(found[0]):04X}", "delete it", number, field)
                if row[field].startswith(("=", "+", "@")):
                    yield say(path, "a spreadsheet would run this as a formula", "begin with a word", number, field)


def _dates(say, package, tables):
    """A full date exists in the calendar."""
    faults = []
    for name, rows in tables.items():
        fields = _tables(package)[name]["schema"]["fields"]
        dated = [f["name"] for f in fields if f.get("constraints", {}).get("pattern", "").startswith(r"^\d{4}(-")]
        for number, row in rows:
            for field in dated:
                if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", row[field]):
                    try:
                        date.fromisoformat(row[field])
                    except ValueError:
                        path = _tables(package)[name]["path"]
                        faults.append(say(path, f"{row[field]} is not in the calendar", "correct the day", number, field))
    return faults


def _ledger(say, package, tables):
    """Every sentence of the article has a claim, and no claim has a sentence that is not there."""
    if "claims" not in tables:
        return []
    faults, covered = [], set()
    for number, row in tables["claims"]:
        last = package["sentences"].get(row["locator"])
        sentence = _number(row["sentence"])
        covered.add((row["locator"], sentence))
        if last and sentence and sentence > last:
            fault = f"{row['locator']} has no sentence {row['sentence']}, it ends with {last}"
            faults.append(say("claims.csv", fault, "correct the number", number, "sentence"))
    for locator, last in package["sentences"].items():
        for sentence in range(1, last + 1):
            if (locator, sentence) not in covered:
                fault = f"sentence {sentence} of {locator} has no claim"
                faults.append(say("claims.csv", fault, "add a row for it", field="sentence"))
    return faults


def _ids(say, package, tables):
    """Each of several ids in one cell is an id of the table that the field refers to."""
    known = {name: {row[_tables(package)[name]["schema"]["fields"][0]["name"]] for _, row in rows} for name, rows in tables.items()}
    faults = []
    for name, rows in tables.items():
        for field in _tables(package)[name]["schema"]["fields"]:
            table = field.get("ids")
            for number, row in rows if table in known else []:
                for key in row[field["name"]].split():
                    if key not in known[table]:
                        fault, mend = f'"{key}" is not in {table}.csv', "correct it or add the row there"
                        faults.append(say(_tables(package)[name]["path"], fault, mend, number, field["name"]))
    return faults


def _evidence(say, package, tables):
    """Every claim is weighed; silence stands alone; only judgements and predictions escape checking."""
    if "evidence" not in tables or "claims" not in tables:
        return []
    faults, weighed = [], {}
    types = {row["claim_id"]: row["type"] for _, row in tables["claims"]}
    for number, row in tables["evidence"]:
        others = weighed.setdefault(row["claim_id"], [])
        others.append(row["verdict"])
        kind = types.get(row["claim_id"], "")
        if row["verdict"] == "not checkable" and kind not in ("judgement", "prediction", ""):
            fault = f"the claim is of type {kind}, so it can be looked up"
            faults.append(say("evidence.csv", fault, "name a source, or write not found and what was looked for", number, "verdict"))
        if len(others) > 1 and {"not found", "not checkable"} & set(others):
            fault = f"{row['verdict']} stands beside {', '.join(others[:-1])}"
            faults.append(say("evidence.csv", fault, "keep either the sources or the row without one", number, "verdict"))
    for number, row in tables["claims"]:
        if row["claim_id"] not in weighed:
            fault = f'"{row["claim_id"]}" has no row in evidence.csv'
            faults.append(say("claims.csv", fault, "add what a source says of it, or what was looked for", number, "claim_id"))
    return faults


def _predictions(say, package, tables):
    """Every prediction is followed up, and nothing else is."""
    faults, followed = [], {row["claim_id"] for _, row in tables.get("predictions", [])}
    types = {row["claim_id"]: row["type"] for _, row in tables.get("claims", [])}
    for number, row in tables.get("predictions", []):
        if types.get(row["claim_id"], "prediction") != "prediction":
            fault = f'"{row["claim_id"]}" is a {types[row["claim_id"]]}'
            faults.append(say("predictions.csv", fault, "remove the row or correct the type of the claim", number, "claim_id"))
    for number, row in tables.get("claims", []):
        if followed and row["type"] == "prediction" and row["claim_id"] not in followed:
            fault = f'"{row["claim_id"]}" has no row in predictions.csv'
            faults.append(say("claims.csv", fault, "add its criterion and outcome", number, "claim_id"))
    return faults


def _uses(say, package, tables):
    """A source kept as an example of drift is no evidence, and one kept for a spelling is none for anything else."""
    use = {row["source_id"]: row["use"] for _, row in tables.get("sources", [])}
    faults = []
    for name, rows in tables.items():
        for number, row in rows if name != "sources" else []:
            for field in ("source_id", "name_source_id"):
                allowed = {"evidence"}
                allowed |= {"spelling"} if field == "name_source_id" else set()
                allowed |= {"example"} if name == "drift" or row.get("note", "").startswith("example of drift") else set()
                for key in row.get(field, "").split():
                    if use.get(key, "evidence") not in allowed:
                        fault, mend = f'the use of "{key}" is {use[key]}', "cite a source whose use is evidence"
                        if use[key] == "example":
                            mend += ", or begin the note with: example of drift"
                        faults.append(say(_tables(package)[name]["path"], fault, mend, number, field))
    return faults


def _about(package):
    return package["edition"] if isinstance(package.get("edition"), dict) else {}


def _edition(say, package, tables):
    """The edition has a version, a day, a time after which to look again, and perhaps an address that took its place."""
    about = _about(package)
    rules = {
        "version": (package.get("version"), r"\d{4}\.\d\d?(\.\d+)?", "write the year and month of the edition: 2026.11"),
        "edition.as_of": (about.get("as_of"), r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "write the day up to which evidence was looked for"),
        "edition.review_after_months": (about.get("review_after_months"), r"[1-9]\d?", "write after how many months to look again: 6"),
        "edition.frozen": (about.get("frozen"), r"|https?://[^\s?#]+", 'write where the current edition stands, or "" while it is this one'),
    }
    return [
        say("datapackage.json", f"{value!r} cannot stand here", mend, field=field)
        for field, (value, rule, mend) in rules.items()
        if not re.fullmatch(rule, str(value))
    ]


def _younger(say, package, tables):
    """Nothing is dated after the day up to which the edition looked."""
    as_of = str(_about(package).get("as_of"))
    return [
        say(f"{name}.csv", f"{row[field]} is after {as_of}, the day of the edition", "correct it, or set edition.as_of in datapackage.json", number, field)
        for name, field in (("epilogue", "start"), ("predictions", "as_of"), ("sources", "date"))
        for number, row in tables.get(name, [])
        if row[field] > as_of
    ]


def _lookalikes(say, package, tables):
    """If one entry is easily taken for another, each names the other."""
    rows = {row["term_id"]: row for _, row in tables.get("glossary", [])}
    faults = []
    for number, row in tables.get("glossary", []):
        for other in row["not_to_confuse"].split():
            if other in rows and row["term_id"] not in rows[other]["not_to_confuse"].split():
                fault = f'"{other}" does not name "{row["term_id"]}" in turn'
                faults.append(say("glossary.csv", fault, "name each in the other's row", number, "not_to_confuse"))
    return faults


def _shares(say, package, tables):
    """The groups of a country add up, and a derived share is what the stated ones leave."""
    faults, countries = [], {}
    for number, row in tables.get("ethnicity", []):
        countries.setdefault(row["country"], []).append((number, row["basis"], _number(row["share_percent"]) or 0))
    for country, groups in countries.items():
        total = sum(share for _, _, share in groups)
        stated = sum(share for _, basis, share in groups if basis == "stated")
        derived = [(number, share) for number, basis, share in groups if basis == "derived"]
        if total > 100.5:
            fault = f"the shares of {country} add up to {total:g}, over 100 per cent"
            faults.append(say("ethnicity.csv", fault, "correct one of its rows", groups[-1][0], "share_percent"))
        if derived and abs(sum(share for _, share in derived) - (100 - stated)) > 0.05:
            fault = f"the derived share of {country} should be {100 - stated:g}, what the stated shares leave of 100"
            faults.append(say("ethnicity.csv", fault, "correct it or the stated shares", derived[0][0], "share_percent"))
    return faults


def _relations(say, package, tables):
    """A relation is as sure as its claim, and is written once."""
    hedges = {row["claim_id"]: row["hedge"] for _, row in tables.get("claims", [])}
    faults, seen = [], {}
    for number, row in tables.get("relations", []):
        hedge = hedges.get(row["claim_id"], row["hedge"])
        if row["hedge"] != hedge:
            fault = f'the claim is "{hedge}", the relation "{row["hedge"]}"'
            faults.append(say("relations.csv", fault, f"write {hedge}, or correct the claim", number, "hedge"))
        first = seen.setdefault((row["from_actor"], row["to_actor"], row["type"]), number)
        if first != number:
            fault = f"the same relation stands in row {first}"
            faults.append(say("relations.csv", fault, "remove one of the two", number, "type"))
    return faults


def _legs(say, package, tables):
    """The legs of the route are numbered without a gap and join up."""
    faults, before = [], None
    for count, (number, row) in enumerate(tables.get("drug_route", []), 1):
        if row["leg"] != str(count):
            faults.append(say("drug_route.csv", f'leg "{row["leg"]}" should be {count}', "number the legs in order", number, "leg"))
        if before and row["from_place"] != before:
            fault = f'the leg begins in "{row["from_place"]}" but the one before ends in "{before}"'
            faults.append(say("drug_route.csv", fault, "make the legs join up", number, "from_place"))
        before = row["to_place"]
    return faults


def _memberships(say, package, tables):
    """A status ends after it begins, and before the next one of the same state begins."""
    faults, before = [], {}
    for number, row in sorted(tables.get("memberships", []), key=lambda item: item[1]["from"]):
        if row["to"] and row["to"] < row["from"]:
            fault = f"the status ends on {row['to']}, before it begins"
            faults.append(say("memberships.csv", fault, "correct one of the two dates", number, "to"))
        key = row["organisation_id"], row["member"]
        if key in before and (not before[key][1] or row["from"] < before[key][1]):
            fault = f"the status begins before the one in row {before[key][0]} has ended"
            faults.append(say("memberships.csv", fault, "correct the dates of one of the two", number, "from"))
        before[key] = number, row["to"]
    return faults
