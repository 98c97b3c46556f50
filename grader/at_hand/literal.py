"""Plain values as Python text, so that a constant of a notebook can go along with a function."""

from typing import Any

import numpy as np

__all__ = ["MOST", "NUMPY", "literal"]

NUMPY = "_numpy"  # what the text calls NumPy
MOST = 1000  # entries of an array, and parts of whatever holds others


def literal(value: Any) -> str | None:
    """Return a text that makes the value again, where it is made of plain ones and not too large; else None."""
    kind = type(value)
    if value is None or value is ... or kind in (bool, int, str, bytes):
        return repr(value)
    if kind is float:
        return repr(value) if np.isfinite(value) else f'float("{value}")'
    if kind is complex:
        return f"complex({literal(value.real)}, {literal(value.imag)})"
    if isinstance(value, np.generic) and value.dtype.kind in "biufc":
        return f'{NUMPY}.dtype("{value.dtype.str}").type({literal(value.item())})'
    if kind is np.ndarray:
        return _array(value)
    if kind in (tuple, list, set, frozenset, dict):
        return _holding(value) if len(value) <= MOST else None
    return None


def _array(value: np.ndarray) -> str | None:
    if value.size > MOST or value.dtype.kind not in "biufc":
        return None
    entries = literal(value.ravel().tolist())
    return f'{NUMPY}.array({entries}, dtype="{value.dtype.str}").reshape({value.shape})'


def _holding(value: Any) -> str | None:
    try:
        if isinstance(value, dict):
            pairs = [(literal(key), literal(part)) for key, part in value.items()]
            return None if None in sum(pairs, ()) else "{" + ", ".join(f"{key}: {part}" for key, part in pairs) + "}"
        parts = [part for one in value if (part := literal(one)) is not None]
    except RecursionError:  # it holds itself
        return None
    if len(parts) < len(value):
        return None
    inside = ", ".join(parts)
    if isinstance(value, tuple):
        return f"({inside}{',' * (len(parts) == 1)})"
    return f"[{inside}]" if isinstance(value, list) else f"{type(value).__name__}([{inside}])"
