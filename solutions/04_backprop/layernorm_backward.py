r"""Layer norm, backwards: the same three ways, along the other axis.

Layer norm is batch norm turned on its side, and so is its gradient, with one trap: gamma now varies along the axis
that was averaged. A line copied from batch norm that has only its axis changed passes every test in which all gammas
are equal, which is how every network begins.

Maths. One example at a time, d counts the D features. With mu the mean, sigma^2 the variance of the example and
s = sqrt(sigma^2 + eps), the forward pass was

$$\hat x_d = \frac{x_d - \mu}{s}, \qquad y_d = \gamma_d \hat x_d + \beta_d$$

gamma_d and beta_d are shared by the N examples, so their gradients add up over n, as in batch norm. For x, go back one
step at a time. First through the scale, to what x_hat is told:

$$g_d = \frac{\partial L}{\partial y_d}\, \gamma_d$$

Then through the normalisation, with mean(...) for an average over the D features of this example:

$$\frac{\partial L}{\partial x_d} = \frac{1}{s}\left(g_d - \text{mean}(g) - \hat x_d\, \text{mean}(g\,\hat x)\right)$$

By hand. One example, x = [1, 1, 3, 3] and eps = 0: the mean is 2, s is 1, x_hat = [-1, -1, 1, 1]. With
gamma = [1, 1, 1, 2] and dout = [5, -1, -3, 1.5] we have g = [5, -1, -3, 3], mean(g) = 1 and mean(g x_hat) = -1, so
dx = g - 1 + x_hat = [3, -3, -3, 3]. dgamma = dout * x_hat = [-5, 1, -3, 1.5], and dbeta = dout.

Source: Ba, Kiros & Hinton, Layer normalization (2016), section 3; the gradient follows by the chain rule as for batch
norm.
"""

import numpy as np

from grader.authoring import Backward, alternative, case, exercise, mistake, reference

layernorm_forward = reference("layernorm_forward")


@exercise(
    points=5,
    difficulty=3,
    returns=["dx", "dgamma", "dbeta"],
    needs=["layernorm_forward", "batchnorm_backward"],
    checks=[Backward(of=layernorm_forward, wrt=["x", "gamma", "beta"])],
    hints=[
        "dgamma and dbeta first: they have one entry for each feature. Over what do you add, then?",
        "Go back through the scale before anything else. What the normalisation is told is no longer dout, and all "
        "averages are taken of that.",
        "Two averages for each example: of g, and of g * x_hat. keepdims=True leaves them as columns, which line up "
        "with the rows.",
    ],
    why=(
        "Normalising never sees gamma. It is told g, and takes off what in g would only move the example or, but for "
        "eps, stretch it, for neither can change x_hat."
    ),
    lesson="Batch norm: three ways from x to the loss",
)
def layernorm_backward(dout, cache):
    """Return the gradients with respect to x, gamma and beta of a layer norm.

    Args:
        dout: float array, shape (N, D). The upstream gradient dloss/dout.
        cache: (x_hat, gamma, std), shapes (N, D), (D,), (N, 1), as layernorm_forward returns it: the normalised x,
            the scale, and std = sqrt(var + eps), where var is the variance of each row, divided by D.

    Returns:
        (dx, dgamma, dbeta): float arrays, shapes (N, D), (D,), (D,), of the dtype of dout. The mean and the variance
        of an example depend on x, and dx counts that. The arguments are left as they were.
    """
    x_hat, gamma, std = cache
    g = dout * gamma
    correction = g.mean(axis=1, keepdims=True) + x_hat * (g * x_hat).mean(axis=1, keepdims=True)
    return (g - correction) / std, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


def drawn(rng, n, d, dtype=float):
    """A batch with rows on scales of their own and gammas of both signs."""
    x = rng.normal(size=(n, d)) * rng.uniform(0.5, 3.0, (n, 1)) + rng.uniform(-4.0, 4.0, (n, 1))
    gamma = rng.choice([-1.0, 1.0], d) * rng.uniform(0.5, 2.0, d)
    values = {"x": x, "gamma": gamma, "beta": rng.normal(size=d)}
    return {name: np.round(value, 2).astype(dtype) for name, value in values.items()} | {"ln_param": {}}


@case
def by_hand(rng):
    """The example of the statement: one example, four features."""
    gamma, beta = np.array([1.0, 1.0, 1.0, 2.0]), np.zeros(4)
    given = {"x": np.array([[1.0, 1.0, 3.0, 3.0]]), "gamma": gamma, "beta": beta, "ln_param": {"eps": 0.0}}
    return {**given, "dout": np.array([[5.0, -1.0, -3.0, 1.5]])}


@case
def a_batch(rng):
    """Three examples with five features each."""
    return drawn(rng, 3, 5)


@case
def large_eps(rng):
    """eps is 1, so that x_hat varies less than it would."""
    return {**drawn(rng, 4, 3), "ln_param": {"eps": 1.0}}


@case(hidden=True)
def more_examples_than_features(rng):
    return drawn(rng, 6, 4)


@case(edge=True)
def one_feature(rng):
    """A single feature is always at its own mean, so no nudge of x moves the output. With eps = 1, std is 1."""
    return {**drawn(rng, 3, 1), "ln_param": {"eps": 1.0}}  # terms cancel exactly, in any order


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    return drawn(rng, 3, 4, np.float32)


@alternative
def follows_every_arrow(dout, cache):
    x_hat, gamma, std = cache
    d = dout.shape[1]
    dx_hat = dout * gamma
    dstd = -(dx_hat * x_hat).sum(axis=1, keepdims=True) / std
    dcentred = dx_hat / std + x_hat * dstd / d
    dmean = -dcentred.sum(axis=1, keepdims=True)
    return dcentred + dmean / d, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


@alternative
def multiplies_by_the_jacobian_of_each_example(dout, cache):
    x_hat, gamma, std = cache
    n, d = dout.shape
    dx, dgamma, dbeta = np.empty_like(dout), np.zeros_like(gamma), np.zeros_like(gamma)
    for i in range(n):
        projection = np.eye(d, dtype=dout.dtype) - (1 + np.outer(x_hat[i], x_hat[i])) / d
        dx[i] = projection @ (gamma * dout[i]) / std[i]
        dgamma += dout[i] * x_hat[i]
        dbeta += dout[i]
    return dx, dgamma, dbeta


@alternative
def adds_up_the_three_ways(dout, cache):
    # Terms that cancel are rounded in different orders here.
    x_hat, gamma, std = cache
    d, dx_hat = dout.shape[1], dout * gamma
    direct = dx_hat * (1 / std)
    through_mean = -(dx_hat / std).sum(axis=1, keepdims=True) / d
    through_std = -x_hat * (dx_hat * x_hat).sum(axis=1, keepdims=True) / d / std
    return direct + through_mean + through_std, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


@mistake
def multiplies_by_gamma_last(dout, cache):
    """gamma stands in front of the bracket, as in batch norm. There it was the same number for everything that was
    averaged. Is it here?"""
    x_hat, gamma, std = cache
    correction = dout.mean(axis=1, keepdims=True) + x_hat * (dout * x_hat).mean(axis=1, keepdims=True)
    return gamma / std * (dout - correction), (dout * x_hat).sum(axis=0), dout.sum(axis=0)


@mistake
def still_averages_over_examples(dout, cache):
    """dx mixes the examples. In the forward pass no row looked at another row: so which axis was averaged, and is to
    be averaged now?"""
    x_hat, gamma, std = cache
    g = dout * gamma
    dx = (g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)) / std
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


@mistake
def adds_dgamma_over_features(dout, cache):
    """dgamma and dbeta have one number for each example. gamma and beta belong to the features, and every example uses
    them: over what do you add?"""
    x_hat, gamma, std = cache
    g = dout * gamma
    correction = g.mean(axis=1, keepdims=True) + x_hat * (g * x_hat).mean(axis=1, keepdims=True)
    return (g - correction) / std, (dout * x_hat).sum(axis=1), dout.sum(axis=1)


@mistake
def takes_mean_and_variance_for_constants(dout, cache):
    """Only the direct way from x to the output is counted. Nudge one feature: the mean of its example moves as well,
    and so does its spread."""
    x_hat, gamma, std = cache
    return dout * gamma / std, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


@mistake
def forgets_the_way_through_the_variance(dout, cache):
    """The direct way and the way through the mean are there. One more quantity in the forward pass depends on x: what
    stands in the denominator?"""
    x_hat, gamma, std = cache
    g = dout * gamma
    return (g - g.mean(axis=1, keepdims=True)) / std, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


@mistake
def sums_where_shares_are_due(dout, cache):
    """dx subtracts whole sums over the features. One feature contributes only a share to the mean: how large is it with
    D features?"""
    x_hat, gamma, std = cache
    g = dout * gamma
    correction = g.sum(axis=1, keepdims=True) + x_hat * (g * x_hat).sum(axis=1, keepdims=True)
    return (g - correction) / std, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


@mistake
def scales_dout_in_place(dout, cache):
    """dx is right, but dgamma and dbeta were computed from dout times gamma, where the formulas have dout itself. If it
    was dout *= gamma, dout itself is gone, the caller's too: dout * gamma makes a new array."""
    x_hat, gamma, std = cache
    dout *= gamma
    correction = dout.mean(axis=1, keepdims=True) + x_hat * (dout * x_hat).mean(axis=1, keepdims=True)
    return (dout - correction) / std, (dout * x_hat).sum(axis=0), dout.sum(axis=0)
