"""Pictures of topic 01, statistics."""

import numpy as np
from matplotlib.figure import Figure

from tests.pictures import PALETTE


def variance_of_few(figure: Figure) -> None:
    """What the two divisors give on average, as a share of the true variance, for 2 to 12 numbers."""
    figure.set_size_inches(6.4, 2.8)
    axes = figure.subplots()
    n = np.arange(2, 13)
    axes.plot(n, np.ones(n.size), "s--", color=PALETTE[1], label="divided by n - 1")
    axes.plot(n, (n - 1) / n, "o-", color=PALETTE[0], label="divided by n")
    axes.set(xlabel="n, how many numbers", ylabel="average answer / true variance", ylim=(0.4, 1.1), xticks=n)
    axes.legend(frameon=False, loc="lower right")


def lost_digits(figure: Figure) -> None:
    """The variance of three numbers one apart, by two formulas, while the numbers move away from 0."""
    figure.set_size_inches(6.4, 3.0)
    axes = figure.subplots()
    powers = np.arange(0, 31)
    x = 2.0 ** powers[:, None] + np.array([1.0, -1.0, 0.0])
    deviations = x - x.mean(axis=1, keepdims=True)
    axes.plot(powers, (x**2).mean(axis=1) - x.mean(axis=1) ** 2, "o-", color=PALETTE[0], markersize=4)
    axes.plot(powers, (deviations**2).mean(axis=1), "--", color=PALETTE[1])
    axes.annotate("subtract, then square: 2/3 everywhere", (1, 0.80), color=PALETTE[1])
    axes.annotate("square, then subtract:\n1 at k = 26, and 0 from k = 27 on", (13, 0.1), color=PALETTE[0])
    axes.set(xlabel="k: the numbers are $2^k$ and its two neighbours", ylabel="variance", ylim=(-0.1, 1.2))


def after_each_yes(figure: Figure) -> None:
    """How probable the disease is after one, two and three tests that say yes, against how rare it is."""
    axes = figure.subplots()
    prior = np.logspace(-4, np.log10(0.5), 200)
    names = ("one yes", "two yes", "three yes")
    for count, (name, style, marker) in enumerate(zip(names, ("-", "--", "-."), "os^", strict=True), start=1):
        odds = prior / (1 - prior) * 10**count
        axes.plot(prior, odds / (1 + odds), linestyle=style, color=PALETTE[count - 1], label=name)
        axes.plot(0.01, 1 / (1 + 99 / 10**count), marker, color=PALETTE[count - 1])
    axes.axvline(0.01, color=PALETTE[6], linewidth=0.8)
    axes.annotate("1 in 100", (0.0105, 0.97))
    axes.set(xscale="log", xlabel="prior: the share of people who are ill", ylabel="posterior after the tests")
    axes.legend(frameon=False, loc="upper left")


def resampled_differences(figure: Figure) -> None:
    """The bootstrap of the lesson's question, for 100 questions and for 1000."""
    few, many = figure.subplots(1, 2, sharex=True)
    for axes, times in ((few, 1), (many, 10)):
        x = np.repeat([1.0, -1.0, 0.0], np.array([13, 8, 79]) * times)
        rng = np.random.default_rng(1)
        means = x[rng.integers(x.size, size=(4000, x.size))].mean(axis=1)
        lo, hi = np.quantile(means, [0.025, 0.975])
        axes.hist(means, bins=np.arange(-0.135, 0.25, 0.01), color=PALETTE[5], edgecolor="white")
        for end in (lo, hi):
            axes.axvline(end, color=PALETTE[1], linestyle="--")
        axes.axvline(0.0, color=PALETTE[6], linewidth=1.2)
        axes.set(title=f"{x.size} questions: {lo:.2f} to {hi:.2f}", xlabel="new share right - old share right")
    few.set(ylabel="how many of 4000 resamples")
