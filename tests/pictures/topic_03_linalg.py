"""Pictures of topic 03, linear algebra."""

from fractions import Fraction

import numpy as np
from matplotlib.figure import Figure

from tests.pictures import PALETTE


def shadow_of_b(figure: Figure) -> None:
    """The nearest point to b on the line along a column, and the right angle there."""
    figure.set_size_inches(5.0, 4.6)
    axes = figure.subplots()
    a, b = np.array([3.0, 4.0]), np.array([5.0, 10.0])
    shadow = a @ b / (a @ a) * a
    ends = np.array([[-0.6, -0.8], [8.1, 10.8]])
    axes.plot(ends[:, 0], ends[:, 1], color=PALETTE[6], linestyle="-", linewidth=0.8)
    for tip, style, colour in ((a, "-", PALETTE[0]), (b, "-", PALETTE[1])):
        axes.annotate("", tip, (0, 0), arrowprops={"arrowstyle": "->", "color": colour, "lw": 2, "ls": style})
    axes.plot([b[0], shadow[0]], [b[1], shadow[1]], color=PALETTE[1], linestyle=":")
    axes.plot(*shadow, "o", color=PALETTE[6])
    along, across = a / 5, (b - shadow) / 2
    corner = np.array([shadow - 0.5 * along, shadow + 0.5 * (across - along), shadow + 0.5 * across])
    axes.plot(corner[:, 0], corner[:, 1], color=PALETTE[6], linestyle="-", linewidth=0.8)
    axes.text(3.2, 3.6, "a = [3, 4]", color=PALETTE[0])
    axes.text(2.5, 10.1, "b = [5, 10]", color=PALETTE[1])
    axes.text(7.0, 8.4, "2.2 a = [6.6, 8.8]")
    axes.text(5.6, 9.6, "missed", color=PALETTE[1], fontsize=9)
    axes.set(aspect="equal", xlim=(-1, 11), ylim=(-1, 11.3))


def digits_lost(figure: Figure) -> None:
    """The error of a slope that is fitted against a clock, by the normal equations and by QR."""
    axes = figure.subplots()
    clocks = [10**power for power in range(10)]
    lost, kept = zip(*(_errors(clock) for clock in clocks), strict=True)
    axes.plot(clocks, lost, marker="s", linestyle="--", color=PALETTE[1], label="normal equations")
    axes.plot(clocks, kept, marker="o", linestyle="-", color=PALETTE[0], label="QR")
    axes.axhline(1.0, color=PALETTE[6], linewidth=0.8)
    axes.text(1.2, 1.6, "no digit left")
    axes.set(xscale="log", yscale="log", xlabel="what the clock shows, T", ylabel="relative error of the slope")
    axes.set(ylim=(1e-17, 1e3))
    axes.legend(frameon=False, loc="lower right")


def _errors(clock: int) -> tuple[float, float]:
    """The relative errors of both ways, computed with Python's own floats, which round alike everywhere."""
    b = [0.3, 1.1, 1.7, 3.2, 3.9, 5.4, 5.8, 7.1]
    t, m = [clock + 0.7 * n for n in range(len(b))], len(b)  # readings 0.7 seconds apart
    exact_t, exact_b = [Fraction(value) for value in t], [Fraction(value) for value in b]
    mean = sum(exact_t) / m
    true = sum((s - mean) * y for s, y in zip(exact_t, exact_b, strict=True)) / sum((s - mean) ** 2 for s in exact_t)
    total, squares = sum(t), sum([s * s for s in t])
    down = m * squares - total * total
    normal = (m * sum([s * y for s, y in zip(t, b, strict=True)]) - total * sum(b)) / down if down else 0.0
    first = 1 / m**0.5
    along = sum([first * s for s in t])
    rest = [s - along * first for s in t]
    length = sum([r * r for r in rest]) ** 0.5
    by_qr = sum([r / length * y for r, y in zip(rest, b, strict=True)]) / length
    off, little = (abs(float((Fraction(found) - true) / true)) for found in (normal, by_qr))
    return max(off, 1e-17), max(little, 1e-17)  # a logarithmic axis has no 0


def arrows_that_turn(figure: Figure) -> None:
    """A vector that is multiplied by a matrix again and again turns towards the dominant eigenvector."""
    figure.set_size_inches(5.4, 4.2)
    axes = figure.subplots()
    A, v = np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([0.8, -0.6])
    axes.plot([-0.1, 0.9], [-0.1, 0.9], color=PALETTE[6], linestyle="--", linewidth=0.8)
    axes.text(0.86, 0.93, "eigenvector\nof 3")
    for step in range(5):
        colour = PALETTE[step % 2]
        axes.annotate("", v, (0, 0), arrowprops={"arrowstyle": "->", "color": colour, "lw": 1.8})
        axes.text(*(1.08 * v - [0.02, 0.02]), f"{step}", color=colour)
        v = A @ v
        v = v / np.sqrt(v @ v)
    axes.set(aspect="equal", xlim=(-0.15, 1.3), ylim=(-0.75, 1.1))


def a_picture_in_few_directions(figure: Figure) -> None:
    """A small grey picture, whole and made of its strongest one, two and four directions."""
    figure.set_size_inches(7.2, 2.1)
    A = _small_picture()
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    for axes, k in zip(figure.subplots(1, 4), (1, 2, 4, 12), strict=True):
        axes.pcolormesh((U[:, :k] * s[:k]) @ Vt[:k], cmap="gray_r", vmin=0, vmax=1, edgecolors="none")
        err = np.sqrt(np.sum(s[k:] ** 2))
        axes.set_title(f"k = {k}, err = {err:.2f}" if k < 12 else "the whole picture", fontsize=9)
        axes.set(aspect="equal", xticks=[], yticks=[])
        axes.invert_yaxis()


def _small_picture() -> np.ndarray:
    """A disc and its shadow."""
    row, column = np.mgrid[0:12, 0:16]
    disc = np.hypot(row - 5, column - 6) < 4.2
    return 1.0 * disc + 0.5 * ((np.hypot(row - 9, column - 10) < 3.2) & ~disc)
