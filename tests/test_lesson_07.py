"""The numbers in the lesson on clusters and maps, computed anew."""

import math
import re

import numpy as np
import pytest

from tests.pictures import topic_07_dimred as pictures
from tests.test_lessons import lesson, numbers, rows

TOPIC = "07_dimred"


@pytest.fixture(scope="module")
def text() -> str:
    return " ".join(lesson(TOPIC).split())


@pytest.fixture(scope="module")
def maps() -> dict:
    """The two tables of the lesson with their groups, and both maps of each."""
    (X, segment), (Z, group) = pictures._customers(), pictures._near_and_far()
    return {
        "customers": (segment, X, pictures._pca(X)[0], pictures._tsne(X, 15)),
        "groups": (group, Z, pictures._pca(Z)[0], pictures._tsne(Z, 10)),
    }


def nearest(Y: np.ndarray, k: int = 10) -> np.ndarray:
    return np.argsort(pictures._squares(Y, Y) + np.diag(np.full(len(Y), np.inf)), axis=1)[:, :k]


def test_the_nearest_of_ann_changes_with_the_unit(text):
    ann, bob, cleo = np.array([25, 400]), np.array([65, 401]), np.array([26, 430])
    found = [[int(np.sum((unit * (ann - other)) ** 2)) for other in (bob, cleo)] for unit in ([1, 1], [1, 100])]

    assert found == [[1601, 901], [11600, 9000001]]
    assert all(f"{number:,}".replace(",", " ") in text for number in (11600, 9000001))
    assert "= 1601" in text
    assert "= 901" in text


def test_k_means_on_a_line_goes_as_in_the_table():
    x, C = np.array([1.0, 2, 3, 8, 9, 10])[:, None], np.array([[1.0], [2.0]])

    for centres, first, chosen, moved in rows(lesson(TOPIC), "centres | points of the first"):
        labels, new, inertia = pictures._step(x, C)
        assert numbers(centres) == C.ravel().tolist()
        assert numbers(first) == x[labels == 0].ravel().tolist()
        assert float(chosen) == pytest.approx(inertia)
        assert float(moved) == pytest.approx(np.sum((x - new[labels]) ** 2))
        C = new


def test_the_three_groups_end_as_the_lesson_says(text):
    X, C = pictures._three_groups()
    seen = []
    for _ in range(8):
        labels, C, inertia = pictures._step(X, C)
        seen.append(inertia)
    bad = np.array([[-1.5, 1.0], [0.0, -1.5], [2.0, 1.5]])
    for _ in range(20):
        others, bad, worse = pictures._step(X, bad)

    assert [round(seen[n]) for n in (0, 1, 4, 7)] == [742, 363, 97, 97]
    assert np.bincount(labels).tolist() == [20, 20, 20]
    assert f"ends at J = {worse:.0f}, with groups of 7, 13 and 40" in text
    assert sorted(np.bincount(others).tolist()) == [7, 13, 40]
    best = [round(pictures._best_of_twenty(X, K)[1][0]) for K in range(1, 6)]
    assert "is {}, {}, {}, {} and {}: after".format(*best) in text


def test_k_means_cuts_a_square_without_groups_as_the_lesson_says(text):
    X = np.random.default_rng(1).uniform(size=(200, 2))

    best = [round(pictures._best_of_twenty(X, K)[1][0], 1) for K in range(1, 6)]

    assert "it is {}, {}, {}, {} and {}, smaller".format(*best) in text


def test_two_ends_for_the_corners_of_a_rectangle():
    X = np.array([[0.0, 0.0], [4, 0], [0, 2], [4, 2]])

    for C, inertia in (([[2.0, 0.0], [2.0, 2.0]], 16), ([[0.0, 1.0], [4.0, 1.0]], 4)):
        _, new, found = pictures._step(X, np.array(C))
        assert np.array_equal(new, C)
        assert found == inertia


def test_the_split_of_the_squares_holds():
    rng = np.random.default_rng(7)
    X, c = rng.normal(size=(9, 3)), rng.normal(size=3)
    m = X.mean(axis=0)

    assert np.sum((X - c) ** 2) == pytest.approx(np.sum((X - m) ** 2) + 9 * np.sum((m - c) ** 2))


def test_the_shares_of_the_mixture_are_those_of_the_lesson(text):
    near, far = (math.exp(-(d**2) / 2) / math.sqrt(2 * math.pi) for d in (0, 2))

    assert (round(near, 4), round(far, 4), round(near + far, 4)) == (0.3989, 0.0540, 0.4529)
    assert round(near / (near + far), 3) == 0.881
    first, second = (-(d**2) / 2 - math.log(2 * math.pi) / 2 for d in (1000, 998))
    assert f"{first:,.2f} and {second:,.2f}".replace(",", " ") in text
    assert round(second - first) == 1998
    assert math.exp(first) == math.exp(second) == 0


def test_the_covariance_of_the_four_points_is_that_of_the_lesson(text):
    X = np.array([[14, 8], [6, 2], [8.5, 7], [11.5, 3]])
    c = X - X.mean(axis=0)
    S = c.T @ c / 4

    assert c.tolist() == [[4, 3], [-4, -3], [-1.5, 2], [1.5, -2]]
    assert S.tolist() == [[9.125, 4.5], [4.5, 6.5]]
    assert np.allclose(S @ [0.8, 0.6], 12.5 * np.array([0.8, 0.6]))
    assert np.allclose(S @ [-0.6, 0.8], 3.125 * np.array([-0.6, 0.8]))
    assert "12.5 / 15.625 = 0.8" in text
    assert np.trace(S) == 15.625


def test_the_perplexities_are_those_of_the_table(library):
    D, Hbeta = np.array([1.0, 2, 4]), library.exercise("Hbeta").reference

    for beta, shares, entropy, perplexity in rows(lesson(TOPIC), "beta | shares"):
        H, P = Hbeta(D, float(beta))
        assert numbers(shares) == [round(float(share), 3) for share in P]
        assert float(entropy) == round(float(H), 3)
        assert float(perplexity) == round(float(np.exp(H)), 2)


def test_the_kernels_fall_as_the_lesson_says(text):
    assert [round(math.exp(-(d**2)), digits) for d, digits in ((1, 2), (2, 3), (3, 5))] == [0.37, 0.018, 0.00012]
    assert [1 / (1 + d * d) for d in (1, 2, 3)] == [0.5, 0.2, 0.1]
    assert round(math.sqrt(math.log(1000)), 1) == 2.6
    assert round(math.sqrt(999), 1) == 31.6
    assert "distance of 2.6, and Student's t for 31.6" in text
    assert round(0.30 * math.log(0.30 / 0.03), 2) == 0.69
    assert round(0.03 * math.log(0.03 / 0.30), 3) == -0.069


def test_the_springs_of_three_points_are_those_of_the_lesson(library, text):
    P = np.array([[0, 0.30, 0.15], [0.30, 0, 0.05], [0.15, 0.05, 0]])

    kl, grad = library.exercise("tsne_grad").reference(P, np.array([[0.0], [1.0], [3.0]]))

    assert "the divergence is {:.4f} and the gradient [{:.3f}, {:.3f}, {:.3f}]".format(kl, *grad[:, 0]) in text


def test_equally_distant_points_are_one_more_than_the_dimensions():
    for d in (2, 12):
        corners = np.eye(d + 1)  # they lie in a space of d dimensions: their coordinates sum to 1
        distances = pictures._squares(corners, corners)[~np.eye(d + 1, dtype=bool)]
        assert np.all(distances == 2)
        assert np.linalg.matrix_rank(corners - corners.mean(axis=0)) == d


def test_the_maps_of_the_customers_keep_what_the_table_says(maps, text):
    segment, *tables = maps["customers"]
    near = [nearest(Y) for Y in tables]
    kept = [np.mean([np.isin(one, other).mean() for one, other in zip(near[0], found, strict=True)]) for found in near]
    same = [(segment[found] == segment[:, None]).mean() for found in near]

    first, second, _ = rows(lesson(TOPIC), "what is measured | the table")
    assert numbers(" ".join(re.findall(r"\d+ %", " ".join(first)))) == [round(100 * share) for share in kept]
    assert [numbers(cell)[0] for cell in second[1:]] == [round(100 * share) for share in same]
    ratio = pictures._pca(tables[0])[1]
    assert f"have {100 * ratio[:2].sum():.0f} % of the variance" in text
    assert f"The third has another {100 * ratio[2]:.0f} %" in text


def test_k_means_sorts_as_many_customers_as_the_table_says(maps):
    segment, *tables = maps["customers"]
    found = []
    for Y in tables:
        labels = pictures._best_of_twenty(Y, 6)[0]
        table = np.array([[np.sum((labels == i) & (segment == j)) for j in range(6)] for i in range(6)])
        assert sorted(table.argmax(axis=1).tolist()) == list(range(6))  # every group stands for another segment
        found.append(int(table.max(axis=1).sum()))

    assert [int(cell) for cell in rows(lesson(TOPIC), "what is measured | the table")[2][1:]] == found


def test_distances_and_widths_of_the_groups_are_those_of_the_table(maps):
    group, *tables = maps["groups"]
    far, wide = [], []
    for Y in tables:
        A, B, C = (Y[group == k].mean(axis=0) for k in range(3))
        width = [np.sqrt(np.mean(np.sum((Y[group == k] - Y[group == k].mean(axis=0)) ** 2, axis=1))) for k in (1, 2)]
        far.append(round(float(np.linalg.norm(B - C) / np.linalg.norm(A - B)), 1))
        wide.append(round(float(width[1] / width[0]), 1))

    text = lesson(TOPIC)
    table = rows(text[text.index("Now three groups") :], "what is measured | the table")
    assert [float(cell) for cell in table[0][1:]] == far
    assert [float(cell) for cell in table[1][1:]] == wide


def test_the_maps_of_t_sne_have_come_to_rest(maps, library):
    grad = library.exercise("tsne_grad").reference

    for name, perplexity in (("customers", 15), ("groups", 10)):
        _, X, _, Y = maps[name]
        _, slope = grad(pictures._joint(X, perplexity), Y)
        assert np.abs(slope).max() < 5e-4


def test_the_joint_table_has_the_perplexity_that_was_asked_for(library):
    X, _ = pictures._customers()
    D = pictures._squares(X, X)
    Hbeta, P = library.exercise("Hbeta").reference, pictures._joint(X, 15)

    assert P.sum() == pytest.approx(1)
    assert np.array_equal(P, P.T)
    conditional = []
    for i in range(len(X)):
        others, low, high = np.delete(D[i], i), 1e-4, 1e3
        for _ in range(80):
            middle = math.sqrt(low * high)
            low, high = (middle, high) if Hbeta(others, middle)[0] > math.log(15) else (low, middle)
        conditional.append(np.insert(Hbeta(others, low)[1], i, 0.0))
    assert np.allclose(P, (np.array(conditional) + np.array(conditional).T) / 240, rtol=1e-6, atol=1e-12)
