"""Along one direction: what the slope is, and whether a gradient is right."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from grader.gradcheck.line import ORDERS, RATIO, Level, Limit, Line

DENSE = 2.0  # where noise forbids small steps, and large ones have to be extrapolated
MOVES = 12  # levels at most: from the first step 8^12 covers all of double precision
WEAK = 1e-2  # relative resolution, for one of 100 entries or more, above which agreement means little
RESOLVED = 3e-6  # the same for one entry where all is in float64: 1e-5 of it is to be seen
STEADY = 0.35  # a jump of the slopes that shrinks to less than this at a far smaller step is curvature
JUMPY = 1e-5  # noise, relative to the size of a gradient, above which f may be a staircase that looks flat from afar
STILL = 1e7  # relative step up to which a function has to stay the same to be called constant
SUM = 3e-8  # relative to a gradient, what kinks and rounding of a large one may add up to
SHARP = 1e-9  # relative error of a slope at which more levels would not change any verdict


@dataclass(frozen=True)
class Finding:
    """The verdict along a line.

    Attributes:
        status: "right", "wrong", "kink" (the slope jumps here: look beside it), "near" (it jumps so near that no more
            can be seen here) or "unsure".
        residual: slope of f minus slope of yours along the line; `error` is its bar.
        h: the step that the residual rests on.
        at_kink: whether the verdict rests on two points beside this one.
    """

    status: str
    line: Line
    residual: float
    error: float
    h: float
    at_kink: bool = False


def judge(line: Line) -> Finding:
    """Right, wrong, at a kink, or unsure; 2 calls of f where all is smooth and right."""
    first = line.start(1.0 if line.claimed else RATIO)  # one step has to show that f is constant
    quick = min(line.lane.quick * line.claimed, line.faint * line.size)
    if first is None:
        return Finding("unsure", line, 0.0, float("inf"), 0.0)
    clear = line.noise / first.h <= 100 * quick and not first.lost
    if (line.still and not line.claimed) or (abs(first.value) <= quick and clear):
        return Finding("right", line, first.value, quick, first.h)
    kink, level = _approach(line, first, 0.4 * abs(first.value), 3e-7 * max(line.size, first.jump))
    if kink:
        return Finding("kink", line, level.value, level.jump, level.h)
    found = _climb(line, level, _decide)
    least = RESOLVED / line.root if line.lane.entry else WEAK / np.sqrt(max(line.d.size, 100))
    if found.status != "unsure" or abs(found.residual) > max(3 * found.error, line.lane.floor * line.size):
        return found
    weak = "right" if level is first or found.h >= first.h else "near"
    return replace(found, status=weak if found.error <= least * line.size else "unsure")


def slope(line: Line) -> tuple[float, float, float]:
    """The slope of f along a line whose claimed gradient is 0, its error bar, and half its jump at a kink.

    The bar is inf where the slope cannot be told.
    """
    first = line.start()
    if first is None:
        return 0.0, float("inf"), 0.0
    kink, level = _approach(line, first, 1e-3 * abs(first.value), 1e-4 * first.jump)
    if kink:
        drift = abs(level.value - first.value) + abs(level.jump - first.jump)
        drift *= max(level.h / first.h, drift / level.jump)  # linear in h, if it is small: then a kink is sure
        return level.value, 4 * line.noise / level.h + drift, level.jump
    found = _climb(line, level, _sharp)
    least = max(3 * found.error, 1e-3 * abs(found.residual))
    return found.residual, found.error, _standing_jump(line, least, found.h)


def _approach(line: Line, first: Level, least: float, seen: float) -> tuple[bool, Level]:
    """Whether x is on a kink, and the level to go on from.

    A jump of the slope larger than `least`, noise and curvature is looked at from the smallest step whose noise is
    below `seen`: it stays if x is on the kink, and is gone if x is only near it.
    """
    if first.jump <= max(least, max(1e-3, 3 * first.h) * line.size, 8 * line.haze(first.h)):
        return False, first
    below = line.level(float(np.exp2(np.round(np.log2(min(max(1e-12, line.noise / seen), first.h / 64))))))
    above = line.level(RATIO * first.h) if below is not None and below.lost else first
    if below is None or above is None or 2 * above.jump < abs(above.slope) * below.lost:
        return False, first  # neither side is flat, so f stays the same below for lack of digits
    if max(STEADY * first.jump, 9 * line.haze(below.h)) < below.jump < 4 * first.jump:
        return True, below
    if below.jump < first.jump / 16:
        line.levels, first = {below.h: below}, below
    return False, first


def _climb(line: Line, first: Level, decide: Callable[[Line, Limit], Finding | None]) -> Finding:
    """Add levels until `decide` makes something of what they settle on."""
    if line.noise / first.h > 1e-8 * line.size > 0 and first.h > 1e-7:  # not below a near kink
        most, line.ratio = (2.0**-6, DENSE) if line.lane.fine else (2.0**-8, RATIO)
        h = min(line.noise / (3e-8 * line.size), most)
        far = line.level(h) if h > RATIO * first.h else None
        if far is not None and abs(far.value - first.value) < max(0.05 * line.size, 6 * line.noise / first.h):
            first = far
        elif far is not None:
            del line.levels[h]
    _ = line.level(first.h * line.ratio) or line.level(first.h / RATIO)
    for _ in range(MOVES):
        limit, known = line.settled(), len(line.levels)
        found = decide(line, limit)
        if found is not None:
            return found
        if len(line.levels) == known and not _another(line, limit):
            break
    return _finding("unsure", line, line.settled())


def _finding(status: str, line: Line, limit: Limit) -> Finding:
    return Finding(status, line, limit.value, limit.error, limit.h)


def _another(line: Line, limit: Limit) -> bool:
    """Add the level that promises most: a larger step against noise, a smaller one against curvature."""
    if line.still:
        return line.level(64 * max(line.levels)) is not None
    h = limit.h or min(line.levels)
    noisy = np.isfinite(limit.error) and 3.3 * limit.noise / h > 0.5 * limit.error
    noisy |= line.ratio == DENSE and len(line.levels) < ORDERS + 2  # one below the noise, and those to extrapolate from
    ratio = line.ratio if noisy or any(level.lost for level in line.levels.values()) else 1 / line.ratio
    top = max(line.levels)
    calm = line.lane.fine and noisy and limit.noise <= JUMPY * line.size
    flat = calm and abs(line.levels[top].value - limit.value) <= limit.error  # f bends on a larger scale than x has
    most, last = (1e12, RATIO * top) if flat else (2.0, DENSE * top if top < 0.1 and line.ratio == DENSE else 2.0)
    for step in (*(h * ratio**power for power in (1, 2, 1.5, 0.5)), last):
        if 1e-14 < step < most and all(abs(np.log(step / other)) >= 0.6 for other in line.levels):
            return line.level(step) is not None
    return False


def _sharp(line: Line, limit: Limit) -> Finding | None:
    """Whether a slope is known as well as any verdict needs it."""
    known = line.still or limit.error <= SHARP * abs(limit.value)
    return _finding("right", line, limit) if known and len(line.levels) > 2 else None


def _decide(line: Line, limit: Limit) -> Finding | None:
    """Whether the residual is known to be nothing, or to be something."""
    floor = min(line.lane.floor, line.faint) * line.size
    # A slope is a sum: the size of its terms is at least the slope over the root of their number.
    least = min(floor, max(min(line.lane.floor, line.faint / 3), SUM) * max(line.claimed, line.size / line.root))
    if line.still:  # for lack of digits?
        constant = max(line.levels) > STILL and line.claimed > 10 * line.noise
        return _finding("wrong", line, limit) if constant else None
    if abs(limit.value) <= max(1.5 * limit.error, least) and limit.error <= floor:
        return _finding("right", line, limit)
    return _confirm(line, limit) if abs(limit.value) > max(6 * limit.error, least) else None


def _confirm(line: Line, limit: Limit) -> Finding | None:
    """Look at the plateau from a far smaller step, or from beside; None if it is not there: the ladder goes on."""
    value, h = limit.value, max(line.noise / (0.05 * abs(limit.value)), 1e-4 * limit.h, 1e-10)
    steps = [h] if h <= limit.h / 4 else [0.83 * limit.h, 1.21 * limit.h]
    bend = line.levels[limit.h].value - value  # what curvature adds at the step h, and (step / h)^2 times elsewhere
    found = [level for level in map(line.level, steps) if level is not None]
    off = [abs(level.value - value - bend * (level.h / limit.h) ** 2) for level in found]
    if len(off) < len(steps):
        return _finding("unsure", line, limit)
    below = found[0].jump  # a kink can be so near that its jump is still there
    near = len(found) == 1 and below > max(0.4 * abs(value), max(1e-3, 3 * h) * line.size, 8 * line.haze(h))
    beyond = line.level(16 * h) if near else None
    # Where f moves by its last three bits at most, there is a plateau whatever the slope is. In float32, whose numbers
    # have few more bits than that, it would be asked too often.
    bits = 8 * line.lane.eps * float(np.sum(np.abs(line.place.u * line.place.y)))
    lost = line.lane.fine and any(max(abs(level.slope), level.jump) * level.h <= bits for level in found)
    noisy = lost or (beyond is not None and beyond.jump < STEADY * below)  # the jump of a kink stays beyond it
    if max(off) <= 0.3 * abs(value) and not noisy:  # it is; but it can also be the middle of two one-sided slopes
        jump = _standing_jump(line, 0.4 * abs(value)) or below * near
        return replace(_finding("kink" if jump else "wrong", line, limit), error=max(limit.error, jump))
    finer = line.level(0.37 * steps[0]) if not noisy else None
    # A kink lies between, unless the numbers scatter.
    if finer is None or abs(finer.value) >= abs(value) or abs(abs(finer.value - value) - off[0]) > 0.1 * abs(value):
        line.noise = max(line.noise, max(off) * steps[0], below * h * noisy, abs(value) * limit.h * lost)
        line.levels = {a: level for a, level in line.levels.items() if a not in (*steps, 0.37 * steps[0], 16 * h)}
    return None


def _standing_jump(line: Line, least: float, h: float = 0.0) -> float:
    """Half the jump of the slope at the finest step from h on that can show it, 0 if it is noise or curvature.

    Noise can hide whether a kink is at x or only near it; then both slopes have to be accepted.
    """
    levels = sorted((a for a in line.levels.values() if a.h >= h and not a.lost), key=lambda a: a.h)
    seen = [4 * line.haze(a.h) < max(least, a.jump / 2) for a in levels]
    # What falls at the next larger step is noise.
    clear = next((i for i, a in enumerate(levels) if seen[i] and STEADY * a.jump <= levels[i:][:2][-1].jump), None)
    if clear is None or levels[clear].jump <= least:
        return 0.0
    pairs = ((a, b) for a in levels[: clear + 1] for b in levels[clear:] if b.h > 1.5 * a.h)
    shrinks = any(a.jump + line.haze(a.h) <= max(STEADY, np.sqrt(a.h / b.h)) * b.jump for a, b in pairs)
    return 0.0 if shrinks else levels[clear].jump
