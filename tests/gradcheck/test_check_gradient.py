"""check_gradient: its verdicts, its figures on a slice of the battery, every form of call, its cost."""

import numpy as np
import pytest

from grader.gradcheck import check_gradient, slopes

from . import battery, table
from .slips import SLIPS

RNG = np.random.default_rng(30)
X, W, B = RNG.normal(size=(3, 4)), RNG.normal(size=(4, 2)), RNG.normal(size=2)
SLICE = (
    "relu",
    "tanh",
    "log",
    "softmax",
    "batch norm",
    "max pool",
    "lstm step",
    "bias",
    "mean square",
    "cross entropy",
)

TRUE_OF_MANY = ("missing term", "diagonal only", "mask")  # names that hold for many a wrong formula


def affine(x, w, b):
    return x @ w + b


def affine_backward(x, w, b, upstream):
    return upstream @ w.T, x.T @ upstream, upstream.sum(0)


def total(x):
    return np.sum(np.sin(x))


@pytest.fixture(scope="module")
def results():
    """A slice of the battery, judged."""
    functions = battery.chosen(SLICE)
    cases = [*battery.right(3, functions), *battery.wrong(3, functions, 23)]
    return [table.judge(case) for case in cases if case.regime not in ("large", "noisy", "far", "x 1000")]


def test_no_right_gradient_is_accused(results):
    right = [r for r in results if r.kind is None]

    assert len(right) > 60
    assert [str(r) for r in right if r.verdict != "right"] == []


def test_no_wrong_gradient_passes(results):
    wrong = [r for r in results if r.kind is not None and r.size >= 1e-4 and r.regime != "offset 1e6"]

    assert len(wrong) > 100
    assert [str(r) for r in wrong if r.verdict != "wrong"] == []


def test_mistakes_are_named_rightly_or_not_at_all(results):
    wrong = [r for r in results if r.kind not in (None, *table.UNNAMED) and r.verdict == "wrong"]

    assert sum(r.named == r.kind for r in wrong) >= 0.95 * len(wrong)
    assert sum(r.named not in (r.kind, None) for r in wrong) <= 0.03 * len(wrong)


def test_evaluations_stay_within_their_targets(results):
    right, wrong = [r for r in results if r.kind is None], [r for r in results if r.kind is not None]

    assert max(r.evaluations for r in right if r.smooth) <= 6
    assert np.mean([r.evaluations for r in right]) <= 10
    assert np.mean([r.evaluations for r in wrong]) <= 40


@pytest.mark.parametrize("name", ["affine", "softmax", "norm", "embedding"])
def test_a_large_gradient_costs_no_more_than_a_small_one(name):
    (function,) = battery.chosen((name,))
    case = next(case for case in battery.right(1, [function]) if case.regime == "large")

    assert case.x.size >= 99_000
    assert table.judge(case).verdict == "right"
    assert table.judge(case).evaluations <= 6


def off(g, index, size):
    g = g.copy()
    g[index] *= 1 + size
    return g


@pytest.mark.parametrize(("size", "verdict"), [(0, "right"), (1e-5, "wrong")])
@pytest.mark.parametrize("added", [1.0, 1e7])
def test_one_entry_that_is_hardly_off_is_found_beside_an_offset(added, size, verdict):
    report = check_gradient(lambda x: total(x) + added, lambda x: off(np.cos(x), (1, 2), size), X)

    assert report.verdict == verdict


@pytest.mark.parametrize(("size", "verdict"), [(0, "right"), (1e-5, "wrong")])
def test_one_entry_that_is_hardly_off_is_found_where_f_hardly_changes(size, verdict):
    report = check_gradient(lambda x: np.sum(np.exp(x)), lambda x: off(np.exp(x), (1, 2), size), 1e-8 * X)

    assert report.verdict == verdict


@pytest.mark.parametrize(("size", "verdict"), [(0, "right"), (1e-5, "wrong")])
def test_one_entry_that_is_hardly_off_is_found_near_a_kink(size, verdict):
    near = np.where(X > 1, 1e-9 * X, X)

    report = check_gradient(lambda x: np.abs(x), lambda x, u: u * off(np.sign(x), (1, 1), size), near)

    assert report.verdict == verdict


LARGE = np.random.default_rng(33).normal(size=(250, 400))


def test_one_entry_of_many_that_is_hardly_off_is_found():
    common = np.unravel_index(np.abs(np.abs(LARGE) - 0.5).argmin(), LARGE.shape)

    report = check_gradient(lambda x: np.sum(x**2), lambda x: off(2 * x, common, 1e-5), LARGE)

    assert report.verdict == "wrong"


def test_one_entry_that_is_off_is_found_far_from_0_where_f_bends_a_lot():
    (function,) = battery.chosen(("log sum exp",))
    (wrong,) = [c for c in battery.wrong(101, [function]) if (c.regime, c.kind, c.size) == ("far", "one entry", 1e-4)]

    assert table.judge(wrong).verdict == "wrong"


def test_a_factor_is_found_where_f_has_few_digits():
    (function,) = battery.chosen(("log det",))
    wrong = [c for c in battery.wrong(101, [function]) if (c.regime, c.kind, c.size) == ("x 1e-05", "factor", 1.0)]

    assert [str(r) for r in map(table.judge, wrong) if r.verdict == "right"] == []


def test_entries_that_are_tied_or_nearly_at_a_kink_make_no_right_gradient_wrong():
    (relu, median) = battery.chosen(("relu", "median"))
    cases = [*battery.right(204, [median]), *battery.right(208, [relu])]

    assert [str(r) for r in map(table.judge, cases) if r.verdict == "wrong"] == []


@pytest.mark.parametrize("entry", range(3))
@pytest.mark.parametrize("factor", [1, 1 + 1e-5, 1.1])
def test_each_of_three_tied_entries_is_seen(entry, factor):
    def gradient(x, upstream):
        g = np.zeros_like(x)
        np.put_along_axis(g, np.argsort(x, 1)[:, 1:2], upstream[:, None], 1)
        g[:, entry] *= factor
        return g

    report = check_gradient(lambda x: np.median(x, 1), gradient, np.repeat([[2.0], [3.0]], 3, 1))

    assert report.verdict == ("right" if factor == 1 else "wrong")


@pytest.mark.parametrize(("factor", "verdict"), [(1, "right"), (4 / 3, "wrong"), (1.01, "wrong")])
@pytest.mark.parametrize("size", [1e-10, 1e-11])
@pytest.mark.parametrize("seed", [0, 1, 5])
def test_noise_is_not_taken_for_a_kink(seed, size, factor, verdict):
    def f(x):
        wave = np.modf(1e10 * np.abs(np.sin(np.sum(x) + np.arange(x.size).reshape(x.shape))))[0] - 0.5
        return x**3 + size * wave

    x = np.random.default_rng(seed).normal(size=(3, 4))

    assert check_gradient(f, lambda x, u: factor * u * 3 * x**2, x).verdict == verdict


@pytest.mark.parametrize("seed", range(20, 26))
def test_a_right_gradient_beside_many_near_kinks_is_not_accused(seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(3, 4))
    near = np.where(rng.random(x.shape) < 0.8, np.sign(x) * 10 ** rng.uniform(-12, -6, x.shape), x)

    report = check_gradient(lambda x: np.sum(np.abs(x) / 2 + x**2 / 4), lambda x: np.sign(x) / 2 + x / 2, near)

    assert report.verdict != "wrong"


@pytest.mark.parametrize("seed", [35, 225, 288, 371])
def test_digits_that_f_has_lost_are_no_plateau(seed):
    def f(x):
        return np.linalg.slogdet(x @ x.T + np.eye(3))[1]

    x = 1e-5 * np.random.default_rng(seed).normal(size=(3, 4))

    assert check_gradient(f, lambda x: 2 * np.linalg.solve(x @ x.T + np.eye(3), x), x).verdict != "wrong"
    assert check_gradient(f, lambda x: 2.01 * np.linalg.solve(x @ x.T + np.eye(3), x), x).verdict == "wrong"


def test_a_gradient_below_the_rounding_of_f_is_not_accused():
    (softmax,) = battery.chosen(("softmax",))
    (saturated,) = [case for case in battery.right(0, [softmax]) if case.regime == "x 1000"]

    assert table.judge(saturated).verdict != "wrong"


def test_a_steep_function_costs_no_more_than_another():
    report = check_gradient(lambda x: np.sin(100 * x), lambda x, u: u * 100 * np.cos(100 * x), X)

    assert report.verdict == "right"
    assert report.evaluations <= 6


def test_arguments_with_slopes_of_different_size_are_judged_at_once():
    def gradients(w, b, u):
        return 0.02 * u * w, u.sum()

    report = check_gradient(lambda w, b: np.sum(0.01 * w * w, 1, keepdims=True) + b, gradients, (X, np.array(0.5)))

    assert report.verdict == "right"
    assert report.evaluations <= 6


@pytest.mark.parametrize("f", [np.tanh, np.sin, lambda x: np.maximum(x, 0)])
def test_an_infinite_x_is_not_judged(f):
    report = check_gradient(f, lambda x, u: u, np.array([1.0, -np.inf]))

    assert report.verdict == "not judged"
    assert "x or f(x) is not finite" in str(report)


def test_a_constant_of_nine_digits_makes_no_entry_of_many_wrong():
    report = check_gradient(lambda x: np.sum(np.sin(x)), lambda x: np.cos(x) * (1 + 1e-8), LARGE)

    assert report.verdict == "right"


def test_a_constant_costs_no_more_than_another_function():
    report = check_gradient(lambda x: np.sum(np.zeros_like(x)) + 2, np.zeros_like, X)

    assert report.verdict == "right"
    assert report.evaluations <= 6


def zeroed(g, index):
    g = g.copy()
    g[index] = 0
    return g


LARGE_SLIPS = {
    "factor": lambda g, x: 1.001 * g,
    "one entry": lambda g, x: zeroed(g, (11, 13)),
    "one slice": lambda g, x: zeroed(g, 17),
    "mask": lambda g, x: g * (x > 0),
    "shift": lambda g, x: np.roll(g, 1, 1),
}


@pytest.mark.parametrize("kind", LARGE_SLIPS)
def test_a_large_wrong_gradient_is_found_and_explained_in_80_evaluations(kind):
    x = np.random.default_rng(31).normal(size=(250, 400))

    report = check_gradient(total, lambda x: LARGE_SLIPS[kind](np.cos(x), x), x)

    assert report.verdict == "wrong"
    assert report.explanation.kind == kind
    assert report.evaluations <= 80


def test_one_wrong_entry_of_400_is_found_though_it_is_off_by_a_hundredth():
    x = np.random.default_rng(1).normal(size=(20, 20))

    def backward(x):
        g = np.cos(x)
        g[7, 11] *= 1.01
        return g

    report = check_gradient(total, backward, x)

    assert report.verdict == "wrong"
    assert report.explanation.kind == "one entry"
    assert "x[7, 11]" in report.explanation.sentence
    assert np.argwhere(report.blocks[0].wrong).tolist() == [[7, 11]]


def test_ten_wrong_biases_are_found_beside_30720_weights():
    rng = np.random.default_rng(2)
    x, w, b = rng.normal(size=(4, 3072)), 0.01 * rng.normal(size=(3072, 10)), np.zeros(10)

    def backward(x, w, b, upstream):
        return upstream @ w.T, x.T @ upstream, upstream.mean(0)

    report = check_gradient(affine, backward, (x, w, b))

    assert report.verdict == "wrong"
    assert [block.wrong.any() for block in report.blocks] == [False, False, True]
    assert report.explanation.kind == "factor"
    assert report.explanation.fit["factor"] == pytest.approx(0.25)


@pytest.mark.parametrize("name", SLIPS)
def test_formulas_that_people_get_wrong_are_found_and_given_no_wrong_name(name):
    (function,) = battery.chosen((name,))
    _, f, x, _ = next(battery.regimes(function, 0))
    for _, kind, slip in SLIPS[name]:
        report = check_gradient(f, (lambda x, s=slip: s(x, 1.0)) if function.number else slip, x)

        assert report.verdict == "wrong"
        assert report.explanation is None or report.explanation.kind in (kind, *TRUE_OF_MANY)


# The forms of a call


def test_several_arguments_are_several_blocks():
    report = check_gradient(affine, affine_backward, (X, W, B))

    assert report.verdict == "right"
    assert [block.name for block in report.blocks] == ["x", "w", "b"]
    assert [block.right.shape for block in report.blocks] == [(3, 4), (4, 2), (2,)]
    assert all(block.right.all() for block in report.blocks)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_wrong_block_of_several_is_found(number):
    def backward(x, w, b, upstream):
        gradients = [np.array(g) for g in affine_backward(x, w, b, upstream)]
        gradients[number] *= -1
        return tuple(gradients)

    report = check_gradient(affine, backward, (X, W, B))

    assert [block.wrong.any() for block in report.blocks] == [i == number for i in range(3)]
    assert report.explanation.kind == "sign"
    assert "xwb"[number] in str(report)


def test_wrt_chooses_the_arguments():
    right = check_gradient(affine, lambda x, w, b, u: x.T @ u, (X, W, B), wrt=1)
    wrong = check_gradient(affine, lambda x, w, b, u: (u @ w.T, u.sum(0) / 2), (X, W, B), wrt=(0, 2))

    assert right.verdict == "right"
    assert [block.name for block in wrong.blocks] == ["x", "b"]
    assert wrong.blocks[1].wrong.any()


def test_a_cache_goes_from_the_forward_to_the_gradient():
    def forward(x, w):
        return np.tanh(x @ w), (x, w, np.tanh(x @ w))

    def backward(upstream, cache):
        x, w, y = cache
        d = upstream * (1 - y * y)
        return d @ w.T, x.T @ d

    def half(upstream, cache):
        return tuple(g / 2 for g in backward(upstream, cache))

    assert check_gradient(forward, backward, (X, W)).verdict == "right"
    assert check_gradient(forward, half, (X, W)).explanation.kind == "factor"


@pytest.mark.parametrize(("factor", "verdict"), [(2.0, "right"), (1.0, "wrong")])
def test_a_function_that_returns_loss_and_gradient_is_checked_against_itself(factor, verdict):
    assert check_gradient(lambda x: (np.sum(x * x), factor * x), None, X).verdict == verdict


def test_an_upstream_gradient_is_used_as_given():
    upstream = np.array([[1.0, -2.0]] * 3)
    seen = []

    def backward(x, u):
        seen.append(u.copy())
        return u @ W.T

    report = check_gradient(lambda x: x @ W, backward, X, upstream=upstream)

    assert report.verdict == "right"
    assert any(np.array_equal(u, upstream) for u in seen)


def test_upstream_gradients_that_are_drawn_have_mixed_signs_and_are_never_ones():
    seen = []

    def backward(x, u):
        seen.append(u.copy())
        return u @ W.T

    check_gradient(lambda x: x @ W, backward, X)

    assert all(not np.all(u == 1) for u in seen)
    assert np.all((np.abs(seen[0]) >= 0.5) & (np.abs(seen[0]) <= 1.5))
    assert (np.concatenate(seen) > 0).any()
    assert (np.concatenate(seen) < 0).any()


def test_an_upstream_gradient_of_ones_does_not_hide_that_it_is_ignored():
    report = check_gradient(np.sin, lambda x, u: np.cos(x), X, upstream=np.ones_like(X))

    assert report.verdict == "wrong"
    assert report.explanation.kind == "upstream ignored"


@pytest.mark.parametrize("x", [3, [1, 2, 3], np.arange(1, 7).reshape(2, 3)], ids=["number", "list", "array"])
def test_integers_are_promoted(x):
    right = check_gradient(lambda x: np.sum(x * x) / 3, lambda x: 2 * x / 3, x)
    wrong = check_gradient(lambda x: np.sum(x * x) / 3, lambda x: x / 3, x)

    assert (right.verdict, wrong.verdict) == ("right", "wrong")


def test_an_x_without_entries_has_a_right_gradient():
    assert check_gradient(np.sum, np.ones_like, np.zeros((0, 3))).verdict == "right"


# What is wrong before any number is


@pytest.mark.parametrize("shape", [(4, 3), (12,), (3,), (1, 3, 4), (3, 5)], ids=str)
def test_a_wrong_shape_is_wrong_and_nothing_broadcasts(shape):
    report = check_gradient(total, lambda x: np.resize(np.cos(x), shape), X)

    assert report.verdict == "wrong"
    assert report.explanation.kind in ("shape", "transpose", "not summed")
    assert "(3, 4)" in report.explanation.sentence


def test_too_few_gradients_are_said():
    report = check_gradient(affine, lambda x, w, b, u: (u @ w.T, x.T @ u), (X, W, B))

    assert report.verdict == "wrong"
    assert "3" in report.explanation.sentence


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_gradient_that_is_not_finite_is_wrong(bad):
    report = check_gradient(total, lambda x: np.where(x == X[1, 2], bad, np.cos(x)), X)

    assert report.verdict == "wrong"
    assert report.explanation.kind == "not finite"
    assert "x[1, 2]" in report.explanation.sentence


def test_an_f_that_is_not_finite_is_not_judged():
    report = check_gradient(lambda x: np.sum(np.log(x)), lambda x: 1 / x, np.array([1.0, -1.0]))

    assert report.verdict == "not judged"
    assert report.explanation.kind == "not finite"


def test_a_random_f_is_called_random():
    for seed in range(8):
        rng = np.random.default_rng(seed)
        report = check_gradient(lambda x, r=rng: np.sum(x * (r.random(x.shape) < 0.5)), np.ones_like, X, seed=seed)

        assert report.verdict == "not judged"
        assert report.explanation.kind == "random"


def test_a_random_gradient_is_called_random():
    rng = np.random.default_rng(0)
    report = check_gradient(total, lambda x: np.cos(x) * (rng.random(x.shape) < 0.5), X)

    assert report.verdict == "wrong"
    assert report.explanation.kind == "random"


def test_a_gradient_that_changes_its_arguments_is_told_so():
    def in_place(x, u):
        u *= np.cos(x)
        return u

    report = check_gradient(np.sin, in_place, X)

    assert report.verdict == "wrong"
    assert report.explanation.kind == "changes its argument"


def test_an_f_that_changes_its_argument_is_told_so_and_the_callers_x_is_untouched():
    def rude(x):
        x *= 2
        return np.sum(x)

    x = X.copy()
    report = check_gradient(rude, lambda x: 2 * np.ones_like(x), x)

    assert report.explanation.kind == "changes its argument"
    assert np.array_equal(x, X)


@pytest.mark.parametrize("x", [X + 1j, np.array(["a"]), None])
def test_what_is_not_a_real_number_is_refused(x):
    with pytest.raises(TypeError):
        check_gradient(total, np.cos, x)


def test_an_upstream_gradient_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="shape"):
        check_gradient(np.sin, lambda x, u: u * np.cos(x), X, upstream=np.ones(4))


# Hard points


@pytest.mark.parametrize("at_zero", [0.0, 0.3, 1.0])
def test_at_a_kink_any_value_between_the_slopes_is_right(at_zero):
    def backward(x, u):
        return u * np.where(x == 0, at_zero, x > 0)

    assert check_gradient(lambda x: np.maximum(x, 0), backward, np.array([0.0, 1, -2, 0, 3])).verdict == "right"


@pytest.mark.parametrize("at_zero", [-0.5, 1.5, 10.0])
def test_at_a_kink_any_other_value_is_wrong(at_zero):
    def backward(x, u):
        return u * np.where(x == 0, at_zero, x > 0)

    assert check_gradient(lambda x: np.maximum(x, 0), backward, np.array([0.0, 1, -2, 0, 3])).verdict == "wrong"


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_a_tiny_gradient_that_is_wrong_by_a_factor_is_wrong(scale):
    def f(x):
        return 1e-7 * np.sum(np.sin(x / scale))

    assert check_gradient(f, lambda x: 1e-7 / scale * np.cos(x / scale), X * scale).verdict == "right"
    assert check_gradient(f, lambda x: 2e-7 / scale * np.cos(x / scale), X * scale).verdict == "wrong"


def test_a_slope_drowned_in_noise_is_neither_right_nor_wrong():
    report = check_gradient(lambda x: total(x) + 1e20, lambda x: np.cos(x), X)

    assert report.verdict == "not judged"
    with pytest.raises(ValueError, match="neither"):
        bool(report)


def test_a_gradient_of_zero_is_right_where_f_does_not_move_and_wrong_where_it_does():
    assert check_gradient(lambda x: 3.0, np.zeros_like, X).verdict == "right"
    assert check_gradient(total, np.zeros_like, X).verdict == "wrong"


# Reports that can be trusted


def test_every_call_of_f_and_of_the_gradient_is_counted():
    counts = {"f": 0, "gradient": 0}

    def f(x):
        counts["f"] += 1
        return total(x)

    def gradient(x):
        counts["gradient"] += 1
        return 1.1 * np.cos(x)

    report = check_gradient(f, gradient, X)

    assert (report.evaluations, report.gradient_calls) == (counts["f"], counts["gradient"])


def test_the_same_call_gives_the_same_report_and_another_seed_other_directions():
    points = []

    def f(x):
        points.append(x.copy())
        return total(x)

    messages = [str(check_gradient(f, lambda x: 1.1 * np.cos(x), X, seed=seed)) for seed in (None, None, 5)]
    third = len(points) // 3

    assert messages[0] == messages[1]
    assert np.array_equal(points[:third], points[third : 2 * third])
    assert not np.array_equal(points[1], points[2 * third + 1])


@pytest.mark.parametrize("name", ["softmax", "max pool", "moments", "newton root", "reciprocal", "log det"])
def test_the_slopes_of_keys_cost_at_most_12_evaluations_an_entry(name):
    (function,) = battery.chosen((name,))
    for _, f, x, _ in battery.regimes(function, 0):
        if x.size <= 40:
            y = f(x.astype(float))
            assert slopes(f, x, None if function.number else np.ones(np.shape(y))).evaluations <= 12 * x.size


@pytest.mark.parametrize("size", [1e-4, 1e-5])
def test_a_factor_near_1_is_found_beside_an_offset_where_f_bends(size):
    report = check_gradient(lambda x: np.tanh(x) + 1e6, lambda x, u: u * (1 + size) * (1 - np.tanh(x) ** 2), X)

    assert report.verdict == "wrong"
