"""check_gradient: from f, its gradient and a point to a report."""

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any
from zlib import crc32

import numpy as np

from grader.gradcheck.backward import Backward, WrongShapeError
from grader.gradcheck.diagnosis import Diagnosis, diagnose, diagnose_numbers, diagnose_shape
from grader.gradcheck.direction import DOUBLE, DOUBLE_WITH_SINGLE_DATA, HALF, SINGLE, Lane, Place
from grader.gradcheck.evidence import Explanation
from grader.gradcheck.forward import Array, Forward, as_real, flat_upstream, only_single_precision
from grader.gradcheck.report import Block, GradientReport
from grader.gradcheck.verdict import Judgement, Scene, jitter, judge_at, own_rounding


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
    names = list(names) if names else _parameter_names(f, len(arguments))
    blocks = [arguments[i] for i in chosen]

    def with_constants(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*parts: Any) -> Any:
            filled: list[Any] = [argument.copy() for argument in arguments]
            for i, part in zip(chosen, parts[: len(chosen)], strict=True):
                filled[i] = part
            return function(*filled, *parts[len(chosen) :])

        return call if chosen != list(range(len(arguments))) else function

    forward = Forward(with_constants(f), blocks)
    point = np.concatenate([block.astype(np.float64).ravel() for block in blocks])
    rng = np.random.default_rng(crc32(point.tobytes()) if seed is None else seed)
    y = forward(point)
    has_cache = forward.cache is not None
    weighed = gradient is not None and (upstream is not None or forward.shape != () or has_cache)
    u = flat_upstream(upstream, forward.shape) if upstream is not None or not weighed else jitter(rng, y.size)
    wrapped = gradient if gradient is None or has_cache else with_constants(gradient)
    backward = Backward(wrapped, forward, weighed)
    backward.keep(point)
    scene = Scene(forward, backward, _scale(blocks), _lane(forward, point, y, blocks), rng)
    result = _examine(scene, point, y, u)
    return _report(scene, result, point, [names[i] for i in chosen])


def _parameter_names(f: Callable[..., Any], count: int) -> list[str]:
    try:
        found = [p.name for p in inspect.signature(f).parameters.values() if p.kind is not p.VAR_POSITIONAL]
    except (TypeError, ValueError):
        found = []
    if count == 1:
        return ["x"]
    return found[:count] if len(found) >= count else [f"argument {i}" for i in range(count)]


def _scale(blocks: Sequence[Array]) -> Array:
    """The typical size of the coordinates of each block, 1 for a block of zeros."""
    sizes = [float(np.sqrt(np.mean(np.square(block.astype(np.float64))))) if block.size else 1.0 for block in blocks]
    return np.concatenate([np.full(block.size, size or 1.0) for block, size in zip(blocks, sizes, strict=True)])


def _lane(forward: Forward, point: Array, y: Array, blocks: Sequence[Array]) -> Lane:
    """The arithmetic that f works in when it is given float64."""
    width = forward.dtype.itemsize
    if width < 8:
        return HALF if width < 4 else SINGLE
    if y.any() and only_single_precision(y) and not np.array_equal(y, np.round(y)):
        beside = forward(point * (1 + 1e-3 * np.linspace(0.5, 1, point.size)))
        if only_single_precision(beside) and not np.array_equal(beside, y):
            return SINGLE
    return DOUBLE if all(block.dtype.itemsize >= 8 for block in blocks) else DOUBLE_WITH_SINGLE_DATA


def _examine(scene: Scene, point: Array, y: Array, u: Array) -> Diagnosis:
    """All checks, the cheap ones first."""
    if not np.isfinite(y).all():
        sentence = "f(x) is not finite at this point, so there is no slope to compare with: try another x."
        return Diagnosis("not judged", Explanation("not finite", {"f": 0}, sentence))
    try:
        g = scene.backward(point, u)
    except WrongShapeError as error:
        return diagnose_shape(scene, Place(point, y, u, np.zeros(point.size)), error)
    place = Place(point, y, u, g)
    if scene.backward.changed or scene.forward.changed:
        who = "The gradient" if scene.backward.changed else "f"
        sentence = f"{who} changes the arrays it is given: work on a copy (x = x.copy()), or make a new array."
        return Diagnosis("wrong", Explanation("changes its argument", {}, sentence))
    if not np.isfinite(g).all():
        return diagnose_numbers(scene, place)
    if scene.backward.single and scene.lane.floor < SINGLE.floor:
        scene = replace(scene, lane=replace(scene.lane, quick=SINGLE.quick, floor=SINGLE.floor))
    judgement = _judge_blocks(scene, place)
    if judgement.status == "right":
        return _also(scene, place, judgement)
    again = scene.forward(point)
    if np.linalg.norm(again - y) > 1e3 * scene.lane.eps * np.linalg.norm(y):
        sentence = "f gives different numbers when it is called twice with the same x: fix its random seed, then check."
        return Diagnosis("not judged", Explanation("random", {}, sentence))
    if judgement.status == "unsure":
        return Diagnosis("not judged", None, judgement)
    return diagnose(scene, judgement)


def _judge_blocks(scene: Scene, place: Place) -> Judgement:
    """Judge all blocks at once if each of them could be seen in that, else one after another."""
    shapes = scene.forward.shapes
    if len(shapes) == 1:
        return judge_at(scene, place)
    edges = [0, *scene.forward.ends]
    parts = [slice(a, b) for a, b in pairwise(edges) if b > a]
    sizes = [float(np.linalg.norm((place.g * scene.scale)[part])) for part in parts]
    if min(sizes) > 0.1 * max(sizes):
        together = judge_at(scene, place)
        if together.status == "right":
            return together
    judgements = []
    for part in parts:
        only = np.zeros_like(scene.scale)
        only[part] = scene.scale[part]
        judgements.append(judge_at(replace(scene, scale=only), place))
        if judgements[-1].status == "wrong":
            return judgements[-1]
    return next((j for j in judgements if j.status != "right"), judgements[0])


def _also(scene: Scene, place: Place, judgement: Judgement) -> Diagnosis:
    """What a gradient that is right here can still do wrong: not be linear in u, stay the same elsewhere."""
    backward, x, u, g = scene.backward, place.x, place.u, place.g
    right = Diagnosis("right", None, judgement)
    size = float(np.linalg.norm(g))
    loose = max(1e-6, 100 * scene.lane.floor) if scene.lane.floor > 1e-6 else 1e-6
    if backward.weighed and size:
        w = scene.weights(u.size)
        mixed = backward(x, 0.7 * u - 1.3 * w) - 0.7 * g + 1.3 * backward(x, w)
        bent = float(np.linalg.norm(mixed)) - loose * size
        if not bent <= 0 and not bent <= 30 * own_rounding(scene, place, np.sign(mixed)):
            return diagnose(scene, replace(judgement, status="wrong"))
    return _stale(scene, place, judgement) if size and scene.lane.eps < 1e-10 else right


def _stale(scene: Scene, place: Place, judgement: Judgement) -> Diagnosis:
    """Whether the gradient stays the same at another point although f bends in between."""
    x, u, g = place.x, place.u, place.g
    right = Diagnosis("right", None, judgement)
    beside = x + 0.1 * scene.scale * jitter(scene.rng, x.size)
    if scene.forward.cache is not None or not np.array_equal(scene.backward(beside, u), g):
        return right
    y = scene.forward(beside)
    if y.shape != place.y.shape or not np.isfinite(y).all():
        return right
    bend = abs(float(np.sum(u * (y - place.y)) - g @ (beside - x)))
    noise = 100 * scene.lane.eps * float(np.linalg.norm(u * place.y))
    if bend <= 1e-4 * float(np.linalg.norm(g * (beside - x))) + noise:
        return right
    there = scene.line(Place(beside, y, u, g))
    level = there.level(1e-6)
    if level is None or abs(level.value) <= 1e-3 * there.size or level.jump >= 0.1 * abs(level.value):
        return right
    text = "Your gradient is right here, but it stays the same at other points, where the slope of f is another one:"
    return Diagnosis(
        "wrong", Explanation("stale", {}, f"{text} does it use values kept from an earlier call?"), judgement
    )


def _report(scene: Scene, found: Diagnosis, point: Array, names: list[str]) -> GradientReport:
    """The report of a diagnosis, block by block."""
    line = found.judgement.line if found.judgement is not None else None
    parts = scene.forward.split(np.full(point.size, np.nan) if line is None else line.place.g)
    blocks = [
        Block.of(name, found.verdict, part, found.slopes if i == found.block else None)
        for i, (name, part) in enumerate(zip(names, parts, strict=True))
    ]
    explanation = found.explanation
    if explanation is not None and names[found.block] != "x":
        name = names[found.block].replace("\\", r"\\")
        explanation = replace(explanation, sentence=re.sub(r"\bx\b", name, explanation.sentence))
    return GradientReport(
        verdict=found.verdict,
        blocks=tuple(blocks),
        evaluations=scene.forward.calls,
        gradient_calls=scene.backward.calls,
        explanation=explanation,
        resolution=found.resolution,
        number=scene.forward.shape == (),
        beside=line is not None and not np.array_equal(line.place.x, point),
        line=line,
    )
