r"""Layer norm, forwards: put every example on one scale.

Batch norm needs a batch: it compares examples with each other, and behaves differently at test time. A translator that
reads one sentence at a time has no batch, so it normalises the features of each example among themselves. Every
transformer does this, two times in each block.

Maths. x has N rows, one for each example, and D columns, one for each feature. All sums run over the D features, so
there is one mean and one variance for each example:

$$\mu_n = \frac{1}{D}\sum_d x_{nd}, \qquad \sigma_n^2 = \frac{1}{D}\sum_d (x_{nd} - \mu_n)^2$$

$$\hat x_{nd} = \frac{x_{nd} - \mu_n}{\sqrt{\sigma_n^2 + \epsilon}}, \qquad y_{nd} = \gamma_d\, \hat x_{nd} + \beta_d$$

gamma and beta still belong to the features. Nothing is remembered from other batches, and there is no mode: training
and testing do the same.

By hand. x = [[1, 3], [10, 14]]: the first row has mean 2 and standard deviation 1, the second 12 and 2, and both turn
into about [-1, 1]. With gamma = [1, 2] and beta = [0, 10] both rows of y are about [-1, 12].

Source: Ba, Kiros & Hinton, Layer normalization (2016), section 3. CS231n, assignment 2, has the same function.
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake


@exercise(
    points=3,
    difficulty=2,
    returns=["out", "cache"],
    needs=["batchnorm_forward"],
    free=["cache"],
    hints=[
        "Take batchnorm_forward and cross out the modes and the running averages. What is left differs in one axis.",
        "The mean of each row is N numbers. As a column, shape (N, 1), they line up with the rows of x.",
        "x.mean and x.var take keepdims=True, which leaves the axis that was averaged in place, with length 1.",
    ],
    why=(
        "Adding one number to all features of an example, or multiplying them by a positive one, changes nothing but "
        "through eps: only how the features stand to each other is handed on."
    ),
    lesson="Batch norm: three ways from x to the loss",
)
def layernorm_forward(x, gamma, beta, ln_param):
    """Normalise every example over its features, then scale and shift the features.

    Args:
        x: float array, shape (N, D). N examples with D features.
        gamma: float array, shape (D,). The scale of every feature.
        beta: float array, shape (D,). The shift of every feature.
        ln_param: dict; it may hold eps, a float, 0 or above, that is added to the variance under the root; 1e-5 where
            absent.

    Returns:
        (out, cache): out is a float array, shape (N, D), of the dtype of x. The variance of each row is divided by D
        (not D - 1). cache is yours: keep in it what a backward pass will need. layernorm_backward is written for
        (x_hat, gamma, std) with shapes (N, D), (D,), (N, 1): the normalised x before gamma and beta, gamma as it came
        in, and std = sqrt(var + eps). The arguments, the dict too, are left as they were.
    """
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    std = np.sqrt(var + ln_param.get("eps", 1e-5))
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, gamma, std)


def drawn(rng, n, d, dtype=float):
    """x, gamma and beta with rows on scales of their own, and gammas of both signs."""
    x = rng.normal(size=(n, d)) * rng.uniform(0.5, 3.0, (n, 1)) + rng.uniform(-4.0, 4.0, (n, 1))
    gamma = rng.choice([-1.0, 1.0], d) * rng.uniform(0.5, 2.0, d)
    values = {"x": x, "gamma": gamma, "beta": rng.normal(size=d)}
    return {name: np.round(value, 2).astype(dtype) for name, value in values.items()}


@case
def by_hand(rng):
    """The example of the statement; the dict is empty."""
    x = np.array([[1.0, 3.0], [10.0, 14.0]])
    return {"x": x, "gamma": np.array([1.0, 2.0]), "beta": np.array([0.0, 10.0]), "ln_param": {}}


@case
def a_batch(rng):
    """Four examples with five features each."""
    return {**drawn(rng, 4, 5), "ln_param": {}}


@case
def large_eps(rng):
    """eps is 1, so that one can see where it is added."""
    return {**drawn(rng, 3, 4), "ln_param": {"eps": 1.0}}


@case(hidden=True)
def more_examples_than_features(rng):
    return {**drawn(rng, 6, 3), "ln_param": {"eps": 0.01}}


@case(edge=True)
def one_example(rng):
    """A batch of one, which is a batch like any other here."""
    return {**drawn(rng, 1, 4), "ln_param": {}}


@case(edge=True)
def features_that_agree(rng):
    """One row holds the same number four times."""
    given = drawn(rng, 3, 4)
    given["x"][1] = 0.5
    return {**given, "ln_param": {}}


@case(edge=True)
def eps_of_zero(rng):
    """eps is 0: nothing is added to the variance."""
    return {**drawn(rng, 3, 4), "ln_param": {"eps": 0.0}}


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    return {**drawn(rng, 4, 3, np.float32), "ln_param": {}}


@alternative
def example_by_example(x, gamma, beta, ln_param):
    eps = ln_param.get("eps", 1e-5)
    out, x_hat, std = np.zeros_like(x), np.zeros_like(x), np.zeros_like(x[:, :1])
    for n, row in enumerate(x):
        mean = sum(row) / len(row)
        std[n] = (sum((value - mean) ** 2 for value in row) / len(row) + eps) ** 0.5
        x_hat[n] = (row - mean) / std[n]
        out[n] = [g * value + b for g, value, b in zip(gamma, x_hat[n], beta, strict=True)]
    return out, (x_hat, gamma, std)


@alternative
def transposes_twice(x, gamma, beta, ln_param):
    turned = x.T
    centred = turned - np.mean(turned, axis=0)
    std = np.sqrt(np.einsum("dn,dn->n", centred, centred) / x.dtype.type(x.shape[1]) + ln_param.get("eps", 1e-5))
    x_hat = (centred / std).T
    return x_hat @ np.diag(gamma) + beta, (centred, std, gamma)


def finished(x, mean, std, gamma, beta):
    """What follows from mean and std, rightly."""
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, gamma, std)


@mistake
def still_normalises_columns(x, gamma, beta, ln_param):
    """This is batch norm: the examples are compared with each other. Change one row of x: do the other rows of the
    output move?"""
    std = np.sqrt(x.var(axis=0) + ln_param.get("eps", 1e-5))
    return finished(x, x.mean(axis=0), std, gamma, beta)


@mistake
def normalises_the_batch_as_a_whole(x, gamma, beta, ln_param):
    """There is one mean and one variance for the whole batch. Each example has its own: along which axis?"""
    std = np.full_like(x[:, :1], np.sqrt(x.var() + ln_param.get("eps", 1e-5)))
    return finished(x, x.mean(), std, gamma, beta)


@mistake
def divides_by_one_less(x, gamma, beta, ln_param):
    """The variance is divided by D - 1, which is good statistics for a sample. Which denominator does the formula of
    the statement name?"""
    mean = x.mean(axis=1, keepdims=True)
    var = ((x - mean) ** 2).sum(axis=1, keepdims=True) / (x.shape[1] - 1)
    return finished(x, mean, np.sqrt(var + ln_param.get("eps", 1e-5)), gamma, beta)


@mistake
def adds_eps_outside_the_root(x, gamma, beta, ln_param):
    """eps is added to the standard deviation. Is it inside or outside the square root in the formula?"""
    std = np.sqrt(x.var(axis=1, keepdims=True)) + ln_param.get("eps", 1e-5)
    return finished(x, x.mean(axis=1, keepdims=True), std, gamma, beta)


@mistake
def keeps_running_averages(x, gamma, beta, ln_param):
    """The answer is right, but ln_param has been written to. Is there anything to remember from other batches, when
    every example is normalised by itself?"""
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    std = np.sqrt(var + ln_param.get("eps", 1e-5))
    ln_param["running_mean"] = 0.9 * ln_param.get("running_mean", 0.0) + 0.1 * mean
    ln_param["running_var"] = 0.9 * ln_param.get("running_var", 0.0) + 0.1 * var
    return finished(x, mean, std, gamma, beta)


@mistake
def hands_back_x_hat(x, gamma, beta, ln_param):
    """The output is x_hat itself. One line of the formula is still to come: the network's own scale and shift."""
    std = np.sqrt(x.var(axis=1, keepdims=True) + ln_param.get("eps", 1e-5))
    x_hat = (x - x.mean(axis=1, keepdims=True)) / std
    return x_hat, (x_hat, gamma, std)


@mistake
def takes_zero_for_absent(x, gamma, beta, ln_param):
    """Right, except where eps is 0 and the default was taken in its place. `get("eps") or 1e-5` and `if eps` take 0
    for false, like None. Ask whether the entry is there, not whether it is true."""
    std = np.sqrt(x.var(axis=1, keepdims=True) + (ln_param.get("eps") or 1e-5))
    return finished(x, x.mean(axis=1, keepdims=True), std, gamma, beta)
