"""check_gradient: from f, its gradient and a point to a report."""

import inspect
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from zlib import crc32

import numpy as np

from grader.gradcheck.diagnosis import Diagnosis, diagnose, diagnose_shape
from grader.gradcheck.direction import Finding, judge
from grader.gradcheck.explanation import Explanation, not_finite
from grader.gradcheck.functions import Array, Functions, WrongShapeError, as_real, flat_upstream
from grader.gradcheck.line import Place, lane_of, single_lane
from grader.gradcheck.report import Block, GradientReport
from grader.gradcheck.verdict import Scene, jitter, judge_at, own_rounding

QUICK = 6  # calls of f after which a right gradient has shown neither noise nor a kink


@np.errstate(all="ignore")
def check_gradient(
    f: Callable[..., Any],
    gradient: Callable[..., Any] | None,
    x: Any,
    *,
    upstream: Any = None,
    wrt: int | Sequence[int] | None = None,
    names: Sequence[str] | None = None,
    seed: int | None = None,
) -> GradientReport:
    """Decide whether a gradient is right, how far that can be known, and what is wrong with it.

    Args:
        f: f(x) -> number or array, or (number or array, cache).
        gradient: gradient(x, upstream) -> array like x, the gradient of sum(upstream * f(x)); gradient(x) where f
            returns a number and no upstream is given; gradient(upstream, cache) where f returns a cache.
            None: f itself returns (number, gradient).
        x: array of floats, or a tuple of arrays: then f(*x), gradient(*x, upstream) and a tuple of gradients.
        upstream: array like f(x); drawn at random if f returns an array and none is given. Others are tried as well.
        wrt: which of several arguments the gradient is for; default all.
        names: what to call the arguments in messages; default the parameter names of f.
        seed: of the random directions; default made from x, so the same check gives the same report.

    Raises:
        TypeError: x, upstream or f(x) is complex or not numbers.
        ValueError: upstream does not fit f(x).
    """
    several = isinstance(x, tuple | list) and (isinstance(x, tuple) or any(isinstance(part, np.ndarray) for part in x))
    arguments = [as_real(part, "x") for part in (x if several else (x,))]
    chosen = [wrt] if isinstance(wrt, int) else list(range(len(arguments)) if wrt is None else wrt)
    functions = Functions(f, gradient, arguments, chosen)
    rng = np.random.default_rng(crc32(functions.point.tobytes()) if seed is None else seed)
    y = functions.value(functions.point, keep=True)
    given = upstream is not None or functions.shape != () or functions.cached
    functions.weighed = gradient is not None and given
    u = jitter(rng, y.size) if upstream is None and functions.weighed else flat_upstream(upstream, functions.shape)
    scene = Scene(functions, _scale(functions.blocks), lane_of(functions, y), rng)
    all_names = list(names) if names else _parameter_names(f, len(arguments))
    return _report(scene, _examine(scene, y, u), [all_names[i] for i in chosen])


def check_hessian(
    gradient: Callable[..., Any], hessian: Callable[..., Any], x: Any, *, product: bool = False, seed: int | None = None
) -> GradientReport:
    """Decide whether a Hessian, or a Hessian-vector product, belongs to a gradient, which is taken for right.

    Args:
        gradient: gradient(x) -> array like x.
        hessian: hessian(x) -> array of shape x.shape + x.shape; with `product` hessian(x, v) -> array like x.
        x, seed: as in check_gradient.
        product: whether `hessian` returns the product with a vector v.

    Returns:
        GradientReport, in which f is the gradient, upstream the vector v, and the slopes are entries of v H.

    Raises:
        ValueError: the Hessian has another shape than x.shape + x.shape.
    """

    def along(x: Any, v: Any) -> Any:
        matrix = np.asarray(hessian(x))
        if matrix.shape != x.shape + x.shape:
            raise ValueError(f"the Hessian has shape {matrix.shape}, it needs x.shape + x.shape = {x.shape + x.shape}")
        return np.tensordot(v, matrix, np.ndim(v))

    return check_gradient(gradient, hessian if product else along, x, seed=seed)


def _parameter_names(f: Callable[..., Any], count: int) -> list[str]:
    found: list[str] = []
    with suppress(TypeError, ValueError):
        found = [p.name for p in inspect.signature(f).parameters.values() if p.kind is not p.VAR_POSITIONAL]
    known = ["x"] if count == 1 else found[:count]
    return known if len(known) == count else [f"argument {i}" for i in range(count)]


def _scale(blocks: Sequence[Array]) -> Array:
    """How far the coordinates of each block move at step 1; 1 for a block of zeros.

    Between their size and their spread: f may change on the scale of either.
    """
    parts = [np.zeros(0)]
    for block in (block.astype(np.float64) for block in blocks if block.size):
        size, spread = float(np.sqrt(np.mean(block * block))), float(np.std(block))
        parts.append(np.full(block.size, np.sqrt(size * (spread if spread > 1e-9 * size else size)) or 1.0))
    return np.concatenate(parts)


def _examine(scene: Scene, y: Array, u: Array) -> Diagnosis:
    """All checks, the cheap ones first."""
    functions, x = scene.functions, scene.functions.point
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        sentence = "{x} or f({x}) is not finite at this point, so there is no slope to compare with: try another {x}."
        return Diagnosis("not judged", Explanation("not finite", {"f": 0}, (sentence,)))
    try:
        place = Place(x, y, u, functions.gradient(x, u))
    except WrongShapeError as error:
        return diagnose_shape(scene, Place(x, y, u, np.zeros(x.size)), error)
    if functions.culprit:
        sentence = f"{functions.culprit} changes the arrays it is given: work on a copy, or a new array."
        return Diagnosis("wrong", Explanation("changes its argument", {}, (sentence,)))
    if not np.isfinite(place.g).all():
        number, part = next((i, p) for i, p in enumerate(functions.split(place.g)) if not np.isfinite(p).all())
        return Diagnosis("wrong", not_finite(part), block=number)
    if functions.single and scene.lane.fine:
        scene = replace(scene, lane=replace(single_lane(2.0**-23), eps=scene.lane.eps))
    found, block = _judge_blocks(scene, place)
    quick = found.status == "right" and functions.calls <= QUICK
    if not quick and np.linalg.norm(functions.value(x) - y) > 1e3 * scene.lane.eps * np.linalg.norm(y):
        sentence = "f gives different numbers when it is called twice with the same {x}: fix its random seed first."
        return Diagnosis("not judged", Explanation("random", {}, (sentence,)))
    if found.status == "wrong":
        return diagnose(scene, found, block)
    if found.status == "unsure":
        return Diagnosis("not judged", None, found)
    return _bent(scene, place) or _stale(scene, place, found) or Diagnosis("right", None, found)


def _judge_blocks(scene: Scene, place: Place) -> tuple[Finding, int]:
    """Judge all blocks at once if each of them could be seen in that, else one after another."""
    number = np.repeat(range(len(scene.functions.ends)), np.diff([0, *scene.functions.ends]))  # each entry's block
    used, sizes = sorted(set(number.tolist())), np.sqrt(np.bincount(number, (place.g * scene.scale) ** 2))
    least = min(sizes[used], default=0.0)
    if len(used) < 2 or least > 1e-3 * max(sizes):  # each block moves so far that none hides behind another
        together = judge_at(replace(scene, scale=scene.scale * least / sizes[number] if least else scene.scale), place)
        if (together.status == "right" and not together.at_kink) or len(used) < 2:
            return together, used[0] if used else 0
    findings = ((judge_at(replace(scene, scale=scene.scale * (number == i)), place), i) for i in used)
    return min(findings, key=lambda found: ("wrong", "unsure", "right").index(found[0].status))


def _bent(scene: Scene, place: Place) -> Diagnosis | None:
    """The diagnosis of a gradient that is right here, but not linear in the upstream gradient."""
    functions, size = scene.functions, float(np.linalg.norm(place.g))
    if not functions.weighed or not size:
        return None
    loose = 1e-6 if scene.lane.floor <= 1e-6 else 100 * scene.lane.floor
    w = scene.weights(place.u.size)
    u = 0.7 * place.u - 1.3 * w
    other = replace(place, u=u, g=functions.gradient(place.x, u))
    off = other.g - 0.7 * place.g + 1.3 * functions.gradient(place.x, w)
    bent = float(np.linalg.norm(off)) - loose * size
    if bent <= 0 or bent <= 30 * own_rounding(scene, place, np.sign(off)):
        return None
    block = int(np.argmax([np.linalg.norm(part) for part in functions.split(off)]))
    return diagnose(scene, replace(judge(scene.line(other, other.g)), status="wrong"), block)


def _stale(scene: Scene, place: Place, found: Finding) -> Diagnosis | None:
    """The diagnosis of a gradient that stays the same at another point although f bends in between."""
    functions, x, u, g = scene.functions, place.x, place.u, place.g
    step = 0.1 * scene.scale * jitter(scene.rng, x.size)
    if not scene.lane.fine or functions.cached or not g.any() or not np.array_equal(functions.gradient(x + step, u), g):
        return None
    y = functions.probe(x + step)
    least = 1e-4 * float(np.linalg.norm(g * step)) + 100 * scene.lane.eps * float(np.linalg.norm(u * place.y))
    bend = abs(float(np.sum(u * (y - place.y)) - g @ step)) if y.shape == place.y.shape else 0.0
    if not least < bend < np.inf or judge(scene.line(Place(x + step, y, u, g), g)).status != "wrong":
        return None
    text = "Your gradient is right here, but it stays the same at other points, where the slope of f is another one:"
    return Diagnosis("wrong", Explanation("stale", {}, (f"{text} are values kept from an earlier call?",)), found)


def _report(scene: Scene, found: Diagnosis, names: list[str]) -> GradientReport:
    """The report of a diagnosis, block by block."""
    line = found.finding.line if found.finding is not None else None
    parts = scene.functions.split(np.full(scene.scale.size, np.nan) if line is None else line.place.g)
    blocks = [
        Block.of(name, found.verdict, part, found.slopes if i == found.block else None, scene.lane.floor)
        for i, (name, part) in enumerate(zip(names, parts, strict=True))
    ]
    why = found.explanation and replace(found.explanation, fit={**found.explanation.fit, "x": names[found.block]})
    calls, number = (scene.functions.calls, scene.functions.gradient_calls), scene.functions.shape == ()
    resolution = found.finding.error / (found.finding.line.size or np.inf) if found.finding is not None else np.nan
    beside = line is not None and not np.array_equal(line.place.x, scene.functions.point)
    return GradientReport(found.verdict, tuple(blocks), *calls, why, resolution, number, beside, line)
