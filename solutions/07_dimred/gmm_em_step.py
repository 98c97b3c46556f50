r"""One step of EM: groups with soft borders.

k-means gives every customer to one group, also the one half way between two. A mixture of Gaussians says "60 % this
one, 40 % that one", and lets a group be wide, narrow or tilted. It is fitted by taking turns: guess who belongs where,
then fit each group to its members, each of them counted by how much it belongs.

Maths. X has shape (N, D). Component k has a weight pi_k (together they sum to 1), a mean mu_k of shape (D,) and a
covariance Sigma_k of shape (D, D). The density of component k is

$$\mathcal{N}(x; \mu_k, \Sigma_k) = \frac{1}{\sqrt{(2\pi)^D \det \Sigma_k}}
\exp\left(-\tfrac{1}{2} (x - \mu_k)^T \Sigma_k^{-1} (x - \mu_k)\right)$$

with the pi of the circle under the root. E, for expectation: the responsibility r_nk says how much point n belongs to
component k. By Bayes' rule, with all parameters still the old ones,

$$r_{nk} = \frac{\pi_k\, \mathcal{N}(x_n; \mu_k, \Sigma_k)}{\sum_j \pi_j\, \mathcal{N}(x_n; \mu_j, \Sigma_j)} \qquad
loglik = \sum_n \log \sum_j \pi_j\, \mathcal{N}(x_n; \mu_j, \Sigma_j)$$

M, for maximisation: with N_k = r_1k + ... + r_Nk points' worth of members, the new parameters are

$$\pi'_k = \frac{N_k}{N} \qquad \mu'_k = \frac{1}{N_k} \sum_n r_{nk}\, x_n \qquad
\Sigma'_k = \frac{1}{N_k} \sum_n r_{nk}\, (x_n - \mu'_k)(x_n - \mu'_k)^T + reg \cdot I$$

where I is 1 on the diagonal and 0 elsewhere. A component that sits on copies of a single point has no width: reg keeps
its covariance invertible. Far from all components every density is 0 as a float, although one of them is much larger
than the others: compare logarithms.

By hand. One dimension, X = [[0], [2]], both pi 0.5, mu = [[0], [2]], both Sigma [[1]], reg = 0. At x = 0 the densities
are 0.3989 and 0.0540, so r = [0.881, 0.119]; at x = 2 it is the other way round. loglik = 2 log(0.5 * 0.3989 + 0.5 *
0.0540) = 2 log 0.2265 = -2.970. Each N_k is 1, pi stays, mu = [[0.238], [1.762]], and Sigma_1 = 0.881 * 0.238^2 +
0.119 * 1.762^2 = 0.420, as is Sigma_2.

Source: Dempster, Laird & Rubin, Maximum likelihood from incomplete data via the EM algorithm (1977); Stanford CS229,
notes on mixtures of Gaussians and the EM algorithm; Deisenroth, Faisal & Ong, Mathematics for Machine Learning (2020),
chapter 11.
"""

import numpy as np

from grader.authoring import Drawn, alternative, case, exercise, mistake, picture


@exercise(
    points=8,
    difficulty=4,
    returns=["pi_new", "mu_new", "Sigma_new", "loglik"],
    needs=["logsumexp", "gaussian_logpdf", "covariance_matrix", "bayes_posterior"],
    hints=[
        "Do the E step of the example on paper. Which of the formulas need the old parameters, and which the new mean? "
        "And what do you divide by what at a point that is 1000 away from everything?",
        "Write log(pi_k) + log N(x_n; mu_k, Sigma_k) into a table of shape (N, K). The logarithm of the determinant "
        "comes from np.linalg.slogdet or from a Cholesky factor. Log-sum-exp along the rows gives each point's share "
        "in loglik, and what is subtracted from the row before exp gives r.",
        "For the squares of component k: let c be X less mu[k]; multiply c entry by entry with np.linalg.solve("
        "Sigma[k], c.T).T and sum along the rows. In the M step, for each k with N_k above 0: the mean is r[:, k] @ X "
        "over N_k; with c = X less the new mean, the covariance is (r[:, k] * c.T) @ c over N_k, plus reg on its "
        "diagonal.",
    ],
    why=(
        "A share is a quotient, so a factor common to all densities of a point cancels: logarithms can be compared "
        "even where every density is 0 as a float. With reg = 0 no step lowers the likelihood."
    ),
    lesson="Mixtures: soft borders",
)
def gmm_em_step(X, pi, mu, Sigma, reg=1e-6):
    """Return the parameters of a mixture of Gaussians after one step of EM, and the log-likelihood before it.

    Args:
        X: float array, shape (N, D). N points, at least 1; they may be 1000 standard deviations away from every
            component.
        pi: float array, shape (K,). The weights, 0 or more; they sum to 1.
        mu: float array, shape (K, D). The means.
        Sigma: float array, shape (K, D, D). The covariances, symmetric and invertible. A determinant may be too small
            for a float, as that of 12 variances of 1e-30 is; its logarithm is an ordinary number.
        reg: float, 0 or more. It is added to the diagonal of every new covariance, after everything else.

    Returns:
        (pi_new, mu_new, Sigma_new, loglik): three float arrays of the shapes of pi, mu and Sigma, and a float, the
        natural logarithm of the density of all points under the old parameters (a sum over the points, not a mean). A
        component that no point belongs to, N_k = 0, gets the weight 0 and keeps its mean and its covariance, without
        reg; this includes one whose old weight is 0. The arguments are left as they were.

    Memory: no array of N x N numbers in between. An edge case has N = 20,000 points, where such an array takes 3.2 GB.
    The limits are 512 MiB and 20 seconds.
    """
    N, D = X.shape
    log_p = np.empty((N, len(pi)))
    for k in range(len(pi)):
        c = X - mu[k]
        squares = (c * np.linalg.solve(Sigma[k], c.T).T).sum(axis=1)
        _, log_det = np.linalg.slogdet(Sigma[k])
        with np.errstate(divide="ignore"):  # the logarithm of a weight of 0 is minus infinity, and rightly so
            log_p[:, k] = np.log(pi[k]) - 0.5 * (squares + log_det + D * np.log(2 * np.pi))
    top = log_p.max(axis=1, keepdims=True)
    log_sum = top + np.log(np.exp(log_p - top).sum(axis=1, keepdims=True))
    r = np.exp(log_p - log_sum)

    N_k = r.sum(axis=0)
    mu_new, Sigma_new = mu.copy(), Sigma.copy()
    for k in np.flatnonzero(N_k):
        mu_new[k] = r[:, k] @ X / N_k[k]
        c = X - mu_new[k]
        Sigma_new[k] = (r[:, k] * c.T) @ c / N_k[k] + reg * np.eye(D)
    return N_k / N, mu_new, Sigma_new, log_sum.sum()


def covariance(rng, D):
    """Symmetric, two decimals, eigenvalues between about 0.5 and 3."""
    A = np.round(rng.uniform(-0.3, 0.3, (D, D)), 2)
    return np.diag(np.round(rng.uniform(1.2, 2.4, D), 2)) + A + A.T


def mixture(rng, N, D, weights):
    """Points around overlapping components, of which no two are alike."""
    K = len(weights)
    mu = np.round(rng.uniform(-2, 2, (K, D)), 2)
    X = np.round(mu[rng.integers(0, K, N)] + 1.2 * rng.normal(size=(N, D)), 2)
    return {"X": X, "pi": np.array(weights), "mu": mu, "Sigma": np.array([covariance(rng, D) for _ in range(K)])}


@case
def by_hand(rng):
    """The example of the statement: two points on a line, two components."""
    ones = np.ones((2, 1, 1))
    return {
        "X": np.array([[0.0], [2.0]]),
        "pi": np.array([0.5, 0.5]),
        "mu": np.array([[0.0], [2.0]]),
        "Sigma": ones,
        "reg": 0.0,
    }


@case
def two_in_the_plane(rng):
    """Twelve points in the plane, two tilted components of different weight, reg = 0.25."""
    return {**mixture(rng, 12, 2, [0.7, 0.3]), "reg": 0.25}


@case
def three_components(rng):
    """Fifteen points with three coordinates, three components, reg = 0.1."""
    return {**mixture(rng, 15, 3, [0.5, 0.3, 0.2]), "reg": 0.1}


@case
def a_single_component(rng):
    """K = 1: everybody belongs to it, and the new parameters are the mean and the covariance of X."""
    return {**mixture(rng, 7, 2, [1.0]), "reg": 0.5}


@case(hidden=True)
def four_on_a_line(rng):
    return {**mixture(rng, 14, 1, [0.4, 0.3, 0.2, 0.1]), "reg": 0.05}


@case(edge=True)
def far_from_all_components(rng):
    """The last point is 1000 away from all components: both densities are 0 as floats, and one is much the larger."""
    X = np.array([[0.5, 0.0], [-0.5, 1.0], [2.0, 0.5], [3.0, -0.5], [1000.0, 3.0]])
    mu = np.array([[0.0, 0.0], [2.5, 0.0]])
    return {"X": X, "pi": np.array([0.5, 0.5]), "mu": mu, "Sigma": np.array([np.eye(2), 1.5 * np.eye(2)])}


@case(edge=True)
def nobody_belongs_to_it(rng):
    """The second component is a hundred standard deviations away from all points: every one of its r is 0."""
    X = np.array([[0.5, 0.25], [-0.5, 1.0], [1.0, -0.75], [-1.5, 0.0]])
    Sigma = np.array([[[1.5, 0.25], [0.25, 1.0]], [[2.0, -0.5], [-0.5, 1.0]]])
    return {"X": X, "pi": np.array([0.75, 0.25]), "mu": np.array([[0.0, 0.5], [150.0, 80.0]]), "Sigma": Sigma}


@case(edge=True)
def hardly_anybody_belongs_to_it(rng):
    """The second component is ten standard deviations away from all points: its r are tiny, and not 0."""
    X = np.array([[0.5, 0.25], [-0.5, 1.0], [1.0, -0.75], [-1.5, 0.0]])
    Sigma = np.array([[[1.5, 0.25], [0.25, 1.0]], [[2.0, -0.5], [-0.5, 1.0]]])
    return {"X": X, "pi": np.array([0.75, 0.25]), "mu": np.array([[0.0, 0.5], [11.0, 6.0]]), "Sigma": Sigma}


@case(edge=True)
def a_weight_of_zero(rng):
    """The first component has the weight 0, and keeps it."""
    X = np.array([[0.5, 0.25], [-0.5, 1.0], [1.0, -0.75], [-1.5, 0.0]])
    Sigma = np.array([[[1.5, 0.25], [0.25, 1.0]], [[2.0, -0.5], [-0.5, 1.0]]])
    return {"X": X, "pi": np.array([0.0, 1.0]), "mu": np.array([[0.5, 0.5], [1.0, 0.0]]), "Sigma": Sigma}


@case(edge=True)
def the_same_point_often(rng):
    """The second component is left with three copies of one point, so that nothing but reg gives it a width; reg has
    its usual value."""
    X = np.array([[0.5, 0.25], [-0.5, 1.0], [1.0, -0.75], [60.0, 50.0], [60.0, 50.0], [60.0, 50.0]])
    mu = np.array([[0.0, 0.0], [60.5, 49.5]])
    return {"X": X, "pi": np.array([0.5, 0.5]), "mu": mu, "Sigma": np.array([np.eye(2), np.eye(2)])}


@case(edge=True)
def a_narrow_determinant(rng):
    """Twelve coordinates with variances of 1e-30: their determinant is 0 as a float, its logarithm is not."""
    X = 1e-15 * np.round(rng.normal(size=(5, 12)), 2)
    Sigma = np.array([1e-30 * np.eye(12), 4e-30 * np.eye(12)])
    mu = 1e-15 * np.round(rng.normal(size=(2, 12)), 2)
    return {"X": X, "pi": np.array([0.5, 0.5]), "mu": mu, "Sigma": Sigma, "reg": 1e-30}


@case(edge=True, seconds=20)
def twenty_thousand_points(rng):
    """20,000 points of 5 numbers, three components."""
    mu = np.round(rng.normal(size=(3, 5)), 2)
    return {
        "X": Drawn(74, (20_000, 5)),
        "pi": np.array([0.5, 0.3, 0.2]),
        "mu": mu,
        "Sigma": np.array([covariance(rng, 5) for _ in range(3)]),
    }


@picture(case="two_in_the_plane")
def the_new_components(axes, arguments, answer):
    """The points, and for each new component the ellipse of one standard deviation around its mean (a cross). Each
    ellipse lies where its points are; the dotted ones are the old components."""
    pi, mu, Sigma, _ = (np.asarray(part, float) for part in answer)
    X = arguments["X"]
    axes.plot(X[:, 0], X[:, 1], "o", color="#000000", markersize=4, linestyle="none")
    angle = np.linspace(0, 2 * np.pi, 100)
    circle = np.array([np.cos(angle), np.sin(angle)])
    for k, (colour, style) in enumerate((("#0072B2", "-"), ("#D55E00", "--"))):
        old = np.linalg.cholesky(arguments["Sigma"][k]) @ circle + arguments["mu"][k][:, None]
        axes.plot(*old, color=colour, linestyle=":", linewidth=0.9)
        new = np.linalg.cholesky(Sigma[k]) @ circle + mu[k][:, None]
        axes.plot(*new, color=colour, linestyle=style, label=f"pi = {pi[k]:.3f}")
        axes.plot(*mu[k], "x", color=colour, markersize=9)
    axes.legend(frameon=False)
    axes.set(aspect="equal")


@alternative
def asks_scipy_for_the_densities(X, pi, mu, Sigma, reg=1e-6):
    from scipy.special import logsumexp
    from scipy.stats import multivariate_normal

    K, (N, D) = len(pi), X.shape
    with np.errstate(divide="ignore"):
        columns = [np.log(pi[k]) + np.reshape(multivariate_normal.logpdf(X, mu[k], Sigma[k]), N) for k in range(K)]
    log_p = np.stack(columns, axis=1)
    total = logsumexp(log_p, axis=1)
    r = np.exp(log_p - total[:, None])
    weight = r.sum(axis=0)
    owns = weight > 0
    safe = np.where(owns, weight, 1.0)
    means = np.where(owns[:, None], r.T @ X / safe[:, None], mu)
    c = X[None] - means[:, None]
    spread = np.einsum("nk,knd,kne->kde", r, c, c) / safe[:, None, None]
    Sigma_new = np.where(owns[:, None, None], spread + reg * np.eye(D), Sigma)
    return weight / N, means, Sigma_new, float(total.sum())


@alternative
def factors_the_covariances(X, pi, mu, Sigma, reg=1e-6):
    from scipy.linalg import solve_triangular

    (N, D), K = X.shape, len(pi)
    log_p = np.full((K, N), -np.inf)
    for k in range(K):
        if pi[k] > 0:
            L = np.linalg.cholesky(Sigma[k])
            z = solve_triangular(L, (X - mu[k]).T, lower=True)
            log_det = 2 * np.log(np.diag(L)).sum()
            log_p[k] = np.log(pi[k]) - 0.5 * (np.sum(z**2, axis=0) + log_det + D * np.log(2 * np.pi))
    total = np.logaddexp.reduce(log_p, axis=0)
    r = np.exp(log_p - total)
    pi_new, mu_new, Sigma_new = r.mean(axis=1), np.array(mu), np.array(Sigma)
    for k in range(K):
        if pi_new[k] > 0:
            mu_new[k] = np.average(X, axis=0, weights=r[k])
            Sigma_new[k] = np.atleast_2d(np.cov(X.T, aweights=r[k], ddof=0))
            Sigma_new[k][np.diag_indices(D)] += reg
    return pi_new, mu_new, Sigma_new, np.sum(total)


@alternative
def spreads_about_any_point_and_corrects(X, pi, mu, Sigma, reg=1e-6):
    # sum r (x - a)(x - a)^T = sum r (x - m)(x - m)^T + N_k (m - a)(m - a)^T for every a; a is the first point here.
    r, loglik = _e_step(X, pi, mu, Sigma)
    N_k, a = r.sum(axis=0), X[0]
    means, covariances = [], []
    for k in range(len(pi)):
        if N_k[k] == 0:
            means.append(mu[k])
            covariances.append(Sigma[k])
            continue
        near = X - a if k == 0 else X - X[-1]
        shift = r[:, k] @ near / N_k[k]
        means.append(shift + (a if k == 0 else X[-1]))
        inner = near.T @ (near * r[:, k, None]) / N_k[k] - np.outer(shift, shift)
        covariances.append(inner + np.diag(np.full(X.shape[1], reg)))
    return N_k / len(X), np.array(means), np.array(covariances), loglik


def _log_density(X, mean, covariance):
    c = X - mean
    squares = (c * np.linalg.solve(covariance, c.T).T).sum(axis=1)
    return -0.5 * (squares + np.linalg.slogdet(covariance)[1] + len(mean) * np.log(2 * np.pi))


def _from(log_p):
    """Responsibilities and log-likelihood from log(pi_k) + log N."""
    total = np.logaddexp.reduce(log_p, axis=1)
    return np.exp(log_p - total[:, None]), float(total.sum())


def _log_p(X, pi, mu, Sigma, density=_log_density):
    with np.errstate(divide="ignore"):
        return np.stack([np.log(pi[k]) + density(X, mu[k], Sigma[k]) for k in range(len(pi))], axis=1)


def _e_step(X, pi, mu, Sigma):
    return _from(_log_p(X, pi, mu, Sigma))


def _m_step(X, mu, Sigma, r, reg):
    N_k = r.sum(axis=0)
    mu_new, Sigma_new = mu.copy(), Sigma.copy()
    for k in np.flatnonzero(N_k):
        mu_new[k] = r[:, k] @ X / N_k[k]
        c = X - mu_new[k]
        Sigma_new[k] = (r[:, k] * c.T) @ c / N_k[k] + reg * np.eye(X.shape[1])
    return N_k / len(X), mu_new, Sigma_new


@mistake
def exponentiates_too_early(X, pi, mu, Sigma, reg=1e-6):
    """Right where the densities are numbers that a float can hold. Far away all of them are 0, and 0 / 0 is no number.
    Stay with logarithms until the shares of a point have been compared."""
    p = np.stack(
        [
            pi[k]
            * np.exp(-0.5 * ((X - mu[k]) * np.linalg.solve(Sigma[k], (X - mu[k]).T).T).sum(axis=1))
            / np.sqrt((2 * np.pi) ** X.shape[1] * np.linalg.det(Sigma[k]))
            for k in range(len(pi))
        ],
        axis=1,
    )
    r = p / p.sum(axis=1, keepdims=True)
    return *_m_step(X, mu, Sigma, r, reg), np.log(p.sum(axis=1)).sum()


@mistake
def follows_the_formulas_to_the_letter(X, pi, mu, Sigma, reg=1e-6):
    """Right where all numbers can be held by a float. At the edges three of them are 0: the densities of a point that
    is far away, the determinant of a narrow covariance, and the N_k of a component without members. Take the first two
    as logarithms, and look up what the statement says about the third."""
    N, D = X.shape
    p = np.empty((N, len(pi)))
    for k in range(len(pi)):
        c = X - mu[k]
        squares = (c @ np.linalg.inv(Sigma[k]) * c).sum(axis=1)
        p[:, k] = pi[k] * np.exp(-0.5 * squares) / np.sqrt((2 * np.pi) ** D * np.linalg.det(Sigma[k]))
    total = p.sum(axis=1)
    r = p / total[:, None]
    N_k = r.sum(axis=0)
    mu_new = r.T @ X / N_k[:, None]
    Sigma_new = np.array([((r[:, k] * (X - m).T) @ (X - m)) / N_k[k] + reg * np.eye(D) for k, m in enumerate(mu_new)])
    return N_k / N, mu_new, Sigma_new, np.log(total).sum()


def _e_step_by_det(X, pi, mu, Sigma):
    def density(X, mean, covariance):
        c = X - mean
        squares = (c * np.linalg.solve(covariance, c.T).T).sum(axis=1)
        return -0.5 * (squares + np.log(np.linalg.det(covariance)) + len(mean) * np.log(2 * np.pi))

    log_p = _log_p(X, pi, mu, Sigma, density)
    top = log_p.max(axis=1, keepdims=True)
    total = top + np.log(np.exp(log_p - top).sum(axis=1, keepdims=True))
    return np.exp(log_p - total), total.sum()


@mistake
def takes_the_log_of_a_determinant_of_zero(X, pi, mu, Sigma, reg=1e-6):
    """Right, except where a determinant is too small for a float. np.linalg.det gives 0 there, and its logarithm is
    minus infinity; np.linalg.slogdet gives the logarithm itself."""
    r, loglik = _e_step_by_det(X, pi, mu, Sigma)
    return *_m_step(X, mu, Sigma, r, reg), loglik


@mistake
def finds_no_members_where_shares_are_no_numbers(X, pi, mu, Sigma, reg=1e-6):
    """Right, except where a determinant is too small for a float: the logarithm of 0 makes all shares NaN. NaN is not
    above 0, so the components seem to have no members and stay as they were. np.linalg.slogdet gives the logarithm
    without the determinant."""
    r, loglik = _e_step_by_det(X, pi, mu, Sigma)
    pi_new, mu_new, Sigma_new = _m_step(X, mu, Sigma, r, reg)
    nobody = ~(pi_new > 0)
    mu_new[nobody], Sigma_new[nobody] = mu[nobody], Sigma[nobody]
    return pi_new, mu_new, Sigma_new, loglik


@mistake
def spreads_around_the_old_mean(X, pi, mu, Sigma, reg=1e-6):
    """Weights and means are right. The covariances are measured around the old means, and come out too wide. Which mean
    belongs to a new covariance?"""
    r, loglik = _e_step(X, pi, mu, Sigma)
    pi_new, mu_new, Sigma_new = _m_step(X, mu, Sigma, r, reg)
    for k in np.flatnonzero(pi_new):
        c = X - mu[k]
        Sigma_new[k] = (r[:, k] * c.T) @ c / r[:, k].sum() + reg * np.eye(X.shape[1])
    return pi_new, mu_new, Sigma_new, loglik


@mistake
def divides_the_spread_by_all_points(X, pi, mu, Sigma, reg=1e-6):
    """Weights and means are right. The covariances were divided by N, as if every component owned all points. How many
    points' worth of members does component k have?"""
    r, loglik = _e_step(X, pi, mu, Sigma)
    pi_new, mu_new, Sigma_new = _m_step(X, mu, Sigma, r, 0.0)
    for k in np.flatnonzero(pi_new):
        Sigma_new[k] = Sigma_new[k] * pi_new[k] + reg * np.eye(X.shape[1])
    return pi_new, mu_new, Sigma_new, loglik


@mistake
def divides_everything_by_all_points(X, pi, mu, Sigma, reg=1e-6):
    """The weights are right. Means and covariances were divided by N instead of N_k, which draws every mean towards the
    point 0. A mean divides by the sum of its weights."""
    r, loglik = _e_step(X, pi, mu, Sigma)
    pi_new, mu_new, Sigma_new = r.mean(axis=0), mu.copy(), Sigma.copy()
    for k in np.flatnonzero(pi_new):
        mu_new[k] = r[:, k] @ X / len(X)
        c = X - mu_new[k]
        Sigma_new[k] = (r[:, k] * c.T) @ c / len(X) + reg * np.eye(X.shape[1])
    return pi_new, mu_new, Sigma_new, loglik


@mistake
def forgets_reg(X, pi, mu, Sigma, reg=1e-6):
    """reg was not added. A component that owns copies of a single point has the covariance 0 then, and the next step
    cannot divide by it."""
    r, loglik = _e_step(X, pi, mu, Sigma)
    return *_m_step(X, mu, Sigma, r, 0.0), loglik


@mistake
def adds_reg_to_every_entry(X, pi, mu, Sigma, reg=1e-6):
    """reg was added to all entries of the covariances. It belongs on the diagonal alone; next to it, it would say that
    the coordinates vary together."""
    r, loglik = _e_step(X, pi, mu, Sigma)
    pi_new, mu_new, Sigma_new = _m_step(X, mu, Sigma, r, 0.0)
    for k in np.flatnonzero(pi_new):
        Sigma_new[k] += reg
    return pi_new, mu_new, Sigma_new, loglik


@mistake
def adds_reg_before_dividing(X, pi, mu, Sigma, reg=1e-6):
    """reg was divided by N_k together with the sum. It is added after everything else."""
    r, loglik = _e_step(X, pi, mu, Sigma)
    pi_new, mu_new, Sigma_new = _m_step(X, mu, Sigma, r, 0.0)
    for k in np.flatnonzero(pi_new):
        Sigma_new[k] += reg * np.eye(X.shape[1]) / r[:, k].sum()
    return pi_new, mu_new, Sigma_new, loglik


@mistake
def measures_the_new_parameters(X, pi, mu, Sigma, reg=1e-6):
    """The new parameters are right. loglik was computed with them; it is asked for under the old ones, which the E step
    has used."""
    new = _m_step(X, mu, Sigma, _e_step(X, pi, mu, Sigma)[0], reg)
    return *new, _e_step(X, *new)[1]


@mistake
def averages_the_log_likelihood(X, pi, mu, Sigma, reg=1e-6):
    """The new parameters are right. loglik is a mean over the points; the sum is asked for."""
    r, loglik = _e_step(X, pi, mu, Sigma)
    return *_m_step(X, mu, Sigma, r, reg), loglik / len(X)


@mistake
def forgets_the_weights(X, pi, mu, Sigma, reg=1e-6):
    """The densities were compared without the weights pi. A small group needs a point to be much more typical of it
    before it may claim it: in Bayes' rule the prior multiplies."""
    with_even_weights = np.log(np.full(len(pi), 1.0))
    r, loglik = _from(np.stack([_log_density(X, mu[k], Sigma[k]) for k in range(len(pi))], axis=1) + with_even_weights)
    return *_m_step(X, mu, Sigma, r, reg), loglik


@mistake
def forgets_the_determinant(X, pi, mu, Sigma, reg=1e-6):
    """The densities lack the determinant under the root. It is what makes a wide component thin: without it, wide ones
    win too many points."""

    def density(X, mean, covariance):
        return _log_density(X, mean, covariance) + 0.5 * np.linalg.slogdet(covariance)[1]

    r, loglik = _from(_log_p(X, pi, mu, Sigma, density))
    return *_m_step(X, mu, Sigma, r, reg), loglik


@mistake
def forgets_the_half(X, pi, mu, Sigma, reg=1e-6):
    """The exponent of the density lacks its factor 1/2, so the borders between the components are too sharp."""

    def density(X, mean, covariance):
        c = X - mean
        return _log_density(X, mean, covariance) - 0.5 * (c * np.linalg.solve(covariance, c.T).T).sum(axis=1)

    r, loglik = _from(_log_p(X, pi, mu, Sigma, density))
    return *_m_step(X, mu, Sigma, r, reg), loglik


@mistake
def gives_each_point_to_one_component(X, pi, mu, Sigma, reg=1e-6):
    """Every point went to its likeliest component as a whole, as in k-means. Here it belongs to each of them by its
    share."""
    log_p = _log_p(X, pi, mu, Sigma)
    r = (log_p.argmax(axis=1)[:, None] == np.arange(len(pi))).astype(float)
    return *_m_step(X, mu, Sigma, r, reg), _from(log_p)[1]


@mistake
def shares_a_component_among_the_points(X, pi, mu, Sigma, reg=1e-6):
    """The responsibilities of each component sum to 1 over the points. It is the other way round: those of each point
    sum to 1 over the components."""
    log_p = _log_p(X, pi, mu, Sigma)
    total = np.logaddexp.reduce(log_p, axis=0)
    r = np.exp(log_p - np.where(np.isfinite(total), total, 0.0))
    return *_m_step(X, mu, Sigma, r, reg), _from(log_p)[1]


@mistake
def divides_by_no_members(X, pi, mu, Sigma, reg=1e-6):
    """Right, except for a component that no point belongs to: its mean was divided by N_k = 0. The statement says what
    becomes of it."""
    r, loglik = _e_step(X, pi, mu, Sigma)
    N_k = r.sum(axis=0)
    mu_new = r.T @ X / N_k[:, None]
    Sigma_new = np.array(
        [((r[:, k] * (X - m).T) @ (X - m)) / N_k[k] + reg * np.eye(X.shape[1]) for k, m in enumerate(mu_new)]
    )
    return N_k / len(X), mu_new, Sigma_new, loglik


@mistake
def hides_no_members_by_a_tiny_number(X, pi, mu, Sigma, reg=1e-6):
    """Right, except for a component that no point belongs to, or hardly any. Something tiny was added to N_k, which is
    tinier still, so that the mean became the point 0 and the covariance reg alone. Where N_k is 0, the statement says
    what becomes of them; any other N_k can be divided by."""
    r, loglik = _e_step(X, pi, mu, Sigma)
    N_k = r.sum(axis=0) + 1e-12
    mu_new = r.T @ X / N_k[:, None]
    Sigma_new = np.array(
        [((r[:, k] * (X - m).T) @ (X - m)) / N_k[k] + reg * np.eye(X.shape[1]) for k, m in enumerate(mu_new)]
    )
    return r.mean(axis=0), mu_new, Sigma_new, loglik


@mistake
def takes_few_members_for_none(X, pi, mu, Sigma, reg=1e-6):
    """Right, except for a component with a tiny N_k: it has kept its mean and its covariance. The statement says so of
    an N_k of exactly 0. However small the r are, their ratios still tell whose mean it is."""
    r, loglik = _e_step(X, pi, mu, Sigma)
    pi_new, mu_new, Sigma_new = _m_step(X, mu, Sigma, r, reg)
    few = r.sum(axis=0) < 1e-10
    mu_new[few], Sigma_new[few] = mu[few], Sigma[few]
    return pi_new, mu_new, Sigma_new, loglik


@mistake
def writes_into_mu(X, pi, mu, Sigma, reg=1e-6):
    """The numbers are right, but the new means were written into the caller's mu."""
    r, loglik = _e_step(X, pi, mu, Sigma)
    pi_new, mu_new, Sigma_new = _m_step(X, mu, Sigma, r, reg)
    mu[:] = mu_new
    return pi_new, mu, Sigma_new, loglik


@mistake
def multiplies_all_points_with_all_points(X, pi, mu, Sigma, reg=1e-6):
    """The numbers are right, but N x N numbers were computed, of which only the diagonal counts: c @ inverse @ c.T as a
    whole, say, or np.diag of the N responsibilities. Each point needs its own number alone."""

    def density(X, mean, covariance):
        c = X - mean
        squares = np.diag(c @ np.linalg.inv(covariance) @ c.T)
        return -0.5 * (squares + np.linalg.slogdet(covariance)[1] + len(mean) * np.log(2 * np.pi))

    r, loglik = _from(_log_p(X, pi, mu, Sigma, density))
    return *_m_step(X, mu, Sigma, r, reg), loglik
