"""``python -m panj``: check data/ and say in plain sentences what is wrong, if anything is."""

import sys

from .data import DATA, load, problems

found = problems()
for sentence in found:
    print(sentence)
if not found:
    tables = [path.stem for path in sorted(DATA.glob("*.csv"))]
    print(f"data: {len(tables)} tables, {sum(len(load(name)) for name in tables)} rows, no faults")
sys.exit(bool(found))
