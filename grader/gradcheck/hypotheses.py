"""The usual mistakes that leave the right numbers visible: factors, arrangements, missing terms."""

from collections.abc import Iterator
from itertools import combinations, permutations
from math import prod

import numpy as np

from grader.gradcheck.evidence import Evidence, Explanation
from grader.gradcheck.forward import Array


def _counts(shapes: tuple[tuple[int, ...], ...]) -> Iterator[tuple[float, str]]:
    """The numbers of things that a sum or a mean could run over, with their names."""
    for shape in shapes:
        for size in range(1, len(shape) + 1):
            for axes in combinations(range(len(shape)), size):
                count = prod(shape[axis] for axis in axes)
                if count > 1:
                    yield (
                        count,
                        f"{count} = {' x '.join(str(shape[axis]) for axis in axes)}" if size > 1 else str(count),
                    )


def suspicion(c: float, shapes: tuple[tuple[int, ...], ...]) -> str:
    """What may have happened where yours = c * slope."""

    def equal(number: float) -> bool:
        return bool(abs(abs(c) - number) <= 1e-5 * number)

    two = any(count == 2 for count, _ in _counts(shapes))
    if equal(2.0):
        mean = ", or does f take a mean over 2 where yours sums" if two else ""
        return f"is a term counted twice, or the 1/2 of f left out{mean}?"
    if equal(0.5):
        mean = ", or did yours divide by 2 where f sums" if two else ""
        return f"was a square differentiated without its 2{mean}?"
    for count, name in _counts(shapes):
        if equal(count):
            return f"does f take a mean over {name} where yours sums?"
        if equal(1 / count):
            return f"that is 1/{count:g}; did yours divide by {name} where f sums?"
        if equal(2 * count) or equal(2 / count):
            return f"are a 2 and a mean over {name} mixed up?"
        if equal(count / (count - 1)) or equal((count - 1) / count):
            return f"is {count:g} mixed up with {count:g} - 1?"
    return "is a constant of f missing, or one too many?"


def factor(evidence: Evidence, gradient: Array, shapes: tuple[tuple[int, ...], ...], where: str) -> Explanation | None:
    """Yours is a constant times the slope."""
    c = next((c for c in (-1.0, 2.0, 0.5) if evidence.explains(gradient / c, gradient)), 0.0)
    c = c or 1 / (evidence.coefficient(np.zeros_like(gradient), gradient, gradient) or np.inf)
    if not c:
        return None
    if c == -1.0:
        text = (
            f"Your gradient has the opposite sign of the measured slope {where}: is a minus missing, or one too many?"
        )
        return Explanation("sign", {"factor": -1.0}, text)
    shown = f"{c:g}" if c in (2.0, 0.5) else f"{c:.6f}" if 1e-2 <= abs(c) < 1e4 else f"{c:.6g}"
    if shown == "1.000000":
        shown = f"1 {'+' if c > 1 else '-'} {abs(c - 1):.2g}"
    text = f"Your gradient is {shown} times the measured slope {where}: {suspicion(c, shapes)}"
    return Explanation("factor", {"factor": c}, text)


def _arranged(gradient: Array) -> Iterator[tuple[str, str, Array]]:
    """The same numbers in another order: kind, what was done to them, and them put right."""
    shape = gradient.shape
    for axes in list(permutations(range(gradient.ndim)))[1:24]:
        moved = gradient.transpose(axes)
        what = "transposed" if gradient.ndim == 2 else f"its axes in the order {axes}"
        if moved.shape == shape:
            yield "transpose", what, moved
        else:
            yield "transpose", f"{what} and reshaped", moved.reshape(shape)
            swapped = gradient.reshape(tuple(shape[axis] for axis in axes))
            yield "transpose", f"{what} and reshaped", swapped.transpose(np.argsort(axes))
    for axis in range(gradient.ndim):
        if shape[axis] > 1:
            for step in (1, -1):
                yield "shift", f"shifted by one index along axis {axis}", np.roll(gradient, step, axis)
                edge = np.roll(gradient, step, axis)
                index = (slice(None),) * axis + (0 if step == 1 else -1,)
                edge[index] = 0
                yield "shift", f"shifted by one index along axis {axis}", edge
            yield "shift", f"in reverse order along axis {axis}", np.flip(gradient, axis)
    if gradient.ndim > 1:
        yield "shift", "in reverse order along every axis", np.flip(gradient)
        yield "shift", "in reverse order along the last two axes", np.flip(gradient, (-2, -1))


def arrangement(evidence: Evidence, gradient: Array, where: str) -> Explanation | None:
    """Yours has the right numbers at other places."""
    for kind, what, candidate in _arranged(gradient):
        for c, also in ((1.0, ""), (-1.0, " with the opposite sign")):
            if evidence.explains(c * candidate, gradient):
                text = f"Your numbers are the measured slopes {what}{also}: they fit {where} once that is undone"
                question = "was an index or a transpose swapped?" if kind == "transpose" else "is an index off?"
                return Explanation(kind, {"what": what, "factor": c}, f"{text}; {question}")
    return None


def _terms(gradient: Array, x: Array | None, upstream: Array | None) -> Iterator[tuple[str, Array]]:
    """What is often forgotten, with its name."""
    if x is not None and x.shape == gradient.shape:
        yield "x", x
        yield "the sign of x", np.sign(x)
    yield "a constant", np.ones_like(gradient)
    if upstream is not None and upstream.shape == gradient.shape and upstream.size > 1:
        yield "the upstream gradient", upstream
    for axis in range(gradient.ndim):
        if gradient.shape[axis] > 1 and gradient.ndim > 1:
            mean = np.broadcast_to(gradient.mean(axis, keepdims=True), gradient.shape)
            yield f"the mean of your gradient over axis {axis}", mean
    if gradient.size > 1:
        yield "the mean of your gradient over all entries", np.full_like(gradient, gradient.mean())
    if x is None or x.shape != gradient.shape:
        return
    axes: list[int | None] = [*range(x.ndim), None] if x.ndim > 1 else [None]
    for over_axis in axes:
        centred = x - x.mean(over_axis, keepdims=True)
        over = "all entries" if over_axis is None else f"axis {over_axis}"
        for name, part in ((f"x less its mean over {over}", centred), (f"x, row by row over {over}", x)):
            length = np.sum(part * part, over_axis, keepdims=True)
            if np.all(length > 0):
                yield name, part * np.sum(part * gradient, over_axis, keepdims=True) / length


def missing_term(
    evidence: Evidence, gradient: Array, x: Array | None, upstream: Array | None, where: str
) -> Explanation | None:
    """Yours plus a multiple of something familiar is the slope."""
    for name, term in _terms(gradient, x, upstream):
        c = evidence.coefficient(gradient, term, gradient)
        if c:
            verb = "lacks" if np.abs(c) < 1e6 else "differs by"
            text = f"Your gradient {verb} {c:.6g} times {name} {where}: is a term of f missing, or one too many?"
            return Explanation("missing term", {"coefficient": c, "term": name}, text)
    return None
