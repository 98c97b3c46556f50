"""The numbers in the lesson on thresholds, computed anew; those in its tables are in tests/test_lessons.py."""

import re

import numpy as np
import pytest
from scipy import optimize, special

from tests.test_lessons import lesson, rows

TEXT = lesson("08_calibration")
PLAIN = " ".join(TEXT.split())


def said(sentence: str) -> list[float]:
    """The numbers in the lesson's words that match `sentence`, where # stands for a number."""
    number = r"(-?\d[\d ]*(?:\.\d+)?)"
    found = re.search(re.escape(sentence).replace(r"\#", number).replace("#", number), PLAIN)
    assert found, sentence
    return [float(one.replace(" ", "")) for one in found.groups()]


@pytest.fixture(scope="module")
def payments():
    """Calibrated scores, frauds, and the scores that exaggerate, from the program in the lesson."""
    drawn: dict = {"np": np}
    exec(re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)[0], drawn)
    return drawn["p"], drawn["y"], drawn["q"]


def cost(score, fraud, threshold):
    blocked = score >= threshold
    return int(np.sum(blocked & ~fraud) + 20 * np.sum(~blocked & fraud))


def cheapest(score, fraud, price_of_a_fraud=20):
    order = np.argsort(-score)
    costs = np.cumsum(np.where(fraud[order], -price_of_a_fraud, 1))
    return score[order][costs.argmin()]


def bin_of(score, fraud, low, high):
    """Mean score, share of frauds and number of the payments with a score from `low` to below `high`."""
    inside = (score >= low) & (score < high)
    return score[inside].mean(), fraud[inside].mean(), inside.sum()


def test_blocking_one_payment_costs_what_the_lesson_says():
    p, fp, fn, block, let = said("With p = # and the costs # and #, blocking costs # on average and letting through #:")

    assert np.allclose([(1 - p) * fp, p * fn], [block, let])
    assert np.isclose((1 - p) / p, 9)
    assert "nine times more likely to be honest" in PLAIN


def test_thresholds_belong_to_the_prices_of_the_lesson():
    (formula,) = said("t* = 1/21, about #.")
    nine, four = said("The threshold # is right where blocking an honest customer costs nine times") + said(
        "as much as missing a fraud, # where it costs four times as much"
    )

    assert formula == round(1 / 21, 3)
    assert np.allclose([nine, four], [9 / (9 + 1), 4 / (4 + 1)])


def test_doubled_log_odds_are_those_of_the_lesson(payments):
    p, _, q = payments
    called, happens = said("calls # happens in # % of the cases")
    score, distorted = said("For p = # the odds are 1 to 9, squared 1 to 81, so q = 1/82, about #.")

    assert happens == round(100 * special.expit(special.logit(called) / 2))
    assert distorted == round(special.expit(2 * special.logit(score)), 3) == round(1 / 82, 3)
    assert np.allclose(special.logit(p[:100]) * 2, special.logit(q[:100]))
    assert np.array_equal(np.argsort(p[:5000]), np.argsort(q[:5000]))


def test_the_reliability_diagram_is_described_in_its_numbers(payments):
    p, fraud, q = payments
    calibrated = said("lie on the diagonal, for instance # for a score of #.")
    above, below = said("# for a score of #, and below it"), said("large ones, # for a score of #;")
    (few,), (corner,) = said("since only # payments are in this bin"), said("Of the scores q, # are below 0.1")
    (low,), small = said("down to a score of #, and q is far above it"), said("far above it: # for a score of #.]")

    share_last = [
        (calibrated, bin_of(p, fraud, 0.2, 0.3), 2),
        (above, bin_of(q, fraud, 0.1, 0.2), 2),
        (below, bin_of(q, fraud, 0.6, 0.7), 2),
        (small, bin_of(q, fraud, 0.01, 10**-1.5), 3),
    ]
    for quoted, (score, share, _), digits in share_last:
        assert quoted == [round(share, digits), round(score, digits)]
    assert bin_of(q, fraud, 0.6, 0.7)[2] == few
    assert bin_of(q, fraud, 0.0, 0.1)[2] == corner
    score, share, number = bin_of(p, fraud, 1e-3, 10**-2.5)
    assert round(score, 3) == low
    assert abs(share - score) < 2 * np.sqrt(score / number)
    assert [round(100 * one) for one in bin_of(q, fraud, 0.01, 10**-1.5)[:2]] == said("q calls # %, # % are frauds")


def test_the_picture_of_the_costs_is_described_in_its_numbers(payments):
    p, fraud, q = payments
    left, low, at, high = said(
        "falls from # to its lowest point, # at the threshold #, close to the formula's 1/21, and rises to #."
    )
    other, risen = said("but at #; at 1/21 it has risen to #.")
    with_q, with_p = said("lets # frauds through where the calibrated scores let # through")

    assert [left, high] == [round(cost(p, fraud, t) / 1000) for t in (0.0003, 1.0)]
    assert at == round(cheapest(p, fraud), 4)
    assert other == round(cheapest(q, fraud), 4)
    assert low == round(cost(p, fraud, cheapest(p, fraud)) / 1000) == round(cost(q, fraud, cheapest(q, fraud)) / 1000)
    assert risen == round(cost(q, fraud, 1 / 21) / 1000)
    assert [with_q, with_p] == [np.sum(fraud & (one < 1 / 21)) for one in (q, p)]
    assert 1.5 < cost(q, fraud, 1 / 21) / cost(p, fraud, 1 / 21) < 1.6
    assert "pays half as much again" in PLAIN


def test_the_temperature_finds_the_doubling(payments):
    _, fraud, q = payments
    z = special.logit(q)
    before, after, temperature = said("the mean surprise is # for T = 1, and smallest, #, at T = #:")
    (price,) = said("the formula's 1/21 costs #.")

    def surprise(t):
        return -np.mean(special.log_expit(np.where(fraud, z, -z) / t))

    best = optimize.minimize_scalar(surprise, bounds=(0.5, 5), method="bounded")
    assert [before, after] == [round(surprise(1), 4), round(best.fun, 4)]
    assert temperature == round(best.x, 2)
    assert price == cost(special.expit(z / temperature), fraud, 1 / 21)


@pytest.mark.parametrize("a", [0.1, 0.5, 0.83])
def test_the_mean_surprise_is_smallest_at_the_true_probability(a):
    def s(r):
        return -a * np.log(r) - (1 - a) * np.log(1 - r)

    for r in (0.05, 0.3, 0.6, 0.9):
        assert np.isclose((s(r + 1e-6) - s(r - 1e-6)) / 2e-6, (r - a) / (r * (1 - r)), rtol=1e-6)
    assert np.isclose(optimize.minimize_scalar(s, bounds=(0.01, 0.99), method="bounded").x, a, atol=1e-5)


def test_the_staircase_is_described_in_the_numbers_of_its_table():
    start = said("a staircase: # as long as nobody is blocked, # from the fraud at # on")
    middle = said("# and # from the honest payments at # and # on")
    end = said("# from the fraud at # on, and # from the honest payment at # on.")
    table = [[float(row[column].strip("*")) for column in (4, 0)] for row in rows(TEXT, "threshold | blocked")[1:]]

    assert start[0] == float(rows(TEXT, "threshold | blocked")[0][4])
    assert table == [start[1:], [middle[0], middle[2]], [middle[1], middle[3]], end[:2], end[2:]]


def test_sorting_takes_the_steps_of_the_lesson():
    number = 1e6
    (steps,), (hours,) = said("these are # million steps"), said("the second takes # hours")

    assert steps == round(number * np.log2(number) / 1e6)
    assert hours == round(number**2 / (number * np.log2(number)) / 3600)


@pytest.mark.parametrize(
    ("sentence", "draws"),
    [("lies about # beside the best one", 10_000), ("with 100 000 it is #.", 100_000)],
    ids=["10000", "100000"],
)
def test_thresholds_shake_as_the_lesson_says(sentence, draws):
    (distance,) = said(sentence)

    found = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        p = rng.random(draws)
        found.append(abs(cheapest(p, rng.random(draws) < p, price_of_a_fraud=1) - 0.5))

    assert abs(np.mean(found) - distance) < 0.1 * distance


def test_a_threshold_that_is_a_quarter_too_high_costs_what_the_lesson_says(payments):
    p, fraud, _ = payments
    dearer, best = said("a quarter too high costs # in place of #.")

    assert best == cost(p, fraud, cheapest(p, fraud))
    assert dearer == cost(p, fraud, 1.25 * cheapest(p, fraud))


def test_the_table_says_what_the_exercises_say(library):
    for name, difficulty, points, _ in rows(TEXT, "exercise | difficulty"):
        own = library.exercise(name.strip("`"))
        assert [int(difficulty), int(points)] == [own.difficulty, own.points]


def test_the_order_and_the_word_in_one_number_each(payments, library):
    p, y, q = payments
    auc = library.exercise("roc_auc").reference
    error = library.exercise("expected_calibration_error").reference

    assert said("For p it is #, and for q, which has the same order, # as well") == [
        round(auc(y.astype(int), score), 3) for score in (p, q)
    ]
    assert said("With ten bins of equal width it is # for p and # for q") == [
        round(error(y.astype(int), score), 3) for score in (p, q)
    ]


def test_platts_sigmoid_undoes_the_doubling(payments, library):
    _, y, q = payments

    a, b = library.exercise("platt_fit").reference(np.log(q / (1 - q)), y.astype(int))

    assert said("a = # and b = #: close to a half") == [round(a, 3), round(b, 3)]


def test_the_staircase_repairs_what_it_was_not_fitted_to(payments, library):
    _, y, q = payments
    half = 50_000
    error = library.exercise("expected_calibration_error").reference

    x, fit = library.exercise("isotonic_fit").reference(q[:half], y[:half].astype(int))
    repaired = np.interp(q[half:], x, fit)

    assert said("payments it has # steps") == [len(np.unique(fit))]
    assert said("brings the calibration error from # to # and") == [
        round(error(y[half:].astype(int), score), 3) for score in (q[half:], repaired)
    ]
    assert said("cost at 1/21 from # to #.") == [cost(score, y[half:], 1 / 21) for score in (q[half:], repaired)]
