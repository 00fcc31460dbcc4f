"""Plotly figures and tables as plain JSON: the same numbers always give the same text."""

import base64
import math

import numpy as np


def plain(value, digits=6):
    """A copy of a Plotly structure in plain, repeatable JSON types.

    Typed arrays become lists, floats keep `digits` significant digits, and NaN becomes None.
    """
    if isinstance(value, dict):
        if set(value) >= {"dtype", "bdata"}:
            array = np.frombuffer(base64.b64decode(value["bdata"]), dtype=value["dtype"])
            if "shape" in value:
                array = array.reshape([int(n) for n in str(value["shape"]).split(",")])
            return plain(array.tolist(), digits)
        return {key: plain(value[key], digits) for key in sorted(value)}
    if isinstance(value, np.ndarray):
        return plain(value.tolist(), digits)
    if isinstance(value, (list, tuple)):
        return [plain(item, digits) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item(), digits)
    if isinstance(value, float):
        return float(f"{value:.{digits}g}") if math.isfinite(value) else None
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    return value
