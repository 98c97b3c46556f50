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
    raise NotImplementedError
