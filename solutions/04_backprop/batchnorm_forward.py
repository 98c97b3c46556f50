r"""Batch norm, forwards: put every feature on one scale.

Deep inside a network one feature may live near 1000 and its neighbour near 0.001, and both drift with every step of
training, so that the next layer never sees the same thing twice. Batch norm moves every feature of a batch to mean 0
and standard deviation 1, and then lets the network choose the mean and the scale that it prefers.

Maths. x has N rows, one for each example, and D columns, one for each feature. All sums run over the N examples, so
there is one mean and one variance for each feature:

$$\mu_d = \frac{1}{N}\sum_n x_{nd}, \qquad \sigma_d^2 = \frac{1}{N}\sum_n (x_{nd} - \mu_d)^2$$

$$\hat x_{nd} = \frac{x_{nd} - \mu_d}{\sqrt{\sigma_d^2 + \epsilon}}, \qquad y_{nd} = \gamma_d\, \hat x_{nd} + \beta_d$$

The small number eps keeps the root away from 0 when a feature never varies.

At test time a single example may arrive, and there is no batch to compare it with. So training keeps running averages
of the means and variances that it saw, and test mode puts those in place of mu and sigma^2:

$$\text{running} \leftarrow m \cdot \text{running} + (1 - m) \cdot \text{batch} \qquad (m\text{: momentum})$$

By hand. x = [[1], [3]], gamma = [1], beta = [0] have mean 2 and variance 1, so y is about [[-1], [1]]. With momentum
0.9 the running mean goes from 0 to 0.9 * 0 + 0.1 * 2 = 0.2, and the running variance from 0 to 0.1.

Source: Ioffe & Szegedy, Batch normalization (2015), section 3. The running averages are updated as in Stanford's
CS231n, assignment 2.
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake, picture


@exercise(
    points=5,
    difficulty=3,
    returns=["out", "cache"],
    needs=["standardize"],
    changes=["bn_param"],
    free=["cache"],
    hints=[
        "Leave the dict aside at first. Which axis of x holds the examples? The mean and the variance run along that "
        "one and leave D numbers each.",
        "The two modes differ only in where mean and variance come from. Find those two first; everything after them "
        "is written once, for both modes.",
        "bn_param.get(key, default) reads an entry that may be absent. In train mode the new running averages are "
        "assigned to bn_param['running_mean'] and bn_param['running_var'].",
    ],
    why=(
        "In training, moving or stretching a whole feature leaves x_hat as it was, but for eps: whatever the layers "
        "before do to its scale, the next one sees the scale that gamma and beta choose."
    ),
    lesson="Batch norm: three ways from x to the loss",
)
def batchnorm_forward(x, gamma, beta, bn_param):
    """Normalise every feature over the batch, then scale and shift it.

    Args:
        x: float array, shape (N, D). N examples with D features.
        gamma: float array, shape (D,). The scale of every feature.
        beta: float array, shape (D,). The shift of every feature.
        bn_param: dict with
            mode: 'train' or 'test', always there;
            eps: float, 0 or above, added to the variance under the root; 1e-5 where absent;
            momentum: float, 0 to 1, the share of the running average that survives; 0.9 where absent;
            running_mean, running_var: float arrays, shape (D,), of the dtype of x; zeros where absent.

    Returns:
        (out, cache): out is a float array, shape (N, D), of the dtype of x. In train mode the variance of the batch
        is divided by N (not N - 1). cache is yours: keep in it what a backward pass will need. batchnorm_backward is
        written for (x_hat, gamma, std) with shapes (N, D), (D,), (D,): the normalised x before gamma and beta, gamma
        as it came in, and std = sqrt(var + eps).

        In train mode running_mean and running_var in bn_param are brought up to date, the same variance in the
        second, and keep their dtype; in test mode they stay as they were. x, gamma and beta are left as they were.

    Raises:
        ValueError: mode is neither 'train' nor 'test'.
    """
    mode, eps, momentum = bn_param["mode"], bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    zeros = np.zeros(x.shape[1], dtype=x.dtype)
    running_mean, running_var = bn_param.get("running_mean", zeros), bn_param.get("running_var", zeros)

    if mode == "train":
        mean, var = x.mean(axis=0), x.var(axis=0)
        bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mean
        bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
    elif mode == "test":
        mean, var = running_mean, running_var
    else:
        raise ValueError(f"mode is {mode!r}, expected 'train' or 'test'")

    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, gamma, std)


def drawn(rng, n, d, dtype=float):
    """x, gamma and beta with features on scales of their own, and gammas of both signs."""
    x = rng.normal(size=(n, d)) * rng.uniform(0.5, 3.0, d) + rng.uniform(-4.0, 4.0, d)
    gamma = rng.choice([-1.0, 1.0], d) * rng.uniform(0.5, 2.0, d)
    values = {"x": x, "gamma": gamma, "beta": rng.normal(size=d)}
    return {name: np.round(value, 2).astype(dtype) for name, value in values.items()}


def running(rng, d, dtype=float):
    """Running averages, unlike those of any batch in these cases."""
    values = {"running_mean": rng.uniform(5.0, 9.0, d), "running_var": rng.uniform(0.5, 4.0, d)}
    return {name: np.round(value, 2).astype(dtype) for name, value in values.items()}


@case
def by_hand(rng):
    """The example of the statement; nothing but the mode in the dict."""
    x, bn_param = np.array([[1.0], [3.0]]), {"mode": "train"}
    return {"x": x, "gamma": np.array([1.0]), "beta": np.array([0.0]), "bn_param": bn_param}


@case
def training_goes_on(rng):
    """A batch of five, with running averages from earlier batches."""
    return {**drawn(rng, 5, 3), "bn_param": {"mode": "train", "momentum": 0.75, **running(rng, 3)}}


@case
def large_eps(rng):
    """eps is 1, so that one can see where it is added."""
    return {**drawn(rng, 4, 2), "bn_param": {"mode": "train", "eps": 1.0, **running(rng, 2)}}


@case
def test_mode(rng):
    """The running averages take the place of the batch's own."""
    return {**drawn(rng, 3, 2), "bn_param": {"mode": "test", "eps": 0.5, **running(rng, 2)}}


@case
def two_clouds_of_features(rng):
    """Thirty examples with two features on very different scales; gamma is 1 and beta is 0."""
    x = np.round(rng.normal(size=(30, 2)) * [20.0, 0.5] + [100.0, -3.0], 2)
    return {"x": x, "gamma": np.ones(2), "beta": np.zeros(2), "bn_param": {"mode": "train", **running(rng, 2)}}


@case(hidden=True)
def a_wider_batch(rng):
    return {**drawn(rng, 6, 4), "bn_param": {"mode": "train", "momentum": 0.6, "eps": 0.25, **running(rng, 4)}}


@case(edge=True)
def one_example(rng):
    """A batch of one: nothing varies."""
    return {**drawn(rng, 1, 3), "bn_param": {"mode": "train", **running(rng, 3)}}


@case(edge=True)
def a_feature_that_never_varies(rng):
    """One column holds the same number four times."""
    given = drawn(rng, 4, 3)
    given["x"][:, 1] = 0.5
    return {**given, "bn_param": {"mode": "train", **running(rng, 3)}}


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    return {**drawn(rng, 4, 3, np.float32), "bn_param": {"mode": "train", **running(rng, 3, np.float32)}}


@case(edge=True)
def zeros_for_settings(rng):
    """eps and momentum are 0: nothing is added to the variance, and the running averages are those of this batch."""
    return {**drawn(rng, 4, 3), "bn_param": {"mode": "train", "eps": 0.0, "momentum": 0.0, **running(rng, 3)}}


@case(edge=True)
def a_mode_that_is_not_there(rng):
    """The mode is neither 'train' nor 'test'."""
    return {**drawn(rng, 2, 2), "bn_param": {"mode": "valid", **running(rng, 2)}}


@picture(case="two_clouds_of_features")
def the_cloud_afterwards(axes, arguments, answer):
    """Thirty examples by their two features, after batch norm. The cross reaches one standard deviation to each side of
    the mean: it stands at (0, 0), and all its arms have length 1."""
    out = answer[0]
    mean, spread = out.mean(axis=0), out.std(axis=0)
    axes.plot(out[:, 0], out[:, 1], "o", markersize=4)
    axes.errorbar(mean[0], mean[1], xerr=spread[0], yerr=spread[1], color="black", linestyle="-", capsize=4)
    axes.set(xlabel="feature 0 of out", ylabel="feature 1 of out", xlim=(-3, 3), ylim=(-3, 3), aspect="equal")


@alternative
def feature_by_feature(x, gamma, beta, bn_param):
    if bn_param["mode"] not in ("train", "test"):
        raise ValueError(bn_param["mode"])
    n, d = x.shape
    eps, momentum = bn_param.setdefault("eps", 1e-5), bn_param.setdefault("momentum", 0.9)
    running_mean = bn_param.setdefault("running_mean", np.zeros(d, x.dtype)).copy()
    running_var = bn_param.setdefault("running_var", np.zeros(d, x.dtype)).copy()
    x_hat, std = np.zeros_like(x), np.zeros_like(gamma)
    for j in range(d):
        mean, var = running_mean[j], running_var[j]
        if bn_param["mode"] == "train":
            mean = sum(x[:, j]) / n
            var = sum((value - mean) ** 2 for value in x[:, j]) / n
            running_mean[j] += (1 - momentum) * (mean - running_mean[j])
            running_var[j] += (1 - momentum) * (var - running_var[j])
        std[j] = (var + eps) ** 0.5
        x_hat[:, j] = (x[:, j] - mean) / std[j]
    bn_param["running_mean"], bn_param["running_var"] = running_mean, running_var
    return x_hat * gamma + beta, (x_hat, gamma, std)


@alternative
def through_the_second_moment(x, gamma, beta, bn_param):
    eps, m = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    old_mean = bn_param.get("running_mean", np.zeros_like(gamma))
    old_var = bn_param.get("running_var", np.zeros_like(gamma))
    match bn_param["mode"]:
        case "train":
            ones = np.ones(len(x), x.dtype) / x.dtype.type(len(x))
            mean = ones @ x
            var = ones @ (x * x) - mean * mean
            bn_param.update(running_mean=old_mean * m + mean * (1 - m), running_var=old_var * m + var * (1 - m))
        case "test":
            mean, var = old_mean, old_var
        case other:
            raise ValueError(other)
    inverse = (np.maximum(var, 0) + eps) ** -0.5
    x_hat = x * inverse - mean * inverse
    return x_hat * gamma + beta, {"mode": bn_param["mode"], "x": x, "inverse": inverse, "gamma": gamma}


def read(x, bn_param):
    """What a mistake reads from the dict, rightly."""
    if bn_param["mode"] not in ("train", "test"):
        raise ValueError(bn_param["mode"])
    zeros = np.zeros(x.shape[1], dtype=x.dtype)
    averages = bn_param.get("running_mean", zeros), bn_param.get("running_var", zeros)
    return bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9), *averages


def finished(x, mean, std, gamma, beta):
    """What follows from mean and std, rightly."""
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, gamma, std)


def with_batch(x, gamma, beta, bn_param, mean, var):
    """The right answer, with a mean and a variance of the batch that may be wrong."""
    eps, momentum, running_mean, running_var = read(x, bn_param)
    if bn_param["mode"] == "test":
        return finished(x, running_mean, np.sqrt(running_var + eps), gamma, beta)
    bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mean
    bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
    return finished(x, mean, np.sqrt(var + eps), gamma, beta)


@mistake
def normalises_rows(x, gamma, beta, bn_param):
    """Mean and variance run along the rows, so an example is compared with itself. Batch norm compares the examples
    with each other, one feature at a time: how many means should there be?"""
    return with_batch(x, gamma, beta, bn_param, x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True))


@mistake
def swaps_the_momentum(x, gamma, beta, bn_param):
    """The running averages take the share `momentum` from the new batch. With momentum 0.9, how much of the old value
    should survive?"""
    eps, momentum, running_mean, running_var = read(x, bn_param)
    if bn_param["mode"] == "test":
        return finished(x, running_mean, np.sqrt(running_var + eps), gamma, beta)
    mean, var = x.mean(axis=0), x.var(axis=0)
    bn_param["running_mean"] = (1 - momentum) * running_mean + momentum * mean
    bn_param["running_var"] = (1 - momentum) * running_var + momentum * var
    return finished(x, mean, np.sqrt(var + eps), gamma, beta)


@mistake
def divides_by_one_less(x, gamma, beta, bn_param):
    """The variance is divided by N - 1, which is good statistics for a sample. Which denominator does the formula of
    the statement name?"""
    mean = x.mean(axis=0)
    return with_batch(x, gamma, beta, bn_param, mean, ((x - mean) ** 2).sum(axis=0) / (len(x) - 1))


@mistake
def adds_eps_outside_the_root(x, gamma, beta, bn_param):
    """eps is added to the standard deviation. Is it inside or outside the square root in the formula?"""
    eps, momentum, running_mean, running_var = read(x, bn_param)
    if bn_param["mode"] == "test":
        return finished(x, running_mean, np.sqrt(running_var) + eps, gamma, beta)
    mean, var = x.mean(axis=0), x.var(axis=0)
    bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mean
    bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
    return finished(x, mean, np.sqrt(var) + eps, gamma, beta)


@mistake
def uses_the_batch_in_test_mode(x, gamma, beta, bn_param):
    """In test mode too the batch's own mean and variance are used, so what one customer is told depends on who else
    asked at that moment. What did training leave in the dict?"""
    eps = read(x, bn_param)[0]
    if bn_param["mode"] == "test":
        return finished(x, x.mean(axis=0), np.sqrt(x.var(axis=0) + eps), gamma, beta)
    return with_batch(x, gamma, beta, bn_param, x.mean(axis=0), x.var(axis=0))


@mistake
def takes_any_mode_but_train_for_test(x, gamma, beta, bn_param):
    """A mode that does not exist is taken to be 'test'. One letter mistyped in 'train', and training would go on for
    hours without anybody being told."""
    mode = bn_param["mode"] if bn_param["mode"] == "train" else "test"
    known = {**bn_param, "mode": mode}
    answer = with_batch(x, gamma, beta, known, x.mean(axis=0), x.var(axis=0))
    bn_param.update({**known, "mode": bn_param["mode"]})
    return answer


@mistake
def centres_x_in_place(x, gamma, beta, bn_param):
    """The answer is right, but x -= ... and x /= ... write into the caller's x, which is now another batch. x - mean
    makes a new array."""
    eps, momentum, running_mean, running_var = read(x, bn_param)
    mean, var = running_mean, running_var
    if bn_param["mode"] == "train":
        mean, var = x.mean(axis=0), x.var(axis=0)
        bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mean
        bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
    x -= mean
    x /= np.sqrt(var + eps)
    return gamma * x + beta, (x, gamma, np.sqrt(var + eps))


@mistake
def takes_zero_for_absent(x, gamma, beta, bn_param):
    """Right, except where a setting is 0 and the default was taken in its place. `get(...) or 0.9` and `if momentum`
    take 0 for false, like None. Ask whether the entry is there, not whether it is true."""
    eps, momentum, running_mean, running_var = read(x, bn_param)
    if bn_param["mode"] == "test":
        return finished(x, running_mean, np.sqrt(running_var + (eps or 1e-5)), gamma, beta)
    mean, var = x.mean(axis=0), x.var(axis=0)
    bn_param["running_mean"] = (momentum or 0.9) * running_mean + (1 - (momentum or 0.9)) * mean
    bn_param["running_var"] = (momentum or 0.9) * running_var + (1 - (momentum or 0.9)) * var
    return finished(x, mean, np.sqrt(var + (eps or 1e-5)), gamma, beta)
