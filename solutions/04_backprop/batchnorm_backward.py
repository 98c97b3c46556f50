r"""Batch norm, backwards: three ways from x to the loss.

Change one example of a batch, and its neighbours change too: the mean of the batch has moved, and its spread. A
backward pass that forgets those two ways still gives a gradient of the right shape, and training with it goes wrong so
quietly that people have looked for the fault for weeks.

Maths. One feature at a time, n counts the N examples. With mu the mean, sigma^2 the variance of the batch and
s = sqrt(sigma^2 + eps), the forward pass was

$$\hat x_n = \frac{x_n - \mu}{s}, \qquad y_n = \gamma \hat x_n + \beta$$

gamma and beta touch every example, so what comes from upstream is added up over n:

$$\frac{\partial L}{\partial \gamma} = \sum_n \frac{\partial L}{\partial y_n}\, \hat x_n, \qquad
\frac{\partial L}{\partial \beta} = \sum_n \frac{\partial L}{\partial y_n}$$

x_n reaches the loss directly, through mu and through s. The lesson of this topic follows the three ways one by one.
With d_n for the upstream gradient and mean(...) for an average over the N examples, together they are

$$\frac{\partial L}{\partial x_n} =
\frac{\gamma}{s}\left(d_n - \text{mean}(d) - \hat x_n\, \text{mean}(d\,\hat x)\right)$$

By hand. x = [1, 1, 3, 3] as one column, gamma = 2, eps = 0: the mean is 2, s is 1, x_hat = [-1, -1, 1, 1]. With
dout = [5, -1, -3, 3] we have mean(d) = 1 and mean(d x_hat) = -1, so dx = 2 * (d - 1 + x_hat) = [6, -6, -6, 6],
dgamma = -4 and dbeta = 4.

Source: Ioffe & Szegedy, Batch normalization (2015), section 3, gives the chain in six steps; put together they are
the formula above.
"""

import numpy as np

from grader.authoring import Backward, alternative, case, exercise, mistake, reference

batchnorm_forward = reference("batchnorm_forward")


@exercise(
    points=8,
    difficulty=4,
    returns=["dx", "dgamma", "dbeta"],
    needs=["batchnorm_forward"],
    checks=[Backward(of=batchnorm_forward, wrt=["x", "gamma", "beta"])],
    hints=[
        "Begin with beta, then gamma: each feature has one of them, and every example used it. What happens to "
        "contributions that share a parameter?",
        "Draw the graph: x -> mean, x and mean -> variance, all three -> x_hat. One arrow that leaves x is one term of "
        "dx, and the two that go through mean and variance carry a share of 1/N.",
        "x_hat, gamma and std are in the cache, in that order. The formula needs two averages of D numbers each, one "
        "of dout and one of dout * x_hat, both over the examples.",
    ],
    why=(
        "Normalising hides where the batch lies and, but for eps, how wide it is: so what dout asks of these two "
        "alone is taken off before anything reaches x."
    ),
    lesson="Batch norm: three ways from x to the loss",
)
def batchnorm_backward(dout, cache):
    """Return the gradients with respect to x, gamma and beta of a batch norm in train mode.

    Args:
        dout: float array, shape (N, D). The upstream gradient dloss/dout.
        cache: (x_hat, gamma, std), shapes (N, D), (D,), (D,), as batchnorm_forward returns it in train mode: the
            normalised x, the scale, and std = sqrt(var + eps), where var is the variance of the batch, divided by N.

    Returns:
        (dx, dgamma, dbeta): float arrays, shapes (N, D), (D,), (D,), of the dtype of dout. The mean and the variance
        of the batch depend on x, and dx counts that. The arguments are left as they were.
    """
    x_hat, gamma, std = cache
    dbeta = dout.sum(axis=0)
    dgamma = (dout * x_hat).sum(axis=0)
    n = dout.shape[0]
    return gamma / std * (dout - dbeta / n - x_hat * dgamma / n), dgamma, dbeta


def drawn(rng, n, d, dtype=float):
    """A batch in train mode, with features on scales of their own and gammas of both signs."""
    x = rng.normal(size=(n, d)) * rng.uniform(0.5, 3.0, d) + rng.uniform(-4.0, 4.0, d)
    gamma = rng.choice([-1.0, 1.0], d) * rng.uniform(0.5, 2.0, d)
    values = {"x": x, "gamma": gamma, "beta": rng.normal(size=d)}
    return {name: np.round(value, 2).astype(dtype) for name, value in values.items()} | {"bn_param": {"mode": "train"}}


@case
def by_hand(rng):
    """The example of the statement: one feature, four examples."""
    given = {"x": np.array([[1.0], [1.0], [3.0], [3.0]]), "gamma": np.array([2.0]), "beta": np.array([0.0])}
    return {**given, "bn_param": {"mode": "train", "eps": 0.0}, "dout": np.array([[5.0], [-1.0], [-3.0], [3.0]])}


@case
def a_batch(rng):
    """Five examples with three features each."""
    return drawn(rng, 5, 3)


@case
def large_eps(rng):
    """eps is 1, so that x_hat varies less than it would."""
    return {**drawn(rng, 4, 3), "bn_param": {"mode": "train", "eps": 1.0}}


@case(hidden=True)
def more_features_than_examples(rng):
    return drawn(rng, 4, 6)


@case(edge=True)
def one_example(rng):
    """A batch of one: it is always at its own mean, so no nudge of x moves the output. With eps = 1, std is 1."""
    return {**drawn(rng, 1, 3), "bn_param": {"mode": "train", "eps": 1.0}}  # terms cancel exactly, in any order


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    return drawn(rng, 4, 3, np.float32)


@alternative
def follows_every_arrow(dout, cache):
    x_hat, gamma, std = cache
    n = len(dout)
    dx_hat = dout * gamma
    dstd = -(dx_hat * x_hat).sum(axis=0) / std
    dvar = dstd / (2 * std)
    centred = x_hat * std
    dcentred = dx_hat / std + 2 * centred * dvar / n
    dmean = -dcentred.sum(axis=0)
    return dcentred + dmean / n, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


@alternative
def multiplies_by_the_jacobian_of_each_feature(dout, cache):
    x_hat, gamma, std = cache
    n, d = dout.shape
    dx = np.empty_like(dout)
    for j in range(d):
        own = x_hat[:, j]
        jacobian = (np.eye(n, dtype=dout.dtype) - (1 + np.outer(own, own)) / n) * (gamma[j] / std[j])
        dx[:, j] = jacobian.T @ dout[:, j]
    return dx, np.einsum("nd,nd->d", dout, x_hat), np.ones(n, dout.dtype) @ dout


@alternative
def adds_up_the_three_ways(dout, cache):
    # Terms that cancel are rounded in different orders here.
    x_hat, gamma, std = cache
    n, slope = len(dout), gamma / std
    direct = dout * slope
    through_mean = -(dout * gamma / std).sum(axis=0) / n
    through_std = -slope * x_hat * (dout * x_hat).sum(axis=0) / n
    return direct + through_mean + through_std, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


@mistake
def takes_mean_and_variance_for_constants(dout, cache):
    """Only the direct way from x to the output is counted. Nudge one example: the mean of the batch moves as well, and
    so does its spread. Follow every arrow that leaves x in your graph."""
    x_hat, gamma, std = cache
    return dout * gamma / std, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


@mistake
def forgets_the_way_through_the_variance(dout, cache):
    """The direct way and the way through the mean are there. One more quantity in the forward pass depends on x: what
    stands in the denominator?"""
    x_hat, gamma, std = cache
    return gamma / std * (dout - dout.mean(axis=0)), (dout * x_hat).sum(axis=0), dout.sum(axis=0)


@mistake
def sums_where_shares_are_due(dout, cache):
    """dx subtracts whole sums over the batch. One example contributes only a share to the mean: how large is it with N
    examples?"""
    x_hat, gamma, std = cache
    dgamma, dbeta = (dout * x_hat).sum(axis=0), dout.sum(axis=0)
    return gamma / std * (dout - dbeta - x_hat * dgamma), dgamma, dbeta


@mistake
def adds_all_of_dgamma_into_one_number(dout, cache):
    """dgamma is one number for the whole layer. There is one gamma for each feature, and a gradient has the shape of
    what it belongs to: which axis is to be added up, and which to be kept?"""
    x_hat, gamma, std = cache
    correction = dout.mean(axis=0) + x_hat * (dout * x_hat).mean(axis=0)
    return gamma / std * (dout - correction), np.sum(dout * x_hat), dout.sum(axis=0)


@mistake
def forgets_gamma(dout, cache):
    """dx is the gradient of a layer whose gamma is 1. Which step of the forward pass comes after x_hat, and what does
    the chain rule make of it?"""
    x_hat, _, std = cache
    dgamma, dbeta = (dout * x_hat).sum(axis=0), dout.sum(axis=0)
    return (dout - dout.mean(axis=0) - x_hat * (dout * x_hat).mean(axis=0)) / std, dgamma, dbeta


@mistake
def averages_the_parameters(dout, cache):
    """dx is right; dgamma and dbeta are averages over the batch. The loss adds up what the examples contribute, and an
    average, where there is one, is already in dout."""
    x_hat, gamma, std = cache
    dgamma, dbeta = (dout * x_hat).mean(axis=0), dout.mean(axis=0)
    return gamma / std * (dout - dbeta - x_hat * dgamma), dgamma, dbeta


@mistake
def scales_dout_in_place(dout, cache):
    """dx is right, but dgamma and dbeta were computed from dout times gamma, where the formulas have dout itself. If it
    was dout *= gamma, dout itself is gone, the caller's too: dout * gamma makes a new array."""
    x_hat, gamma, std = cache
    dout *= gamma
    dgamma, dbeta = (dout * x_hat).sum(axis=0), dout.sum(axis=0)
    return (dout - dout.mean(axis=0) - x_hat * (dout * x_hat).mean(axis=0)) / std, dgamma, dbeta


@mistake
def exchanges_dgamma_and_dbeta(dout, cache):
    """dx is right; dgamma and dbeta have changed places. Which of the two multiplies x_hat in the forward pass?"""
    x_hat, gamma, std = cache
    correction = dout.mean(axis=0) + x_hat * (dout * x_hat).mean(axis=0)
    return gamma / std * (dout - correction), dout.sum(axis=0), (dout * x_hat).sum(axis=0)
