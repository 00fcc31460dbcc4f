"""The small package the chapters import: tables, charts, maps, numbers for the text.

    from panj import glue, load, show
"""

from .charts import show
from .data import load
from .numbers import glue

__all__ = ["glue", "load", "show"]
