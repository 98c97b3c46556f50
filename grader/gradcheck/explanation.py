"""The one sentence that names the mistake in a gradient."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from math import prod
from typing import Any

import numpy as np

from grader.gradcheck.functions import Array, as_real
from grader.gradcheck.slopes import Slopes, compare, tolerances

EXPLAINED = 0.08  # the part of the error that a hypothesis may leave over; more is a coincidence
QUESTIONS = {
    "sign": "is an abs too many, or a condition the wrong way round?",
    "mask": "is a mask off?",
    "one slice": "is a loop one short, or an edge left out?",
    "one entry": "is there a special case, an edge or an index off?",
    "transpose": "was an index or a transpose swapped?",
    "shift": "is an index off?",
}


@dataclass(frozen=True)
class Explanation:
    """Why a gradient is wrong.

    Attributes:
        kind: a fixed word: "sign", "factor", "transpose", "shift", "mask", "missing term", "one entry", ...
        fit: the numbers that support it, by name.
        sentence: the hypothesis for the learner, with its fit.
    """

    kind: str
    fit: dict[str, float | int | str]
    sentence: str


class Evidence:
    """A gradient beside the slopes that were measured, and how well others would fit them."""

    def __init__(self, given: Array, slopes: Slopes, rtol: float | None = None) -> None:
        """given: array of the shape of the slopes."""
        self.g, self.slopes, self.found = given.astype(np.float64), slopes, compare(given, slopes, rtol)
        tolerance = tolerances(np.zeros(given.shape, given.dtype), slopes, rtol)
        self.moving = slopes.judged & (np.abs(slopes.value) > 3 * tolerance)  # the slope is certainly not 0
        self.target = slopes.value[slopes.smooth]
        floor = 1e-12 * float(np.max(np.abs(self.target), initial=0.0)) or 1e-300
        self.bar = np.maximum(tolerance[slopes.smooth], floor)

    def fit(self, base: Array, term: Array | None = None) -> float | None:
        """The c for which base + c * term is the slope within the bars (1 without a term); None where none is.

        It has to remove the error of the gradient. One slope determines c, so one more has to see the term.
        """
        known = self.slopes.smooth
        c, left, error = 1.0, (self.target - base[known]) / self.bar, (self.target - self.g[known]) / self.bar
        if term is not None:
            seen = term[known] / self.bar
            largest = float(np.max(np.abs(seen), initial=0.0))
            if np.sum(np.abs(seen) > 1e-3 * largest) < 2:
                return None
            c = float(seen @ left / (seen @ seen))
            left = left - c * seen
            if abs(c) * largest <= 3:
                return None
        fits = np.all(np.abs(left) <= 1) and np.linalg.norm(left) <= EXPLAINED * np.linalg.norm(error)
        return c if fits else None

    def confined(self, region: Array) -> bool:
        """Whether the gradient is wrong in a region wherever a slope moves, and right everywhere else."""
        wrong, outside = self.found.wrong, self.found.right & self.moving & ~region
        few = wrong.sum() < 2 or outside.sum() < 2
        return not few and not wrong[~region].any() and bool(wrong[region & self.moving].all())


@np.errstate(all="ignore")
def explain(
    gradient: Any, slopes: Slopes, *, x: Any = None, upstream: Any = None, rtol: float | None = None
) -> Explanation | None:
    """The first mistake that accounts for all wrong entries within their error bars; None if none does.

    Args:
        gradient: array, normally of the shape of x; other shapes get their own explanation.
        slopes: from `slopes`.
        x: array, where the gradient was taken; without it, mistakes that depend on x are not recognised.
        upstream: array, the upstream gradient; likewise.
        rtol: as in `compare`.

    Nothing is called and nothing random enters.
    """
    given = as_real(gradient, "the gradient")
    if given.shape != slopes.value.shape:
        return _of_shape(given, Evidence(np.zeros(slopes.value.shape), slopes))
    if not np.isfinite(given).all():
        return not_finite(given)
    evidence = Evidence(given, slopes, rtol)
    wrong, right, g = evidence.found.wrong, evidence.found.right, evidence.g
    if not wrong.any():
        return None
    count = int(slopes.judged.sum())
    where = f"in all {g.size} entries" if count == g.size else f"in the {count} entries that were measured"
    where = "in its only entry" if g.size == 1 else where
    if not g.any() and g.size > 1:
        text = f"Your gradient is 0 {where}, the measured slopes are not: is it filled in at all?"
        return Explanation("zero", {}, text)
    if wrong.sum() == 1 and (right & evidence.moving).sum() > 1:
        return _in_a_region("one entry", f"at {place_name(evidence.found.worst or ())}", wrong, evidence)
    x, u = (None if value is None else np.asarray(value, np.float64) for value in (x, upstream))
    for kind, what, base, term in (*_factors(g), *_arrangements(g), *_missing_terms(g, x, u)):
        c = evidence.fit(base, term)
        if c is not None:
            return _said(kind, what, where, c, (g.shape, () if u is None else u.shape))
    for kind, name, region in _regions(g, x, u, slopes.value):
        if evidence.confined(region):
            return _in_a_region(kind, name, region, evidence)
    return None


def place_name(index: Sequence[int], name: str = "x") -> str:
    """An index as it is typed after a name, the name itself for a number."""
    return f"{name}[{', '.join(map(str, index))}]" if index else name


def not_finite(given: Array) -> Explanation:
    """Some entries are nan or infinite."""
    bad = np.argwhere(~np.isfinite(given)).tolist()
    count, at = f"not finite in {len(bad)} of {given.size}", place_name(bad[0])
    text = f"Your gradient is {given[tuple(bad[0])]} at {at} ({count}): a division by 0, the log of 0 or an overflow?"
    fit: dict[str, float | int | str] = {"count": len(bad), "index": str(tuple(bad[0]))}
    return Explanation("not finite", fit, text)


def _of_shape(given: Array, evidence: Evidence) -> Explanation:
    """The gradient has another shape than x: not summed over a broadcast axis, transposed, or just different."""
    shape, yours = evidence.g.shape, given.astype(np.float64)
    found = f"Your gradient has shape {given.shape}, x has shape {shape}"
    fit: dict[str, float | int | str] = {"yours": str(given.shape), "needed": str(shape)}
    for axes in (axes for count in range(1, given.ndim + 1) for axes in combinations(range(given.ndim), count)):
        summed = yours.sum(axes)
        if summed.size == prod(shape) and evidence.fit(summed.reshape(shape)):
            over = f"axis {axes[0]}" if len(axes) == 1 else f"axes {axes}"
            text = f"{found}.\nSummed over {over} it is the slope: x was broadcast there, so its gradient is a sum."
            return Explanation("not summed", {**fit, "axes": str(axes)}, text)
    if yours.T.shape == shape and evidence.fit(yours.T):
        return Explanation("transpose", fit, f"{found}: transposed, it is the measured slope.")
    return Explanation("shape", fit, f"{found}: a gradient has one number for each number of x, in the same place.")


Hypothesis = tuple[str, str, Array, Array | None]  # kind, what it is about; the slope would be base + c * term


def _factors(g: Array) -> Iterator[Hypothesis]:
    """Yours is a constant times the slope."""
    yield from (("factor", f"{c:g}", g / c, None) for c in (-1.0, 2.0, 0.5))
    yield "factor", "", np.zeros_like(g), g


def _said(kind: str, what: str, where: str, c: float, shapes: tuple[tuple[int, ...], ...]) -> Explanation:
    """The sentence for a hypothesis that fits."""
    if kind == "missing term":
        text = f"Your gradient lacks {c:.6g} times {what} {where}: is a term of f missing, or one too many?"
        return Explanation(kind, {"coefficient": c, "term": what}, text)
    if kind != "factor":
        also = f" and {1 / c:.4g} fold" if abs(abs(c) - 1) > 1e-4 else " and with the opposite sign" if c < 0 else ""
        text = f"Your numbers are the measured slopes {what}{also}: undone, they fit {where}; {QUESTIONS[kind]}"
        return Explanation(kind, {"what": what, "factor": c}, text)
    c = float(what) if what else 1 / c
    if abs(c + 1) < 1e-5:
        text = f"Your gradient has the opposite sign of the measured slope {where}:"
        return Explanation("sign", {"factor": c}, f"{text} is a minus missing, or one too many?")
    shown = what or (f"{c:.6f}" if 1e-2 <= abs(c) < 1e4 else f"{c:.6g}")
    shown = f"1 {'+' if c > 1 else '-'} {abs(c - 1):.2g}" if shown == "1.000000" else shown
    text = f"Your gradient is {shown} times the measured slope {where}: {_suspicion(abs(c), shapes)}"
    return Explanation("factor", {"factor": c}, text)


def _suspicion(c: float, shapes: tuple[tuple[int, ...], ...]) -> str:
    """What may have happened where yours = c * slope: well-known numbers, then counts that a sum could run over."""
    causes = [(2.0, "is a term counted twice, or the 1/2 of f left out")]
    causes.append((0.5, "was a square differentiated without its 2"))
    for axes in (axes for shape in shapes for size in range(1, len(shape) + 1) for axes in combinations(shape, size)):
        count = prod(axes)
        name = str(count) if len(axes) == 1 else f"{count} = {' x '.join(map(str, axes))}"
        if count > 1:
            causes.append((count, f"does f take a mean over {name} where yours sums"))
            causes.append((1 / count, f"did yours divide by {name} where f sums"))
            causes += [(both, f"are a 2 and a mean over {name} mixed up") for both in (2 * count, 2 / count)]
            causes += [(q, f"is {count} mixed up with {count} - 1") for q in (count / (count - 1), 1 - 1 / count)]
    fitting = [cause for number, cause in causes if abs(c - number) <= 1e-5 * number]
    fitting = fitting or ["is a constant of f missing, or one too many"]
    return ", or ".join(dict.fromkeys(fitting[:2])) + "?"


def _arrangements(g: Array) -> Iterator[Hypothesis]:
    """Yours has the right numbers at other places, perhaps times a constant."""
    zero = np.zeros_like(g)
    for axes in list(permutations(range(g.ndim)))[1:24]:
        what = "transposed" if g.ndim == 2 else f"with their axes in the order {axes}"
        yield "transpose", what, zero, g.transpose(axes).reshape(g.shape)
        yield "transpose", what, zero, g.reshape(tuple(g.shape[axis] for axis in axes)).transpose(np.argsort(axes))
    for axis in (axis for axis in range(g.ndim) if g.shape[axis] > 1):
        yield "shift", f"in reverse order along axis {axis}", zero, np.flip(g, axis)
        for step, edge in ((1, 0), (-1, -1)):
            what, rolled = f"shifted by one index along axis {axis}", np.roll(g, step, axis)
            cut = rolled.copy()
            cut[(slice(None),) * axis + (edge,)] = 0
            yield from (("shift", what, zero, moved) for moved in (rolled, cut))
    if g.ndim > 1:
        yield from (("shift", "in reverse order", zero, moved) for moved in (np.flip(g), np.flip(g, (-2, -1))))


def _missing_terms(g: Array, x: Array | None, u: Array | None) -> Iterator[Hypothesis]:
    """Yours plus a multiple of something familiar is the slope."""
    like_x = [] if x is None or x.shape != g.shape else [x]
    terms = [(name, term) for x in like_x for name, term in (("x", x), ("the sign of x", np.sign(x)))]
    terms.append(("a constant", np.ones_like(g)))
    if u is not None and u.shape == g.shape and u.size > 1:
        terms.append(("the upstream gradient", u))
    for axis in (*(range(g.ndim) if g.ndim > 1 else ()), None):
        over = "all entries" if axis is None else f"axis {axis}"
        terms.append((f"the mean of your gradient over {over}", np.broadcast_to(g.mean(axis, keepdims=True), g.shape)))
        for x in like_x:
            centred = f"x less its mean over {over}", x - x.mean(axis, keepdims=True)
            for name, part in (centred, (f"x along {over}", x)):
                length = np.maximum(np.sum(part * part, axis, keepdims=True), 1e-300)
                terms.append((name, part * np.sum(part * g, axis, keepdims=True) / length))
    yield from (("missing term", name, g, term) for name, term in terms)


def _regions(g: Array, x: Array | None, u: Array | None, true: Array) -> Iterator[tuple[str, str, Array]]:
    """Where a gradient may be wrong while it is right elsewhere: kind, name, and a bool array."""
    for name, values in (("x", x), ("the upstream gradient", u), ("the slope", true)):
        if values is not None and values.shape == g.shape:
            signs = {"0": values == 0, "negative": values < 0, "positive": values > 0}
            signs |= {"negative or 0": values <= 0, "positive or 0": values >= 0}
            yield from (("mask", f"where {name} is {sign}", region) for sign, region in signs.items())
    for axis, i in ((k, i) for k in range(g.ndim) if g.ndim > 1 for i in range(g.shape[k])):
        region = np.zeros(g.shape, bool)
        region[(slice(None),) * axis + (i,)] = True
        yield "one slice", f"in x[{', '.join(str(i) if other == axis else ':' for other in range(g.ndim))}]", region


def _in_a_region(kind: str, name: str, region: Array, evidence: Evidence) -> Explanation:
    """What to say about a gradient that is wrong in one region only, and how it is wrong there."""
    wrong, how = evidence.found.wrong & region, ""
    yours, true = evidence.g[wrong], evidence.slopes.value[wrong]
    ratio = yours / true if true.all() else np.array([0.0, 1.0])
    if not yours.any():
        how = ", yours is 0 there"
    elif kind != "one entry" and np.ptp(ratio) <= 1e-4 * abs(np.mean(ratio)):
        how = f", yours is {np.mean(ratio):.4g} times the slope there"
        kind = "sign" if kind == "mask" and abs(np.mean(ratio) + 1) < 1e-4 else kind
    count = int(region.sum())
    entries = "1 entry" if count == 1 else f"{count} entries"
    text = f"Your gradient is wrong only {name} ({entries} of {region.size}){how}: {QUESTIONS[kind]}"
    return Explanation(kind, {"where": name, "count": count}, text)
