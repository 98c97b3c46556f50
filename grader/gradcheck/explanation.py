"""The one sentence that names the mistake in a gradient."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from math import prod
from typing import Any

import numpy as np

from grader.gradcheck.functions import Array, as_real
from grader.gradcheck.slopes import Slopes, compare, tolerances

EXPLAINED = 0.08  # the part of the error that a hypothesis may leave over; more is a coincidence
said = str  # marks a sentence with gaps for whoever gathers sentences to translate them
Fit = Mapping[str, Any]
Hypothesis = tuple[tuple[str, str, Fit], Array, Array | None]  # kind, claim, its fit; slope would be base + c * term
IN_X = said("Your gradient is wrong only in {x}{place} ({count} of {size} entries).")
QUESTIONS = {
    "sign": said("Is an abs too many, or a condition the wrong way round?"),
    "mask": said("Is a mask off?"),
    "one slice": said("Is a loop one short, or an edge left out?"),
    "one entry": said("Is there a special case, an edge or an index off?"),
    "transpose": said("Was an index or a transpose swapped?"),
    "shift": said("Is an index off?"),
}


@dataclass(frozen=True)
class Explanation:
    """Why a gradient is wrong.

    Attributes:
        kind: a fixed word: "sign", "factor", "transpose", "shift", "mask", "missing term", "one entry", ...
        fit: what supports it, mostly numbers, by name.
        words: the hypothesis for the learner, whole sentences whose gaps are names in `fit`, or `x`, the argument.
    """

    kind: str
    fit: Fit
    words: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The hypothesis, its gaps filled."""
        return " ".join(words.format(**{"x": "x", **self.fit}) for words in self.words)


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
            c = float(seen @ left / (seen @ seen))
            left = left - c * seen
            if np.sum(np.abs(seen) > 1e-3 * largest) < 2 or abs(c) * largest <= 3:
                return None
        error = error[np.abs(error) > 1]  # none where what is wrong is at kinks alone, where nothing is fitted
        return c if np.all(np.abs(left) <= 1) and np.linalg.norm(left) < EXPLAINED * np.linalg.norm(error) else None

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
    if not g.any() and g.size > 1:
        return Explanation("zero", {}, (said("Your gradient is 0 everywhere, the slopes are not: is it filled in?"),))
    if wrong.sum() == 1 and (right & evidence.moving).sum() > 1:
        return _in_a_region("one entry", IN_X, {"place": place_name(evidence.found.worst or (), "")}, wrong, evidence)
    x, u = (None if value is None else np.asarray(value, np.float64) for value in (x, upstream))
    for hypothesis, base, term in (*_factors(g), *_arrangements(g), *_missing_terms(g, x, u)):
        c = evidence.fit(base, term)
        if c is not None:
            return _said(*hypothesis, c, evidence, () if u is None else u.shape)
    for hypothesis, region in _regions(g, x, u, slopes.value):
        if evidence.confined(region):
            return _in_a_region(*hypothesis, region, evidence)
    return None


def place_name(index: Sequence[object], name: str = "x") -> str:
    """An index as it is typed after a name, the name itself for a number."""
    return f"{name}[{', '.join(map(str, index))}]" if index else name


def not_finite(given: Array) -> Explanation:
    """Some entries are nan or infinite."""
    bad = np.argwhere(~np.isfinite(given)).tolist()
    fit: Fit = {"count": len(bad), "size": given.size, "place": place_name(bad[0], ""), "value": given[tuple(bad[0])]}
    text = said("Your gradient is {value} at {x}{place} (not finite in {count} of {size}).")
    return Explanation("not finite", fit, (text, said("Is it a division by 0, the log of 0 or an overflow?")))


def _of_shape(given: Array, evidence: Evidence) -> Explanation:
    """The gradient has another shape than x: not summed over a broadcast axis, transposed, or just different."""
    shape, yours = evidence.g.shape, given.astype(np.float64)
    text = said("Your gradient has shape {yours}, {x} has shape {needed}.")
    fit: Fit = {"yours": str(given.shape), "needed": str(shape)}
    for axes in (axes for count in range(1, given.ndim + 1) for axes in combinations(range(given.ndim), count)):
        summed = yours.sum(axes)
        if summed.size == prod(shape) and evidence.fit(summed.reshape(shape)):
            over = said("Summed over axis {axes} it is the slope: {x} was broadcast there, so its gradient is a sum.")
            return Explanation("not summed", {**fit, "axes": ", ".join(map(str, axes))}, (text, over))
    if yours.T.shape == shape and evidence.fit(yours.T):
        return Explanation("transpose", fit, (text, said("It is the measured slope, transposed.")))
    return Explanation("shape", fit, (text, said("A gradient has one number for each number of {x}, in its place.")))


def _factors(g: Array) -> Iterator[Hypothesis]:
    """Yours is a constant times the slope."""
    text = said("Your gradient is {shown} times the measured slope.")
    yield from ((("factor", text, {"factor": c}), g / c, None) for c in (-1.0, 2.0, 0.5))
    yield ("factor", text, {}), np.zeros_like(g), g


def _said(kind: str, claim: str, fit: Fit, c: float, evidence: Evidence, upstream: tuple[int, ...]) -> Explanation:
    """The sentences for a hypothesis that fits: it, what it explains, and what may have happened."""
    extent = [said("That fits all {entries} measured entries.")] if evidence.g.size > 1 else []
    fit = {**fit, "entries": int(evidence.slopes.judged.sum())}
    if kind == "missing term":
        words = claim, *extent, said("Is a term missing, or one too many?")
        return Explanation(kind, {**fit, "coefficient": c}, words)
    if kind != "factor":
        also = [said("Besides, they are {times:.4g} times as large.")] if abs(c - 1) > 1e-4 else []
        return Explanation(kind, {**fit, "factor": c, "times": 1 / c}, (claim, *also, *extent, QUESTIONS[kind]))
    c = fit.get("factor", 1 / c)
    if abs(c + 1) < 1e-5:
        claim = said("Your gradient has the opposite sign of the measured slope.")
        return Explanation("sign", {**fit, "factor": c}, (claim, *extent, said("Is a minus missing, or one too many?")))
    shown = f"{c:.6g}" if abs(c - 1) > 5e-6 else f"1 {'+' if c > 1 else '-'} {abs(c - 1):.2g}"
    causes, gaps = _suspicion(abs(c), (evidence.g.shape, upstream))
    return Explanation("factor", {**fit, **gaps, "factor": c, "shown": shown}, (claim, *extent, *causes))


def _suspicion(c: float, shapes: tuple[tuple[int, ...], ...]) -> tuple[list[str], Fit]:
    """What may have happened where yours = c * slope: well-known numbers, then counts that a sum could run over."""
    causes: list[tuple[float, str, Fit]] = [(2.0, said("Is a term counted twice, or a 1/2 left out?"), {})]
    causes.append((0.5, said("Was a square differentiated without its 2?"), {}))
    for axes in (axes for shape in shapes for size in range(1, len(shape) + 1) for axes in combinations(shape, size)):
        n, product = prod(axes), " x ".join(map(str, axes))
        gaps: Fit = {"n": n, "product": product if len(axes) == 1 else f"{n} = {product}"}
        if n > 1:
            causes.append((n, said("Is there a mean over {product} where yours sums?"), gaps))
            causes.append((1 / n, said("Did yours divide by {product} where a sum belongs?"), gaps))
            causes += [(both, said("Are a 2 and a mean over {product} mixed up?"), gaps) for both in (2 * n, 2 / n)]
            causes += [(q, said("Is {n} mixed up with {n} - 1?"), gaps) for q in (n / (n - 1), 1 - 1 / n)]
    fitting = [(text, gaps) for number, text, gaps in causes if abs(c - number) <= 1e-5 * number]
    fitting = fitting or [(said("Is a constant missing, or one too many?"), {})]
    filled = next((gaps for _, gaps in fitting if gaps), {})
    return list(dict.fromkeys(text for text, gaps in fitting if gaps in ({}, filled)))[:2], filled


def _arrangements(g: Array) -> Iterator[Hypothesis]:
    """Yours has the right numbers at other places, perhaps times a constant."""
    zero = np.zeros_like(g)
    turned = said("Your numbers are the measured slopes transposed: their axes are in the order {axes}.")
    for axes in list(permutations(range(g.ndim)))[1:24]:
        claim: tuple[str, str, Fit] = "transpose", turned, {"axes": str(axes)}
        yield claim, zero, g.transpose(axes).reshape(g.shape)
        yield claim, zero, g.reshape(tuple(g.shape[axis] for axis in axes)).transpose(np.argsort(axes))
    for axis in (axis for axis in range(g.ndim) if g.shape[axis] > 1):
        text = said("Your numbers are the measured slopes in reverse order along axis {axis}.")
        yield ("shift", text, {"axis": axis}), zero, np.flip(g, axis)
        claim = "shift", said("Your numbers are the measured slopes shifted by 1 along axis {axis}."), {"axis": axis}
        for step, edge in ((1, 0), (-1, -1)):
            rolled = np.roll(g, step, axis)
            cut = rolled.copy()
            cut[(slice(None),) * axis + (edge,)] = 0
            yield from ((claim, zero, moved) for moved in (rolled, cut))
    if g.ndim > 1:
        claim = "shift", said("Your numbers are the measured slopes in reverse order."), {}
        yield from ((claim, zero, moved) for moved in (np.flip(g), np.flip(g, (-2, -1))))


def _missing_terms(g: Array, x: Array | None, u: Array | None) -> Iterator[Hypothesis]:
    """Yours plus a multiple of something familiar is the slope."""
    kind, like_x = "missing term", [] if x is None or x.shape != g.shape else [x]
    for x in like_x:
        yield (kind, said("Your gradient lacks {coefficient:.6g} times {x}."), {}), g, x
        yield (kind, said("Your gradient lacks {coefficient:.6g} times the sign of {x}."), {}), g, np.sign(x)
    yield (kind, said("Your gradient lacks a constant, {coefficient:.6g}."), {}), g, np.ones_like(g)
    if u is not None and u.shape == g.shape and u.size > 1:
        yield (kind, said("Your gradient lacks {coefficient:.6g} times the upstream gradient."), {}), g, u
    mean = said("Your gradient lacks {coefficient:.6g} times its own mean over axis {axis}.")
    centred = said("Your gradient lacks {coefficient:.6g} times its projection onto {x} less its mean (axis {axis}).")
    along = said("Your gradient lacks {coefficient:.6g} times its projection onto {x} along axis {axis}.")
    for axis in (*(range(g.ndim) if g.ndim > 1 else ()), None):
        over: Fit = {"axis": ", ".join(map(str, range(g.ndim))) if axis is None else axis}
        yield (kind, mean, over), g, np.broadcast_to(g.mean(axis, keepdims=True), g.shape)
        for x in like_x:
            for text, part in ((centred, x - x.mean(axis, keepdims=True)), (along, x)):
                length = np.maximum(np.sum(part * part, axis, keepdims=True), 1e-300)
                yield (kind, text, over), g, part * np.sum(part * g, axis, keepdims=True) / length


def _regions(g: Array, x: Array | None, u: Array | None, true: Array) -> Iterator[tuple[tuple[str, str, Fit], Array]]:
    """Where a gradient may be wrong while it is right elsewhere: what to say of it, and a bool array."""
    of_x = said("Your gradient is wrong only where {x} {sign} 0 ({count} of {size} entries).")
    of_u = said("Your gradient is wrong only where the upstream gradient {sign} 0 ({count} of {size} entries).")
    of_slope = said("Your gradient is wrong only where the slope {sign} 0 ({count} of {size} entries).")
    for text, values in ((of_x, x), (of_u, u), (of_slope, true)):
        if values is not None and values.shape == g.shape:
            signs = {"==": values == 0, "<": values < 0, ">": values > 0, "<=": values <= 0, ">=": values >= 0}
            yield from ((("mask", text, {"sign": sign}), region) for sign, region in signs.items())
    for axis, i in ((k, i) for k in range(g.ndim) if g.ndim > 1 for i in range(g.shape[k])):
        region = np.zeros(g.shape, bool)
        region[(slice(None),) * axis + (i,)] = True
        yield ("one slice", IN_X, {"place": place_name([i if k == axis else ":" for k in range(g.ndim)], "")}), region


def _in_a_region(kind: str, claim: str, fit: Fit, region: Array, evidence: Evidence) -> Explanation:
    """What to say about a gradient that is wrong in one region only, and how it is wrong there."""
    wrong, how = evidence.found.wrong & region, []
    yours, true = evidence.g[wrong], evidence.slopes.value[wrong]
    ratio = yours / true if (evidence.moving & evidence.slopes.smooth)[wrong].all() else np.array([0.0, 1.0])
    if not yours.any():
        how = [said("It is 0 there.")]
    elif kind != "one entry" and np.ptp(ratio) <= 1e-4 * abs(np.mean(ratio)):
        how = [said("It is {times:.4g} times the slope there.")]
        kind = "sign" if kind == "mask" and abs(np.mean(ratio) + 1) < 1e-4 else kind
    fit = {**fit, "count": int(region.sum()), "size": region.size, "times": float(np.mean(ratio))}
    return Explanation(kind, fit, (claim, *how, QUESTIONS[kind]))
