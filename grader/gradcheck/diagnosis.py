"""What is wrong with a gradient that was found wrong, and where."""

from dataclasses import dataclass, replace

import numpy as np

from grader.gradcheck.backward import WrongShapeError
from grader.gradcheck.bench import Bench
from grader.gradcheck.comparison import compare
from grader.gradcheck.direction import Line, Outcome, Place, judge
from grader.gradcheck.evidence import Evidence, Explanation
from grader.gradcheck.explanation import by_sign, explain, not_finite, of_shape, place_name
from grader.gradcheck.forward import Array, as_real
from grader.gradcheck.hypotheses import arrangement, factor, missing_term
from grader.gradcheck.slopes import Slopes
from grader.gradcheck.upstream import diagonal_only, independent_part, upstream_mistake
from grader.gradcheck.verdict import Judgement, Scene, jitter

FEW = 16  # entries that are measured one by one without asking first
SAMPLE = 8  # entries of a large block that are looked at where no hypothesis fits


@dataclass(frozen=True)
class Diagnosis:
    """The verdict, the mistake if one fits, the block it is in and the slopes that were measured there."""

    verdict: str
    explanation: Explanation | None = None
    judgement: Judgement | None = None
    block: int = 0
    slopes: Slopes | None = None

    @property
    def resolution(self) -> float:
        """The relative error that could have been seen."""
        if self.judgement is None:
            return float("nan")
        outcome = self.judgement.outcome
        return outcome.error / outcome.size if outcome.size else 0.0


def diagnose_shape(scene: Scene, place: Place, error: WrongShapeError) -> Diagnosis:
    """The gradient has another shape than its argument, or there are too few or too many of them."""
    number = error.number
    if number is None:
        count = len(scene.forward.shapes)
        text = f"f has {count} arguments to differentiate: return a tuple of {count} gradients, in their order."
        if count == 1:
            text = "The gradient has to be one array of the shape of x."
        return Diagnosis("wrong", Explanation("shape", {"needed": count}, text))
    outcome = Outcome("wrong", 0.0, np.inf, 0.0, scene.lane.eps ** (1 / 3))
    x = place.x + 1e-3 * scene.scale * jitter(scene.rng, place.x.size)  # off kinks
    place = replace(place, x=x, y=scene.forward(x))
    scene.backward.keep(x)
    given = scene.backward.raw(x, place.u)
    given = as_real(given[number] if len(scene.forward.shapes) > 1 else given, "the gradient")
    bench = Bench(scene, Judgement("wrong", Line(scene.forward, place, scene.scale, scene.lane), outcome), number)
    found = bench.evidence(3)
    bar = np.full(len(found.target), 1e-4 * np.max(np.abs(found.target), initial=1e-300))
    return Diagnosis("wrong", of_shape(given, replace(found, bar=bar), bench.g.shape), block=number)


def diagnose_numbers(scene: Scene, place: Place) -> Diagnosis:
    """The gradient holds nan or inf."""
    number = next(i for i, part in enumerate(scene.forward.split(place.g)) if not np.isfinite(part).all())
    explanation = not_finite(scene.forward.split(place.g)[number])
    return Diagnosis("wrong", explanation, block=number)


def diagnose(scene: Scene, judgement: Judgement) -> Diagnosis:
    """Find the block, the mistake and at least one wrong entry."""
    place = judgement.line.place
    again = scene.backward(place.x, place.u)
    if np.linalg.norm(again - place.g) > 1e-6 * np.linalg.norm(place.g):
        text = "Your gradient gives different numbers when it is called twice with the same arguments: is it random, or"
        return Diagnosis("wrong", Explanation("random", {}, f"{text} does it change something it keeps?"), judgement)
    judgement = _off_kinks(scene, judgement)
    number = _wrong_block(scene, judgement)
    bench = Bench(scene, judgement, number)
    if bench.g.size <= 6:
        slopes, _ = bench.entries(range(bench.g.size))
        some = bench.evidence(2)
        found = upstream_mistake(bench, some) or explain(bench.g, slopes, x=bench.x, upstream=bench.u)
        found = found or diagonal_only(bench, some)
        return Diagnosis("wrong", found, judgement, number, slopes)
    evidence = bench.evidence(4)
    found, region = _by_directions(bench, evidence)
    indices = _telling(bench, region)
    if found is None and bench.g.size <= FEW:
        indices = list(range(bench.g.size))
    elif found is None:
        dice = scene.rng.choice(bench.g.size, SAMPLE, replace=False)
        indices = sorted({*indices, *(int(i) for i in dice), bench.worst_entry(evidence.rows[0])})
    slopes, _ = bench.entries(indices)
    if found is not None and found.kind == "mask" and region is not None:
        known = slopes.judged & region
        if known.any() and np.all(np.abs(bench.g + slopes.value)[known] <= 1e-3 * np.abs(bench.g)[known]):
            found = replace(
                found, kind="sign", sentence=found.sentence.replace("is a mask off?", "is an abs too many?")
            )
    if found is None and bench.g.size <= FEW:
        found = explain(bench.g, slopes, x=bench.x, upstream=bench.u)
    elif found is None:
        found = by_sign(bench.g, compare(bench.g, slopes), slopes, bench.x, bench.u)
    return Diagnosis("wrong", found, judgement, number, slopes)


def _off_kinks(scene: Scene, judgement: Judgement) -> Judgement:
    """The same at a point nearby if slopes jump at this one: averages of two slopes fit no hypothesis."""
    line, outcome = judgement.line, judgement.outcome
    level = line.levels.get(outcome.h)
    if level is None or scene.lane.eps > 1e-10 or level.jump <= max(1e-4, 3 * level.h) * outcome.size:
        return judgement
    shift = 1e-2 * scene.scale * jitter(scene.rng, line.place.x.size)
    for sign in (1.0, -1.0):
        place = scene.place(line.place.x + sign * shift, line.place.u)
        near = None if place is None else Line(scene.forward, place, line.d, scene.lane)
        found = judge(near) if near is not None else None
        if near is not None and found is not None and found.status == "wrong":
            return Judgement("wrong", near, found)
    return judgement


def _wrong_block(scene: Scene, judgement: Judgement) -> int:
    """The block in which the error is largest compared with the gradient there."""
    edges = [0, *scene.forward.ends]
    d = judgement.line.d
    touched = [i for i in range(len(scene.forward.shapes)) if d[edges[i] : edges[i + 1]].any()]
    if len(touched) == 1:
        return touched[0]
    errors = {}
    for i in touched:
        bench = Bench(scene, judgement, i)
        found = bench.evidence(1)
        size = float(np.linalg.norm(bench.g * bench.scale)) or 1e-300
        errors[i] = float(abs(found.target - found.measure(bench.g))[0]) / size if len(found.target) else 0.0
    return max(errors, key=lambda i: errors[i])


def _by_directions(bench: Bench, evidence: Evidence) -> tuple[Explanation | None, Array | None]:
    """A mistake that shows along whole directions, and the region it is in."""
    g, whole = bench.g, None
    where = f"in all {g.size} entries"
    shapes = (g.shape, bench.u.shape)
    if not len(evidence.target):
        return None, whole
    if not g.any():
        text = f"Your gradient is 0 {where}, the measured slopes are not: is it filled in at all?"
        return Explanation("zero", {}, text), whole
    found = (
        upstream_mistake(bench, evidence)
        or factor(evidence, g, shapes, where)
        or arrangement(evidence, g, where)
        or missing_term(evidence, g, bench.x, bench.u, where)
        or independent_part(bench)
    )
    if found is not None:
        return found, whole
    index = _single_entry(bench, evidence)
    if index is not None:
        name = place_name(tuple(int(i) for i in np.unravel_index(index, g.shape)))
        text = f"Only {name} is wrong, the other {g.size - 1} entries are right: is there a special case, an edge or an"
        region = np.arange(g.size).reshape(g.shape) == index
        return Explanation("one entry", {"index": name}, f"{text} index off?"), region
    return _regional(bench, evidence) or (diagonal_only(bench, evidence), whole)


def _single_entry(bench: Bench, evidence: Evidence) -> int | None:
    """The entry whose share of every direction is in the ratio of the errors along them."""
    errors = evidence.target - evidence.measure(bench.g)
    weight = 1 / evidence.bar
    columns = evidence.rows * weight[:, None]
    wanted = errors * weight
    amounts = wanted @ columns / np.maximum(np.sum(columns * columns, 0), 1e-300)
    left = np.linalg.norm(wanted[:, None] - amounts * columns, axis=0)
    best, second = np.argsort(left)[:2]
    return int(best) if left[best] <= min(0.05 * np.linalg.norm(wanted), 0.2 * left[second]) else None


def _regional(bench: Bench, evidence: Evidence) -> tuple[Explanation, Array] | None:
    """Wrong only in one slice, or only where x or the upstream gradient has one sign."""
    row = evidence.rows[0]
    total = float(evidence.target[0] - evidence.measure(bench.g)[0])
    for axis, length in enumerate(bench.g.shape):
        if bench.g.ndim > 1 and length > 1:
            index = _one_slice(bench, row, total, axis)
            if index is not None:
                region = np.zeros(bench.g.shape, bool)
                region[(slice(None),) * axis + (index,)] = True
                parts = [":"] * bench.g.ndim
                parts[axis] = str(index)
                name = f"x[{', '.join(parts)}]"
                text = f"Only {name} is wrong, the rest is right: is a loop one short, or an edge left out?"
                return Explanation("one slice", {"slice": name}, text), region
    regions = [("x is negative or 0", bench.x <= 0)]
    if bench.u.shape == bench.g.shape:
        regions.append(("the upstream gradient is negative", bench.u < 0))
    regions.append(("yours is 0", bench.g == 0))
    for name, region in regions:
        if not region.any() or region.all():
            continue
        inside, bar = bench.error_in(region, row)
        for wrong, right, which, what in (
            (inside, total - inside, region, name),
            (
                total - inside,
                inside,
                ~region,
                name.replace("negative or 0", "positive").replace("negative", "positive"),
            ),
        ):
            other = np.where(which, 0.0, bench.g * row.reshape(bench.g.shape))
            if abs(wrong) > 3 * bar and abs(right) <= min(bar, 0.03 * abs(wrong)) and np.linalg.norm(other) > 10 * bar:
                how = "; yours is 0 there" if not bench.g[which].any() else ""
                if what == "yours is 0":
                    text = (
                        f"Your gradient is right where it is not 0, and 0 in {int(which.sum())} entries where it should"
                    )
                    text += " not be: does a mask switch off too much?"
                else:
                    text = (
                        f"Your gradient is wrong exactly where {what} ({int(which.sum())} entries){how}: is a mask off?"
                    )
                return Explanation("mask", {"where": what, "count": int(which.sum())}, text), which
    return None


def _one_slice(bench: Bench, row: Array, total: float, axis: int) -> int | None:
    """The only index along an axis at which yours is wrong, by halving; None where there are several."""
    shape = [1] * bench.g.ndim
    shape[axis] = -1
    positions = np.arange(bench.g.shape[axis]).reshape(shape)
    low, high, error = 0, bench.g.shape[axis], total
    while high - low > 1:
        middle = (low + high) // 2
        region = np.broadcast_to((positions >= low) & (positions < middle), bench.g.shape)
        part, bar = bench.error_in(region, row)
        small = max(bar, 0.0)
        if abs(part) <= min(small, 0.03 * abs(error)):
            low = middle
        elif abs(error - part) <= min(2 * small, 0.03 * abs(error)):
            high, error = middle, part
        else:
            return None
    return low


def _telling(bench: Bench, region: Array | None) -> list[int]:
    """Entries to show: the largest of yours in the region, and another one there."""
    inside = np.flatnonzero(np.ones(bench.g.size, bool) if region is None else region.ravel())
    largest = inside[np.argmax(np.abs(bench.g.ravel()[inside]))]
    return sorted({int(largest), int(inside[len(inside) // 2])})
