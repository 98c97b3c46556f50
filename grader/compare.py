"""Compares an answer with the expected one: first its form, then its numbers.

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

from grader.parts import Place, leaves

__all__ = ["Difference", "Misfit", "closeness", "difference", "misfit", "same", "tolerance"]

# How many times the measured rounding error an answer may be off: other orders of adding differ from each other by up
# to the square root of the number of terms, times the few operations between input and answer.
ROUNDINGS = 1000.0
# Entries that are zero by cancellation have no scale of their own; the largest entry lends them some units of rounding.
FLOOR = 64.0
RELATIVE = {8: 1e-7, 4: 1e-4, 2: 1e-2}


@dataclass(frozen=True)
class Misfit:
    """The form of an answer is not what is expected at `place`.

    `kind` is "structure", "shape", "dtype" or "finite". `soft` says that the numbers may still be right: the type of
    a number is an edge matter. The sentence begins with `{}`, for the name of the part.
    """

    kind: str
    place: Place
    sentence: str
    soft: bool = False

    def of(self, name: str) -> str:
        """Return the sentence on the part called `name`; braces further on are the learner's, from a key of a dict."""
        return self.sentence.replace("{}", name, 1)


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


# --- form ----------------------------------------------------------------------------------------------------------


def misfit(expected: Any, answer: Any, place: Place = ()) -> Misfit | None:
    """Return the first thing that is wrong with the form of `answer`, hard faults before soft ones, or None."""
    found = list(_misfits(expected, answer, place))
    return next((fault for fault in found if not fault.soft), found[0] if found else None)


def _misfits(expected: Any, answer: Any, place: Place) -> list[Misfit]:
    sentence = _wrong_kind(expected, answer)
    if sentence:
        return [Misfit("structure", place, sentence)]
    if isinstance(expected, (tuple, list)):
        if len(answer) != len(expected):
            sentence = f"{{}} has {_count(len(answer), 'part')}, expected {len(expected)}"
            return [Misfit("structure", place, sentence)]
        steps: list[Any] = list(range(len(expected)))
    elif isinstance(expected, dict):
        if set(expected) != set(answer):
            return [Misfit("structure", place, _keys(expected, answer))]
        steps = list(expected)
    elif _kind(expected) in _NUMERIC:
        return _array_misfits(expected, answer, place)
    else:
        return []
    return [fault for step in steps for fault in _misfits(expected[step], answer[step], (*place, step))]


def _wrong_kind(expected: Any, answer: Any) -> str:
    """Return a sentence where `answer` is another kind of thing than `expected`."""
    wanted, got = _kind(expected), _kind(answer)
    if wanted == got or {wanted, got} in ({"a tuple", "a list"}, {"a number", "a single-number array"}):
        return ""
    if got == "None":
        return f"{{}} is None, expected {_describe(expected)}; is a return missing?"
    if wanted == "an array" and got in ("a list", "a tuple") and not any(isinstance(p, np.ndarray) for p in answer):
        return f"{{}} is {got}, expected {_describe(expected)}; np.array(...) makes one"
    if wanted in _NUMERIC and got == "a tuple" and len(answer) == 1:
        return f"{{}} is a tuple of 1 part, expected {_describe(expected)}; is there a comma behind it?"
    if wanted in ("a tuple", "a list"):
        return f"{{}} is {_describe(answer)}, expected {len(expected)} parts, written one after the other with commas"
    hint = _hint_of_shape(expected, answer) if {wanted, got} <= _NUMERIC else ""
    return f"{{}} is {_describe(answer)}, expected {_describe(expected)}{hint}"


_NUMERIC = {"a number", "a single-number array", "an array"}


def _kind(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return "an array" if value.ndim else "a single-number array"
    if isinstance(value, (bool, int, float, complex)):
        return "a number"
    words: dict[type, str] = {str: "text", tuple: "a tuple", list: "a list", dict: "a dict"}
    return words.get(type(value), "something else")


def _describe(value: Any) -> str:
    """Name a value in a few words: its kind, and how large it is."""
    kind = _kind(value)
    if kind == "an array":
        return f"an array of shape {value.shape}"
    if kind in ("a tuple", "a list", "a dict"):
        return f"{kind} of {_count(len(value), 'part')}"
    return "a number" if kind == "a single-number array" else kind


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _keys(expected: dict[Any, Any], answer: dict[Any, Any]) -> str:
    missing = [key for key in expected if key not in answer]
    if missing:
        return f"{{}} has no key {', '.join(map(repr, missing))}"
    extra = [repr(key)[:40] for key in answer if key not in expected]
    return f"{{}} has a key that is not expected: {', '.join(extra[:5])}"


def _hint_of_shape(expected: Any, answer: Any) -> str:
    """Say what a wrong shape often means; nothing where it may mean anything."""
    wanted, got = np.shape(expected), np.shape(answer)
    if np.size(expected) == np.size(answer) and sorted(n for n in wanted if n > 1) == sorted(n for n in got if n > 1):
        if len(wanted) == len(got):
            return ": the axes are in another order"
        return (
            ": the same number of entries, with an axis too many" if len(got) > len(wanted) else ": an axis is missing"
        )
    if len(got) > len(wanted) and got[len(got) - len(wanted) :] == wanted:
        return ": the first axis has not been summed over"
    return ""


def _array_misfits(expected: Any, answer: Any, place: Place) -> list[Misfit]:
    wanted, got = np.asarray(expected), np.asarray(answer)
    if object in (wanted.dtype, got.dtype):
        return _huge_misfits(wanted, got, place)
    if wanted.shape != got.shape:
        sentence = f"{{}} has shape {got.shape}, expected {wanted.shape}" + _hint_of_shape(wanted, got)
        return [Misfit("shape", place, sentence)]
    if got.dtype.kind == "c" and wanted.dtype.kind != "c":
        return [Misfit("dtype", place, "{} is complex, expected real numbers")]
    if got.dtype == np.float16 and wanted.dtype != np.float16:
        sentence = "{} has dtype float16, which keeps three digits: too few to be judged; compute in float64"
        return [Misfit("dtype", place, sentence)]
    if wanted.dtype.kind in "fc" and got.dtype.kind in "fc":
        bad = ~np.isfinite(got) & np.isfinite(wanted)
        if bad.any():
            return [Misfit("finite", place, _not_finite(got, bad))]
    # A Python float has no width of its own, so float(loss) is as good as a number of the arguments' dtype.
    if float in (type(expected), type(answer)) and wanted.dtype.kind == got.dtype.kind == "f":
        return []
    return [] if _same_type(wanted, got) else [Misfit("dtype", place, _wrong_dtype(expected, wanted, got), soft=True)]


def _huge_misfits(wanted: np.ndarray, got: np.ndarray, place: Place) -> list[Misfit]:
    """Whole numbers of more than 64 bits, which numpy knows as objects only."""
    if wanted.dtype.kind in "iuO" and got.dtype.kind in "iuO":
        return []
    if got.dtype == object:
        return [Misfit("dtype", place, f"{{}} is a whole number of more than 64 bits, too large for {wanted.dtype}")]
    return [Misfit("dtype", place, f"{{}} has dtype {got.dtype}, expected a whole number of more than 64 bits")]


def _not_finite(got: np.ndarray, bad: np.ndarray) -> str:
    index = tuple(int(i) for i in np.argwhere(bad)[0])
    where = f"[{', '.join(map(str, index))}]" if index else ""
    what = "NaN (not a number)" if np.isnan(got[index]) else "infinite"
    if bad.size == 1:
        return f"{{}} is {what}, expected a finite number"
    return f"{{}}{where} is {what}, expected a finite number ({bad.sum()} of {bad.size} entries are not finite)"


def _same_type(wanted: np.ndarray, got: np.ndarray) -> bool:
    if wanted.dtype.kind in "iu" and got.dtype.kind in "iu":
        return True
    return wanted.dtype == got.dtype


def _wrong_dtype(expected: Any, wanted: np.ndarray, got: np.ndarray) -> str:
    if not isinstance(expected, np.ndarray):
        names = {"b": "a truth value", "i": "a whole number", "u": "a whole number", "f": "a float"}
        kinds = [names.get(a.dtype.kind, str(a.dtype)) for a in (got, wanted)]
        if kinds[0] != kinds[1]:
            return f"{{}} is {kinds[0]}, expected {kinds[1]}"
    return f"{{}} has dtype {got.dtype}, expected {wanted.dtype}"


# --- numbers -------------------------------------------------------------------------------------------------------


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
