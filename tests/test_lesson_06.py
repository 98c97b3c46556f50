"""The numbers in the lesson of topic 06, computed anew."""

import re
from pathlib import Path

import numpy as np
import pytest

from tests.pictures import topic_06_classic as pictures

TEXT = (Path(__file__).parent.parent / "assignments" / "06_classic" / "README.md").read_text(encoding="utf-8")
WORDS = " ".join(TEXT.split())


def rows(head: str) -> list[list[str]]:
    """The cells of the table whose first line begins with `head`."""
    lines = TEXT[TEXT.index(f"| {head} |") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def curve(score):
    return 1 / (1 + np.exp(-score))


def newton(X, y, tol):
    """Theta after every step, until no slope is above tol."""
    path = [np.zeros(X.shape[1])]
    while True:
        h = curve(X @ path[-1])
        slope = X.T @ (h - y)
        if np.abs(slope).max() <= tol * len(y):
            return path
        path.append(path[-1] - np.linalg.solve((X.T * (h * (1 - h))) @ X, slope))


def test_the_lines_through_three_points_are_those_of_the_lesson():
    assert np.allclose(np.polyfit([1, 2, 3], [2, 4, 9], 1), [3.5, -2])
    for lam, w, b in ((0, 3.5, -2), (2, 1.75, 1.5), (12, 0.5, 4)):
        assert w == 7 / (2 + lam)
        assert b == 5 - 2 * w
    assert "Without a price the slope is 3.5 and the line begins at -2" in WORDS
    assert "with lam = 2 the slope is 1.75 and the line begins at 1.5; with lam = 12 the slope is 0.5" in WORDS


def test_a_price_helps_on_new_examples_as_the_lesson_says():
    table = rows("lam | on the examples it was fitted to | on new ones")
    prices = [float(row[0]) for row in table]
    rng, misses = np.random.default_rng(20), np.zeros((len(prices), 2))

    for _ in range(300):
        w = 0.3 * rng.normal(size=20)
        X = rng.normal(size=(30, 20))
        y = X @ w + rng.normal(size=30)
        Z = rng.normal(size=(1000, 20))
        z = Z @ w + rng.normal(size=1000)
        centred = X - X.mean(axis=0)
        for i, lam in enumerate(prices):
            found = np.linalg.solve(centred.T @ centred + lam * np.eye(20), centred.T @ (y - y.mean()))
            b = y.mean() - X.mean(axis=0) @ found
            misses[i] += np.mean((y - X @ found - b) ** 2) / 300, np.mean((z - Z @ found - b) ** 2) / 300

    assert [[float(cell) for cell in row[1:]] for row in table] == [[round(v, 2) for v in row] for row in misses]


def test_newtons_steps_to_log_3_are_those_of_the_lesson():
    X, y = np.ones((4, 1)), np.array([1, 1, 1, 0])
    path = newton(X, y, 1e-10)

    for row, theta in zip(rows("step | theta | off by"), path, strict=True):
        digits = len(row[1].partition(".")[2])
        assert float(row[1]) == round(theta[0], digits)
        assert float(row[2]) == pytest.approx(abs(theta[0] - np.log(3)), rel=0.05)


def test_steps_down_the_slope_need_as_many_as_the_lesson_says():
    theta, steps = 0.0, 0
    while abs(curve(theta) - 0.75) > 1e-10:
        theta -= curve(theta) - 0.75
        steps += 1

    assert f"need {steps} steps" in WORDS
    assert "here it takes 4" in WORDS


def test_the_curves_of_the_students_are_those_of_the_lesson():
    X = np.column_stack([np.ones(10), pictures.HOURS])
    path = newton(X, pictures.PASSED, 1e-10)
    first, last = path[1], path[-1]

    ends = [curve(first @ [1, hours]) for hours in (0, 6.5)]
    assert f"from {ends[0]:.2f} at 0 hours to {ends[1]:.2f} at 6.5" in WORDS
    assert f"one half at {-last[0] / last[1]:.2f} hours and {curve(last @ [1, 3.5]):.2f} at 3.5" in WORDS


def test_separated_students_end_where_the_lesson_says():
    X = np.column_stack([np.ones(6), [1, 2, 2.5, 3.5, 4, 5.5]])
    path = newton(X, np.array([0, 0, 0, 1, 1, 1]), 1e-10)

    nearest = [abs(X @ theta).min() for theta in path]
    assert f"after {len(path) - 1} steps, at theta = ({path[-1][0]:.2f}, {path[-1][1]:.2f})" in WORDS
    assert np.allclose(np.diff(nearest)[6:], 1, atol=0.03)


def test_one_neighbour_and_fifteen_err_as_often_as_the_lesson_says():
    X_train, y_train = pictures._two_groups()
    rng, y = np.random.default_rng(16), np.repeat([0, 1], 5000)
    X = rng.normal(np.where(y, 0.8, -0.8)[:, None] * [1.0, 0.5], 1.0)

    def wrong(points, labels, k):
        far = ((points[:, None] - X_train) ** 2).sum(axis=2)
        votes = y_train[np.argsort(far, axis=1, kind="stable")[:, :k]]
        return np.sum((votes.mean(axis=1) > 0.5) != labels)

    assert [wrong(X_train, y_train, k) for k in (1, 15)] == [0, 11]
    assert f"gets {wrong(X, y, 1) / 100:.1f} % wrong" in WORDS
    assert f"wrong about 11 of the sixty, and about {wrong(X, y, 15) / 100:.1f} % of the new ones" in WORDS
    assert f"wrong about {100 * np.mean((X @ [0.8, 0.4] > 0) != y):.1f} %" in WORDS


def test_the_lowest_points_of_one_weight_are_those_of_the_lesson():
    w = np.linspace(-1, 2.5, 3501)
    lowest = [w[np.argmin(w**2 - 2 * w + lam * np.abs(w))] for lam in (0, 1, 3)]

    assert np.allclose(lowest, [1, 0.5, 0], atol=1e-9)
    assert "For lam = 0 its lowest point is at w = 1, for lam = 1 at w = 0.5, and for lam = 3 in the corner" in WORDS


def test_the_weights_of_the_lasso_leave_where_the_lesson_says():
    X, y = pictures._six_columns()
    prices = np.linspace(0, 1.6, 161)
    path = np.array([pictures._lasso(X, y, lam) for lam in prices])
    gone = [prices[np.flatnonzero(path[:, j])[-1]] + 0.01 for j in range(6)]

    said = re.findall(
        r"w_5, w_6 and w_4 are 0 from (.*?), (.*?) and (.*?) on, w_3 from (.*?), w_2 from (.*?), and w_1 "
        r"from (\d+\.\d+)",
        WORDS,
    )[0]
    for j, price in zip([4, 5, 3, 2, 1, 0], said, strict=True):
        assert float(price) == pytest.approx(gone[j], abs=0.0101)
    ridge = np.linalg.solve(X.T @ X / 20 + 1.6 * np.eye(6), X.T @ y / 20)
    assert np.all(ridge != 0)
    idle = np.all(path[:, 3:] == 0, axis=1)
    assert np.all(np.abs(path[idle, :3]) < [2.0, 1.5, 0.8])


def test_a_diagonal_of_thirty_thousand_weights_is_as_large_as_the_lesson_says():
    assert "for 30,000 students it has 900 million entries" in WORDS
    assert 30_000**2 == 900e6
