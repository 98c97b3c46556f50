"""The parts of an answer: where a number stands in it, and what that place is called in a message.

A place is a tuple of steps: positions in tuples and lists, keys of dicts. `()` is the whole answer.
"""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.messages import say

__all__ = ["Place", "at", "entry", "leaves", "name_of", "numbers", "parse", "put"]

Place = tuple[int | str, ...]


def leaves(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Yield every leaf of nested tuples, lists and dicts with its place, in order."""
    if isinstance(value, (tuple, list)):
        for position, part in enumerate(value):
            yield from leaves(part, (*place, position))
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, (*place, key))
    else:
        yield place, value


def at(value: Any, place: Place) -> Any:
    """Return the part of `value` at `place`.

    Raises:
        LookupError: there is no such part.
    """
    for step in place:
        inside = isinstance(value, dict) or (isinstance(value, (tuple, list)) and isinstance(step, int))
        if not inside:
            raise LookupError(place)
        value = value[step]
    return value


def put(value: Any, place: Place, part: Any) -> Any:
    """Return a copy of `value` with `part` at `place`; the other parts are shared."""
    if not place:
        return part
    if isinstance(value, dict):
        return {**value, place[0]: put(value[place[0]], place[1:], part)}
    changed = list(value)
    changed[place[0]] = put(value[place[0]], place[1:], part)  # type: ignore[index]
    return type(value)(changed)


def parse(text: str, returns: tuple[str, ...] | str) -> Place:
    """Return the place that an author calls `text`, such as `dx`, `cache[1]` or `cache['mask']`.

    Raises:
        ValueError: it is not of this form, or its first word is not one of the names in `returns`.
    """
    if not re.fullmatch(r"\w+(\[\d+\]|\['[^']*'\])*", text):
        raise ValueError(f"{text!r} is not of the form dx, cache[1] or cache['mask']")
    head, *steps = re.findall(r"^\w+|\[\d+\]|\['[^']*'\]", text)
    if isinstance(returns, str):
        start: Place = ()
        known = head == returns
    else:
        start = (returns.index(head),) if head in returns else ()
        known = head in returns
    if not known:
        raise ValueError(f"{text!r} is not a part of what is returned: {returns}")
    return start + tuple(int(s[1:-1]) if s[1].isdigit() else s[2:-2] for s in steps)


def name_of(place: Place, returns: tuple[str, ...] | str) -> str:
    """Return what a message calls the part at `place`."""
    if isinstance(returns, str):
        return returns + "".join(_step(step) for step in place)
    if not place:
        return say("your answer")
    first, *rest = place
    head = returns[first] if isinstance(first, int) and first < len(returns) else str(first)
    return head + "".join(_step(step) for step in rest)


def _step(step: int | str) -> str:
    return f"[{step!r}]"


def entry(index: tuple[int, ...]) -> str:
    """Return an index as it is written behind an array: `[3, 2]`, or nothing for a single number."""
    return f"[{', '.join(str(i) for i in index)}]" if index else ""


def numbers(one: complex, other: complex) -> tuple[str, str]:
    """Return two unequal numbers as text, with as many digits as it takes to tell them apart."""
    for digits in range(6, 18):
        texts = (_number(one, digits), _number(other, digits))
        if texts[0] != texts[1]:
            return texts
    return str(one), str(other)


def _number(value: complex, digits: int) -> str:
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, np.integer)):
        text = str(int(value))
        return text if len(text) <= 40 else f"{text[:digits]}...{text[-digits:]} ({len(text)} digits)"
    if isinstance(value, (complex, np.complexfloating)):
        return f"{value:.{digits}g}"
    return f"{float(value) + 0.0:.{digits}g}"  # + 0.0: a zero has no sign for the reader
