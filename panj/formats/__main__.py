"""``python -m panj.formats [site]`` (make formats) writes the book in one file, three ways, into _build/formats.

With ``--offer <copy of the site>`` it puts those files there and names them on the page of downloads.
"""

import sys
from pathlib import Path

from ..archive import checksums
from . import epub, offline, pdf
from .about import about
from .articles import ROOT
from .downloads import offer, size

SITE, OUT = ROOT / "_build" / "html", ROOT / "_build" / "formats"
MAKERS = {"across-the-panj-offline.zip": offline, "across-the-panj.epub": epub, "across-the-panj.pdf": pdf}


def make(site=SITE, out=OUT):
    """Write every file into the folder `out`, with their checksums; gives {name: bytes}."""
    out.mkdir(parents=True, exist_ok=True)
    for name, maker in MAKERS.items():
        maker.make(site, out / name, about())
    (out / "SHA256SUMS").write_text(checksums({name: (out / name).read_bytes() for name in MAKERS}), "utf8")
    return {name: (out / name).stat().st_size for name in MAKERS}


if __name__ == "__main__":
    try:
        if sys.argv[1:2] == ["--offer"]:
            offer(sys.argv[2], OUT)
        else:
            for name, count in make().items():
                print(f"_build/formats/{name}  {size(count)}")
    except (FileNotFoundError, RuntimeError) as fault:
        sys.exit(str(fault))
