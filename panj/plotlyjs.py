"""Which plotly.js draws a figure in the reader's browser: the book's part of it, or all of it.

`make plotly` builds the part and writes on its first lines what is in it, and that is read here.
``python -m panj.plotlyjs`` prints the version that plotly.py was made for.
"""

import re
import shutil
from pathlib import Path

import plotly
from sphinx.errors import ExtensionError

STATIC = Path(__file__).parent / "static"
WHOLE = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


def installed():
    """The version of plotly.js inside plotly.py."""
    return re.search(r"plotly\.js v(\S+)", _top(WHOLE))[1]


def part():
    """The bundle in static/: its file name, its version, and the set of traces it can draw."""
    try:
        (path,) = STATIC.glob("plotly-*.partial.min.js")
    except ValueError:
        raise ExtensionError("panj/static/ should hold one plotly-*.partial.min.js: run `make plotly`.") from None
    version, traces = re.search(r"plotly\.js (\S+), only: (.+)", _top(path)).groups()
    return path.name, version, set(traces.split(", "))


def check():
    """Fail when the bundle was built for another plotly.py."""
    name, version, _ = part()
    if version != installed():
        raise ExtensionError(
            f"panj/static/{name} is plotly.js {version}, but plotly.py now draws with {installed()}: run `make plotly`."
        )


def script(spec):
    """The name in _static/ of the script that can draw this figure."""
    name, _, traces = part()
    return name if {trace.get("type", "scatter") for trace in spec["data"]} <= traces else WHOLE.name


def put(static):
    """Copy all of plotly.js into _static/, for figures with other traces: a reader's own may have any."""
    shutil.copy2(WHOLE, static / WHOLE.name)


def _top(path):
    with path.open(encoding="utf8") as file:
        return file.read(400)


if __name__ == "__main__":
    print(installed())
