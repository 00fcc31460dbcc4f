"""The book as a folder to carry: the site, the problem sets for students, the data; with checksums, in one ZIP.

Nothing that holds answers goes in beyond what the pages show: no instructors' notebooks, no quiz files.
"""

import tempfile
from pathlib import Path

from ..archive import checksums, pack
from ..exercises import handouts
from . import data
from .downloads import NOT_HERE, PAGE

TOP = "across-the-panj"
HERE = (
    '<p class="panj-whole">You are reading the offline folder. Beside the site it holds the problem sets for students, in <code>handouts/</code>, '
    "and the data, in <code>data/</code>.</p>"
)
README = """\
# {title}

Edition of {edition}. Everything here works without a network.

- Open `site/index.html` in any browser. Charts, exercises and the search work as they stand.
- Code on the pages runs once the folder is served: in `site/` type `python3 -m http.server`, then open http://localhost:8000.
- `handouts/` holds a folder for each problem set, with its own README.
- `data/` holds the tables, with codebook and licence.
- `sha256sum -c SHA256SUMS` finds a file that was damaged on its way.

{licence}
"""


def make(site, target, told):
    """Write the ZIP of the built `site` to the path `target`. `told`: what about.about() says."""
    site = Path(site)
    files = {f"site/{p.relative_to(site).as_posix()}": p.read_bytes() for p in sorted(site.rglob("*")) if p.is_file() and not p.name.startswith(".")}
    page = f"site/{PAGE}.html"
    files[page] = files[page].replace(NOT_HERE.encode(), HERE.encode())
    with tempfile.TemporaryDirectory() as folder:
        handouts.build(Path(folder))
        given = Path(folder, "student")
        files |= {f"handouts/{p.relative_to(given).as_posix()}": p.read_bytes() for p in sorted(given.rglob("*")) if p.is_file() and p.suffix != ".zip"}
    files |= {f"data/{name}": content for name, content in data.files().items()}
    files["README.md"] = README.format(**told)
    files["SHA256SUMS"] = checksums(files)
    pack(target, {f"{TOP}/{name}": content for name, content in files.items()})
