"""What an answer is: plain data of a declared kind, and the checks that look at it.

The handout and the grader share this file, so that both read an answer in the same way. Kinds:

- ``number``: an integer or a finite float
- ``text`` and ``written``: a string that is not blank (``written`` is graded by a person)
- ``list``: a list of numbers and strings
- ``table``: a list of rows, each a dict from column to number, string or None (made from a DataFrame or Series)
- ``figure``: a dict with ``data`` and ``layout``, as Plotly writes it, arrays as plain lists
"""

import ast
import inspect
import json

KINDS = ("number", "text", "written", "list", "table", "figure")
MIME = "application/vnd.panj.answers+json"
MOST = {"characters": 20_000, "items": 1_000, "rows": 1_000, "columns": 50, "figure": 500_000}


class NotAnAnswer(Exception):
    """Why a value is no answer, as the end of a sentence that begins with its name."""


def encode(value, kind):
    """`value` as the plain data of its kind. NotAnAnswer says what is in the way."""
    if value is ... or value is None or (isinstance(value, str) and not value.strip()):
        raise NotAnAnswer("is missing")
    return _ENCODE[kind](value)


def _number(value):
    if hasattr(value, "item") and getattr(value, "size", 1) == 1:  # one value of numpy or pandas
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise NotAnAnswer(f"should be a number, but is {_called(value)}")
    if not abs(value) < 1e300:  # NaN too
        raise NotAnAnswer("should be a finite number")
    return value


def _text(value):
    if not isinstance(value, str):
        raise NotAnAnswer(f"should be text between quotes, but is {_called(value)}")
    if len(value) > MOST["characters"]:
        raise NotAnAnswer(f"is longer than {MOST['characters']:,} characters")
    return str(value)


def _list(value):
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (set, frozenset)):
        value = sorted(value, key=str)
    if not isinstance(value, (list, tuple)):
        raise NotAnAnswer(f"should be a list, but is {_called(value)}")
    if len(value) > MOST["items"]:
        raise NotAnAnswer(f"has {len(value):,} items; an answer has at most {MOST['items']:,}")
    return [_text(item) if isinstance(item, str) else _number(item) for item in value]


def _table(value):
    if hasattr(value, "to_frame"):  # a Series
        value = value.to_frame()
    if hasattr(value, "to_dict") and hasattr(value, "reset_index"):
        if len(value) > MOST["rows"] or len(value.columns) > MOST["columns"]:
            raise NotAnAnswer(f"has {len(value):,} rows and {len(value.columns):,} columns; an answer has at most {MOST['rows']:,} and {MOST['columns']}")
        named = any(name is not None for name in value.index.names)
        value = (value.reset_index() if named else value).to_dict("records")
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise NotAnAnswer(f"should be a table (a DataFrame), but is {_called(value)}")
    if len(value) > MOST["rows"] or any(len(row) > MOST["columns"] for row in value):
        raise NotAnAnswer(f"is larger than {MOST['rows']:,} rows and {MOST['columns']} columns")
    return [{_text(str(name)): _cell(cell) for name, cell in row.items()} for row in value]


def _cell(cell):
    if hasattr(cell, "item"):
        cell = cell.item()
    if cell is None or isinstance(cell, bool):
        return cell
    if isinstance(cell, (int, float)):
        return cell if abs(cell) < 1e300 else None
    return _text(str(cell))


def _figure(value):
    if hasattr(value, "to_plotly_json"):
        from .plain import plain

        value = plain({key: part for key, part in value.to_plotly_json().items() if key in ("data", "layout")})
        value["layout"].pop("template", None)
    if not isinstance(value, dict) or not isinstance(value.get("data"), list) or not isinstance(value.get("layout"), dict):
        raise NotAnAnswer(f"should be a Plotly figure, but is {_called(value)}")
    if len(json.dumps(value)) > MOST["figure"]:
        raise NotAnAnswer(f"holds more than {MOST['figure'] // 1000} kB")
    return value


_ENCODE = {"number": _number, "text": _text, "written": _text, "list": _list, "table": _table, "figure": _figure}


def _called(value):
    name = type(value).__name__
    return {"str": "text", "DataFrame": "a table", "Series": "a column", "list": "a list", "bool": "True or False"}.get(name, f"a {name}")


class Check:
    """A function of the answers it names, from the source of a cell.

    Its docstring is the one sentence a student reads when it fails. It returns whether the answers pass.
    ``model`` and ``tolerance``, if it names them, are the model answers and the declared tolerances, by name.
    """

    def __init__(self, source, points=0, public=True):
        self.source, self.points, self.public = source, points, public
        node = next(node for node in reversed(ast.parse(source).body) if isinstance(node, ast.FunctionDef))
        self.name, self.feedback = node.name, " ".join((ast.get_docstring(node) or "").split())
        names = {}
        exec(compile(source, f"<check {self.name}>", "exec"), names)
        self.function = names[self.name]
        self.needs = list(inspect.signature(self.function).parameters)

    def passes(self, answers, model=None, tolerance=None):
        """Whether the plain answers pass. What is missing, or of a form the check cannot read, does not."""
        given = answers | {"model": model, "tolerance": tolerance}
        if any(name not in given for name in self.needs):
            return False
        try:
            return bool(self.function(**{name: given[name] for name in self.needs}))
        except Exception:  # the check met a form it did not expect: that is a failed check, not a fault of the grader
            return False
