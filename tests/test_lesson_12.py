"""The numbers in the lesson on fairness and attributions, computed anew."""

from itertools import permutations
from math import factorial
from pathlib import Path

import numpy as np
import pytest

TOPIC = Path(__file__).parent.parent / "assignments" / "12_fairness"
TEXT = (TOPIC / "README.md").read_text(encoding="utf-8")
FLAT = " ".join(TEXT.split())  # a sentence may be broken anywhere


def says(*sentences: str) -> bool:
    return all(sentence in FLAT for sentence in sentences)


def rows(head: str) -> list[list[str]]:
    """The cells of the table whose first line begins with `head`."""
    lines = TEXT[TEXT.index(f"| {head}") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def tiles(name, homes, found, empty, alarms):
    """Outcomes, predictions and groups with these counts."""
    y = np.repeat([1, 0], [homes, empty])
    p = np.concatenate([np.arange(homes) < found, np.arange(empty) < alarms]).astype(int)
    return y, p, np.repeat(name, homes + empty)


def together(*groups):
    return tuple(np.concatenate(parts) for parts in zip(*groups, strict=True))


@pytest.fixture(scope="module")
def answer(library):
    return lambda name: library.exercise(name).reference


@pytest.fixture(scope="module")
def world():
    """The 1000 tiles of the first table."""
    counted = [(row[0], *map(int, row[1:])) for row in rows("| tiles")]
    assert all(n == homes + empty for _, n, homes, _, empty, _ in counted)
    return together(*(tiles(name, *counts) for name, _, *counts in counted))


def neuron(x):
    return 1 / (1 + np.exp(-(2 * x[0] + 2 * x[1] - x[2])))


def neuron_slope(x):
    return neuron(x) * (1 - neuron(x)) * np.array([2.0, 2.0, -1.0])


def test_the_rates_are_those_of_the_table(answer, world):
    rates = answer("group_rates")(*world)

    for name, *cells in rows("| accuracy"):
        row = rates[name]
        assert cells == [f"{row[rate]:.2f}" for rate in ("accuracy", "selection_rate", "tpr", "fpr")]


def test_the_average_of_all_is_that_of_the_lesson(world):
    y, p, groups = world
    alaska = groups == "Alaska"

    assert (np.sum((y == p)[~alaska]), np.sum((y == p)[alaska]), np.sum(y == p)) == (855, 81, 936)
    assert pytest.approx(0.936) == 0.9 * 0.95 + 0.1 * 0.81
    assert (pytest.approx(2), pytest.approx(0.2)) == (0.1 * 20, 0.01 * 20)
    assert np.mean(y[alaska] == 0) == 0.80
    assert says(
        "right on 93.6 per cent", "= 855 of 900 tiles, 95 per cent", "= 81 of 100", "936 of 1000", "reaches 0.80"
    )
    assert f"{np.sqrt(0.45 * 0.55 / 20):.2f}" == "0.11"
    assert says("sqrt(0.45 · 0.55 / 20) = 0.11")


def test_both_differences_are_those_of_the_lesson(answer, world):
    y, p, groups = world

    assert answer("demographic_parity_difference")(y, p, sensitive_features=groups) == pytest.approx(0.42)
    assert answer("equalized_odds_difference")(y, p, sensitive_features=groups) == pytest.approx(0.50)
    assert answer("demographic_parity_difference")(y, y, sensitive_features=groups) == pytest.approx(0.40)
    assert says("0.59 - 0.17 = 0.42", "max(0.95 - 0.45, 0.10 - 0.05) = 0.50", "has parity 0.40")


def test_equal_odds_leave_the_parity_of_the_lesson(answer):
    y, p, groups = together(tiles("Valley", 540, 513, 360, 18), tiles("Alaska", 20, 19, 80, 4))

    assert answer("equalized_odds_difference")(y, p, sensitive_features=groups) == 0
    assert answer("demographic_parity_difference")(y, p, sensitive_features=groups) == pytest.approx(0.36)
    assert pytest.approx(0.36) == (0.95 - 0.05) * (0.6 - 0.2)
    assert [round(0.95 * b + 0.05 * (1 - b), 2) for b in (0.6, 0.2)] == [0.59, 0.23]
    assert says("0.95 · 0.6 + 0.05 · 0.4 = 0.59", "are 0.59 and 0.23, and d_parity = 0.36")


def test_parity_leaves_the_odds_of_the_lesson(answer):
    y, p, groups = together(tiles("Valley", 60, 40, 40, 0), tiles("Alaska", 20, 20, 80, 20))
    rates = answer("group_rates")(y, p, groups)

    assert answer("demographic_parity_difference")(y, p, sensitive_features=groups) == 0
    assert answer("equalized_odds_difference")(y, p, sensitive_features=groups) == pytest.approx(1 / 3)
    assert (f"{rates['Valley']['tpr']:.2f}", rates["Alaska"]["fpr"]) == ("0.67", 0.25)
    assert rates["Valley"]["accuracy"] == rates["Alaska"]["accuracy"] == 0.8
    assert says("tpr 0.67; in Alaska", "fpr 0.25. The odds are then off by 0.33", "20 of 100 answers are wrong")


def test_the_two_lines_of_the_picture_meet_at_the_coin():
    # tpr b + fpr (1 - b) = 0.4 for both base rates.
    fpr, tpr = np.linalg.solve([[0.4, 0.6], [0.8, 0.2]], [0.4, 0.4])

    assert (fpr, tpr) == (pytest.approx(0.4), pytest.approx(0.4))
    assert [round(0.4 / 0.6, 2), (0.4 - 0.2 * 1) / 0.8, 0.4 / 0.8] == [0.67, pytest.approx(0.25), 0.5]
    assert says("from fpr 0.25, tpr 1 to fpr 0.5, tpr 0", "at 0.4 and 0.4")


def test_the_neuron_is_as_sure_as_the_lesson_says():
    x = np.array([3.0, 3.0, 1.0])

    assert f"{neuron(x):.5f}" == "0.99998"
    assert [f"{slope:.6f}" for slope in neuron_slope(x)] == ["0.000033", "0.000033", "-0.000017"]
    assert says("[0.000033, 0.000033, -0.000017]", "0.99998 - 0.5 = 0.49998")
    assert neuron(0.3 * x) > 0.95
    assert neuron_slope(0 * x).tolist() == [0.5, 0.5, -0.25]
    assert np.abs(neuron_slope(0.6 * x)).max() < 0.005


def test_the_attributions_are_those_of_the_table(answer):
    x = np.array([3.0, 3.0, 1.0])

    for steps, cell in rows("K | sum"):
        attr = answer("integrated_gradients")(neuron_slope, x, np.zeros(3), int(steps))
        assert cell == f"{attr.sum():.{len(cell) - 2}f}"
    assert [f"{a:.3f}" for a in attr] == ["0.273", "0.273", "-0.045"]
    assert says("[0.273, 0.273, -0.045]")


def test_the_orders_of_the_gloves_are_those_of_the_table(answer):
    def pairs(S):
        return float(min(len(S & {0}), len(S & {1, 2})))

    listed = [(tuple(map(int, order.split(", "))), int(who)) for order, who in rows("order | who")]

    assert [order for order, _ in listed] == list(permutations(range(3)))
    for order, who in listed:
        before = frozenset(order[: order.index(who)])
        assert (pairs(before), pairs(before | {who})) == (0, 1)
    assert answer("shapley_values")(pairs, 3) == pytest.approx([4 / 6, 1 / 6, 1 / 6])


def test_twins_and_parties_have_the_shares_of_the_lesson(answer):
    def twins(S):
        return 4.0 * (len(S & {0, 1}) > 0) + (2 in S)

    def majority(S):
        return float(sum([40, 30, 20, 10][i] for i in S) > 50)

    everybody = frozenset(range(4))
    assert [twins(everybody) - twins(everybody - {i}) for i in range(4)] == [0, 0, 1, 0]
    assert answer("shapley_values")(twins, 4) == pytest.approx([2, 2, 1, 0])
    assert [f"{share:.3f}" for share in answer("shapley_values")(majority, 4)] == ["0.417", "0.250", "0.250", "0.083"]
    assert says("[0, 0, 1, 0] miss 4 of the 5", "get [2, 2, 1, 0]", "[0.417, 0.25, 0.25, 0.083]")


def test_the_numbers_of_sets_and_orders_are_those_of_the_lesson():
    assert (2**12, f"{2**30:,}".replace(",", " ")) == (4096, "1 073 741 824")
    assert factorial(3) == len(rows("order | who"))
    assert says("12 players have 4096 sets", "30 have 1 073 741 824")


def test_the_table_lists_the_topics_exercises(library):
    listed = {row[0].strip("`"): row[1:3] for row in rows("exercise | difficulty")}
    files = sorted((TOPIC.parent.parent / "solutions" / TOPIC.name).glob("*.py"))

    assert sorted(listed) == [file.stem for file in files]
    for name, (difficulty, points) in listed.items():
        exercise = library.exercise(name)
        assert (str(exercise.difficulty), str(exercise.points)) == (difficulty, points)
