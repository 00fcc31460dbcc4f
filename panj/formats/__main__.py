"""``python -m panj.formats`` (`make formats`) writes the book in one file, three ways, into _build/formats."""

import sys
from pathlib import Path

from ..archive import checksums
from . import epub, offline, pdf
from .about import about
from .downloads import SUMS, size

SITE, OUT = Path("_build/html"), Path("_build/formats")
MAKERS = {"across-the-panj-offline.zip": offline, "across-the-panj.epub": epub, "across-the-panj.pdf": pdf}


def make(site=SITE, out=OUT):
    """Write every file into the folder `out`, with their checksums; gives {name: bytes}. RuntimeError without a Chrome."""
    out.mkdir(parents=True, exist_ok=True)
    told = about()
    for name, maker in MAKERS.items():
        maker.make(site, out / name, told)
    (out / SUMS).write_text(checksums({name: (out / name).read_bytes() for name in MAKERS}), "utf8")
    return {name: (out / name).stat().st_size for name in MAKERS}


if __name__ == "__main__":
    try:
        for name, count in make().items():
            print(f"{OUT / name}  {size(count)}")
    except RuntimeError as fault:
        sys.exit(str(fault))
