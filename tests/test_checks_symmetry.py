"""`UpTo`: what is free about a part is accepted, what is not is rejected, and messages name the freedom."""

import numpy as np
import pytest

from grader.checks import UpTo, prepared
from grader.judge import judge
from grader.worker import wire
from tests.test_checks import setting
from tests.toys import key, key_case, mistake, returned

V = np.array([0.6, -0.8, 0.0])
BASIS = np.linalg.qr(np.array([[1.0, 2.0], [0.5, -1.0], [3.0, 0.25], [-1.0, 1.0]]))[0]
TURN = np.array([[0.6, -0.8], [0.8, 0.6]])


def check(freedom, expected, part="v", returns="v"):
    """The check as it comes out of a key."""
    (ready,) = UpTo(part, freedom).prepare(setting(lambda x: expected, {"x": np.zeros(1)}, returns))
    return prepared(wire.decode(wire.encode(ready.plain())))


def verdict(freedom, expected, answer, mistakes=()):
    case = key_case("one", (np.zeros(1),), expected, checks=(check(freedom, expected),))
    return judge(key(case, returns="v", mistakes=mistakes), returned(one=answer))


@pytest.mark.parametrize("answer", [V, -V, -V * (1 + 1e-13)], ids=["as it is", "negated", "rounded"])
def test_either_sign_of_a_vector_is_right(answer):
    assert verdict("sign", V, answer).state == "robust"


@pytest.mark.parametrize("answer", [2 * V, V * [1, -1, 1], np.abs(V), 0 * V], ids=["longer", "one", "abs", "zero"])
def test_anything_but_a_sign_is_wrong(answer):
    assert verdict("sign", V, answer).state == "wrong"


def test_a_message_shows_the_learners_own_sign_and_says_that_it_is_free():
    found = verdict("sign", V, np.array([-0.6, 0.7, 0.0]))

    (finding,) = found.findings
    assert (
        finding.message
        == "v[1] is 0.7, expected 0.8 (1 of 3 entries differs)\nEither sign of v is right, but not this."
    )


def test_rows_are_free_one_by_one():
    right, wrong = BASIS.T * [[-1], [1]], BASIS.T * [[-1, 1, 1, 1], [1, 1, 1, 1]]

    assert verdict("row signs", BASIS.T, right).state == "robust"
    assert verdict("row signs", BASIS.T, wrong).state == "wrong"
    assert verdict("sign", BASIS.T, right).state == "wrong"


def test_columns_are_free_one_by_one():
    assert verdict("column signs", BASIS, BASIS * [-1, 1]).state == "robust"
    assert verdict("column signs", BASIS, BASIS[:, ::-1]).state == "wrong"
    assert verdict("row signs", BASIS, BASIS * [-1, 1]).state == "wrong"


def test_another_basis_of_the_same_space_is_right():
    assert verdict("span", BASIS, BASIS @ TURN).state == "robust"
    assert verdict("span", BASIS, BASIS[:, ::-1]).state == "robust"


def test_a_basis_of_another_space_or_of_other_lengths_is_wrong():
    tilted = np.linalg.qr(BASIS + 0.01 * np.eye(4)[:, :2])[0]

    assert verdict("span", BASIS, tilted).state == "wrong"
    assert verdict("span", BASIS, 1.001 * BASIS @ TURN).state == "wrong"


@pytest.mark.parametrize("answer", [np.array([np.nan, 0.8, 0.0]), V[:2], None, "v", V.astype(complex)])
def test_what_cannot_be_turned_is_rejected_like_anything_else(answer):
    assert verdict("sign", V, answer).state == "wrong"


def test_a_mistake_is_recognised_in_either_sign():
    known = mistake("too_long", {"one": 2 * V})

    found = verdict("sign", V, -2 * V, mistakes=(known,))

    assert found.diagnosis.name == "too_long"


@pytest.mark.parametrize(
    ("freedom", "expected", "words"),
    [("sin", V, "no such freedom"), ("sign", 1, "no array of floats"), ("row signs", V, "no matrix")],
)
def test_an_author_hears_what_cannot_be_free(freedom, expected, words):
    with pytest.raises(ValueError, match=words):
        check(freedom, expected)
