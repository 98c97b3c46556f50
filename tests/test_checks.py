"""Checks in a key: each accepts a right answer written differently, rejects a wrong one, and says why."""

import dataclasses

import numpy as np
import pytest

from grader.checks import Backward, Descent, Gradient, Holds, Setting, prepared
from grader.checks.slope import upstream_gradient
from grader.worker import wire

X = np.array([[1.5, -2.0, 0.25], [-0.5, 3.0, -1.25]])
W = np.array([[0.5, -1.5], [2.0, 1.0], [-0.75, 0.25]])
T = np.array([[1.0, 0.0], [-1.0, 2.0]])


def rng():
    return np.random.default_rng(7)


def setting(reference, raw, returns, arguments=None):
    """One case of `reference` while its key is computed."""
    given = tuple(raw.values()) if arguments is None else arguments
    names = reference.__code__.co_varnames[: reference.__code__.co_argcount]
    return Setting(raw, given, names, returns, reference(*given), {}, lambda a: reference(*a), rng())


def travelled(checks):
    """The checks as they come out of a key."""
    return [prepared(wire.decode(wire.encode(check.plain()))) for check in checks]


# --- Backward ------------------------------------------------------------------------------------------------------


def affine(x, w):
    return x @ w, (x, w)


def affine_back(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout


@pytest.fixture(scope="module")
def back():
    check = Backward(of=affine, wrt=["x", "w"])
    raw = {"x": X, "w": W}
    arguments = check.arguments(raw, rng())
    ready = travelled(check.prepare(setting(affine_back, raw, ("dx", "dw"), arguments)))
    return arguments, ready


def faults(ready, answer):
    return [None if (fault := check.fault([answer])) is None else fault.message for check in ready]


def test_the_upstream_gradient_has_mixed_signs_and_reads_well():
    drawn = upstream_gradient(np.zeros((20, 5)), rng())

    assert drawn.shape == (20, 5)
    assert (np.abs(drawn) >= 0.5).all()
    assert (np.abs(drawn) <= 1.5).all()
    assert 20 < (drawn > 0).sum() < 80
    assert np.array_equal(np.round(drawn, 2), drawn)
    assert len(np.unique(np.abs(drawn))) > 20


def test_the_upstream_gradient_is_like_the_output():
    assert upstream_gradient(np.zeros(3, np.float32), rng()).dtype == np.float32
    assert type(upstream_gradient(1.5, rng())) is float


def test_the_function_is_called_with_the_upstream_gradient_and_the_forward_pass_cache(back):
    (dout, cache), _ = back

    assert dout.shape == (2, 2)
    assert np.array_equal(cache[0], X)
    assert np.array_equal(cache[1], W)


def test_a_case_may_give_the_upstream_gradient_itself():
    dout, _ = Backward(of=affine, wrt=["x"]).arguments({"x": X, "w": W, "dout": T}, rng())

    assert np.array_equal(dout, T)


def test_a_forward_pass_that_changes_its_input_changes_no_case():
    def careless(x):
        x *= 2
        return x, x

    raw = {"x": X.copy()}

    Backward(of=careless, wrt=["x"]).arguments(raw, rng())

    assert np.array_equal(raw["x"], X)


def test_every_way_to_write_the_right_gradient_passes(back):
    (dout, _), ready = back
    by_einsum = (np.einsum("no,io->ni", dout, W), np.einsum("ni,no->io", X, dout))
    by_loops = (
        np.array([[sum(dout[n, o] * W[i, o] for o in range(2)) for i in range(3)] for n in range(2)]),
        sum(np.outer(X[n], dout[n]) for n in range(2)),
    )

    assert faults(ready, by_einsum) == [None, None]
    assert faults(ready, by_loops) == [None, None]
    assert [check.places for check in ready] == [{(0,)}, {(1,)}]


WRONG = {
    "sign": lambda dout: (-dout @ W.T, X.T @ dout),
    "upstream ignored": lambda dout: (np.ones_like(dout) @ W.T, X.T @ dout),
    "mean for sum": lambda dout: (dout @ W.T, X.T @ dout / 2),
    "one entry": lambda dout: (dout @ W.T, X.T @ dout + np.eye(3, 2) * 1e-3),
    "a part in 10 000": lambda dout: (dout @ W.T * 1.0001, X.T @ dout),
    "a part in two million": lambda dout: (dout @ W.T * (1 + 5e-7), X.T @ dout),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_wrong_gradient_fails(back, wrong):
    (dout, _), ready = back

    found = faults(ready, wrong(dout))

    assert any(found)


def test_the_message_names_entry_both_numbers_and_how_many(back):
    (dout, _), ready = back
    right = X.T @ dout
    answer = right.copy()
    answer[2, 1] += 0.5

    _, said = faults(ready, (dout @ W.T, answer))

    slope, yours = (f"{number:.6g}" for number in (right[2, 1], answer[2, 1]))
    assert said == f"nudging w[2, 1] moves the loss at rate {slope}, your dw says {yours} (1 of 6 entries differs)"


def test_where_all_entries_are_wrong_that_is_said(back):
    (dout, _), ready = back

    said, _ = faults(ready, (-dout @ W.T, X.T @ dout))

    assert said.endswith("(all 6 entries differ)")


def test_a_wrong_gradient_is_explained(back):
    (dout, _), ready = back

    assert ready[0].explain((-dout @ W.T, X.T @ dout)).kind == "sign"
    assert ready[0].explain((dout @ W.T, X.T @ dout)) is None


def test_an_explanation_speaks_of_the_exercises_own_names(back):
    (dout, _), ready = back

    found = ready[1].explain((dout @ W.T, 7 * X.T @ dout))

    assert found.sentence.startswith("Your gradient is 7 times the measured slope. That fits all 6 measured entries.")
    assert found.fit["x"] == "w"


# --- kinks ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kink():
    x = np.array([-1.5, 0.0, 2.0, 0.0])
    dout = np.array([1.25, -0.75, 0.5, 1.0])
    raw = {"x": x, "dout": dout}
    check = Backward(of=lambda x: (np.maximum(x, 0), x), wrt=["x"])

    def relu_back(dout, cache):
        return dout * (cache > 0)

    (ready,) = travelled(check.prepare(setting(relu_back, raw, "dx", (dout, x))))
    return ready


@pytest.mark.parametrize("first", [0.0, -0.25, -0.375, -0.75])
@pytest.mark.parametrize("second", [0.0, 0.5, 1.0])
def test_at_a_kink_every_value_between_the_slopes_passes(kink, first, second):
    assert kink.fault([np.array([0.0, first, 0.5, second])]) is None


@pytest.mark.parametrize("first", [1e-3, 0.75, -0.751, -1.5, 1e300])
def test_at_a_kink_a_value_outside_the_slopes_fails_with_the_interval(kink, first):
    fault = kink.fault([np.array([0.0, first, 0.5, 0.0])])

    assert fault.check == "gradient"
    assert fault.message.startswith("nudging x[1] moves the loss at a rate between -0.75 and 0 (a kink), your dx says ")
    assert fault.message.endswith("(1 of 4 entries differs, where x == 0)")


def test_beside_a_kink_the_slope_is_exact(kink):
    assert kink.fault([np.array([0.1, 0.0, 0.5, 0.0])]).message.startswith("nudging x[0] moves the loss at rate 0, ")


# --- Gradient, Descent ---------------------------------------------------------------------------------------------


def squares(w, x, t):
    off = x @ w - t
    return float((off**2).sum()), 2 * x.T @ off


def test_a_gradient_is_held_against_the_loss_beside_it():
    (ready,) = travelled(
        Gradient(part="dw", wrt="w").prepare(setting(squares, {"w": W, "x": X, "t": T}, ("loss", "dw")))
    )
    loss, dw = squares(W, X, T)

    assert ready.fault([(loss, 2 * (X.T @ X @ W - X.T @ T))]) is None
    assert ready.fault([(0.0, dw)]) is None  # the loss itself is another check's
    assert ready.fault([(loss, dw / 2)]).message.startswith("nudging w[")
    assert ready.places == {(1,)}


def step(w, rate, x, t):
    loss, dw = squares(w, x, t)
    return {"w": w - rate * dw, "loss": loss}


@pytest.fixture(scope="module")
def descent():
    check = Descent(part="found['w']", wrt="w", rate="rate", loss="found['loss']")
    (ready,) = travelled(check.prepare(setting(step, {"w": W, "rate": 0.25, "x": X, "t": T}, "found")))
    return ready


def test_a_step_down_the_gradient_passes(descent):
    dw = 2 * (X.T @ X @ W - X.T @ T)

    assert descent.fault([{"w": W - 0.25 * dw, "loss": 0.0}]) is None


@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=["float32", "float64"])
@pytest.mark.parametrize("rate", [0.25, 1e-3, 1e-6], ids=str)
def test_a_step_is_judged_as_far_as_its_digits_go(rate, dtype):
    raw = {"w": W.astype(dtype), "rate": rate, "x": X.astype(dtype), "t": T.astype(dtype)}
    check = Descent(part="found['w']", wrt="w", rate="rate", loss="found['loss']")
    (ready,) = travelled(check.prepare(setting(step, raw, "found")))
    dw = 2 * (X.T @ X @ W - X.T @ T)

    right, half = ((W - factor * rate * dw).astype(dtype) for factor in (1.0, 0.5))

    assert ready.fault([{"w": right, "loss": 0.0}]) is None
    assert ready.fault([{"w": half, "loss": 0.0}]) is not None


def test_a_step_in_single_precision_may_follow_a_gradient_in_single_precision():
    raw = {"w": W.astype(np.float32), "rate": 4.0, "x": X.astype(np.float32), "t": T.astype(np.float32)}
    check = Descent(part="found['w']", wrt="w", rate="rate", loss="found['loss']")
    (ready,) = travelled(check.prepare(setting(step, raw, "found")))
    dw = 2 * (X.T @ X @ W - X.T @ T)

    near, far = ((W - 4.0 * factor * dw).astype(np.float32) for factor in (1 + 2e-5, 1.01))

    assert ready.fault([{"w": near, "loss": 0.0}]) is None
    assert ready.fault([{"w": far, "loss": 0.0}]) is not None


@pytest.mark.parametrize("factor", [-0.25, 0.5, 0.0, 0.2501], ids=["up", "twice as far", "no step", "a bit too far"])
def test_another_step_fails_and_says_what_it_follows(descent, factor):
    dw = 2 * (X.T @ X @ W - X.T @ T)

    fault = descent.fault([{"w": W - factor * dw, "loss": 0.0}])

    index = np.unravel_index(np.argmax(np.abs(dw)), dw.shape)
    slope, followed = (f"{number:.6g}" for number in (dw[index], dw[index] * factor / 0.25))
    name = f"w[{index[0]}, {index[1]}]"
    assert fault.message.startswith(f"nudging {name} moves the loss at rate {slope}, your step follows {followed} (")


@pytest.mark.parametrize("check", [Gradient("dw", "q"), Descent("dw", "w", "q")], ids=str)
def test_an_argument_that_is_not_there_is_named(check):
    with pytest.raises(ValueError, match=r"'q' is no argument of this case: \['w', 'x', 't'\]"):
        check.prepare(setting(squares, {"w": W, "x": X, "t": T}, ("loss", "dw")))


def gated(x, grad):
    return np.maximum(x, 0), grad * (x > 0)


@pytest.mark.parametrize(
    ("answer", "passes"),
    [
        (lambda x, g: np.where(x > 0, g, 0), True),
        (lambda x, g: np.where(x >= 0, g, 0), True),
        (lambda x, g: g * (np.sign(x) + 1) / 2, True),
        (lambda x, g: np.where(x > 0, g, -g * (x == 0)), False),
        (lambda x, g: g * (g > 0), False),
        (lambda x, g: (x > 0) * 1.0, False),
    ],
    ids=["0 at the kink", "1 at the kink", "half", "minus 1 at the kink", "the other mask", "no upstream"],
)
def test_a_gradient_may_have_an_upstream_gradient_among_the_arguments(answer, passes):
    x, grad = np.array([-1.5, 0.0, 2.0, 0.5]), np.array([0.75, -1.25, -0.5, 1.5])
    check = Gradient("gated", wrt="x", loss="relu", upstream="grad")
    (ready,) = travelled(check.prepare(setting(gated, {"x": x, "grad": grad}, ("relu", "gated"))))

    fault = ready.fault([(np.maximum(x, 0), answer(x, grad))])

    assert (fault is None) == passes
    assert passes or fault.message.startswith("nudging x[")


def test_what_the_reference_says_is_not_wrong_whatever_was_measured():
    """Rounding can be taken for a kink between two slopes that miss the true one by a hair."""
    (ready,) = Gradient("gated", wrt="x", loss="relu", upstream="grad").prepare(
        setting(gated, {"x": np.array([1.0, 2.0]), "grad": np.array([0.5, -1.5])}, ("relu", "gated"))
    )
    slopes = dataclasses.replace(ready.slopes, low=ready.slopes.value + 1e-3, high=ready.slopes.value + 2e-3)
    misled = dataclasses.replace(ready, slopes=slopes)

    assert misled.fault([(None, np.array([0.5, -1.5]))]) is None
    assert misled.fault([(None, np.array([0.5, 1.5]))]) is not None


@pytest.mark.parametrize(("left", "passes"), [(0.0, True), (-5.7e-14, True), (1e-6, False), (0.7, False)])
def test_where_terms_cancel_a_little_may_be_left(left, passes):
    """A row of one number is always at its own mean: 300 less 300, in whatever order."""
    x, dout = np.array([[1.7], [-0.3]]), np.array([[0.97], [-1.31]])

    def backward(dout, cache):
        return 300 * (dout - dout.mean(axis=1, keepdims=True))

    check = Backward(of=lambda x: (300 * (x - x.mean(axis=1, keepdims=True)), None), wrt=["x"])
    (ready,) = travelled(check.prepare(setting(backward, {"x": x, "dout": dout}, "dx", (dout, None))))

    assert (ready.fault([np.array([[0.0], [left]])]) is None) == passes


# --- Holds ---------------------------------------------------------------------------------------------------------


def gate(x, w):
    mask = (x > 0) / 0.5
    return x * mask, {"mask": mask, "rows": [1, 2]}


def relation(text: str):
    """A relation on gate(X, W), as it comes out of a key."""
    (ready,) = travelled(Holds(text).prepare(setting(gate, {"x": X, "w": W}, ("out", "cache"))))
    return ready


def test_a_relation_that_holds_passes_whatever_the_parts_are():
    ready = relation("out == x * cache['mask']")
    other = np.where(X > 1, 4.0, 0.0)

    assert ready.fault([(X * other, {"mask": other})]) is None


def test_a_relation_that_does_not_hold_names_the_entry_and_both_sides():
    out = X.copy()
    out[1, 1] = 2.5

    fault = relation("out == x * cache['mask']").fault([(out, {"mask": np.ones((2, 3))})])

    assert fault.check == "relation"
    assert fault.message == (
        "out == x * cache['mask'] should hold, but out[1, 1] is 2.5 and x * cache['mask'][1, 1] is 3 "
        "(1 of 6 entries differs)"
    )


def test_two_sides_of_other_shapes_do_not_broadcast():
    fault = relation("out == x * cache['mask']").fault([(X, {"mask": np.ones((4, 2, 3))})])

    assert fault.message.endswith("should hold, but the two sides have shapes (2, 3) and (4, 2, 3)")


@pytest.mark.parametrize(
    "text",
    [
        "sum(out) == sum(x * cache['mask'])",
        "mean(out, axis=0) == sum(out, axis=0) / 2",
        "sort(out) == sort(x * cache['mask'])",
        "abs(out) == sqrt(out ** 2)",
        "out @ w == x * cache['mask'] @ w",
        "transpose(out - x) == transpose(out) - transpose(x)",
        "-out + 1 == 1.0 - out",
        "cache['rows'][1] == 2",
    ],
)
def test_the_language_of_relations(text):
    assert relation(text).fault([gate(X, W)]) is None


@pytest.mark.parametrize("text", ["sum(out) == 0.0", "-out == out", "sqrt(out) == out", "cache['rows'][0] == 2"])
def test_a_reference_that_does_not_keep_its_relation_is_refused(text):
    with pytest.raises(ValueError, match="the reference itself does not keep"):
        relation(text)


def test_an_argument_with_a_default_may_be_left_out_of_the_case():
    def scaled(x, times=2.0):
        return x * times

    (ready,) = Holds("y == x + x").prepare(setting(scaled, {"x": X}, "y"))

    assert ready.fault([2 * X]) is None
    assert ready.fault([X]) is not None


FOREIGN = [
    "out == open('f')",
    "out == out.T",
    "out == [1 for _ in x]",
    "out == x if x else x",
    "out == np.exp(x)",
    "out == __import__('os')",
    "out == x[0:1]",
    "out == 'text'",
    "out == (lambda: x)()",
    "out != x",
    "0 < out < 3",
    "out == x == x",
    "out",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_nothing_else_can_be_said_in_a_relation(text):
    with pytest.raises(ValueError, match="a relation"):
        relation(text)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(("off", "passes"), [(0.0, True), (0.2, True), (1e6, False)])
def test_what_cancels_keeps_the_rounding_of_its_terms(dtype, off, passes):
    """1000 terms of size 1 add up to 0.001: their rounding is not small beside that, and nobody's fault."""
    x = np.tile(np.array([1.0, -1.0], dtype), 500)
    x[0] += dtype(0.001)
    (ready,) = travelled(Holds("sum(out) == sum(x)").prepare(setting(lambda x: x.copy(), {"x": x}, "out")))

    out = x * dtype(1 + 0)
    out[1] += dtype(off * 10 * np.finfo(dtype).eps)

    assert (ready.fault([out]) is None) == passes


def test_a_relation_looks_into_containers_of_any_form():
    (ready,) = travelled(
        Holds("out == cache[1] - x").prepare(setting(lambda x: (0 * x, ([1], x)), {"x": X}, ("out", "cache")))
    )

    assert ready.fault([(X - X, ([1], X))]) is None
    assert ready.fault([(X, ([1], X))]) is not None


def test_a_relation_of_truth_values_is_judged_too():
    ready = relation("cache['mask'] - cache['mask'] == out - out")
    truth = X > 0

    assert ready.fault([(X, {"mask": truth})]) is None


@pytest.mark.parametrize("text", ["out ** -1 == 1 / out", "-out == 0 - out", "out - x == out - x"])
@pytest.mark.parametrize("dtype", [bool, int, np.uint8, np.float32])
def test_an_answer_of_another_type_is_no_stumbling_block(text, dtype):
    (ready,) = travelled(Holds(text).prepare(setting(lambda x: x * 2, {"x": np.array([1.0, 4.0])}, "out")))

    assert ready.fault([np.array([1, 1], dtype)]) is None


# --- in a key ------------------------------------------------------------------------------------------------------


def plain_of(check):
    return wire.encode(check.plain())


@pytest.mark.parametrize(
    ("check", "reference", "raw", "returns"),
    [
        (Gradient("dw", "w"), squares, {"w": W, "x": X, "t": T}, ("loss", "dw")),
        (Descent("found['w']", "w", "rate", "found['loss']"), step, {"w": W, "rate": 0.1, "x": X, "t": T}, "found"),
        (Holds("out == x * cache['mask']"), gate, {"x": X, "w": W}, ("out", "cache")),
    ],
    ids=["gradient", "descent", "holds"],
)
def test_a_check_survives_its_key(check, reference, raw, returns):
    ready = check.prepare(setting(reference, raw, returns))

    assert [plain_of(one) for one in travelled(ready)] == [plain_of(one) for one in ready]


def test_a_relation_keeps_only_the_arguments_that_it_names():
    assert set(relation("out == x * cache['mask']").plain()["arguments"]) == {"x"}


@pytest.mark.parametrize("plain", [{"kind": "unheard of"}, {}, {"kind": "slope"}, {"kind": "relation"}], ids=str)
def test_what_is_no_check_is_refused(plain):
    with pytest.raises((KeyError, TypeError)):
        prepared(plain)
