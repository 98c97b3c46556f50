"""`Consistent`: is the gradient that was returned the slope of the loss that was returned?

Where both differ from the reference's, this tells a wrong loss, whose gradient was derived rightly, from a gradient
that fits nothing. The learner's function is called twice more, a small step to both sides along a random direction,
and the slope of its own loss is held against its own gradient.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.form import Fault, Prepared, Setting
from grader.messages import say
from grader.parts import Place, at, name_of, parse

__all__ = ["Consistency", "Consistent"]

# Relative to the size of x: rounding (2e-16 / STEP) and curvature (STEP squared) stay below a tenth of AGREES.
STEP = 1e-5
AGREES, DIFFERS = 1e-6, 1e-3  # relative to the size of the slope; nothing is said of what lies in between


@dataclass(frozen=True)
class Consistent:
    """Say of a wrong answer whether its part `part` is the gradient of its own `loss` with respect to `wrt`.

    It rejects nothing by itself: `Gradient` and equality do. It is for exercises that return both, without a drive.
    """

    part: str
    wrt: str
    loss: str = "loss"

    def arguments(self, raw: Mapping[str, Any], rng: np.random.Generator) -> None:
        """Leave the arguments as the case gives them."""

    def prepare(self, setting: Setting) -> Sequence[Prepared]:
        """Choose the direction and lay out the two further calls."""
        place, position = parse(self.part, setting.returns), setting.parameters.index(self.wrt)
        loss, point = parse(self.loss, setting.returns), setting.arguments[position]
        if not point.size or point.dtype != np.float64:
            return []  # no direction, or steps too coarse to tell
        size = float(np.sqrt(np.mean(point**2))) or 1.0
        step = STEP * size * setting.rng.uniform(0.5, 1.5, point.shape) * setting.rng.choice([-1.0, 1.0], point.shape)
        up, down = (
            tuple(moved if i == position else argument for i, argument in enumerate(setting.arguments))
            for moved in (point + step, point - step)
        )
        return [Consistency(place, loss, setting.returns, step, (up, down))]


@dataclass(frozen=True)
class Consistency:
    """In a key: the two further calls, and the step between them and the case's own."""

    place: Place
    loss: Place
    returns: tuple[str, ...] | str
    step: np.ndarray
    beside: tuple[tuple[Any, ...], ...]
    calls: int = 1
    places: frozenset[Place] = frozenset()

    def fault(self, answers: Sequence[Any]) -> Fault | None:
        """Find nothing: it explains what others find."""
        return None

    def agrees(self, answer: Any, beside: Sequence[Any]) -> bool | None:
        """Say whether the gradient in `answer` is the slope of the losses `beside` it; None where that is not clear."""
        try:
            gradient = np.asarray(at(answer, self.place), float)
            up, down = (float(at(one, self.loss)) for one in beside)
            claimed, measured = float(np.sum(gradient * self.step)), (up - down) / 2
        except (LookupError, TypeError, ValueError):
            return None
        size = max(float(np.linalg.norm(gradient * self.step)), abs(measured))
        noise = 10 * np.finfo(float).eps * max(abs(up), abs(down))
        off = abs(claimed - measured)
        if not np.isfinite(off) or noise > AGREES * size:
            return None
        return True if off <= AGREES * size else False if off > DIFFERS * size else None

    def remark(self, loss_differs: bool, gradient_differs: bool, agrees: bool | None) -> str:
        """Return which of the two has to be mended, in words; nothing where that is not clear."""
        gradient, loss = (name_of(place, self.returns) for place in (self.place, self.loss))
        if loss_differs and not gradient_differs:
            return say("Your {gradient} is right, so look at the {loss} alone.", gradient=gradient, loss=loss)
        if gradient_differs and not loss_differs:
            return say("Your {loss} is right, so look at {gradient} alone.", loss=loss, gradient=gradient)
        if agrees is None:
            return ""
        if agrees:
            return say(
                "Your {gradient} is the slope of your own {loss}: the two fit together, so mend the {loss} first.",
                gradient=gradient,
                loss=loss,
            )
        return say(
            "Your {gradient} is not the slope of your own {loss} either: begin with the {loss}.",
            gradient=gradient,
            loss=loss,
        )

    def plain(self) -> dict[str, Any]:
        """Return it as plain data."""
        names = ("place", "loss", "returns", "step", "beside")
        return {"kind": "consistency", **{name: getattr(self, name) for name in names}}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Consistency":
        """Build it again."""
        return cls(**{name: value for name, value in plain.items() if name != "kind"})
