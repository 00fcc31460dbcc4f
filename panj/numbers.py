"""Numbers that prose prints: computed in a cell, stored in the notebook, never typed.

A cell says ``glue("gap", 42 - 27)``; the text says ``{glue:text}`gap` ``. The stored output has the form
that myst-nb reads. (Its own ``glue`` would pull Sphinx into every chapter, and into the reader's browser.)
"""

from IPython.display import display

PREFIX = "application/papermill.record/"
WORDS = "no one two three four five six seven eight nine ten eleven twelve".split()


def glue(name, value):
    """Store `value` for the text of this chapter under `name`, unique in the chapter.

    Integers up to twelve become words, larger ones get thousands separators; format
    anything else yourself, so that it reads as it should: ``glue("ratio", f"{ratio:.2f}")``.
    """
    text = in_words(value) if isinstance(value, int) or hasattr(value, "__index__") else str(value)
    meta = {"scrapbook": {"name": name, "mime_prefix": PREFIX}}
    display({PREFIX + "text/plain": repr(text)}, metadata=meta, raw=True)


def in_words(number):
    """A whole number as running text prints it: "seven", but "41" and "1,374"."""
    number = int(number)
    return WORDS[number] if 0 <= number < len(WORDS) else f"{number:,}"
