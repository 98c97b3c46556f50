"""Compares the numbers of an answer with the expected ones; its form (`grader.misfit`) has been found to fit.

The tolerance is not chosen but follows from the expected value's own error bar, which is how far the reference moves
when its input is rounded differently (`grader.key` measures it). An entry e with bar s accepts

    |a - e| <= r |e| + ROUNDINGS s + FLOOR eps max|e|

with r the square root of the precision, about: 1e-7 for float64 and 1e-4 for float32. An honest answer that adds in
another order or uses another identity stays below a tenth of it, a formula that is wrong above ten times it; the
promises in tests/test_exercises.py hold every exercise to that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.misfit import misfit
from grader.parts import Place, leaves

__all__ = ["Difference", "closeness", "difference", "same", "tolerance"]

# How many times the measured rounding error an answer may be off: other orders of adding differ from each other by up
# to the square root of the number of terms, times the few operations between input and answer.
ROUNDINGS = 1000.0
# Entries that are zero by cancellation have no scale of their own; the largest entry lends them some units of rounding.
FLOOR = 64.0
RELATIVE = {8: 1e-7, 4: 1e-4, 2: 1e-2}


@dataclass(frozen=True)
class Difference:
    """Numbers of the part at `place` are not the expected ones, or its text is not.

    `index` is the worst entry, `yours` and `expected` its two values (two texts, where the part is one), `tolerance`
    what was allowed there; `wrong` marks all entries that differ (shape of the part).
    """

    place: Place
    index: tuple[int, ...]
    yours: complex | str
    expected: complex | str
    tolerance: float
    wrong: np.ndarray


def tolerance(expected: np.ndarray, bar: np.ndarray | float, width: int = 8) -> np.ndarray:
    """Return what each entry may be off, shape of `expected`; exact (0) where numbers are not floats.

    Args:
        expected: array of the expected numbers.
        bar: their error bars, same shape.
        width: bytes of the narrowest float among the expected and the given answer.
    """
    if expected.dtype.kind not in "fc" or not expected.size:
        return np.zeros(expected.shape)
    size = np.where(np.isfinite(expected), np.abs(expected), 0.0).astype(float)
    eps = float(np.finfo(f"f{width}").eps)
    return RELATIVE[width] * size + ROUNDINGS * np.asarray(bar, float) + FLOOR * eps * float(size.max())


def difference(expected: Any, answer: Any, bars: Mapping[Place, Any], skip: frozenset[Place]) -> Difference | None:
    """Return the first part whose numbers differ, or None. The form has been found to fit.

    Args:
        expected, answer: plain data of one form.
        bars: error bars of the float parts of the reference's answer, by place. A mistake's answer may have another
            shape; the largest bar of the part stands for all of it then.
        skip: the places of parts that other checks judge.
    """
    given = dict(leaves(answer))
    for place, value in leaves(expected):
        if place in skip or value is None:
            continue
        if isinstance(value, str):
            if given[place] != value:
                return Difference(place, (), given[place], value, 0.0, np.ones((), bool))
            continue
        wanted, got = np.asarray(value), np.asarray(given[place])
        if object in (wanted.dtype, got.dtype):  # numbers of more than 64 bits, or a generator
            if wanted.item() != got.item():
                return Difference(place, (), got.item(), wanted.item(), 0.0, np.ones((), bool))
            continue
        found = _part_difference(place, wanted, got, bars.get(place, 0.0))
        if found is not None:
            return found
    return None


def _part_difference(place: Place, expected: np.ndarray, answer: np.ndarray, bar: Any) -> Difference | None:
    alike = expected.dtype == answer.dtype and expected.shape == answer.shape
    if alike and expected.tobytes() == answer.tobytes():  # what is the same needs no bars
        return None
    if np.ndim(bar) and np.shape(bar) != expected.shape:
        bar = np.max(bar, initial=0.0)
    ratio, allowed = closeness(expected, answer, bar)
    wrong = ratio > 1
    if not wrong.any():
        return None
    index = tuple(int(i) for i in np.unravel_index(np.argmax(np.where(np.isnan(ratio), np.inf, ratio)), ratio.shape))
    yours, wanted = answer[index].item(), expected[index].item()
    return Difference(place, index, yours, wanted, float(allowed[index]), wrong)


def closeness(expected: np.ndarray, answer: np.ndarray, bar: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return how far off each entry is, in units of its tolerance, and the tolerance itself.

    Equal entries are 0 off, infinities of one sign and a NaN where NaN is expected included; unequal entries that
    have no tolerance are infinitely far off.
    """
    width = min(
        [a.dtype.itemsize // (2 if a.dtype.kind == "c" else 1) for a in (expected, answer) if a.dtype.kind in "fc"]
        + [8]
    )
    allowed = tolerance(expected, bar, width)
    with np.errstate(all="ignore"):
        wide = [
            a.astype(complex if a.dtype.kind == "c" else float) if a.dtype.kind in "fc" else a
            for a in (expected, answer)
        ]
        equal = (wide[0] == wide[1]) | ((wide[0] != wide[0]) & (wide[1] != wide[1]))
        off = np.abs(np.subtract(*(a.astype(float) if a.dtype.kind in "biu" else a for a in wide)))
        ratio = np.where(allowed > 0, off / np.where(allowed > 0, allowed, 1.0), np.inf)
    ratio = np.where(np.isnan(ratio), np.inf, ratio)
    return np.where(equal, 0.0, ratio), allowed


def same(expected: Any, answer: Any, bars: Mapping[Place, Any]) -> bool:
    """Say whether two answers are equal within the tolerance, in form and in numbers."""
    fault = misfit(expected, answer)
    if fault is not None and not (fault.soft or fault.kind == "finite"):
        return False
    return difference(expected, answer, bars, frozenset()) is None
