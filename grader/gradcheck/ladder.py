"""What a ladder of differences at several step sizes settles on, and how far off that can be."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

NEIGHBOUR = (
    8.5  # neighbouring steps at most this far apart may be extrapolated: beyond it one formula cannot hold at both
)


@dataclass(frozen=True)
class Level:
    """One central difference.

    Attributes:
        h: the step.
        value: the central difference (of a function, or of a function minus its claimed slope).
        jump: half the difference of the one-sided slopes, summed in absolute value over the outputs.
        noise: the rounding of the numerator that the size of the outputs implies; the error of `value` is noise / h.
        lost: True where the step was too small to move outputs that other steps do move.
    """

    h: float
    value: float
    jump: float
    noise: float
    lost: bool = False


@dataclass(frozen=True)
class Limit:
    """The value at step zero, its error bar, the step it rests on and the noise that was measured on the way."""

    value: float
    error: float
    h: float
    noise: float


def measured_noise(levels: Sequence[Level]) -> float:
    """The noise of the numerator: at least the rounding, more where neighbouring levels scatter like 1 / h.

    Truncation makes the change between neighbours grow with the step, noise makes it fall; so the changes that fall
    when read upwards from the finest level are noise. Source: the idea of More and Wild, Estimating computational
    noise, SIAM J. Sci. Comput. 33 (2011), applied to a ladder instead of an extra table.
    """
    noise = max(level.noise for level in levels)
    changes = [(abs(fine.value - coarse.value), fine.h) for fine, coarse in pairwise(levels)]
    for (change, h), (following, _) in pairwise(changes):
        if change <= following:
            break
        noise = max(noise, 0.7 * change * h)
    return noise


def settle(ladder: Sequence[Level]) -> Limit:
    """The extrapolated value with the smallest error that every finer level agrees with.

    Args:
        ladder: levels in any order; lost ones are not used. One level alone settles nothing: its error is infinite.

    Source: Ridders' extrapolation (Numerical Recipes, section 5.7) with errors from the last correction. Its known
    fault, two coarse levels that agree by accident, is cured by asking every finer level as well.
    """
    levels = sorted((level for level in ladder if not level.lost), key=lambda level: level.h)
    if len(levels) < 2:
        value, h = (levels[0].value, levels[0].h) if levels else (0.0, 0.0)
        return Limit(value, float("inf"), h, levels[0].noise if levels else 0.0)
    noise = measured_noise(levels)
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
            spread = abs(first - coarser) / (q - 1)
            candidates += [(first, spread), (second, spread)]
        coarser = first
        for value, error in candidates:
            error += 3.3 * noise / fine.h  # 3 standard deviations, times the 1.1 that extrapolation adds
            for finer in levels[:index]:
                error = max(error, abs(finer.value - value) - 3 * noise / finer.h)
            if error < best.error:
                best = Limit(value, error, fine.h, noise)
    return best
