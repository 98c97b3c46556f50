"""The one sentence that names the mistake in a gradient, from its numbers and the measured slopes alone."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from grader.gradcheck.comparison import Comparison, compare, tolerances
from grader.gradcheck.evidence import Evidence, Explanation
from grader.gradcheck.forward import Array, as_real
from grader.gradcheck.hypotheses import arrangement, factor, missing_term
from grader.gradcheck.slopes import Slopes


def explain(gradient: Any, slopes: Slopes, *, x: Any = None, upstream: Any = None) -> Explanation | None:
    """The first mistake that accounts for all wrong entries within their error bars; None if none does.

    Args:
        gradient: array, normally of the shape of x; other shapes get their own explanation.
        slopes: from `slopes`.
        x: array, where the gradient was taken; without it, mistakes that depend on x are not recognised.
        upstream: array, the upstream gradient; likewise.

    Nothing is called and nothing random enters.
    """
    given = as_real(gradient, "the gradient")
    if given.shape != slopes.value.shape:
        return of_shape(given, evidence_of(given, slopes), slopes.value.shape)
    if not np.isfinite(given).all():
        return not_finite(given)
    comparison = compare(given, slopes)
    if not comparison.wrong.any():
        return None
    g = given.astype(np.float64)
    point = None if x is None else np.asarray(x, np.float64)
    weights = None if upstream is None else np.asarray(upstream, np.float64)
    evidence = evidence_of(given, slopes)
    shapes = (g.shape, () if weights is None else weights.shape)
    where = f"in all {evidence.target.size} entries" + ("" if evidence.target.size == g.size else " that can be judged")
    return (
        _zero(g, where)
        or _single(g, comparison, slopes)
        or factor(evidence, g, shapes, where)
        or arrangement(evidence, g, where)
        or by_sign(g, comparison, slopes, point, weights)
        or _slice(g, comparison, slopes)
        or missing_term(evidence, g, point, weights, where)
        or _constant_along(g, evidence, slopes)
        or _reordered(g, comparison, slopes)
    )


def evidence_of(given: Array, slopes: Slopes) -> Evidence:
    """The smooth, known entries as measurements."""
    known = np.flatnonzero(slopes.smooth.ravel())
    target = slopes.value.ravel()[known]
    floor = 1e-12 * float(np.max(np.abs(target), initial=0.0)) or 1e-300
    like = np.zeros(slopes.value.shape, given.dtype)
    return Evidence(known, target, np.maximum(tolerances(like, slopes).ravel()[known], floor))


def of_shape(given: Array, evidence: Evidence, shape: tuple[int, ...]) -> Explanation:
    """Your gradient has another shape than x: not summed over a broadcast axis, transposed, or just different."""
    found = f"Your gradient has shape {given.shape}, x has shape {shape}"
    fit: dict[str, float | int | str] = {"yours": str(given.shape), "needed": str(shape)}
    size = int(np.prod(shape))
    if not np.isfinite(given).all():
        return Explanation("shape", fit, f"{found}: a gradient has one number for each number of x.")
    for count in range(1, given.ndim + 1):
        for axes in combinations(range(given.ndim), count):
            summed = given.astype(np.float64).sum(axes)
            if summed.size == size and np.all(np.abs(evidence.measure(summed) - evidence.target) <= evidence.bar):
                over = f"axis {axes[0]}" if count == 1 else f"axes {axes}"
                text = (
                    f"{found}; summed over {over} it is the measured slope: x was broadcast along it, so its gradient"
                )
                return Explanation("not summed", {**fit, "axes": str(axes)}, f"{text} is the sum over the copies.")
    if given.size == size and given.ndim > 1:
        turned = given.astype(np.float64).T
        if turned.shape == shape and np.all(np.abs(evidence.measure(turned) - evidence.target) <= evidence.bar):
            return Explanation("transpose", fit, f"{found}: transposed, it is the measured slope.")
    return Explanation("shape", fit, f"{found}: a gradient has one number for each number of x, in the same place.")


def not_finite(given: Array) -> Explanation:
    """Some entries are nan or infinite."""
    bad = ~np.isfinite(given)
    index = tuple(int(i) for i in np.argwhere(bad)[0])
    text = f"Your gradient is {given[index]} at {place_name(index)} (not finite in {int(bad.sum())} of {given.size}):"
    text += " a division by 0, the log of 0 or an overflow?"
    return Explanation("not finite", {"count": int(bad.sum()), "index": str(index)}, text)


def place_name(index: tuple[int, ...]) -> str:
    """An index as it is typed after a name, "x" itself for a number."""
    return f"x[{', '.join(map(str, index))}]" if index else "x"


def _zero(g: Array, where: str) -> Explanation | None:
    if g.any() or g.size < 2:
        return None
    return Explanation("zero", {}, f"Your gradient is 0 {where}, the measured slopes are not: is it filled in at all?")


def _moving(slopes: Slopes) -> Array:
    """The entries whose slope is certainly not 0."""
    return np.asarray(slopes.judged & (np.abs(slopes.value) > 6 * slopes.bound))


def _single(g: Array, comparison: Comparison, slopes: Slopes) -> Explanation | None:
    """Exactly one entry is wrong among at least two that are right and not 0."""
    if comparison.wrong.sum() != 1 or comparison.worst is None or (comparison.right & _moving(slopes)).sum() < 2:
        return None
    index = comparison.worst
    text = f"Only {place_name(index)} is wrong, the other {g.size - 1} entries are right"
    if comparison.right.sum() != g.size - 1:
        text = f"Only {place_name(index)} is wrong among the entries that can be judged"
    return Explanation("one entry", {"index": str(index)}, f"{text}: is there a special case, an edge or an index off?")


def _inside(region: Array, comparison: Comparison, slopes: Slopes) -> bool:
    """Whether the gradient is wrong in this region wherever a slope moves, and right everywhere else."""
    moving = _moving(slopes)
    telling = region & moving
    wrong = comparison.wrong
    if (wrong & ~region).any() or wrong.sum() < 2 or (comparison.right & moving & ~region).sum() < 1:
        return False
    return bool(np.all(wrong[telling]))


def _what_inside(g: Array, region: Array, comparison: Comparison, slopes: Slopes) -> str:
    """How the entries of a region are wrong, in a clause."""
    wrong = comparison.wrong & region
    yours, true = g[wrong], slopes.value[wrong]
    if not yours.any():
        return "yours is 0 there"
    if yours.size > 1 and true.all():
        ratio = yours / true
        if np.ptp(ratio) <= 1e-4 * abs(ratio.mean()):
            return f"yours is {ratio.mean():.4g} times the slope there"
    return "there yours differs from the slope"


def by_sign(g: Array, comparison: Comparison, slopes: Slopes, x: Array | None, u: Array | None) -> Explanation | None:
    """Wrong exactly where x, the upstream gradient or the slope has one sign."""
    true = slopes.value
    regions: list[tuple[str, Array]] = []
    for name, values in (("x", x), ("the upstream gradient", u), ("the slope", true)):
        if values is not None and values.shape == g.shape:
            regions += [(f"{name} is negative", values < 0), (f"{name} is positive", values > 0)]
            regions += [(f"{name} is negative or 0", values <= 0), (f"{name} is positive or 0", values >= 0)]
    for name, region in regions:
        if _inside(region, comparison, slopes):
            how = _what_inside(g, region, comparison, slopes)
            kind = "sign" if how.startswith("yours is -1 times") else "mask"
            count = int(comparison.wrong.sum())
            question = (
                "is a condition or an absolute value the wrong way round?" if kind == "sign" else "is a mask off?"
            )
            text = f"Your gradient is wrong exactly where {name} ({count} entries): {how}; {question}"
            return Explanation(kind, {"where": name, "count": count}, text)
    return None


def _slices(shape: tuple[int, ...]) -> Iterator[tuple[str, tuple[slice | int, ...]]]:
    for axis, length in enumerate(shape):
        if length > 1 and len(shape) > 1:
            for i in range(length):
                index = (*(":" for _ in range(axis)), str(i), *(":" for _ in shape[axis + 1 :]))
                yield f"x[{', '.join(index)}]", (slice(None),) * axis + (i,)


def _slice(g: Array, comparison: Comparison, slopes: Slopes) -> Explanation | None:
    """Wrong exactly in one row, column or slice."""
    for name, index in _slices(g.shape):
        region = np.zeros(g.shape, bool)
        region[index] = True
        if comparison.wrong[index].any() and _inside(region, comparison, slopes):
            how = _what_inside(g, region, comparison, slopes)
            text = f"Only {name} is wrong ({int(comparison.wrong.sum())} entries), the rest is right: {how};"
            return Explanation("one slice", {"slice": name}, f"{text} is a loop one short, or an edge left out?")
    return None


def _constant_along(g: Array, evidence: Evidence, slopes: Slopes) -> Explanation | None:
    """The error is the same number along an axis: a mean or a sum over it is missing."""
    if not slopes.smooth.all():
        return None
    error = slopes.value - g
    bar = evidence.bar.reshape(g.shape)
    for axis in range(g.ndim):
        mean = error.mean(axis, keepdims=True)
        if g.shape[axis] > 2 and np.all(np.abs(error - mean) <= bar) and np.abs(mean).max() > 20 * bar.max():
            text = f"Your gradient is off by an amount that does not change along axis {axis}:"
            text += f" is the mean or a sum over axis {axis} in f not differentiated?"
            return Explanation("missing term", {"axis": axis, "term": f"constant along axis {axis}"}, text)
    return None


def _reordered(g: Array, comparison: Comparison, slopes: Slopes) -> Explanation | None:
    """The same numbers in another order."""
    if g.size < 4 or not slopes.smooth.all() or comparison.wrong.sum() < 2:
        return None
    yours, true = np.sort(g.ravel()), np.sort(slopes.value.ravel())
    bar = tolerances(g, slopes).ravel()[np.argsort(slopes.value.ravel())]
    if np.all(np.abs(yours - true) <= bar) and np.ptp(true) > 100 * bar.max():
        count = int(comparison.wrong.sum())
        text = f"Your gradient has the right numbers, but {count} of {g.size} stand at another entry: is an index off?"
        return Explanation("permuted", {"count": count}, text)
    return None
