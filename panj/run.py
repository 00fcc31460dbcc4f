"""Run chapters and exercises from top to bottom and store their outputs: ``python -m panj.run chapters/*.ipynb``.

The saved file holds only what a reader or nbval needs: no timings, no machine names,
cell ids by position. Running twice gives the same bytes.
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent.parent

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def run(path):
    """Execute one notebook and save it, normalised. It runs in its own folder; one from elsewhere, in exercises/."""
    notebook = nbformat.read(path, as_version=4)
    folder = path.parent if path.resolve().is_relative_to(HERE) else HERE / "exercises"
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    notebook.metadata = METADATA
    for number, cell in enumerate(notebook.cells, 1):
        cell["id"] = f"cell-{number:02d}"
        cell.metadata = {k: v for k, v in cell.metadata.items() if k in ("tags", "caption")}
    nbformat.write(notebook, path)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        run(Path(name))
        print(f"ran {name}")
