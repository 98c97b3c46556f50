"""The numbers in the lesson on losses and optimisers, computed anew."""

import re

import numpy as np
import pytest
from scipy import optimize, special

from tests.test_lessons import lesson, numbers, rows

TEXT = lesson("05_losses_optim")
PLAIN = " ".join(TEXT.split())
CURVATURES, START = np.array([1.0, 25.0]), np.array([-4.0, 1.0])


def said(sentence: str) -> list[float]:
    """The numbers in the lesson's words that match `sentence`, where # stands for a number."""
    number = r"(-?\d+(?:\.\d+)?)"
    found = re.search(re.escape(sentence).replace(r"\#", number).replace("#", number), PLAIN)
    assert found, sentence
    return [float(one) for one in found.groups()]


def rounded_as(value: float, text: float) -> bool:
    """Whether `text`, read from the lesson, is `value` rounded to as many decimals as it has."""
    decimals = len(repr(text).partition(".")[2].removesuffix("0")) if text % 1 else 0
    return abs(value - text) <= 0.5 * 10**-decimals + 1e-12


def heights(path: np.ndarray) -> np.ndarray:
    return (CURVATURES * path**2).sum(axis=1) / 2


def descent(rate: float, steps: int, scale: float = 1.0) -> np.ndarray:
    return START * (1 - scale * rate * CURVATURES) ** np.arange(steps + 1)[:, None]


def momentum(rate: float, mu: float, steps: int) -> np.ndarray:
    path = [START, START]  # w_(t+1) from w_t and w_(t-1)
    for _ in range(steps):
        path.append((1 + mu - rate * CURVATURES) * path[-1] - mu * path[-2])
    return np.array(path[1:])


def adam(rate: float, steps: int, scale: float = 1.0) -> np.ndarray:
    path, slopes = [START], []
    for t in range(1, steps + 1):
        slopes.append(scale * CURVATURES * path[-1])
        age = np.arange(t)[::-1]
        m = np.average(slopes, axis=0, weights=0.9**age)
        v = np.average(np.square(slopes), axis=0, weights=0.999**age)
        path.append(path[-1] - rate * m / (np.sqrt(v) + 1e-8))
    return np.array(path)


def steps_until(path: np.ndarray, height: float) -> int:
    """After how many steps the walk is lower than `height`, for good."""
    return int(np.flatnonzero(heights(path) > height)[-1]) + 1


# --- losses --------------------------------------------------------------------------------------------------------


def test_the_example_of_softmax_is_that_of_the_lesson():
    found = said("For the scores 1, 2, 3 the powers are #, #, #, together #; so p is #, #, #")
    p = special.softmax([1, 2, 3])

    assert found == [*np.round(np.exp([1, 2, 3]), 3), round(sum(np.exp([1, 2, 3])), 3), *np.round(p, 3)]


def test_the_losses_at_the_start_are_logarithms_of_the_number_of_classes():
    for loss, classes in zip(*[iter(said("= log C: # for # classes, # for #, # for #."))] * 2, strict=True):
        assert loss == round(np.log(classes), 3)


def test_two_classes_cost_what_the_lesson_says():
    half, clipped = said("this is log 2 = # for either label") + said("to be safe gets # instead")

    assert half == round(-special.log_expit(0.0), 3)
    assert clipped == round(-np.log(1e-12), 1)
    assert -special.log_expit(-1000.0) == 1000


@pytest.mark.parametrize("z", [-3.0, 0.0, 2.5])
@pytest.mark.parametrize("t", [0.0, 0.9, 1.0])
def test_both_forms_of_the_loss_of_two_classes_are_the_surprise(z, t):
    surprise = -t * special.log_expit(z) - (1 - t) * special.log_expit(-z)

    assert np.isclose((1 - t) * z + np.log(1 + np.exp(-z)), surprise)
    assert np.isclose(max(z, 0) - z * t + np.log(1 + np.exp(-abs(z))), surprise)


def test_hinge_and_cross_entropy_of_the_example_are_those_of_the_lesson():
    x = np.array([3.0, 1.0, 2.5])
    missing = np.maximum(0, x - x[0] + 1)[1:]

    assert said("missing, and L = #.") == [missing.sum()]
    assert said("Here the slope is (#, #, #)") == [-(missing > 0).sum(), *(missing > 0)]
    loss, *slope = said("loss #, slope (#, #, #)")
    assert loss == round(special.logsumexp(x) - x[0], 3)
    assert slope == list(np.round(special.softmax(x) - [1, 0, 0], 3))


def test_the_picture_of_the_two_losses_is_described_in_its_numbers():
    found = said("Cross-entropy is # at margin #, # at #, # at # and # at #; its slope goes gently from # to #")

    for loss, margin in zip(found[0:8:2], found[1:8:2], strict=True):
        assert loss == round(-special.log_expit(margin), 2)
    assert found[8:] == [round(-special.expit(3.0), 2), round(-special.expit(-4.0), 2)]


# --- optimisers ----------------------------------------------------------------------------------------------------


def test_heights_after_some_steps_are_those_of_the_lesson():
    walks = [descent(0.07, 50), momentum(0.03, 0.8, 50), adam(0.2, 50)]

    for steps, *cells in rows(TEXT, "steps | gradient descent, rate 0.07"):
        assert [float(cell) for cell in cells] == [round(heights(walk)[int(steps)], 4) for walk in walks]


def test_the_factors_of_plain_descent_are_those_of_the_lesson():
    along, across = said("With eta = 0.07 this is # along the valley, where lambda = 1, and # across")
    (steps,) = said("It takes # steps until the height is a millionth")
    best = optimize.minimize_scalar(lambda eta: np.abs(1 - eta * CURVATURES).max(), bounds=(0, 0.1), method="bounded")

    assert [along, across] == [round(1 - 0.07, 2), round(1 - 0.07 * 25, 2)]
    assert np.isclose(best.x, 1 / 13, atol=1e-5)
    assert np.isclose(best.fun, 12 / 13, atol=1e-4)
    assert steps == steps_until(descent(1 / 13, 200), 20.5e-6)
    assert heights(descent(0.0801, 400))[-1] > 20.5 > heights(descent(0.0799, 400))[-1]


def test_the_three_walks_are_described_in_their_numbers():
    plain, rolling, own = descent(0.07, 25), momentum(0.03, 0.8, 25), adam(0.2, 25)
    zigzag = said("jumps from wall to wall, to #, # and #, and ends on the floor at #, short")
    turn, end = said("turns at # and ends at #.")
    floor, along, across = said("crosses the floor at #, swings back, and ends at # along and # across")

    assert zigzag == [*np.round(plain[1:4, 1], 2), round(plain[-1, 0], 2)]
    assert abs(plain[-1, 1]) < 0.005
    assert [turn, end] == [round(rolling[:, 0].max(), 2), round(rolling[-1, 0], 2)]
    assert np.allclose(own[1] - own[0], [0.2, -0.2])
    below = int(np.flatnonzero(own[:, 1] < 0)[0])
    assert floor == round(np.interp(0, own[[below, below - 1], 1], own[[below, below - 1], 0]), 2)
    assert [along, across] == list(np.round(own[-1], 2))


def test_the_best_momentum_has_the_factors_of_the_lesson():
    (steps,) = said("millionth is reached after # steps instead of 87")

    for curvature in CURVATURES:
        solutions = np.roots([1, -(1 + 4 / 9 - curvature / 9), 4 / 9])
        assert np.allclose(np.abs(solutions), 2 / 3)
    assert steps == steps_until(momentum(1 / 9, 4 / 9, 100), 20.5e-6)


@pytest.mark.parametrize("curvature", [1.0, 5.0, 25.0])
def test_complex_solutions_have_the_length_of_the_root_of_mu(curvature):
    solutions = np.roots([1, -(1 + 0.8 - 0.03 * curvature), 0.8])

    assert np.iscomplex(solutions).all()
    assert np.allclose(np.abs(solutions), np.sqrt(0.8))


def test_a_valley_that_is_a_hundred_times_as_steep_has_the_factors_of_the_lesson():
    found = said("the best factors are #/# for plain descent and #/# with momentum")

    plain = optimize.minimize_scalar(lambda e: max(abs(1 - e), abs(1 - 100 * e)), bounds=(0, 0.02), method="bounded")
    assert np.isclose(plain.fun, found[0] / found[1], atol=1e-4)

    def shrinks(settings):
        return max(np.abs(np.roots([1, -(1 + settings[1] - settings[0] * c), settings[1]])).max() for c in (1, 100))

    assert np.isclose(shrinks(((2 / 11) ** 2, (9 / 11) ** 2)), found[2] / found[3], atol=1e-6)
    tried = [shrinks((rate, mu)) for rate in np.linspace(0.01, 0.06, 41) for mu in np.linspace(0.4, 0.95, 41)]
    assert min(tried) > found[2] / found[3]


def test_the_path_of_adam_does_not_depend_on_the_unit_of_the_loss():
    assert np.allclose(adam(0.2, 25), adam(0.2, 25, scale=100), atol=1e-6)
    assert np.allclose(said("now multiplies by 1 - # = # across"), [100 * 0.07 * 25, 1 - 100 * 0.07 * 25])
    assert heights(descent(0.07, 5, scale=100))[-1] > 1e20


def test_steps_without_the_correction_are_too_large_by_the_factors_of_the_lesson():
    head = TEXT[TEXT.index("| t | 1 | 10 |") :].split("\n\n")[0].splitlines()

    for t, factor in zip(head[0].strip("|").split("|")[1:], head[2].strip("|").split("|")[1:], strict=True):
        (steps,) = numbers(t)
        assert float(factor) == round((1 - 0.9**steps) / np.sqrt(1 - 0.999**steps), 2)


def test_the_walk_that_always_goes_down_never_comes_below_one():
    points, falls = said("over the points #, #, #, #"), said("The heights #, #, #, # fall for ever")

    assert points == [(-1) ** k * (1 + 2.0**-k) for k in range(4)]
    assert all(rounded_as(x**2, height) for x, height in zip(points, falls, strict=True))
    assert all((1 + 2.0**-k) ** 2 > 1 for k in range(40))


def test_the_picture_of_the_armijo_condition_is_described_in_its_numbers():
    crossing, far, height, line = said(
        "crosses at alpha = #. The trial # has height #, lower than f(x) = 1, but the line is at #"
    )
    near, low, above = said("The trial # has height #, where the line is at #, and is accepted")

    def f(alpha):
        return (1 - 2 * alpha) ** 2

    assert np.isclose(optimize.brentq(lambda a: f(a) - (1 - a), 0.1, 1.0), crossing)
    assert np.allclose([f(far), 1 - 0.25 * far * 4], [height, line])
    assert np.allclose([f(near), 1 - 0.25 * near * 4], [low, above])


def test_the_slopes_of_the_banana_are_those_of_the_lesson():
    assert "-2 (1 - x1) - 400 x1 (x2 - x1²) and 200 (x2 - x1²)" in PLAIN

    for x1, x2 in [(-1.2, 1.0), (0.5, 2.0)]:
        ours = [-2 * (1 - x1) - 400 * x1 * (x2 - x1**2), 200 * (x2 - x1**2)]
        assert np.allclose(ours, optimize.rosen_der(np.array([x1, x2])))


def test_the_table_names_all_exercises_of_the_topic_and_says_what_they_say(library):
    table = {row[0].strip("`"): [int(cell) for cell in row[1:3]] for row in rows(TEXT, "exercise | difficulty")}
    here = {name: place for name, place in library.places.items() if place.topic == "05_losses_optim"}

    assert set(here) == set(table)
    for name in here:
        own = library.exercise(name)
        assert table[name] == [own.difficulty, own.points]
