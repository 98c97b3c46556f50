"""`Backward`, `Gradient` and `Descent`: a part of the answer is a derivative, and is judged by nudging the input.

At an entry where the function is smooth the answer has to meet the numerical slope within its error bar, and the
reference within rounding. At a kink every value between the two one-sided slopes is right.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader import gradcheck
from grader.checks.form import Fault, Prepared, Setting
from grader.checks.ladder import NO_LADDER, Ladder, climb, direction
from grader.compare import closeness
from grader.locate import where
from grader.messages import say
from grader.parts import Place, at, entry, name_of, numbers, parse

__all__ = ["Backward", "Descent", "Gradient", "Slope"]


@dataclass(frozen=True)
class Backward:
    """The function is the backward pass of `of`, called with `(dout, cache)`.

    Cases give the arguments of the forward pass. It is run for the cache, and `dout` is drawn with mixed signs and
    magnitudes from 0.5 to 1.5, unless the case gives `dout` itself. The gradients come back in the order of `wrt`.
    """

    of: Callable[..., Any]
    wrt: Sequence[str]

    def arguments(self, raw: Mapping[str, Any], rng: np.random.Generator) -> tuple[Any, ...]:
        """Run the forward pass and draw the upstream gradient."""
        inputs = {name: value for name, value in copy.deepcopy(dict(raw)).items() if name != "dout"}
        out, cache = self.of(**inputs)
        return (raw["dout"] if "dout" in raw else upstream_gradient(out, rng), cache)

    def prepare(self, setting: Setting) -> Sequence[Prepared]:
        """Nudge every entry of every argument in `wrt`."""
        dout = setting.arguments[0]
        inputs = {name: value for name, value in setting.raw.items() if name != "dout"}
        prepared = []
        for position, name in enumerate(self.wrt):
            place: Place = () if isinstance(setting.returns, str) else (position,)

            def forward(value: np.ndarray, name: str = name) -> Any:
                return self.of(**{**copy.deepcopy(inputs), name: value})[0]

            measured = _measured(setting, forward, inputs[name], dout)
            prepared.append(_slope(setting, place, name, inputs[name], measured, dout))
        return prepared


@dataclass(frozen=True)
class Gradient:
    """The part `part` is the gradient of `loss`, a part of the same answer, with respect to the argument `wrt`.

    `loss` is a number; or it is an array, and the argument `upstream` is the gradient of the loss with respect to it.
    """

    part: str
    wrt: str
    loss: str = "loss"
    upstream: str | None = None

    def arguments(self, raw: Mapping[str, Any], rng: np.random.Generator) -> None:
        """Leave the arguments as the case gives them."""

    def prepare(self, setting: Setting) -> Sequence[Prepared]:
        """Nudge every entry of the argument and watch the reference's loss."""
        upstream = None if self.upstream is None else _argument(setting, self.upstream)
        measured = _of_answer(setting, self.wrt, self.loss, upstream)
        point = _argument(setting, self.wrt)
        return [_slope(setting, parse(self.part, setting.returns), self.wrt, point, measured, upstream)]


@dataclass(frozen=True)
class Descent:
    """The part `part` is the argument `wrt` after one step of size `rate` (an argument) down the gradient of `loss`."""

    part: str
    wrt: str
    rate: str
    loss: str = "loss"

    def arguments(self, raw: Mapping[str, Any], rng: np.random.Generator) -> None:
        """Leave the arguments as the case gives them."""

    def prepare(self, setting: Setting) -> Sequence[Prepared]:
        """Nudge every entry of the argument and watch the reference's loss."""
        rate = float(_argument(setting, self.rate))
        measured = _of_answer(setting, self.wrt, self.loss)
        point = _argument(setting, self.wrt)
        return [_slope(setting, parse(self.part, setting.returns), self.wrt, point, measured, None, rate)]


def upstream_gradient(out: Any, rng: np.random.Generator) -> Any:
    """Return random numbers like `out`: signs mixed, magnitudes 0.50 to 1.50 with two decimals, to read well."""
    shape = np.shape(out)
    values = np.round(rng.uniform(0.5, 1.5, shape), 2) * rng.choice([-1.0, 1.0], shape)
    return values.astype(out.dtype) if isinstance(out, np.ndarray) else float(values)


def _argument(setting: Setting, name: str) -> Any:
    return setting.arguments[_position(setting, name)]


def _position(setting: Setting, name: str) -> int:
    if name not in setting.parameters[: len(setting.arguments)]:
        raise ValueError(f"{name!r} is no argument of this case: {list(setting.parameters)}")
    return setting.parameters.index(name)


_Measured = tuple[gradcheck.Slopes, Ladder]


def _measured(setting: Setting, f: Callable[[np.ndarray], Any], point: Any, upstream: Any) -> _Measured:
    """Return the slopes entry by entry, and the ladder for a picture where the case may be shown."""
    slopes = gradcheck.slopes(f, point, upstream=upstream)
    return slopes, NO_LADDER if setting.hidden else climb(f, point, upstream, slopes)


def _of_answer(setting: Setting, wrt: str, loss: str, upstream: Any = None) -> _Measured:
    position = _position(setting, wrt)
    place = parse(loss, setting.returns)

    def value(point: np.ndarray) -> Any:
        arguments = [*setting.arguments]
        arguments[position] = point
        return at(setting.answer(arguments), place)

    return _measured(setting, value, setting.arguments[position], upstream)


def _slope(
    setting: Setting,
    place: Place,
    wrt: str,
    point: np.ndarray,
    measured: _Measured,
    upstream: np.ndarray | None,
    rate: float | None = None,
) -> "Slope":
    reference = np.asarray(at(setting.expected, place))
    bar = np.broadcast_to(np.asarray(setting.bars.get(place, 0.0), float), reference.shape)
    return Slope(place, setting.returns, wrt, np.asarray(point), upstream, rate, reference, bar, *measured)


def _float_of(part: np.ndarray) -> np.dtype[Any]:
    """Return the type in which a part was computed; that of a whole number is float64."""
    return part.dtype if part.dtype.kind == "f" else np.dtype(float)


@dataclass(frozen=True)
class Slope:
    """The numerical gradient of one part in a key, beside the reference's.

    `point` is the argument that was nudged; `upstream` the gradient from above, where there is one; `rate` the step
    size where the part is a step and not the gradient itself; `ladder` is for pictures, and empty in a hidden case.
    """

    place: Place
    returns: tuple[str, ...] | str
    wrt: str
    point: np.ndarray
    upstream: Any
    rate: float | None
    reference: np.ndarray
    bar: np.ndarray
    slopes: gradcheck.Slopes
    ladder: Ladder = NO_LADDER
    calls: int = 1

    @property
    def places(self) -> frozenset[Place]:
        """The part that is a derivative."""
        return frozenset({self.place})

    def gradient(self, part: np.ndarray) -> np.ndarray:
        """Return the gradient that a part stands for: itself, or what a step of descent has followed."""
        return part if self.rate is None else (np.asarray(self.point, float) - part) / self.rate

    def climbed(self, gradient: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
        """Return how far a gradient of this shape, and the reference's, are from every quotient of the ladder.

        Both arrays have the shape of the ladder's steps, and are relative to the slope along its direction; None where
        there is no ladder.
        """
        d, true = direction(self.point, self.slopes), self.gradient(self.reference)
        size = float(np.sum(np.abs(true) * np.abs(d)))
        if not self.ladder.steps.size or not size:
            return None
        along = [float(np.sum(np.where(d != 0, np.asarray(g, float), 0.0) * d)) for g in (gradient, true)]
        yours, right = (np.abs(self.ladder.quotients - slope) / size for slope in along)
        return yours, right

    def wrong(self, part: np.ndarray) -> np.ndarray:
        """Return where the part is not a derivative (bool, shape of the part)."""
        ratio, _ = closeness(self.reference, part, self.bar)
        near = self.rate is None and part.dtype.kind == "f" and part.shape == self.reference.shape
        if near and not (ratio > 1).any():  # so near the reference that no measurement is asked
            return np.zeros(part.shape, bool)
        compared = gradcheck.compare(self.gradient(part).astype(_float_of(part)), self._measured(part))
        at_kink = self.slopes.judged & ~self.slopes.smooth
        # What the reference says is never wrong, whatever a measurement may make of rounding. A step is small beside
        # what it is added to, so there the measurement is the sharper one.
        differs = np.asarray(ratio > 1) if self.rate is None else np.ones_like(compared.wrong)
        # Where terms cancel to exactly 0, as measured too, an order of adding up that leaves a little is as good.
        zero = (self.reference == 0) & self.slopes.judged & (np.abs(self.slopes.value) <= self.slopes.bound)
        cancelled = zero & ~compared.wrong & (self.rate is None)
        return np.asarray(differs & compared.wrong | ((ratio > 1) & ~at_kink & ~cancelled))

    def _measured(self, part: np.ndarray) -> gradcheck.Slopes:
        """Return the slopes; their bars wider where the part is a step, whose rounding counts 1 / rate times."""
        if self.rate is None:
            return self.slopes
        rounding = np.finfo(_float_of(part)).eps * np.maximum(np.abs(self.point), np.abs(part)) / abs(self.rate)
        return replace(self.slopes, bound=self.slopes.bound + rounding)

    def fault(self, answers: Sequence[Any]) -> Fault | None:
        """Show the entry that is furthest off."""
        part = np.asarray(at(answers[0], self.place))
        wrong = self.wrong(part)
        return Fault("gradient", self._message(part, wrong)) if wrong.any() else None

    def explain(self, answer: Any) -> gradcheck.Explanation | None:
        """Say what the errors of a wrong gradient look like; None where that is not clear."""
        part = np.asarray(at(answer, self.place))
        found = gradcheck.explain(self.gradient(part), self.slopes, x=self.point, upstream=self.upstream)
        return replace(found, fit={**found.fit, "x": self.wrt}) if found else None

    def _message(self, part: np.ndarray, wrong: np.ndarray) -> str:
        mine, true = self.gradient(part), self.gradient(self.reference)
        off = np.where(wrong, np.abs(np.asarray(mine, float) - np.asarray(true, float)), -1.0)
        index = tuple(int(i) for i in np.unravel_index(np.argmax(off), off.shape))
        name = name_of(self.place, self.returns)
        yours, slope = numbers(float(mine[index]), float(true[index]))
        kink = None
        if self.slopes.judged[index] and not self.slopes.smooth[index]:
            kink = float(self.slopes.low[index]), float(self.slopes.high[index])
        fields = {self.wrt: self.point} | ({} if self.upstream is None else {"dout": np.asarray(self.upstream)})
        told = self._differs(self.wrt + entry(index), name, yours, slope, kink)
        return f"{told} {where(wrong, fields)}".rstrip()

    def _differs(self, place: str, part: str, yours: str, slope: str, kink: tuple[float, float] | None) -> str:
        """Say what the part makes of the slope at one place, and what was measured there."""
        if self.rate is None and kink is None:
            return say(
                "nudging {place} moves the loss at rate {slope}, your {part} says {yours}",
                place=place,
                slope=slope,
                part=part,
                yours=yours,
            )
        if kink is None:
            return say(
                "nudging {place} moves the loss at rate {slope}, your step follows {yours}",
                place=place,
                slope=slope,
                yours=yours,
            )
        low, high = kink
        if self.rate is None:
            return say(
                "nudging {place} moves the loss at a rate between {low:.6g} and {high:.6g} (a kink), "
                "your {part} says {yours}",
                place=place,
                low=low,
                high=high,
                part=part,
                yours=yours,
            )
        return say(
            "nudging {place} moves the loss at a rate between {low:.6g} and {high:.6g} (a kink), "
            "your step follows {yours}",
            place=place,
            low=low,
            high=high,
            yours=yours,
        )

    def plain(self) -> dict[str, Any]:
        """Return the slope as plain data."""
        fields = {
            name: getattr(self, name)
            for name in ("place", "returns", "wrt", "point", "upstream", "rate", "reference", "bar")
        }
        slopes = {
            name: getattr(self.slopes, name) for name in ("value", "bound", "low", "high", "judged", "evaluations")
        }
        return {"kind": "slope", **fields, "slopes": slopes, "ladder": self.ladder.plain()}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Slope":
        """Build the slope again."""
        fields = {name: value for name, value in plain.items() if name not in ("kind", "slopes", "ladder")}
        return cls(**fields, slopes=gradcheck.Slopes(**plain["slopes"]), ladder=Ladder.of(plain["ladder"]))
