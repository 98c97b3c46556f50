"""Every usual mistake is named, with the numbers that support it, in a sentence; what fits nothing is not named."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from grader.gradcheck import check_gradient, explain, slopes

RNG = np.random.default_rng(40)
SHAPES = {"small": (3, 4), "large": (6, 7)}
POINTS = {name: RNG.normal(size=shape) for name, shape in SHAPES.items()}
W = {name: RNG.normal(size=(shape[1], 5)) for name, shape in SHAPES.items()}


def sine(x):
    return np.sin(x)


def sine_vjp(x, u):
    return u * np.cos(x)


def softmax(x):
    e = np.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def softmax_vjp(x, u):
    p = softmax(x)
    return p * (u - (p * u).sum(1, keepdims=True))


def centred(x):
    return x - x.mean(0)


def batch_loss(x):
    return np.mean(np.sum(np.sin(x) ** 2, 1))


def batch_loss_slope(x):
    return np.sin(2 * x) / len(x)


def ridge(x):
    return np.sum(np.sin(x)) + 0.15 * np.sum(x * x)


def lasso(x):
    return np.sum(np.sin(x)) + 0.25 * np.sum(np.abs(x))


def with_entry(g, index, value):
    g = g.copy()
    g[index] = value
    return g


def doubled(g, index):
    g = g.copy()
    g[index] *= 2
    return g


@dataclass(frozen=True)
class Slip:
    """A wrong gradient of f, the word for it, numbers of its fit, and what its sentence has to say."""

    name: str
    kind: str
    f: object
    gradient: object
    says: str
    fit: dict = field(default_factory=dict)


SLIPS = [
    Slip("opposite sign", "sign", sine, lambda x, u: -sine_vjp(x, u), "opposite sign", {"factor": -1.0}),
    Slip("twice", "factor", sine, lambda x, u: 2 * sine_vjp(x, u), "times the measured slope", {"factor": 2.0}),
    Slip("square without its 2", "factor", lambda x: np.sum(x * x), lambda x: x, "without its 2", {"factor": 0.5}),
    Slip("sum for a mean", "factor", batch_loss, lambda x: np.sin(2 * x), "mean over"),
    Slip("mean for a sum", "factor", lambda x: np.sum(np.sin(x)), lambda x: np.cos(x) / x.size, "divide by"),
    Slip("odd factor", "factor", sine, lambda x, u: 1.37 * sine_vjp(x, u), "1.37", {"factor": 1.37}),
    Slip("factor near 1", "factor", sine, lambda x, u: 1.001 * sine_vjp(x, u), "1.001", {"factor": 1.001}),
    Slip("transposed", "transpose", sine, lambda x, u: sine_vjp(x, u).T, "transposed"),
    Slip("filled by columns", "transpose", sine, lambda x, u: sine_vjp(x, u).T.reshape(x.shape), "transpose"),
    Slip("shifted", "shift", sine, lambda x, u: np.roll(sine_vjp(x, u), 1, 1), "axis 1"),
    Slip("reversed", "shift", sine, lambda x, u: np.flip(sine_vjp(x, u), 0), "reverse"),
    Slip("no upstream", "upstream ignored", sine, lambda x, u: np.cos(x), "upstream"),
    Slip("one upstream for all", "upstream ignored", softmax, lambda x, u: softmax_vjp(x, np.cos(x)), "upstream"),
    Slip("mask of x", "mask", sine, lambda x, u: sine_vjp(x, u) * (x > 0), "x < 0"),
    Slip("mask of upstream", "mask", sine, lambda x, u: sine_vjp(x, np.maximum(u, 0)), "upstream gradient"),
    Slip("rectified", "mask", softmax, lambda x, u: np.maximum(softmax_vjp(x, u), 0), "negative"),
    Slip("no regularisation", "missing term", ridge, np.cos, "times x", {"coefficient": 0.3}),
    Slip("no sign of x", "missing term", lasso, np.cos, "sign of x", {"coefficient": 0.25}),
    Slip("a constant", "missing term", lambda x: np.sum(np.sin(x) + x), np.cos, "a constant", {"coefficient": 1.0}),
    Slip("no mean path", "missing term", centred, lambda x, u: u, "axis 0"),
    Slip("no skip path", "missing term", lambda x: np.sin(x) + x, sine_vjp, "upstream gradient", {"coefficient": 1.0}),
    Slip("diagonal", "diagonal only", softmax, lambda x, u: u * softmax(x) * (1 - softmax(x)), "diagonal"),
    Slip("last entry", "one entry", sine, lambda x, u: with_entry(sine_vjp(x, u), (2, 3), 0.0), "x[2, 3]"),
    Slip("doubled entry", "one entry", sine, lambda x, u: doubled(sine_vjp(x, u), (1, 0)), "x[1, 0]"),
    Slip("no last row", "one slice", sine, lambda x, u: with_entry(sine_vjp(x, u), -1, 0.0), "loop"),
    Slip("a column", "one slice", sine, lambda x, u: doubled(sine_vjp(x, u), (slice(None), 1)), "x[:, 1]"),
    Slip("nothing", "zero", sine, lambda x, u: 0 * x, "0"),
    Slip("abs", "sign", sine, lambda x, u: np.abs(sine_vjp(x, u)), "sign"),
    Slip("not a number", "not finite", sine, lambda x, u: with_entry(sine_vjp(x, u), (0, 2), np.nan), "x[0, 2]"),
    Slip("flat", "shape", sine, lambda x, u: sine_vjp(x, u).ravel(), "shape"),
    Slip("a sum too many", "shape", sine, lambda x, u: sine_vjp(x, u).sum(0), "shape"),
    Slip("clipped", "clipped", sine, lambda x, u: sine_vjp(x, np.clip(u, -0.7, 0.7)), "clip"),
]  # fmt: skip


@pytest.mark.parametrize("size", ["small", "large"])
@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_the_mistake_is_named_with_its_numbers(slip, size):
    report = check_gradient(slip.f, slip.gradient, POINTS[size])
    found = report.explanation

    assert report.verdict == "wrong"
    assert found is not None, str(report)
    assert found.kind == slip.kind, found
    assert slip.says in found.sentence
    assert {name: found.fit[name] for name in slip.fit} == pytest.approx(slip.fit, rel=1e-4)


def test_a_gradient_that_was_not_summed_over_the_batch_names_the_axis():
    x, shift = POINTS["small"], np.zeros(4)

    found = check_gradient(lambda b: np.sin(x + b), lambda b, u: u * np.cos(x + b), shift).explanation

    assert found.kind == "not summed"
    assert "axis 0" in found.sentence


def test_an_upstream_gradient_of_which_only_one_row_is_used_is_not_summed():
    x, shift = POINTS["small"], np.zeros(4)

    found = check_gradient(lambda b: np.sin(x + b), lambda b, u: u[0] * np.cos(x[0] + b), shift).explanation

    assert found.kind == "not summed"


def test_axes_in_another_order_are_a_transpose():
    x = RNG.normal(size=(3, 3, 3))

    found = check_gradient(sine, lambda x, u: sine_vjp(x, u).transpose(0, 2, 1), x).explanation

    assert found.kind == "transpose"
    assert "(0, 2, 1)" in found.sentence


def test_a_gradient_kept_from_an_earlier_call_is_stale():
    kept = []

    def stale(x):
        kept.append(np.cos(x))
        return kept[0]

    report = check_gradient(lambda x: np.sum(np.sin(x)), stale, POINTS["small"])

    assert report.verdict == "wrong"
    assert report.explanation.kind == "stale"


@pytest.mark.parametrize("count", [3, 4, 12])
def test_the_number_that_a_factor_equals_is_named(count):
    f = {3: batch_loss, 4: lambda x: np.mean(np.sin(x) ** 2, 1).sum(), 12: lambda x: np.mean(np.sin(x) ** 2)}[count]

    found = check_gradient(f, lambda x: np.sin(2 * x), POINTS["small"]).explanation

    assert found.fit["factor"] == pytest.approx(count)
    assert str(count) in found.sentence


@pytest.mark.parametrize("size", ["small", "large"])
def test_small_differences_everywhere_are_not_named(size):
    x = POINTS[size]
    noise = 1 + 1e-3 * np.random.default_rng(3).normal(size=x.shape)

    report = check_gradient(sine, lambda x, u: noise * sine_vjp(x, u), x)

    assert report.verdict == "wrong"
    assert report.explanation is None


@pytest.mark.parametrize("size", ["small", "large"])
def test_a_formula_of_its_own_is_not_named(size):
    report = check_gradient(sine, lambda x, u: u * np.cos(1.1 * x + 0.3) ** 3, POINTS[size])

    assert report.verdict == "wrong"
    assert report.explanation is None


def test_two_numbers_support_no_pattern():
    report = check_gradient(
        lambda x: np.sum(np.sin(x)), lambda x: np.cos(x) + np.array([0.3, -0.2]), np.array([0.5, 1.0])
    )

    assert report.verdict == "wrong"
    assert report.explanation is None


def test_where_mask_and_row_are_the_same_entries_at_most_one_is_named():
    x = np.abs(POINTS["small"])
    x[1] *= -1

    found = check_gradient(sine, lambda x, u: sine_vjp(x, u) * (x > 0), x).explanation

    assert found is None or found.kind in ("mask", "one slice")


def test_what_is_wrong_at_kinks_alone_is_no_factor():
    x = np.array([[-1.0, 0.0, 2.0], [0.0, 0.5, -0.25]])

    found = check_gradient(lambda x: np.maximum(x, 0), lambda x, u: u * (x >= 0) + u * (x == 0), x).explanation

    assert found.kind == "mask"
    assert "times the slope" not in found.sentence  # there are two


def test_a_slope_of_0_is_no_base_of_a_factor():
    x = np.array([[0.0, 0.0, 0.0], [0.3, -0.4, 0.5]])

    found = check_gradient(lambda x: np.sum(x**2), lambda x: 2 * x - 1.08 * (x == 0), x).explanation

    assert found.kind == "mask"
    assert "times the slope" not in found.sentence


@pytest.mark.parametrize("slip", [s for s in SLIPS if s.kind in ("factor", "one entry")], ids=lambda s: s.name)
def test_explain_says_the_same_from_measured_slopes_alone(slip):
    x = POINTS["small"]
    u = np.random.default_rng(6).uniform(0.5, 1.5, x.shape) * np.where(x > x.mean(), 1, -1)
    number = np.ndim(slip.f(x)) == 0
    measured = slopes(slip.f, x, None if number else u)
    given = slip.gradient(x) if number else slip.gradient(x, u)

    found = explain(given, measured, x=x, upstream=None if number else u)

    assert found.kind == slip.kind
    assert slip.says in found.sentence


def test_sentences_speak_of_the_argument_by_its_name():
    def f(weights):
        return np.sin(weights)

    report = check_gradient(f, lambda w, u: with_entry(sine_vjp(w, u), (2, 3), 0.0), POINTS["small"], names=["weights"])

    assert "weights[2, 3]" in report.explanation.sentence


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_no_sentence_blames_or_shouts(slip):
    sentence = check_gradient(slip.f, slip.gradient, POINTS["small"]).explanation.sentence

    assert sentence[0].isupper()
    assert sentence[-1] in ".?"
    assert not any(word in sentence.lower() for word in ("invalid", "!", "illegal", "stupid", "nan nan"))


@pytest.mark.parametrize("f", [np.exp, lambda x: np.log(1 + x**2)])
def test_mistakes_keep_their_names_in_float32(f):
    x = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
    slope = np.exp if f is np.exp else lambda x: 2 * x / (1 + x**2)
    mistakes = {
        "sign": lambda x, u: -u * slope(x),
        "factor": lambda x, u: 2 * u * slope(x),
        "mask": lambda x, u: u * slope(x) * (x > 0),
        "shift": lambda x, u: (u * slope(x))[::-1],
    }

    reports = {
        kind: check_gradient(lambda x: f(x.astype(np.float32)), lambda x, u, g=g: g(x, u).astype(np.float32), x)
        for kind, g in mistakes.items()
    }

    assert {kind: report.explanation and report.explanation.kind for kind, report in reports.items()} == {
        kind: kind for kind in mistakes
    }
