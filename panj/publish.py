"""The built book as a folder for any static host: ``make publish-dir BASEURL=https://your.host/path/``.

With the site goes the book in one file, three ways (formats/), named on the page of downloads. What the build left for
itself stays behind. Beside each file that shrinks by it stands the same in gzip, for hosts that send such files when
asked (nginx: ``gzip_static on``).
"""

import gzip
import shutil
import sys
from pathlib import Path

from .formats.__main__ import OUT, SITE, make
from .formats.downloads import offer

LEFT = (".*", "objects.inv")  # marks of the build, and an index for other Sphinx books
WORTH = 0.8  # a file that compresses to more than this is sent as it is


def publish(site, folder, formats):
    """Make `folder` anew from the built `site` and the folder `formats` of its other forms. FileNotFoundError where one is missing."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(site, folder, ignore=shutil.ignore_patterns(*LEFT))
    offer(folder, formats)
    for path in [path for path in folder.rglob("*.*") if path.is_file()]:
        plain = path.read_bytes()
        packed = gzip.compress(plain, 9, mtime=0)
        if len(packed) <= WORTH * len(plain):
            path.with_name(path.name + ".gz").write_bytes(packed)
    # Told so, GitHub Pages serves from a branch what begins with an underscore.
    (folder / ".nojekyll").touch()


if __name__ == "__main__":
    try:
        make()
    except RuntimeError as fault:
        sys.exit(str(fault))
    publish(SITE, Path("_build/publish"), OUT)
    print("The site is in _build/publish: put what is in there on the host.")
