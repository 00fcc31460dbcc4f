"""Check what contributors write, in seconds: ``python -m panj.check [files]``, or `make check`.

Each file here holds one kind of rule and gives findings: form.py how files are stored, lesson.py what a chapter
has, practice.py its exercises and quiz, prose.py and words.py how it is written, links.py where it leads, evidence.py
whether pages and tables fit together, code.py its Python, stale.py whether its outputs still hold. The tests call the
same functions, so that a rule is written once.
"""

from dataclasses import dataclass

from ..tidy import ROOT, shown

__all__ = ["ROOT", "Finding", "found"]


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong: the file, the cell (counted from 1 over all cells; 0 for the whole file), a sentence with the mend."""

    file: str
    cell: int
    sentence: str
    warning: bool = False

    def __str__(self):
        place = ", ".join([self.file] * bool(self.file) + [f"cell {self.cell}"] * bool(self.cell))
        return ": ".join(part for part in (place, "advice" * self.warning, self.sentence) if part)


def found(path, cell, sentence, warning=False):
    """A Finding in the file at `path`."""
    return Finding(shown(path), cell, sentence, warning)
