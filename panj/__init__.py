"""The small package the chapters import: tables, charts, maps.

    from panj import load, show
"""

from .charts import show
from .data import load

__all__ = ["load", "show"]
