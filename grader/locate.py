"""Says in a few words where the wrong entries of an array lie."""

from collections.abc import Mapping

import numpy as np

from grader.messages import say_count

__all__ = ["where"]


def where(wrong: np.ndarray, fields: Mapping[str, np.ndarray]) -> str:
    """Return such as `(5 of 12 entries differ, all where x < 0)`, or nothing for a single number.

    Args:
        wrong: bool array; True at the entries that differ, at least one.
        fields: arrays that may explain it, by the name that the learner knows; those of another shape are passed
            over.
    """
    count = int(wrong.sum())
    if wrong.size == 1:
        return ""
    if count == wrong.size:
        return say_count(count, "(the only entry differs)", "(all {number} entries differ)")
    return (
        _sign(wrong, fields)
        or _slice(wrong)
        or say_count(
            count, "({number} of {size} entries differs)", "({number} of {size} entries differ)", size=wrong.size
        )
    )


def _sign(wrong: np.ndarray, fields: Mapping[str, np.ndarray]) -> str:
    """Name the tightest of the conditions `name < 0`, `name == 0`, `name > 0` that holds at every wrong entry."""
    fitting = []
    for name, values in fields.items():
        if np.shape(values) != wrong.shape:
            continue
        for sign, holds in (("<", values < 0), ("==", values == 0), (">", values > 0)):
            # A condition that holds nearly everywhere explains nothing; one wrong entry fits too many.
            if holds[wrong].all() and not holds.all() and wrong.sum() > 1 and wrong.sum() >= 0.5 * holds.sum():
                fitting.append((int(holds.sum()), False, f"{name} {sign} 0"))
            elif sign == "==" and holds[wrong].all() and not holds.all():
                fitting.append((int(holds.sum()), True, f"{name} == 0"))
    if not fitting:
        return ""
    _, loose, condition = min(fitting)
    count, size = int(wrong.sum()), wrong.size
    if loose:
        return say_count(
            count,
            "({number} of {size} entries differs, where {condition})",
            "({number} of {size} entries differ, where {condition})",
            size=size,
            condition=condition,
        )
    return say_count(
        count,
        "({number} of {size} entries differs, just where {condition})",
        "({number} of {size} entries differ, all where {condition})",
        size=size,
        condition=condition,
    )


def _slice(wrong: np.ndarray) -> str:
    """Name the one row, column or slice that holds every wrong entry."""
    count, size = int(wrong.sum()), wrong.size
    if wrong.ndim < 2 or count == 1:
        return ""
    for axis in range(wrong.ndim):
        places = np.unique(np.nonzero(wrong)[axis])
        if len(places) != 1 or wrong.shape[axis] == 1:
            continue
        place = int(places[0])
        if wrong.ndim > 2:
            return say_count(
                count,
                "({number} of {size} entries differs, at index {index} of axis {axis})",
                "({number} of {size} entries differ, all at index {index} of axis {axis})",
                size=size,
                index=place,
                axis=axis,
            )
        if axis == 0:
            return say_count(
                count,
                "({number} of {size} entries differs, in row {row})",
                "({number} of {size} entries differ, all in row {row})",
                size=size,
                row=place,
            )
        return say_count(
            count,
            "({number} of {size} entries differs, in column {column})",
            "({number} of {size} entries differ, all in column {column})",
            size=size,
            column=place,
        )
    return ""
