r"""Capstone: PCA against t-SNE on digits, in numbers.

Which method should draw the map of our customers? Two people look at two maps and like different ones. So measure: here
you draw 500 handwritten digits twice, with your own PCA and your own t-SNE, and give each map the same marks. What the
digits are is known, and neither method is told; so the marks say whose neighbours can be believed.

Maths. X has shape (n, D), a picture in each row; y holds the digits. With m and C from pca_fit, C of shape (2, D), the
map of PCA and the share of the variance that it keeps are

$$Z = (X - m)\, C^T \qquad \text{kept} = \rho_1 + \rho_2$$

For t-SNE every point i gives the others shares P_j|i by its own beta, which is the one with which their entropy is the
logarithm of the perplexity: a larger beta makes the entropy smaller, so halving an interval finds it. All shares
together are one table with the sum 1:

$$H(\beta_i) = \log(\text{perplexity}) \qquad P_{ij} = \frac{P_{j|i} + P_{i|j}}{2 n}, \qquad P_{ii} = 0$$

The map begins as Z, made so small that its first column has the standard deviation 0.0001 (np.std; one factor for both
columns), and goes downhill by the gradient of tsne_grad, G, with momentum:

$$V \leftarrow \mu V - \eta\, G \qquad Y \leftarrow Y + V$$

What works: eta = 0.2 n; in the first fifth of the steps mu = 0.5 and P exaggerated, four times as large as it is, so
that groups find together; then mu = 0.8 and P itself.

Three marks for a map M, with k neighbours. Accuracy: every digit is read by the vote of its k nearest others on the map
(the rules are those of knn_predict); which share is read rightly? Trust, the trustworthiness: are neighbours on the map
neighbours in the pixels too? Let r_ij be the rank of j among all others by their distance from i in the pixels, 1 for
the nearest, and N_i the k nearest to i on the map; a stranger among them costs as much as its rank is above k:

$$\text{trust} = 1 - \frac{2}{n k (2n - 3k - 1)} \sum_i \sum_{j \in N_i} \max(0,\ r_{ij} - k)$$

And kl, the divergence of tsne_grad for this P and this map. t-SNE makes it small, so it is no fair judge of PCA.

By hand. Five pictures of three pixels, X = [[0, 3, 2], [2, 3, 0], [3, 1, 4], [4, 6, 3], [6, 2, 1]], and y = [1, 1, 7,
7, 7]. The mean is [3, 3, 2], and the columns of X - m are at right angles, with the squares 20, 14 and 10: PCA keeps
the first two columns, and 34/44 = 0.773. With k = 1: on the map the points 0 to 4 have the nearest 1, 0, 1, 1, 2. The
points 0, 1 and 4 are read rightly so, and the accuracy is 3/5. In the pixels the squared distances of point 2 are 17 to
point 0, 19 to 4, 21 to 1 and 27 to 3, so its nearest on the map, 1, has rank 3; that of point 4 has rank 2, and the
others have rank 1. So trust = 1 - 2 / (5 * 1 * 6) * (2 + 1) = 0.8.

Source: van der Maaten & Hinton, Visualizing data using t-SNE (2008), section 3; Venna & Kaski, Neighborhood
preservation in nonlinear projection methods: an experimental study (2001), for the trustworthiness.
"""

import numpy as np
from assignments import Hbeta, knn_predict, pairwise_sq_dists, pca_fit, tsne_grad


def digits_embedding(X, y, perplexity, k, steps):
    """Draw the digits in two dimensions by PCA and by t-SNE, and give both maps the same marks.

    Args:
        X: array of integers or floats, shape (n, D). Pictures, no two of them the same; the pixels may be in any unit,
            so a beta may have to be a million times larger than another.
        y: integer array, shape (n,), the digits 0 to 9. For the marks only: no map may depend on it.
        perplexity: float, above 1 and below n - 1. Of t-SNE.
        k: int, at least 1 and below n / 2. How many neighbours the accuracy and the trust ask.
        steps: int, 0 or more. How many steps t-SNE takes; with 0 its map is the one it begins with.

    Returns:
        (pca, tsne, kept, accuracy, trust, kl): pca is a float array, shape (n, 2), each column of either sign. tsne is
        a float array, shape (n, 2). kept is a float, the share of the variance that PCA's map keeps. accuracy, trust
        and kl are float arrays (or tuples), shape (2,): in place 0 the mark of pca, in place 1 that of tsne. Of two
        equally distant pictures the one that stands earlier is nearer. kl is measured with P as it is, never
        exaggerated. The arguments are left as they were.

    The two maps that you return are measured once more, and these marks are called measured_accuracy, measured_trust
    and measured_kl: yours have to be within 0.001 of them, and kl within 0.01. pca has to be right as it is, and so has
    tsne where steps = 0; otherwise it may be any map that is good enough, however you go downhill. For 500 digits with
    perplexity 30, k = 5 and 500 steps that is a trust of at least 0.97 and an accuracy of at least 0.94. An edge case
    asks for more, with 100 digits and 250 steps; a rate that is right for 500 is too large there.

    Time: 120 seconds of computing for the 500 digits. That is 500 calls of your tsne_grad with n = 500, each of which
    takes a few hundredths of a second if it works on whole arrays, and seconds if it goes through the pairs one by one.
    What you print is shown while it runs.
    """
    raise NotImplementedError
