"""What a ladder of differences at several step sizes settles on, and how far off that can be."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from grader.gradcheck.functions import Array

NEIGHBOUR = 8.5  # steps further apart are not extrapolated together: one formula need not hold at both


@dataclass(frozen=True)
class Level:
    """One central difference of f along a direction.

    Attributes:
        h: the step.
        value: the slope of f minus the slope that the gradient claims.
        slope: the slope of f itself.
        jump: half the difference of the one-sided slopes, summed in absolute value over the outputs.
        bend: the norm of the weighed second differences: curvature, or noise.
        slopes: array like f, the derivative of every output.
        lost: whether the step was too small to move any output.
    """

    h: float
    value: float
    slope: float
    jump: float
    bend: float
    slopes: Array
    lost: bool


@dataclass(frozen=True)
class Limit:
    """The value at step zero, its error bar, the step it rests on and the noise that was measured on the way."""

    value: float
    error: float
    h: float
    noise: float


def _measured_noise(levels: Sequence[Level], noise: float) -> float:
    """The noise of the numerator: at least `noise`, more where neighbouring levels scatter like 1 / h.

    Truncation makes the change between neighbours grow with the step, noise makes it fall; so the changes that fall
    when read upwards from the finest level are noise. Source: the idea of More and Wild, Estimating computational
    noise, SIAM J. Sci. Comput. 33 (2011), applied to a ladder instead of an extra table.
    """
    changes = [(abs(fine.value - coarse.value), fine.h) for fine, coarse in pairwise(levels)]
    for (change, h), (following, _) in pairwise(changes):
        if change <= following:
            break
        noise = max(noise, 0.7 * change * h)
    return noise


def settle(ladder: Sequence[Level], noise: float) -> Limit:
    """The extrapolated value with the smallest error that every finer level agrees with.

    Args:
        ladder: levels in any order; lost ones are not used. One level alone settles nothing: its error is infinite.
        noise: the rounding of the numerator; the error of a level is noise / h.

    Source: Ridders' extrapolation (Numerical Recipes, section 5.7) with errors from the last correction. Its known
    fault, two coarse levels that agree by accident, is cured by asking every finer level as well.
    """
    levels = sorted((level for level in ladder if not level.lost), key=lambda level: level.h)
    if len(levels) < 2:
        return Limit(levels[0].value if levels else 0.0, float("inf"), levels[0].h if levels else 0.0, noise)
    noise = _measured_noise(levels, noise)
    for level in ladder:
        if level.lost:  # outputs move in jumps of at least this much
            noise = max(noise, abs(levels[-1].value) * level.h)
    best = Limit(levels[0].value, float("inf"), levels[0].h, noise)
    coarser: float | None = None
    for index in range(len(levels) - 2, -1, -1):
        fine, coarse = levels[index], levels[index + 1]
        q = coarse.h / fine.h
        if q > NEIGHBOUR:
            coarser = None
            continue
        first = (q**2 * fine.value - coarse.value) / (q**2 - 1)
        # Dividing by q - 1 allows an error that is only linear in h, as where a second derivative jumps.
        change = abs(coarse.value - fine.value) / (q - 1)
        candidates = [(fine.value, change), (first, change)]
        if coarser is not None:
            second = (q**4 * first - coarser) / (q**4 - 1)
            candidates += [(value, abs(first - coarser) / (q - 1)) for value in (first, second)]
        coarser = first
        for value, error in candidates:
            error += 3.3 * noise / fine.h  # 3 standard deviations, times the 1.1 that extrapolation adds
            error = max([error, *(abs(finer.value - value) - 3 * noise / finer.h for finer in levels[:index])])
            if error < best.error:
                best = Limit(value, error, fine.h, noise)
    return best
