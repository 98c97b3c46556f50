r"""Overfit a tiny batch: can it learn anything at all?

Before a network is trained on a million examples for a week, train it on eight for a second. A model that cannot learn
eight examples by heart will not learn the million, and the week would have been for nothing. The loss has to go to
nearly 0; where it does not, something is broken: a gradient, a label, the rate.

Maths. params is a dict of arrays w. The batch is the first n rows of X and of y, the same in every step. Write L_t for
the loss before step t. A step of plain gradient descent, for every array at once:

$$w^{(t+1)} = w^{(t)} - \eta \left.\frac{\partial L}{\partial w}\right|_{w^{(t)}} \qquad t = 0, \dots, \text{steps} -
1$$

with the rate eta. All gradients of a step are taken at the same weights. After the last step the loss is computed once
more, so the history L_0, ..., L_steps has steps + 1 numbers, and the last one is the final loss.

By hand. The model is w x with one weight, the loss the mean of (w x - y)^2 with slope mean of 2 (w x - y) x. X = [[1]],
y = [2], w = 0, rate 0.25: L_0 = 4, slope -4, w becomes 1; L_1 = 1, slope -2, w becomes 1.5; L_2 = 0.25. With steps = 2
the history is [4, 1, 0.25] and the final loss 0.25.

Source: Karpathy, A recipe for training neural networks (2019), stage 2 and 3; Stanford CS231n, course notes, Neural
Networks Part 3, "Sanity checks".
"""

import numpy as np


def line(params, X, y):
    """The loss and gradients of a linear model: the mean of (X w + b - y)^2."""
    miss = X @ params["w"] + params["b"] - y
    return np.mean(miss**2), {"w": 2 * X.T @ miss / len(y), "b": 2 * np.mean(miss, keepdims=True)}


def network(params, X, y):
    """The loss and gradients of a network of one hidden layer: the mean of (tanh(X v) w - y)^2."""
    hidden = np.tanh(X @ params["v"])
    miss = hidden @ params["w"] - y
    back = np.outer(miss, params["w"]) * (1 - hidden**2)
    return np.mean(miss**2), {"v": 2 * X.T @ back / len(y), "w": 2 * hidden.T @ miss / len(y)}


def broken_network(params, X, y):
    """The same network, with a bug in its gradient: the output weights never hear of the loss."""
    loss, grads = network(params, X, y)
    return loss, {**grads, "w": 0 * grads["w"]}


def overfit_tiny_batch(loss_and_grads, params, X, y, n=8, lr=0.1, steps=500):
    """Train a model on its first n examples by plain gradient descent, and return how its loss went.

    Args:
        loss_and_grads: function of (params, X, y) that returns (loss, grads): a float, and a dict of arrays with the
            names and shapes of params. It leaves its arguments alone.
        params: dict of float arrays. The weights to begin with.
        X: float array, shape (N, D). The examples, in rows.
        y: float array, shape (N,). What the model should answer.
        n: int, at least 1. How many examples are used: the first n, or all where there are fewer.
        lr: float above 0. The rate eta.
        steps: int, at least 0. The number of steps.

    Returns:
        (final_loss, history): a float, and a float array of shape (steps + 1,) or a list of as many floats, the loss
        before every step and at last after the last one. The caller's params, X and y are left as they were.
    """
    raise NotImplementedError
