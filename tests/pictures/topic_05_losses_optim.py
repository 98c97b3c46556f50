"""Pictures of topic 05, losses and optimisers."""

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from tests.pictures import PALETTE

CURVATURES = np.array([1.0, 25.0])
START = np.array([-4.0, 1.0])


def _walk(step: Callable[[np.ndarray, int], np.ndarray], steps: int = 25) -> np.ndarray:
    """The points of a walk in the valley; `step` is told the slope and the number of the step, from 1."""
    path = [START]
    for t in range(1, steps + 1):
        path.append(path[-1] + step(CURVATURES * path[-1], t))
    return np.array(path)


def _descent(rate: float) -> Callable[[np.ndarray, int], np.ndarray]:
    return lambda slope, t: -rate * slope


def _momentum(rate: float, mu: float) -> Callable[[np.ndarray, int], np.ndarray]:
    velocity = np.zeros(2)

    def step(slope: np.ndarray, t: int) -> np.ndarray:
        nonlocal velocity
        velocity = mu * velocity - rate * slope
        return velocity

    return step


def _adam(rate: float) -> Callable[[np.ndarray, int], np.ndarray]:
    m, v = np.zeros(2), np.zeros(2)

    def step(slope: np.ndarray, t: int) -> np.ndarray:
        nonlocal m, v
        m, v = 0.9 * m + 0.1 * slope, 0.999 * v + 0.001 * slope**2
        return -rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)

    return step


def paths_down_a_valley(figure: Figure) -> None:
    """25 steps of gradient descent, of momentum and of Adam on the contour lines of one valley."""
    figure.set_size_inches(6.4, 6.6)
    along, across = np.meshgrid(np.linspace(-4.4, 1.6, 61), np.linspace(-1.15, 1.15, 47))
    height = (along**2 + 25 * across**2) / 2
    walks = {
        "gradient descent, learning rate 0.07": _descent(0.07),
        "momentum 0.8, learning rate 0.03": _momentum(0.03, 0.8),
        "Adam, learning rate 0.2": _adam(0.2),
    }
    for axes, (name, step), color in zip(figure.subplots(3, 1, sharex=True), walks.items(), PALETTE, strict=False):
        axes.contour(along, across, height, levels=[0.2, 1, 2.5, 5, 8, 12, 17], colors="0.75", linewidths=0.8)
        path = _walk(step)
        axes.plot(path[:, 0], path[:, 1], "-o", color=color, linewidth=1.1, markersize=3.5)
        axes.plot(0, 0, "*", color=PALETTE[6], markersize=11)
        axes.plot(*START, "s", color=color, markersize=6)
        axes.set_title(name, fontsize=10, loc="left")
        axes.set(ylabel="across", xlim=(-4.4, 1.6), ylim=(-1.15, 1.15))
    axes.set_xlabel("along the valley")


def armijo_condition(figure: Figure) -> None:
    """f(1 - 2 alpha) = (1 - 2 alpha)^2 with its slope at 0, the line of a quarter of that slope, and two trials."""
    figure.set_size_inches(6.4, 3.6)
    axes = figure.subplots()
    alpha = np.linspace(0, 1.05, 211)
    axes.axvspan(0, 0.75, color="0.92")
    axes.plot(alpha, (1 - 2 * alpha) ** 2, color=PALETTE[0], label="f(x + alpha d)")
    axes.plot(alpha, 1 - 4 * alpha, color=PALETTE[2], linestyle=":", label="the whole promise, c = 1")
    axes.plot(alpha, 1 - alpha, color=PALETTE[1], linestyle="--", label="a quarter of it, c = 0.25")
    arrow = {"arrowstyle": "-", "color": "0.4", "linewidth": 0.8}
    axes.plot(0.8, 0.36, "X", color=PALETTE[6], markersize=9)
    above = "0.8: lower than f(x),\nbut above the line"
    axes.annotate(above, (0.8, 0.33), (0.9, -0.3), ha="center", fontsize=9, arrowprops=arrow)
    axes.plot(0.4, 0.04, "o", color=PALETTE[6], markersize=8)
    axes.annotate("0.4: below the line", (0.4, 0.04), (0.4, -0.17), fontsize=9)
    axes.text(0.42, -0.42, "accepted: alpha up to 0.75", fontsize=9)
    axes.set(xlabel="alpha", ylabel="height", xlim=(0, 1.05), ylim=(-0.5, 1.2))
    axes.legend(frameon=False, loc="upper center", fontsize=9, ncols=3, bbox_to_anchor=(0.5, 1.14))


def hinge_and_cross_entropy(figure: Figure) -> None:
    """Both losses for two classes against the margin, and beside them their slopes."""
    figure.set_size_inches(6.4, 3.0)
    loss, slope = figure.subplots(1, 2)
    m = np.linspace(-3, 4, 281)
    loss.plot(m, np.log1p(np.exp(-m)), label="cross-entropy")
    loss.plot(m, np.maximum(0, 1 - m), label="hinge")
    loss.set(title="loss", xlabel="margin: right score minus wrong one", ylim=(-0.2, 4.2))
    loss.legend(frameon=False)
    slope.plot(m, -1 / (1 + np.exp(m)))
    slope.plot([-3, 1, np.nan, 1, 4], [-1, -1, np.nan, 0, 0])
    slope.set(title="slope", xlabel="margin", ylim=(-1.15, 0.15))
