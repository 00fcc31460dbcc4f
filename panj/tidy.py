"""Bring notebooks into the one form in which they are kept, so that a diff shows only what somebody edited.

``python -m panj.tidy [--staged] [files]``. JupyterLab calls it on every save (tools/lab/), git before a commit
(.githooks/pre-commit), `make run` when a notebook has run, and `make tidy`. Tidying twice changes nothing.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

# No notebook holds an address to be checked, and the grammar for it costs each command four seconds: jsonschema goes without.
sys.modules.setdefault("rfc3987_syntax", None)
import nbformat  # noqa: E402

ROOT = Path(__file__).parent.parent
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
CHART = "application/vnd.plotly.v1+json"
CELL = ("cell_type", "id", "metadata", "source", "attachments", "outputs", "execution_count")


class Unreadable(ValueError):
    """Why a file is no notebook, as a sentence that names it."""


def notebooks():
    """The notebooks that belong to the book (not the samples in tests/submissions, some broken on purpose)."""
    return [*sorted((ROOT / "chapters").glob("*.ipynb")), *sorted((ROOT / "exercises").glob("*.ipynb"))]


def tidy(notebook):
    """Put a notebook (nbformat 4, a dict) in order, in place, and return it. Sources and results stay as they are.

    A cell keeps its id for life; a new one gets the next free number. Of its metadata tags and caption stay.
    Execution counts go by position. Whole numbers of JSON outputs have no ".0", for a browser writes none; a chart has no photograph beside it.
    """
    notebook["nbformat_minor"] = 5
    notebook["metadata"] = nbformat.from_dict(METADATA)
    ids, ran = _ids(notebook["cells"]), 0
    for cell, name in zip(notebook["cells"], ids):
        for key in [key for key in cell if key not in CELL]:
            del cell[key]
        cell["id"] = name
        cell["metadata"] = nbformat.from_dict({k: v for k, v in cell["metadata"].items() if k in ("tags", "caption") and v})
        if cell["cell_type"] == "code":
            ran += bool(cell["execution_count"])
            cell["execution_count"] = ran if cell["execution_count"] else None
            cell["outputs"] = _outputs(cell)
    return notebook


def _ids(cells):
    seen, names = set(), []
    for cell in cells:
        name = cell.get("id", "")
        names.append(name if re.fullmatch(r"cell-\d\d+", name) and name not in seen else None)
        seen.add(name)
    last = max([int(name[5:]) for name in names if name], default=0)
    for place, name in enumerate(names):
        if not name:
            last += 1
            names[place] = f"cell-{last:02d}"
    return names


def _outputs(cell):
    kept = []
    for output in cell["outputs"]:
        output.pop("transient", None)
        if "execution_count" in output:
            output["execution_count"] = cell["execution_count"]
        if "data" in output:
            if CHART in output["data"]:
                output["data"].pop("image/png", None)  # JupyterLab keeps a photograph of each chart that it drew
            output["data"] = {mime: whole(value) if mime.endswith("json") else value for mime, value in output["data"].items()}
        before = kept[-1] if kept else {}
        if output["output_type"] == "stream" == before.get("output_type") and output["name"] == before["name"]:
            before["text"] = "".join(before["text"]) + "".join(output["text"])
        else:
            kept.append(output)
    return kept


def whole(value):
    """A JSON value with 60 in place of 60.0."""
    if isinstance(value, dict):
        return {key: whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def before_save(model, **_):
    """JupyterLab's hook: put what is about to be saved in order."""
    if model["type"] == "notebook" and model["content"] and model["content"].get("nbformat") == 4:
        tidy(model["content"])


def text(written, name):
    """The tidy text of a notebook's text, or of its bytes. `Unreadable` names the file and what is wrong."""
    try:
        notebook = nbformat.reads(written.decode("utf8") if isinstance(written, bytes) else written, as_version=4)
        nbformat.validate(tidy(notebook))
    except Exception as error:  # nbformat raises whatever it stumbles over
        kept = _git("cat-file", "-e", f"HEAD:./{name}").returncode == 0
        advice = f" Restore it: git checkout HEAD -- {name}" if kept else ""
        raise Unreadable(f"{name}: is not a notebook that can be read ({_what(error)}).{advice}") from error
    return nbformat.writes(notebook) + "\n"


def _what(error):
    cause = error.__cause__
    if isinstance(cause, json.JSONDecodeError):
        return f"{cause.msg} in line {cause.lineno}"
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start + 1} is not UTF-8"
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def tidy_file(path):
    """Put the notebook in a file in order; whether that changed it."""
    old = path.read_bytes()
    new = text(old, shown(path)).encode("utf8")
    if new != old:
        path.write_bytes(new)
    return new != old


def shown(path):
    """A path as messages print it: from the root of the repository, wherever one stands."""
    path = Path(path).resolve()
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def _git(*command):
    return subprocess.run(["git", *command], cwd=ROOT, capture_output=True)


def staged():
    """Put the notebooks of the next commit in order, and say which it changed; what cannot be done, as sentences."""
    listed = _git("diff", "--cached", "--name-only", "--diff-filter=ACMR", "-z").stdout.decode("utf8", "replace").split("\0")
    thrown_away = Path(os.environ.get("GIT_INDEX_FILE", "")).name.startswith("next-index")  # so git does with it after `git commit <file>`
    faults = []
    for path in [path for path in notebooks() if shown(path) in listed]:
        name = shown(path)
        blob = _git("show", f":{name}").stdout
        try:
            new = text(blob, name).encode("utf8")
        except Unreadable as fault:
            faults.append(f"{name}: the staged version cannot be read ({_what(fault.__cause__)}): mend the file, then git add {name}")
            continue
        if new == blob:
            continue
        if path.read_bytes() not in (blob, new):
            faults.append(f"{name}: part of it is staged, so it cannot be tidied for you: make tidy, then git add {name}")
            continue
        path.write_bytes(new)
        if thrown_away:
            faults.append(f"{name} is tidy now: commit again")
            continue
        _git("add", "--", name)
        print(f"tidied {name}")
    return faults


def main(arguments):
    if "--staged" in arguments:
        faults = staged()
    else:
        faults = []
        for path in map(Path, arguments or notebooks()):
            try:
                if tidy_file(path):
                    print(f"tidied {shown(path)}")
            except (OSError, Unreadable) as fault:
                faults.append(str(fault))
    print(*faults, sep="\n", end="\n" if faults else "", file=sys.stderr)
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
