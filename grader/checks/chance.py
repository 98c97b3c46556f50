"""Random answers: `Random` compares their statistics with the reference's, `Repeatable` asks a seed to mean
something.

Two right programs draw different numbers, so only what the numbers are like can be compared. The reference draws many
times with different seeds; of every draw a few statistics are taken: mean, mean square, share of zeros, and per axis
how much the means of the slices vary (one mask for a whole column shows there, and nowhere else). The learner's one
draw has to lie within SIGMAS standard deviations of the reference's mean in each. The variances go through a cube
root first, which makes them nearly normal (Wilson & Hilferty 1931), so that seven sigmas are a false alarm in about
1e11.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.form import Fault, Prepared, Setting
from grader.messages import say
from grader.parts import Place, at, leaves, name_of, numbers, parse, put
from grader.worker.wire import Seed, encode

__all__ = ["Random", "Repeatable", "Repeats", "Statistics", "statistics"]

SIGMAS = 7.0
DRAWS = 200
VARIATION = "variation between the slices of axis"


def statistics(sample: np.ndarray) -> dict[str, float]:
    """Return the named statistics of one draw, an array with at least one axis; the plainest come first."""
    values = np.asarray(sample, float)
    found = {"mean": float(values.mean()), "share of zeros": float((values == 0).mean())}
    found["mean of the squares"] = float((values**2).mean())
    for axis in range(values.ndim if values.ndim > 1 else 0):
        means = values.mean(axis=tuple(a for a in range(values.ndim) if a != axis))
        found[f"{VARIATION} {axis}"] = float(np.cbrt(means.var()))
    return found


@dataclass(frozen=True)
class Random:
    """Ask that parts of the answer be like the reference's draws.

    Args:
        parts: the random parts, such as `out` or `cache[1]`.
        seed: where the arguments hold the seed, such as `dropout_param['seed']`, or the name of a generator argument.
    """

    parts: Sequence[str]
    seed: str

    def arguments(self, raw: Mapping[str, Any], rng: np.random.Generator) -> None:
        """Leave the arguments as the case gives them."""

    def prepare(self, setting: Setting) -> Sequence["Statistics"]:
        """Draw from the reference with many seeds and keep mean and deviation of every statistic."""
        return self.moments(setting, DRAWS)

    def moments(self, setting: Setting, number: int) -> Sequence["Statistics"]:
        """Draw `number` times from what the setting answers with."""
        where = parse(self.seed, setting.parameters)
        draws = []
        for seed in setting.rng.integers(0, 2**31, number):
            new = Seed(int(seed)) if isinstance(at(setting.arguments, where), Seed) else int(seed)
            draws.append(setting.answer(put(setting.arguments, where, new)))
        return [_moments(parse(part, setting.returns), setting.returns, draws) for part in self.parts]


def _moments(place: Place, returns: tuple[str, ...] | str, draws: Sequence[Any]) -> "Statistics":
    found = [statistics(at(draw, place)) for draw in draws]
    table = np.array([list(one.values()) for one in found])
    return Statistics(place, returns, tuple(found[0]), table.mean(axis=0), table.std(axis=0, ddof=1))


@dataclass(frozen=True)
class Statistics:
    """Mean and standard deviation of the statistics of one random part."""

    place: Place
    returns: tuple[str, ...] | str
    names: tuple[str, ...]
    mean: np.ndarray
    deviation: np.ndarray
    calls: int = 1

    @property
    def places(self) -> frozenset[Place]:
        """The random part."""
        return frozenset({self.place})

    def fault(self, answers: Sequence[Any]) -> Fault | None:
        """Name a statistic that is too far from the reference's draws: the plainest, or else the furthest off."""
        found = np.array(list(statistics(at(answers[0], self.place)).values()))
        # A statistic that never varies (a share that is always 0) must be met to rounding.
        width = SIGMAS * self.deviation + 1e-9 * np.abs(self.mean)
        with np.errstate(all="ignore"):
            off = np.where(found == self.mean, 0.0, np.abs(found - self.mean) / width)
        if not (off > 1).any():
            return None
        plain = [i for i, name in enumerate(self.names) if off[i] > 1 and not name.startswith(VARIATION)]
        worst = plain[0] if plain else int(np.argmax(off))
        yours, wanted = numbers(float(found[worst]), float(self.mean[worst]))
        size = np.size(at(answers[0], self.place))
        message = f"{self._differs(self.names[worst], size, yours, wanted)} {_varies(self.deviation[worst])}"
        if self.names[worst].startswith(VARIATION) and found[worst] > self.mean[worst]:
            message = "\n".join([message, say("Does one draw serve a whole slice?")])
        return Fault("random", message)

    def _differs(self, statistic: str, size: int, yours: str, wanted: str) -> str:
        name = name_of(self.place, self.returns)
        if size == 1:
            return say("{name} is {yours}, expected about {wanted}", name=name, yours=yours, wanted=wanted)
        if statistic == "mean":
            return say(
                "{name}: the mean of {size} random entries is {yours}, expected about {wanted}",
                name=name,
                size=size,
                yours=yours,
                wanted=wanted,
            )
        if statistic == "share of zeros":
            return say(
                "{name}: the share of zeros of {size} random entries is {yours}, expected about {wanted}",
                name=name,
                size=size,
                yours=yours,
                wanted=wanted,
            )
        if statistic == "mean of the squares":
            return say(
                "{name}: the mean of the squares of {size} random entries is {yours}, expected about {wanted}",
                name=name,
                size=size,
                yours=yours,
                wanted=wanted,
            )
        return say(
            "{name}: the variation between the slices of axis {axis} of {size} random entries is {yours}, "
            "expected about {wanted}",
            name=name,
            axis=statistic.removeprefix(VARIATION).strip(),
            size=size,
            yours=yours,
            wanted=wanted,
        )

    def plain(self) -> dict[str, Any]:
        """Return the statistics as plain data."""
        fields = {"place": self.place, "returns": self.returns, "names": self.names}
        return {"kind": "statistics", **fields, "mean": self.mean, "deviation": self.deviation}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Statistics":
        """Build the statistics again."""
        return cls(plain["place"], plain["returns"], plain["names"], plain["mean"], plain["deviation"])


def _varies(deviation: float) -> str:
    if deviation == 0:
        return say("(chance does not vary it)")
    return say("(chance varies it by {deviation:.2g})", deviation=deviation)


@dataclass(frozen=True)
class Repeatable:
    """Ask that the same arguments, the seed among them, give the same answer twice."""

    def arguments(self, raw: Mapping[str, Any], rng: np.random.Generator) -> None:
        """Leave the arguments as the case gives them."""

    def prepare(self, setting: Setting) -> Sequence[Prepared]:
        """Need nothing but a second call."""
        return [Repeats(setting.returns)]


@dataclass(frozen=True)
class Repeats:
    """Two calls with the same arguments, in a key."""

    returns: tuple[str, ...] | str
    calls: int = 2
    places: frozenset[Place] = frozenset()

    def fault(self, answers: Sequence[Any]) -> Fault | None:
        """Name the first part that is not the same, bit for bit."""
        first, second = (dict(leaves(answer)) for answer in answers)
        for place in [*first, *second]:
            if place not in first or place not in second or encode(first[place]) != encode(second[place]):
                part = name_of(place, self.returns)
                return Fault(
                    "repeatable",
                    say(
                        "{part} is another when the function is called again with the same arguments and seed",
                        part=part,
                    ),
                )
        return None

    def plain(self) -> dict[str, Any]:
        """Return the check as plain data."""
        return {"kind": "repeats", "returns": self.returns}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Repeats":
        """Build the check again."""
        return cls(plain["returns"])
