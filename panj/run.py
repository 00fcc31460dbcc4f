"""Run chapters and exercises from top to bottom and store their outputs: ``python -m panj.run chapters/*.ipynb``.

The saved file is tidy (tidy.py): no timings, no machine names. Running twice gives the same bytes.
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from .tidy import ROOT, tidy


def run(path):
    """Execute one notebook and save it, tidy. It runs in its own folder; one from elsewhere, in exercises/."""
    notebook = nbformat.read(path, as_version=4)
    folder = path.parent if path.resolve().is_relative_to(ROOT) else ROOT / "exercises"
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    nbformat.write(tidy(notebook), path)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        run(Path(name))
        print(f"ran {name}")
