"""One static picture per chart, made once and kept by the hash of what it shows.

Each chart is drawn twice, for a wide and for a narrow screen, and each drawing is
re-coloured for dark pages by replacing the palette's light values with its dark ones.
"""

import hashlib
import json
import logging
import os
import re
from pathlib import Path

import kaleido
import plotly
from choreographer.browsers.chromium import Chromium

from . import style
from .style import WIDTHS, drawing, pixels

for talkative in ("choreographer", "kaleido"):  # they report every start and stop
    logging.getLogger(talkative).setLevel(logging.WARNING)


def browser():
    """Path of a local Chrome or Chromium, or None. ``BROWSER_PATH`` names one outright."""
    return os.environ.get("BROWSER_PATH") or Chromium.find_browser(skip_local=False)


def key(spec):
    """A name that changes exactly when the pictures would: figure, plotly or this code."""
    text = json.dumps(drawing(spec), sort_keys=True) + plotly.__version__ + Path(__file__).read_text("utf8")
    return hashlib.sha256((text + Path(style.__file__).read_text("utf8")).encode()).hexdigest()[:16]


class Studio:
    """Draws pictures into a folder, starting the browser only when one is missing."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.browser = browser()
        self.started = False

    def draw(self, name, spec):
        """Make the four SVG files of one chart unless they are there already."""
        self.folder.mkdir(parents=True, exist_ok=True)
        figure = drawing(spec)
        for size in WIDTHS:
            light = self.folder / f"{name}-{size}-light.svg"
            if not light.exists():
                svg = self._svg(figure, *pixels(figure, size))
                (self.folder / f"{name}-{size}-dark.svg").write_text(recolour(svg), "utf8")
                light.write_text(svg, "utf8")

    def _svg(self, figure, width, height):
        if not self.started:
            os.environ["BROWSER_PATH"] = self.browser
            kaleido.start_sync_server(silence_warnings=True)
            self.started = True
        options = {"format": "svg", "width": width, "height": height}
        return tidy(kaleido.calc_fig_sync(figure, opts=options).decode())

    def close(self):
        if self.started:
            kaleido.stop_sync_server(silence_warnings=True)
            self.started = False


def tidy(svg):
    """The same picture equal from build to build, and smaller: ids in order in place of random ones, no class names, one decimal."""
    svg = re.sub(r' class="[^"]*"', "", svg)
    number = {name: f"panj{n}" for n, name in enumerate(dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg)))}
    svg = re.sub(r"""(\bid="|#)([^"')]+)(?=["')])""", lambda m: m[1] + number.get(m[2], m[2]), svg)
    return re.sub(r"<[^>]*>", lambda tag: re.sub(r"(\d+\.\d)\d+", r"\1", tag[0]), svg)  # labels keep their digits


def recolour(svg):
    """The picture for a dark page. Chrome writes colours as rgb(r, g, b); plotly also as #hex."""
    swaps = {}
    for light, dark in style.DARK.items():
        swaps[light] = dark
        swaps[_rgb(light)] = _rgb(dark)
    pattern = re.compile("|".join(re.escape(s) for s in sorted(swaps, key=len, reverse=True)), re.I)
    return pattern.sub(lambda match: swaps[match[0].lower()], svg)


def _rgb(hexed):
    return "rgb({}, {}, {})".format(*(int(hexed[i : i + 2], 16) for i in (1, 3, 5)))
