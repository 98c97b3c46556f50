"""Says in a few words where the wrong entries of an array lie."""

from collections.abc import Mapping

import numpy as np

__all__ = ["where"]


def where(wrong: np.ndarray, fields: Mapping[str, np.ndarray]) -> str:
    """Return such as `5 of 12 entries differ, all where x < 0`.

    Args:
        wrong: bool array; True at the entries that differ, at least one.
        fields: arrays that may explain it, by the name that the learner knows; those of another shape are passed
            over.
    """
    count = int(wrong.sum())
    if wrong.size == 1:
        return ""
    if count == wrong.size:
        return f"all {count} entries differ"
    head = f"{count} of {wrong.size} entries differ{'s' if count == 1 else ''}"
    place = _sign(wrong, fields) or _slice(wrong)
    return f"{head}, {place}" if place else head


def _sign(wrong: np.ndarray, fields: Mapping[str, np.ndarray]) -> str:
    """Name the tightest of the conditions `name < 0`, `name == 0`, `name > 0` that holds at every wrong entry."""
    fitting = []
    for name, values in fields.items():
        if np.shape(values) != wrong.shape:
            continue
        for sign, holds in (("<", values < 0), ("==", values == 0), (">", values > 0)):
            # A condition that holds nearly everywhere explains nothing; one wrong entry fits too many.
            if holds[wrong].all() and not holds.all() and wrong.sum() > 1 and wrong.sum() >= 0.5 * holds.sum():
                fitting.append((int(holds.sum()), f"all where {name} {sign} 0"))
            elif sign == "==" and holds[wrong].all() and not holds.all():
                fitting.append((int(holds.sum()), f"where {name} == 0"))
    return min(fitting)[1] if fitting else ""


def _slice(wrong: np.ndarray) -> str:
    """Name the one row, column or slice that holds every wrong entry."""
    if wrong.ndim == 0 or wrong.sum() == 1:
        return ""
    for axis, words in enumerate(("row", "column") if wrong.ndim == 2 else ["slice"] * wrong.ndim):
        places = np.unique(np.nonzero(wrong)[axis])
        if len(places) == 1 and wrong.shape[axis] > 1 and wrong.ndim > 1:
            return f"all in {words} {places[0]}" if wrong.ndim == 2 else f"all at index {places[0]} of axis {axis}"
    return ""
