"""Whether an answer has the form that is expected, and in words what it has instead."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.messages import say, say_count
from grader.parts import Place, entry

__all__ = ["Misfit", "misfit"]

MOST_TEXTS, LONGEST_TEXT = 8, 40


@dataclass(frozen=True)
class Misfit:
    """The form of an answer is not what is expected at `place`.

    `kind` is "structure", "shape", "dtype" or "finite"; `of(name)` says what is wrong with the part that is called so.
    `soft` says that the numbers may still be right: the type of a number is an edge matter.
    """

    kind: str
    place: Place
    of: Callable[[str], str]
    soft: bool = False


def misfit(expected: Any, answer: Any, place: Place = ()) -> Misfit | None:
    """Return the first thing that is wrong with the form of `answer`, hard faults before soft ones, or None."""
    found = list(_misfits(expected, answer, place))
    return next((fault for fault in found if not fault.soft), found[0] if found else None)


def _misfits(expected: Any, answer: Any, place: Place) -> list[Misfit]:
    if _another_kind(expected, answer):
        return [Misfit("structure", place, lambda name: _kinds(name, place, expected, answer))]
    if isinstance(expected, (tuple, list)):
        if len(answer) != len(expected):
            return [Misfit("structure", place, lambda name: _length(name, expected, answer))]
        steps: list[Any] = list(range(len(expected)))
    elif isinstance(expected, dict):
        if set(expected) != set(answer):
            return [Misfit("structure", place, lambda name: _keys(name, expected, answer))]
        steps = list(expected)
    elif _kind(expected) in _NUMERIC:
        return _array_misfits(expected, answer, place)
    else:
        return []
    return [fault for step in steps for fault in _misfits(expected[step], answer[step], (*place, step))]


_NUMERIC = {"number", "single-number array", "array"}
_SEVERAL = {"tuple", "list"}


def _kind(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return "array" if value.ndim else "single-number array"
    if isinstance(value, (bool, int, float, complex)):
        return "number"
    words: dict[type, str] = {str: "text", tuple: "tuple", list: "list", dict: "dict"}
    return words.get(type(value), "something else")


def _another_kind(expected: Any, answer: Any) -> bool:
    """Say whether `answer` is another kind of thing than `expected`."""
    wanted, got = _kind(expected), _kind(answer)
    return wanted != got and {wanted, got} not in (_SEVERAL, {"number", "single-number array"})


def _kinds(name: str, place: Place, expected: Any, answer: Any) -> str:
    """Say what an answer, or its part at `place`, is, and what is expected there."""
    wanted, got = _kind(expected), _kind(answer)
    if wanted in _NUMERIC and got in _NUMERIC:
        return _number_or_array(name, expected, answer)
    if got == "None":
        return _none(name, place, expected)
    if wanted == "array" and got in _SEVERAL and not _holds_arrays(answer):
        return _no_array_yet(name, expected, answer)
    if wanted in _NUMERIC and got == "tuple" and len(answer) == 1:
        return _comma(name, expected)
    return f"{_is(name, answer)} {_wanted(expected)}"


def _holds_arrays(answer: Any) -> bool:
    return any(isinstance(part, np.ndarray) for part in answer)


def _number_or_array(name: str, expected: Any, answer: Any) -> str:
    """Tell a number and an array apart; a shape often says what has happened."""
    shape, hint = np.shape(expected) or np.shape(answer), _hint_of_shape(expected, answer)
    if hint == "an axis is missing":
        return say("{name} is a number, expected an array of shape {shape}: an axis is missing", name=name, shape=shape)
    if hint == "an axis too many":
        return say(
            "{name} is an array of shape {shape}, expected a number: the same number of entries, with an axis too many",
            name=name,
            shape=shape,
        )
    if hint == "not summed":
        return say(
            "{name} is an array of shape {shape}, expected a number: the first axis has not been summed over",
            name=name,
            shape=shape,
        )
    return say("{name} is a number, expected an array of shape {shape}", name=name, shape=shape)


def _none(name: str, place: Place, expected: Any) -> str:
    """Say that there is nothing; a return is missing only where that is the whole answer."""
    shape = np.shape(expected) if _kind(expected) == "array" else None
    if place and shape is not None:
        return say("{name} is None, expected an array of shape {shape}", name=name, shape=shape)
    if shape is not None:
        return say("{name} is None, expected an array of shape {shape}; is a return missing?", name=name, shape=shape)
    head = say("{name} is None.", name=name) if place else say("{name} is None; is a return missing?", name=name)
    return f"{head} {_wanted(expected)}"


def _no_array_yet(name: str, expected: Any, answer: Any) -> str:
    """Say that there is a list or a tuple where an array is expected."""
    shape = np.shape(expected)
    if isinstance(answer, list):
        return say(
            "{name} is a list, expected an array of shape {shape}; np.array(...) makes one", name=name, shape=shape
        )
    return say("{name} is a tuple, expected an array of shape {shape}; np.array(...) makes one", name=name, shape=shape)


def _comma(name: str, expected: Any) -> str:
    if np.ndim(expected):
        return say(
            "{name} is a tuple of 1 part, expected an array of shape {shape}; is there a comma behind it?",
            name=name,
            shape=np.shape(expected),
        )
    return say("{name} is a tuple of 1 part, expected a number; is there a comma behind it?", name=name)


def _is(name: str, answer: Any) -> str:
    """Say what an answer is: its kind, and how large it is."""
    kind = _kind(answer)
    if kind == "array":
        return say("{name} is an array of shape {shape}.", name=name, shape=answer.shape)
    if kind in ("number", "single-number array"):
        return say("{name} is a number.", name=name)
    if kind == "text":
        return say("{name} is text.", name=name)
    if kind == "tuple":
        return say_count(
            len(answer), "{name} is a tuple of {number} part.", "{name} is a tuple of {number} parts.", name=name
        )
    if kind == "list":
        return say_count(
            len(answer), "{name} is a list of {number} part.", "{name} is a list of {number} parts.", name=name
        )
    if kind == "dict":
        return say_count(
            len(answer), "{name} is a dict of {number} part.", "{name} is a dict of {number} parts.", name=name
        )
    return say("{name} is something else than numbers, arrays and text.", name=name)


def _wanted(expected: Any) -> str:
    """Say what is expected."""
    kind = _kind(expected)
    if kind == "array":
        return say("An array of shape {shape} is expected.", shape=expected.shape)
    if kind in ("number", "single-number array"):
        return say("A number is expected.")
    if kind == "text":
        return say("Text is expected.")
    if kind in _SEVERAL:
        return say_count(
            len(expected),
            "{number} part is expected, with a comma behind it.",
            "{number} parts are expected, written one after the other with commas.",
        )
    if kind == "dict":
        return say_count(len(expected), "A dict of {number} part is expected.", "A dict of {number} parts is expected.")
    return say("None is expected.") if expected is None else say("Something else is expected.")


def _length(name: str, expected: Any, answer: Any) -> str:
    if all(_are_texts(texts) for texts in (expected, answer)):
        return say("{name} is {yours}, expected {wanted}", name=name, yours=repr(answer), wanted=repr(expected))
    return say_count(
        len(answer),
        "{name} has {number} part, expected {wanted}",
        "{name} has {number} parts, expected {wanted}",
        name=name,
        wanted=len(expected),
    )


def _are_texts(several: Any) -> bool:
    """Say whether these are a few short texts, which are told apart best where they are seen."""
    return len(several) <= MOST_TEXTS and all(isinstance(one, str) and len(one) <= LONGEST_TEXT for one in several)


def _keys(name: str, expected: dict[Any, Any], answer: dict[Any, Any]) -> str:
    missing = [key for key in expected if key not in answer]
    if missing:
        return say("{name} has no key {keys}", name=name, keys=", ".join(map(repr, missing)))
    extra = [repr(key)[:40] for key in answer if key not in expected]
    return say("{name} has a key that is not expected: {keys}", name=name, keys=", ".join(extra[:5]))


def _hint_of_shape(expected: Any, answer: Any) -> str:
    """Return what a wrong shape often means; nothing where it may mean anything."""
    wanted, got = np.shape(expected), np.shape(answer)
    if np.size(expected) == np.size(answer) and sorted(n for n in wanted if n > 1) == sorted(n for n in got if n > 1):
        if len(wanted) == len(got):
            return "another order"
        return "an axis too many" if len(got) > len(wanted) else "an axis is missing"
    if len(got) > len(wanted) and got[len(got) - len(wanted) :] == wanted:
        return "not summed"
    return ""


def _shape(name: str, wanted: np.ndarray, got: np.ndarray) -> str:
    yours, expected, hint = got.shape, wanted.shape, _hint_of_shape(wanted, got)
    sentences: Mapping[str, Callable[[], str]] = {
        "another order": lambda: say(
            "{name} has shape {yours}, expected {expected}: the axes are in another order",
            name=name,
            yours=yours,
            expected=expected,
        ),
        "an axis too many": lambda: say(
            "{name} has shape {yours}, expected {expected}: the same number of entries, with an axis too many",
            name=name,
            yours=yours,
            expected=expected,
        ),
        "an axis is missing": lambda: say(
            "{name} has shape {yours}, expected {expected}: an axis is missing",
            name=name,
            yours=yours,
            expected=expected,
        ),
        "not summed": lambda: say(
            "{name} has shape {yours}, expected {expected}: the first axis has not been summed over",
            name=name,
            yours=yours,
            expected=expected,
        ),
        "": lambda: say("{name} has shape {yours}, expected {expected}", name=name, yours=yours, expected=expected),
    }
    return sentences[hint]()


def _array_misfits(expected: Any, answer: Any, place: Place) -> list[Misfit]:
    wanted, got = np.asarray(expected), np.asarray(answer)
    if object in (wanted.dtype, got.dtype):
        return _huge_misfits(wanted, got, place)
    if wanted.shape != got.shape:
        return [Misfit("shape", place, lambda name: _shape(name, wanted, got))]
    if got.dtype.kind == "c" and wanted.dtype.kind != "c":
        return [Misfit("dtype", place, lambda name: say("{name} is complex, expected real numbers", name=name))]
    if got.dtype == np.float16 and wanted.dtype != np.float16:
        return [Misfit("dtype", place, _half)]
    if wanted.dtype.kind in "fc" and got.dtype.kind in "fc":
        bad = ~np.isfinite(got) & np.isfinite(wanted)
        if bad.any():
            return [Misfit("finite", place, lambda name: _not_finite(name, got, bad))]
    # A Python float has no width of its own, so float(loss) is as good as a number of the arguments' dtype, and so are
    # numpy's numbers of the same width.
    if wanted.ndim == 0 and wanted.dtype.kind == got.dtype.kind == "f" and np.float64 in (wanted.dtype, got.dtype):
        return []
    if _same_type(wanted, got):
        return []
    return [Misfit("dtype", place, lambda name: _wrong_dtype(name, expected, wanted, got), soft=True)]


def _huge_misfits(wanted: np.ndarray, got: np.ndarray, place: Place) -> list[Misfit]:
    """Whole numbers of more than 64 bits, which numpy knows as objects only."""
    if wanted.dtype.kind in "iuO" and got.dtype.kind in "iuO":
        return []
    return [Misfit("dtype", place, lambda name: _huge(name, wanted, got))]


def _huge(name: str, wanted: np.ndarray, got: np.ndarray) -> str:
    if got.dtype == object:
        return say(
            "{name} is a whole number of more than 64 bits, too large for {dtype}", name=name, dtype=wanted.dtype
        )
    return say("{name} has dtype {dtype}, expected a whole number of more than 64 bits", name=name, dtype=got.dtype)


def _half(name: str) -> str:
    return say(
        "{name} has dtype float16, which keeps three digits: too few to be judged; compute in float64", name=name
    )


def _not_finite(name: str, got: np.ndarray, bad: np.ndarray) -> str:
    index = tuple(int(i) for i in np.argwhere(bad)[0])
    place = name + entry(index)
    if np.isnan(got[index]):
        head = say("{place} is NaN (not a number), expected a finite number", place=place)
    else:
        head = say("{place} is infinite, expected a finite number", place=place)
    if bad.size == 1:
        return head
    count = say_count(
        int(bad.sum()),
        "({number} of {size} entries is not finite)",
        "({number} of {size} entries are not finite)",
        size=bad.size,
    )
    return f"{head} {count}"


def _same_type(wanted: np.ndarray, got: np.ndarray) -> bool:
    if wanted.dtype.kind in "iu" and got.dtype.kind in "iu":
        return True
    return wanted.dtype == got.dtype


def _wrong_dtype(name: str, expected: Any, wanted: np.ndarray, got: np.ndarray) -> str:
    kinds = "".join("i" if array.dtype.kind == "u" else array.dtype.kind for array in (got, wanted))
    sentences: Mapping[str, Callable[[], str]] = {
        "bi": lambda: say("{name} is a truth value, expected a whole number", name=name),
        "bf": lambda: say("{name} is a truth value, expected a float", name=name),
        "ib": lambda: say("{name} is a whole number, expected a truth value", name=name),
        "if": lambda: say("{name} is a whole number, expected a float", name=name),
        "fb": lambda: say("{name} is a float, expected a truth value", name=name),
        "fi": lambda: say("{name} is a float, expected a whole number", name=name),
    }
    if not isinstance(expected, np.ndarray) and kinds in sentences:
        return sentences[kinds]()
    return say("{name} has dtype {yours}, expected {wanted}", name=name, yours=got.dtype, wanted=wanted.dtype)
