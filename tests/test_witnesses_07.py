"""Clusters, PCA and t-SNE against witnesses that share no code with them: scikit-learn, scipy, long decimals."""

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from scipy import stats
from scipy.optimize import brentq
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import pairwise_distances_argmin_min
from sklearn.mixture import GaussianMixture

from grader import key as keys
from grader.exercise import Variant
from grader.judge import judge


@pytest.fixture(scope="module")
def answer(library) -> Callable[[str], Callable]:
    """The reference of an exercise, by its name."""
    return cache(lambda name: library.exercise(name).reference)


@pytest.fixture
def rng():
    return np.random.default_rng(7)


# --- kmeans_step ---------------------------------------------------------------------------------------------------


def test_a_step_of_k_means_is_that_of_scikit_learn(answer, rng):
    X, C = rng.normal(size=(60, 3)), rng.normal(size=(4, 3))

    labels, C_new, inertia = answer("kmeans_step")(X, C)

    nearest, distances = pairwise_distances_argmin_min(X, C)
    assert np.array_equal(labels, nearest)
    assert inertia == pytest.approx(np.sum(distances**2), rel=1e-12)
    one_step = KMeans(n_clusters=4, init=C, n_init=1, max_iter=1, tol=0, algorithm="lloyd").fit(X)
    assert np.allclose(C_new, one_step.cluster_centers_, atol=1e-12)


def test_k_means_ends_where_scikit_learn_ends_and_never_gets_looser(answer, rng):
    X = rng.normal(size=(80, 2)) + rng.choice([0.0, 5.0], (80, 1))
    C = X[:3]
    found = []
    for _ in range(60):
        labels, C, inertia = answer("kmeans_step")(X, C)
        found.append(inertia)

    assert all(later <= sooner + 1e-12 for sooner, later in pairwise(found))
    fitted = KMeans(n_clusters=3, init=X[:3], n_init=1, tol=0).fit(X)
    assert found[-1] == pytest.approx(fitted.inertia_, rel=1e-12)
    assert np.array_equal(labels, fitted.labels_)


def test_a_step_of_k_means_is_that_of_exact_fractions_with_ties_to_the_first(answer, rng):
    X, C = rng.integers(-3, 4, (40, 2)), rng.integers(-3, 4, (5, 2))  # a grid, so that many distances are equal
    C[4] = C[1]

    labels, C_new, inertia = answer("kmeans_step")(X.astype(float), C)

    squares = [[sum((int(p) - int(q)) ** 2 for p, q in zip(x, c, strict=True)) for c in C] for x in X]
    chosen = [row.index(min(row)) for row in squares]
    assert sum(row.count(min(row)) > 1 for row in squares) > 5
    assert labels.tolist() == chosen
    assert inertia == sum(map(min, squares))
    for k in range(5):
        own = [x for x, label in zip(X, chosen, strict=True) if label == k]
        exact = [float(Fraction(sum(int(x[d]) for x in own), len(own))) if own else float(C[k, d]) for d in range(2)]
        assert C_new[k] == pytest.approx(exact, rel=1e-14)
    assert 4 not in chosen


# --- gmm_em_step ---------------------------------------------------------------------------------------------------


def mixture(rng, N, D, K):
    A = rng.normal(size=(K, D, D))
    return (
        rng.normal(size=(N, D)) + rng.integers(0, 3, (N, 1)),
        rng.dirichlet(np.full(K, 5.0)),
        rng.normal(size=(K, D)),
        A @ A.transpose(0, 2, 1) + np.eye(D),
    )


@pytest.mark.filterwarnings("ignore:Best performing initialization")
@pytest.mark.parametrize("reg", [1e-6, 0.3])
def test_a_step_of_em_is_that_of_scikit_learn(answer, rng, reg):
    X, pi, mu, Sigma = mixture(rng, 50, 3, 4)

    pi_new, mu_new, Sigma_new, loglik = answer("gmm_em_step")(X, pi, mu, Sigma, reg)

    theirs = GaussianMixture(
        4,
        reg_covar=reg,
        max_iter=1,
        init_params="random",
        weights_init=pi / pi.sum(),
        means_init=mu,
        precisions_init=np.linalg.inv(Sigma),
        random_state=0,
    ).fit(X)
    assert np.allclose(pi_new, theirs.weights_, rtol=1e-10)
    assert np.allclose(mu_new, theirs.means_, rtol=1e-10)
    assert np.allclose(Sigma_new, theirs.covariances_, rtol=1e-9, atol=1e-12)
    assert loglik / len(X) == pytest.approx(theirs.lower_bound_, rel=1e-11)


def test_a_step_of_em_is_that_of_long_decimals_where_every_density_underflows(answer):
    X, pi = np.array([[0.5], [-1.0], [900.0], [1000.0]]), np.array([0.3, 0.7])
    mu, Sigma = np.array([[0.0], [1.0]]), np.array([[[1.0]], [[1.5]]])

    pi_new, mu_new, Sigma_new, loglik = answer("gmm_em_step")(X, pi, mu, Sigma, 0.0)

    with mpmath.workdps(60):
        p = [
            [
                mpmath.mpf(pi[k])
                * mpmath.exp(-((mpmath.mpf(x) - mu[k, 0]) ** 2) / (2 * Sigma[k, 0, 0]))
                / mpmath.sqrt(2 * mpmath.pi * Sigma[k, 0, 0])
                for k in range(2)
            ]
            for x in X[:, 0]
        ]
        r = [[one / sum(row) for one in row] for row in p]
        N_k = [sum(row[k] for row in r) for k in range(2)]
        means = [sum(row[k] * x for row, x in zip(r, X[:, 0], strict=True)) / N_k[k] for k in range(2)]
        spread = [
            sum(row[k] * (x - means[k]) ** 2 for row, x in zip(r, X[:, 0], strict=True)) / N_k[k] for k in range(2)
        ]
        total = sum(mpmath.log(sum(row)) for row in p)
    assert float(p[3][0]) == float(p[3][1]) == 0
    assert pi_new == pytest.approx([float(n) / 4 for n in N_k], rel=1e-12)
    assert mu_new[:, 0] == pytest.approx([float(m) for m in means], rel=1e-12)
    assert Sigma_new[:, 0, 0] == pytest.approx([float(s) for s in spread], rel=1e-12)
    assert loglik == pytest.approx(float(total), rel=1e-13)


def test_the_likelihood_never_falls_and_the_weights_sum_to_one(answer, rng):
    X, *parameters = mixture(rng, 60, 2, 3)
    found = []
    for _ in range(40):
        *parameters, loglik = answer("gmm_em_step")(X, *parameters, 0.0)
        found.append(loglik)
        assert parameters[0].sum() == pytest.approx(1, abs=1e-12)

    assert all(later >= sooner - 1e-9 for sooner, later in pairwise(found))
    last = sum(weight * stats.multivariate_normal(m, S).pdf(X) for weight, m, S in zip(*parameters, strict=True))
    assert np.log(last).sum() >= found[-1] - 1e-9


def test_the_order_of_the_components_does_not_matter(answer, rng):
    X, pi, mu, Sigma = mixture(rng, 30, 2, 3)
    order = [2, 0, 1]

    *parts, loglik = answer("gmm_em_step")(X, pi, mu, Sigma)
    *permuted, same = answer("gmm_em_step")(X, pi[order], mu[order], Sigma[order])

    assert same == pytest.approx(loglik, rel=1e-13)
    for part, other in zip(parts, permuted, strict=True):
        assert np.allclose(part[order], other, rtol=1e-12)


def test_a_component_without_members_stays_and_one_on_a_single_point_is_as_wide_as_reg(answer):
    X = np.array([[0.0, 0.0], [1.0, 1.0], [50.0, 50.0], [50.0, 50.0]])
    mu = np.array([[0.0, 0.5], [50.0, 49.0], [-300.0, 0.0]])
    Sigma = np.tile(np.array([[1.0, 0.2], [0.2, 2.0]]), (3, 1, 1))

    pi_new, mu_new, Sigma_new, _ = answer("gmm_em_step")(X, np.full(3, 1 / 3), mu, Sigma, 1e-3)

    assert pi_new == pytest.approx([0.5, 0.5, 0])
    assert np.array_equal(mu_new[2], mu[2])
    assert np.array_equal(Sigma_new[2], Sigma[2])
    assert np.allclose(Sigma_new[1], 1e-3 * np.eye(2), rtol=1e-12)


def test_the_example_of_em_is_a_sigmoid(answer):
    _, mu, Sigma, loglik = answer("gmm_em_step")(
        np.array([[0.0], [2.0]]), np.array([0.5, 0.5]), np.array([[0.0], [2.0]]), np.ones((2, 1, 1)), 0.0
    )

    r = 1 / (1 + np.exp(-2))
    assert mu[:, 0] == pytest.approx([2 - 2 * r, 2 * r])
    assert Sigma[:, 0, 0] == pytest.approx([4 * r * (1 - r)] * 2)
    assert [round(r, 3), *np.round(mu[:, 0], 3), round(Sigma[0, 0, 0], 3)] == [0.881, 0.238, 1.762, 0.42]
    assert round(loglik, 3) == -2.97


# --- pca_fit -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(30, 5), (6, 12), (200, 2)])
def test_principal_components_are_those_of_scikit_learn(answer, rng, shape):
    X = rng.normal(size=shape) * np.linspace(3, 0.5, shape[1]) + 100 * rng.normal(size=shape[1])
    k = min(shape[1], shape[0] - 1)

    mean, components, ratio = answer("pca_fit")(X, k)

    theirs = PCA(k, svd_solver="full").fit(X)
    assert np.allclose(mean, theirs.mean_, rtol=1e-13)
    assert np.allclose(np.abs(np.sum(components * theirs.components_, axis=1)), 1, atol=1e-12)
    assert np.allclose(ratio, theirs.explained_variance_ratio_, rtol=1e-10)
    assert np.allclose(components @ components.T, np.eye(k), atol=1e-12)
    assert ratio.sum() == pytest.approx(1, abs=1e-12)
    assert list(ratio) == sorted(ratio, reverse=True)


def test_principal_components_are_those_of_long_decimals(answer, rng):
    X = np.round(rng.normal(size=(6, 3)), 3)
    with mpmath.workdps(40):
        M = mpmath.matrix(X.tolist())
        for column in range(3):
            middle = sum(M[row, column] for row in range(6)) / 6
            for row in range(6):
                M[row, column] -= middle
        values, vectors = mpmath.eigsy(M.T * M)
        exact = [[float(vectors[i, 2 - c]) for i in range(3)] for c in range(2)]
        shares = [float(values[2 - c] / sum(values)) for c in range(2)]

    _, components, ratio = answer("pca_fit")(X, 2)

    assert np.allclose(np.abs(components), np.abs(exact), atol=1e-13)
    assert np.allclose(ratio, shares, rtol=1e-13)


def test_no_direction_shows_more_than_the_first_component(answer, rng):
    X = rng.normal(size=(40, 4)) @ rng.normal(size=(4, 4))
    _, components, _ = answer("pca_fit")(X, 1)

    directions = rng.normal(size=(500, 4))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    assert (X @ directions.T).var(axis=0).max() < (X @ components[0]).var()


def test_moving_the_whole_cloud_moves_the_mean_alone(answer, rng):
    X = rng.normal(size=(20, 3)) * [3.0, 2.0, 1.0]

    mean, components, ratio = answer("pca_fit")(X, 2)
    moved, same, shares = answer("pca_fit")(X + 1000.0, 2)

    assert np.allclose(moved, mean + 1000, rtol=1e-13)
    assert np.allclose(np.abs(np.sum(components * same, axis=1)), 1, atol=1e-10)
    assert np.allclose(ratio, shares, rtol=1e-9)


def test_components_of_other_signs_are_right(library):
    exercise = library.exercise("pca_fit")
    key = keys.answer(exercise)

    for signs in [(-1, 1, -1), (1, -1, -1), (-1, -1, -1)]:

        def flipped(X, k, signs=signs):
            mean, components, ratio = exercise.reference(X, k)
            return mean, components * np.array(signs)[:k, None], ratio

        played = {case.name: keys.play(exercise, Variant("flipped", "", flipped), case) for case in key.cases}
        assert judge(key, played).state == "robust"


# --- Hbeta ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shift", [0, 100_000])
def test_shares_and_entropy_are_those_of_long_decimals(answer, rng, shift):
    D, beta = rng.integers(0, 40, 9) / 8 + shift, 0.75

    H, P = answer("Hbeta")(D, beta)

    with mpmath.workdps(60):
        powers = [mpmath.exp(-mpmath.mpf(beta) * mpmath.mpf(d)) for d in D]
        shares = [p / sum(powers) for p in powers]
        entropy = -sum(p * mpmath.log(p) for p in shares)
    assert np.allclose(P, [float(p) for p in shares], rtol=1e-10)
    assert np.allclose([H, stats.entropy(P)], float(entropy), rtol=1e-10)


def test_the_entropy_falls_with_beta_from_log_n_to_nothing(answer, rng):
    D = rng.uniform(0.5, 9, 12)
    found = [answer("Hbeta")(D, beta)[0] for beta in np.linspace(0, 40, 200)]

    assert found[0] == pytest.approx(np.log(12), rel=1e-14)
    assert all(later < sooner for sooner, later in pairwise(found))
    assert 0 <= answer("Hbeta")(D, 1e6)[0] < 1e-12


def test_the_shares_of_a_given_perplexity_are_those_of_scikit_learn(answer, rng):
    utils = pytest.importorskip("sklearn.manifold._utils")
    X = rng.normal(size=(25, 4))
    D = ((X[:, None] - X) ** 2).sum(axis=2).astype(np.float32)

    theirs = utils._binary_search_perplexity(D, 6.0, 0)

    for i in range(25):
        others = np.delete(D[i].astype(float), i)
        beta = brentq(lambda b, D=others: answer("Hbeta")(D, b)[0] - np.log(6.0), 1e-6, 1e3)
        assert np.allclose(answer("Hbeta")(others, beta)[1], np.delete(theirs[i], i), atol=1e-5)


# --- tsne_grad -----------------------------------------------------------------------------------------------------


def shares(rng, n):
    A = rng.uniform(0.1, 1, (n, n))
    A = np.triu(A, 1) + np.triu(A, 1).T
    return A / A.sum()


def test_divergence_and_gradient_are_those_of_scikit_learn(answer, rng):
    t_sne = pytest.importorskip("sklearn.manifold._t_sne")
    P, Y = shares(rng, 12), rng.normal(size=(12, 2))

    kl, grad = answer("tsne_grad")(P, Y)

    condensed = P[np.triu_indices(12, 1)]
    theirs, slope = t_sne._kl_divergence(Y.ravel(), condensed, 1, 12, 2)
    assert kl == pytest.approx(theirs, rel=1e-12)
    assert np.allclose(grad, slope.reshape(12, 2), rtol=1e-10, atol=1e-14)


def test_the_gradient_is_that_of_long_decimals(answer, rng):
    P, Y = shares(rng, 4), rng.normal(size=(4, 2))

    kl, grad = answer("tsne_grad")(P, Y)

    def divergence(*flat):
        y = [flat[2 * i : 2 * i + 2] for i in range(4)]
        w = {(i, j): 1 / (1 + sum((a - b) ** 2 for a, b in zip(y[i], y[j], strict=True))) for i, j in pairs}
        return sum(P[pair] * mpmath.log(P[pair] * sum(w.values()) / w[pair]) for pair in pairs)

    pairs = [(i, j) for i in range(4) for j in range(4) if i != j]
    with mpmath.workdps(40):
        point = [mpmath.mpf(y) for y in Y.ravel()]
        assert kl == pytest.approx(float(divergence(*point)), rel=1e-13)
        for i in range(8):
            order = tuple(int(i == j) for j in range(8))
            assert grad.ravel()[i] == pytest.approx(float(mpmath.diff(divergence, point, order)), rel=1e-11)


def test_moving_or_turning_the_map_changes_nothing_but_the_frame(answer, rng):
    P, Y = shares(rng, 9), rng.normal(size=(9, 2))
    turn, _ = np.linalg.qr(rng.normal(size=(2, 2)))

    kl, grad = answer("tsne_grad")(P, Y)
    same, turned = answer("tsne_grad")(P, Y @ turn + [3.0, -5.0])

    assert np.abs(grad.sum(axis=0)).max() < 1e-15
    assert same == pytest.approx(kl, rel=1e-13)
    assert np.allclose(turned, grad @ turn, rtol=1e-10, atol=1e-15)
    assert kl > 0


def test_where_map_and_table_agree_nothing_pulls(answer, rng):
    Y = rng.normal(size=(7, 2))
    w = 1 / (1 + ((Y[:, None] - Y) ** 2).sum(axis=2)) - np.eye(7)

    kl, grad = answer("tsne_grad")(w / w.sum(), Y)

    assert kl == pytest.approx(0, abs=1e-15)
    assert np.abs(grad).max() < 1e-15


def test_a_step_against_the_gradient_makes_the_divergence_smaller(answer, rng):
    P, Y = shares(rng, 10), rng.normal(size=(10, 2))
    kl, grad = answer("tsne_grad")(P, Y)

    assert answer("tsne_grad")(P, Y - 0.1 * grad)[0] < kl
    assert answer("tsne_grad")(P, Y + 0.1 * grad)[0] > kl


def test_the_example_of_t_sne_is_that_of_exact_fractions(answer):
    w = {(0, 1): Fraction(1, 2), (0, 2): Fraction(1, 10), (1, 2): Fraction(1, 5)}
    p = {(0, 1): Fraction(30, 100), (0, 2): Fraction(15, 100), (1, 2): Fraction(5, 100)}
    y, total = [0, 1, 3], 2 * sum(w.values())
    exact = [Fraction(0)] * 3
    for (i, j), weight in w.items():
        force = 4 * (p[i, j] - weight / total) * weight * (y[i] - y[j])
        exact[i] += force
        exact[j] -= force
    P = np.zeros((3, 3))
    for (i, j), share in p.items():
        P[i, j] = P[j, i] = float(share)

    kl, grad = answer("tsne_grad")(P, np.array([[0.0], [1.0], [3.0]]))

    assert [float(e) for e in exact] == [-0.08, 0.095, -0.015]
    assert grad[:, 0] == pytest.approx([float(e) for e in exact], rel=1e-13)
    assert round(kl, 4) == 0.1465
