"""Pictures of topic 08, thresholds and calibration."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

from tests.pictures import PALETTE

COST_FP, COST_FN = 1, 20


def _payments() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The made-up payments of the lesson: calibrated scores, frauds, and the scores that exaggerate."""
    rng = np.random.default_rng(8)
    p = rng.beta(0.3, 6.0, 100_000)
    y = rng.random(p.size) < p
    return p, y, p**2 / (p**2 + (1 - p) ** 2)


def _costs(score: np.ndarray, fraud: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every score as a threshold, from the largest, and what it costs."""
    order = np.argsort(-score)
    return score[order], COST_FN * fraud.sum() + np.cumsum(np.where(fraud[order], -COST_FN, COST_FP))


def cost_against_threshold(figure: Figure) -> None:
    """The cost of 100 000 payments at every threshold, for both kinds of score, with the lowest points marked."""
    axes = figure.subplots()
    p, fraud, q = _payments()
    for score, name, style, mark in ((p, "calibrated scores p", "-", "o"), (q, "exaggerated scores q", "--", "s")):
        threshold, cost = _costs(score, fraud)
        best, shown = int(cost.argmin()), np.unique(np.geomspace(1, cost.size, 1200).astype(int)) - 1
        (line,) = axes.plot(threshold[shown], cost[shown] / 1000, style, label=name)
        axes.plot(threshold[best], cost[best] / 1000, mark, color=line.get_color(), markersize=8)
        axes.annotate(f"{threshold[best]:.4f}", (threshold[best], 38.95), (4, -16), textcoords="offset points")
    formula = COST_FP / (COST_FP + COST_FN)
    axes.axvline(formula, color=PALETTE[6], linewidth=0.9, linestyle=":")
    axes.text(formula * 1.08, 101, "the formula, 1/21")
    axes.set(xscale="log", xlim=(3e-4, 1), ylim=(30, 108), xlabel="threshold", ylabel="cost in thousands")
    axes.legend(frameon=False, loc="upper left")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def the_staircase_of_costs(figure: Figure) -> None:
    """The cost of the five payments counted by hand: up by 1 at an honest payment, down by 20 at a fraud."""
    figure.set_size_inches(6.4, 2.9)
    axes = figure.subplots()
    score, fraud = np.array([0.9, 0.6, 0.3, 0.1, 0.05]), np.array([True, False, False, True, False])
    threshold, cost = _costs(score, fraud)
    axes.step([1.05, *threshold, 0], [40, *cost, cost[-1]], where="post", color=PALETTE[0])
    for at, paid, caught in zip(threshold, cost, fraud, strict=True):
        axes.plot(at, paid, "X" if caught else "o", color=PALETTE[1] if caught else PALETTE[0], markersize=7)
        axes.annotate(str(paid), (at, paid), (-4, 6), textcoords="offset points", ha="right")
    axes.annotate("40: block nobody", (1.05, 40), (0, 6), textcoords="offset points", ha="left")
    axes.plot([], [], "X", color=PALETTE[1], label="score of a fraud")
    axes.plot([], [], "o", color=PALETTE[0], label="score of an honest payment")
    axes.legend(frameon=False, loc="lower left")
    axes.set(xlim=(1.1, 0), ylim=(-2, 47), xlabel="threshold, falling", ylabel="cost")
    axes.xaxis.set_major_locator(FixedLocator([0, 0.2, 0.4, 0.6, 0.8, 1.0]))


def do_scores_keep_their_word(figure: Figure) -> None:
    """The share of frauds against the score, for both kinds of score: in ten even bins, and again on logarithms."""
    figure.set_size_inches(6.4, 3.5)
    even, small = figure.subplots(1, 2)
    p, fraud, q = _payments()
    line = np.concatenate([np.geomspace(1e-4, 0.5, 60), np.linspace(0.51, 0.999, 40)])
    for axes, edges in ((even, np.linspace(0, 1, 11)), (small, np.geomspace(1e-4, 1, 9))):
        axes.plot([1e-4, 1], [1e-4, 1], color=PALETTE[6], linewidth=0.8, linestyle="-")
        axes.plot(
            line, np.sqrt(line) / (np.sqrt(line) + np.sqrt(1 - line)), color=PALETTE[1], linewidth=0.9, linestyle=":"
        )
        for score, name, mark, color in ((p, "p", "o", PALETTE[0]), (q, "q", "s", PALETTE[1])):
            bins = [
                score_bin for k in range(len(edges) - 1) if (score_bin := _bin(score, edges[k : k + 2])).sum() >= 15
            ]
            share = np.array([fraud[one].mean() for one in bins])
            spread = 2 * np.sqrt(share * (1 - share) / [one.sum() for one in bins])
            mean = [score[one].mean() for one in bins]
            axes.errorbar(mean, share, spread, fmt=mark, color=color, markersize=5, label=name, linewidth=1.2)
        axes.set(xlabel="score")
    even.set(ylabel="share of frauds", xlim=(0, 1), ylim=(0, 1), title="ten bins of equal width")
    small.set(xscale="log", yscale="log", xlim=(1e-4, 1), ylim=(1e-4, 1), title="the same on logarithms")
    for axis in (small.xaxis, small.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    even.legend(frameon=False, loc="upper left")


def _bin(score: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return (score >= edges[0]) & (score < edges[1])
