"""The maps of digits and their marks against witnesses that share no code with them: scikit-learn."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness
from sklearn.model_selection import LeaveOneOut, cross_val_score
from sklearn.neighbors import KNeighborsClassifier

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def names(library) -> dict:
    """What the exercise's file defines."""
    return library.exercise("digits_embedding").reference.__globals__


@pytest.fixture(scope="module")
def played(names) -> tuple[dict, tuple]:
    """The case of 500 digits, and what the reference and the drive make of it."""
    facts = names["five_hundred_digits"](None)
    return facts, names["with_marks_of_our_own"](names["digits_embedding"], *facts.values())


def read_rightly(M, y, k):
    return cross_val_score(KNeighborsClassifier(k), M, y, cv=LeaveOneOut()).mean()


def test_the_map_of_pca_and_what_it_keeps_are_scikit_learns(played):
    facts, (pca, _, kept, *_) = played
    theirs = PCA(2, svd_solver="full").fit(facts["X"])

    assert np.allclose(np.abs(pca), np.abs(theirs.transform(facts["X"])), atol=1e-9)
    assert kept == pytest.approx(theirs.explained_variance_ratio_.sum(), rel=1e-12)
    assert round(kept, 3) == 0.296


@pytest.mark.parametrize("which", [0, 1], ids=["pca", "tsne"])
def test_the_marks_are_scikit_learns(played, which):
    facts, (pca, tsne, _, *marks) = played
    X, y, k = facts["X"], facts["y"], facts["k"]
    accuracy, trust = read_rightly((pca, tsne)[which], y, k), trustworthiness(X, (pca, tsne)[which], n_neighbors=k)

    for yours, ours in ((marks[0], marks[3]), (marks[1], marks[4])):
        assert yours[which] == pytest.approx(ours[which], abs=1e-12)
    assert marks[0][which] == pytest.approx(accuracy, abs=1e-12)
    assert marks[1][which] == pytest.approx(trust, abs=1e-4)  # they break ties of the pixels in another way


def test_the_map_of_pca_has_the_marks_that_are_known(played):
    _, (_, _, _, accuracy, trust, *_) = played

    assert (round(float(accuracy[0]), 3), round(float(trust[0]), 3)) == (0.712, 0.854)


def test_the_divergence_is_scikit_learns(names, played):
    t_sne = pytest.importorskip("sklearn.manifold._t_sne")
    facts, (pca, tsne, *_, kl, _, _, measured) = played
    X = facts["X"].astype(float)
    D = ((X[:, None] - X) ** 2).sum(axis=2).astype(np.float32)

    shares = t_sne._joint_probabilities(D, facts["perplexity"], 0)

    for which, M in enumerate((pca, tsne)):
        theirs, _ = t_sne._kl_divergence(M.ravel(), shares, 1.0, len(X), 2)
        assert kl[which] == pytest.approx(theirs, abs=1e-3)
        assert measured[which] == pytest.approx(theirs, abs=1e-3)


def test_scikit_learns_t_sne_reaches_the_same_targets(played):
    facts, (_, tsne, *_, measured) = played
    X, y = facts["X"].astype(float), facts["y"]

    theirs = TSNE(perplexity=30, init="pca", learning_rate=200.0, max_iter=500, random_state=0).fit(X)

    assert trustworthiness(X, theirs.embedding_, n_neighbors=5) >= 0.97
    assert read_rightly(theirs.embedding_, y, 5) >= 0.94
    assert theirs.kl_divergence_ == pytest.approx(measured[1], abs=0.1)
    assert trustworthiness(X, tsne, n_neighbors=5) >= 0.99


def test_the_descent_that_is_recommended_does_not_rattle(names):
    """A start that differs in its last digits ends in the same map: the marks are the same on every machine."""
    facts = names["five_hundred_digits"](None)
    P, start = names["_joint"](facts["X"], 30.0), names["_start"](names["_pca"](facts["X"])[0])
    moved = start * (1 + 1e-13 * np.random.default_rng(0).normal(size=start.shape))

    one, other = (names["_descended"](P, Y, 500) for Y in (start, moved))

    assert np.allclose(one, other, atol=1e-8)


def test_the_example_of_the_statement_is_right(names):
    facts = names["by_hand"](None)

    _, _, kept, accuracy, trust, *_ = names["digits_embedding"](*facts.values())

    assert kept == pytest.approx(34 / 44)
    assert accuracy == pytest.approx((0.6, 0.6))
    assert trust == pytest.approx((0.8, 0.8))


def test_a_mark_of_a_list_or_an_array_is_as_good_and_fewer_parts_are_said_so(names):
    facts = names["by_hand"](None)
    right = names["digits_embedding"](*facts.values())
    drive = names["with_marks_of_our_own"]

    listed = drive(lambda *_: [*right[:3], *map(list, right[3:])], *facts.values())

    assert all(isinstance(part, np.ndarray) and part.shape == (2,) for part in listed[3:])
    with pytest.raises(TypeError, match="six things are to be returned"):
        drive(lambda *_: right[:3], *facts.values())
