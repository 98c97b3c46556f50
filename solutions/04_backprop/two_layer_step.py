r"""A whole network: forwards, backwards, one step.

This is the network of every first lesson, two matrices with a ReLU between them, and one step of gradient descent in
plain NumPy. A library does it in one line; whoever has written it once knows what that line does, and where to look on
the day when the loss does not fall.

Maths. x has shape (N, D_in), w1 (D_in, H), w2 (H, D_out) and y (N, D_out). Forwards:

$$h = x w_1, \qquad a = \max(0, h), \qquad \hat y = a w_2, \qquad L = \sum_{n,k} (\hat y_{nk} - y_{nk})^2$$

Backwards, one step at a time, each multiplied by what came from upstream:

$$\frac{\partial L}{\partial \hat y} = 2(\hat y - y), \qquad
\frac{\partial L}{\partial w_2} = a^T \frac{\partial L}{\partial \hat y}, \qquad
\frac{\partial L}{\partial a} = \frac{\partial L}{\partial \hat y}\, w_2^T$$

$$\frac{\partial L}{\partial h} = \frac{\partial L}{\partial a} \cdot 1[h > 0], \qquad
\frac{\partial L}{\partial w_1} = x^T \frac{\partial L}{\partial h}$$

Then a step downhill, with the learning rate r, for both matrices at once:

$$w_1 \leftarrow w_1 - r\, \frac{\partial L}{\partial w_1}, \qquad
w_2 \leftarrow w_2 - r\, \frac{\partial L}{\partial w_2}$$

By hand. x = [[1], [-2], [3]], y = [[1], [3], [5]], w1 = [[1, -1]], w2 = [[2], [1]], r = 0.1.
Forwards, h = [[1, -1], [-2, 2], [3, -3]] and a = [[1, 0], [0, 2], [3, 0]], so y_hat = [[2], [2], [6]] and the loss is
1 + 1 + 1 = 3.
Backwards, dL/dy_hat = [[2], [-2], [2]] and dw2 = [[8], [-4]]; dL/da = [[4, 2], [-4, -2], [4, 2]],
dL/dh = [[4, 0], [0, -2], [4, 0]] and dw1 = [[16, 4]].
The step gives w1 = [[-0.6, -1.4]] and w2 = [[1.2], [1.4]].

Source: Learning PyTorch with Examples, Johnson (2017), the part that is written in NumPy.
"""

import numpy as np

from grader.authoring import Descent, alternative, case, exercise, mistake


@exercise(
    points=5,
    difficulty=3,
    returns=["loss", "w1_new", "w2_new"],
    needs=["affine_backward", "relu_backward"],
    checks=[
        Descent(part="w1_new", wrt="w1", rate="learning_rate"),
        Descent(part="w2_new", wrt="w2", rate="learning_rate"),
    ],
    hints=[
        "Write the forward pass first, one line a step, and give every array a name of its own: h, a and y_hat will "
        "all be needed again.",
        "Go back in the opposite order. Write the shape beside every gradient; it is the shape of what it belongs to, "
        "and in each matrix product only one order and one transpose fit.",
        "Compute both gradients before either matrix changes. w - learning_rate * dw makes a new array, w -= ... "
        "writes into the caller's.",
    ],
    why=(
        "Going back, each line needs only what its own forward step has seen and what comes from upstream: so a "
        "network of any depth is these few lines, repeated."
    ),
    lesson="All together",
)
def two_layer_step(x, y, w1, w2, learning_rate):
    """Return the loss of a two-layer ReLU network without biases, and its weights after one step of gradient descent.

    Args:
        x: float array, shape (N, D_in). The inputs.
        y: float array, shape (N, D_out). The wanted outputs.
        w1: float array, shape (D_in, H). The weights of the first layer.
        w2: float array, shape (H, D_out). The weights of the second layer.
        learning_rate: float, above 0. How far the step goes along the gradient.

    Returns:
        (loss, w1_new, w2_new): loss is a scalar, the sum of all squared errors, not their mean, before the step;
        w1_new and w2_new are float arrays with the shapes and dtypes of w1 and w2. Both gradients are those of the
        weights that came in. Where an entry of x @ w1 is exactly 0, any slope of ReLU between 0 and 1 will do. The
        arguments are left as they were.
    """
    h = x @ w1
    a = np.maximum(h, 0)
    y_hat = a @ w2
    loss = np.sum((y_hat - y) ** 2)

    dy_hat = 2 * (y_hat - y)
    dw2 = a.T @ dy_hat
    da = dy_hat @ w2.T
    dh = da * (h > 0)
    dw1 = x.T @ dh
    return loss, w1 - learning_rate * dw1, w2 - learning_rate * dw2


def drawn(rng, n, d_in, hidden, d_out, dtype=float):
    """A network and a batch with two decimals, drawn anew until no entry of x @ w1 is near ReLU's corner."""
    while True:
        x, w1 = np.round(rng.normal(size=(n, d_in)), 2), np.round(rng.normal(size=(d_in, hidden)), 2)
        h = x @ w1
        if np.abs(h).min() > 0.05 and (h > 0).any(axis=0).all():
            break
    y, w2 = np.round(rng.normal(size=(n, d_out)), 2), np.round(rng.normal(size=(hidden, d_out)), 2)
    return {name: value.astype(dtype) for name, value in {"x": x, "y": y, "w1": w1, "w2": w2}.items()}


@case
def by_hand(rng):
    """The example of the statement: three examples, two hidden units, one output."""
    x, y = np.array([[1.0], [-2.0], [3.0]]), np.array([[1.0], [3.0], [5.0]])
    return {"x": x, "y": y, "w1": np.array([[1.0, -1.0]]), "w2": np.array([[2.0], [1.0]]), "learning_rate": 0.1}


@case
def a_small_network(rng):
    """Five examples, three inputs, four hidden units, two outputs."""
    return {**drawn(rng, 5, 3, 4, 2), "learning_rate": 0.01}


@case
def a_large_step(rng):
    """A large learning rate: who changes one matrix too early sees it here."""
    return {**drawn(rng, 4, 2, 3, 3), "learning_rate": 0.5}


@case(hidden=True)
def more_outputs_than_inputs(rng):
    return {**drawn(rng, 3, 2, 5, 4), "learning_rate": 0.05}


@case(edge=True)
def one_example(rng):
    """A batch of one."""
    return {**drawn(rng, 1, 3, 2, 2), "learning_rate": 0.1}


@case(edge=True)
def a_unit_that_is_dead(rng):
    """The second hidden unit is negative for every example: its weights cannot learn."""
    x, y = np.array([[1.0, 2.0], [2.0, 0.5], [0.5, 1.0]]), np.array([[1.0], [-1.0], [2.0]])
    w1, w2 = np.array([[0.5, -1.0], [1.0, -0.5]]), np.array([[1.5], [2.0]])
    return {"x": x, "y": y, "w1": w1, "w2": w2, "learning_rate": 0.1}


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    return {**drawn(rng, 4, 3, 2, 2, np.float32), "learning_rate": 0.25}


@alternative
def example_by_example(x, y, w1, w2, learning_rate):
    loss, dw1, dw2 = x.dtype.type(0), np.zeros_like(w1), np.zeros_like(w2)
    for row, wanted in zip(x, y, strict=True):
        h = row @ w1
        a = np.where(h > 0, h, np.zeros_like(h))
        error = a @ w2 - wanted
        loss += error @ error
        dw2 += np.outer(a, 2 * error)
        dw1 += np.outer(row, (w2 @ (2 * error)) * (h > 0))
    return loss, w1 - learning_rate * dw1, w2 - learning_rate * dw2


@alternative
def with_einsum_and_a_gate(x, y, w1, w2, learning_rate):
    h = np.einsum("nd,dh->nh", x, w1)
    gate = (h > 0).astype(x.dtype)
    error = np.einsum("nh,nh,hk->nk", h, gate, w2) - y
    w1_new, w2_new = w1.copy(), w2.copy()
    w1_new -= 2 * learning_rate * np.einsum("nd,nk,hk,nh->dh", x, error, w2, gate)
    w2_new -= 2 * learning_rate * np.einsum("nh,nh,nk->hk", h, gate, error)
    return np.vdot(error, error), w1_new, w2_new


@alternative
def as_the_tutorial_writes_it(x, y, w1, w2, learning_rate):
    h = x.dot(w1)
    h_relu = np.maximum(h, 0)
    y_pred = h_relu.dot(w2)
    loss = float(np.square(y_pred - y).sum())
    grad_y_pred = 2.0 * (y_pred - y)
    grad_w2 = h_relu.T.dot(grad_y_pred)
    grad_h = grad_y_pred.dot(w2.T)
    grad_h[h < 0] = 0
    grad_w1 = x.T.dot(grad_h)
    return loss, w1 - learning_rate * grad_w1, w2 - learning_rate * grad_w2


def forwards(x, y, w1, w2):
    """h, a and the error y_hat - y, rightly."""
    h = x @ w1
    a = np.maximum(h, 0)
    return h, a, a @ w2 - y


@mistake
def changes_w2_before_using_it(x, y, w1, w2, learning_rate):
    """w2 had changed before the gradient of w1 was computed with it. Did both gradients look at the same network?"""
    h, a, error = forwards(x, y, w1, w2)
    w2_new = w2 - learning_rate * (a.T @ (2 * error))
    dh = (2 * error @ w2_new.T) * (h > 0)
    return np.sum(error**2), w1 - learning_rate * (x.T @ dh), w2_new


@mistake
def forgets_the_gate(x, y, w1, w2, learning_rate):
    """The gradient of w1 goes back through ReLU as if it were not there. What did ReLU do to the negative entries of h,
    and how steep is it there?"""
    _, a, error = forwards(x, y, w1, w2)
    dw1, dw2 = x.T @ (2 * error @ w2.T), a.T @ (2 * error)
    return np.sum(error**2), w1 - learning_rate * dw1, w2 - learning_rate * dw2


@mistake
def gates_the_output(x, y, w1, w2, learning_rate):
    """The gate asks where the network's output is positive. Which array went through the ReLU?"""
    _, a, error = forwards(x, y, w1, w2)
    gated = 2 * error * (error + y > 0)
    dw1, dw2 = x.T @ (gated @ w2.T), a.T @ (2 * error)
    return np.sum(error**2), w1 - learning_rate * dw1, w2 - learning_rate * dw2


@mistake
def averages_the_squares(x, y, w1, w2, learning_rate):
    """The loss is a mean. Count how many squares there are, and look in the formula whether anybody divides by that."""
    h, a, error = forwards(x, y, w1, w2)
    dy_hat = 2 * error / error.size
    dw1, dw2 = x.T @ ((dy_hat @ w2.T) * (h > 0)), a.T @ dy_hat
    return np.mean(error**2), w1 - learning_rate * dw1, w2 - learning_rate * dw2


@mistake
def averages_the_loss_alone(x, y, w1, w2, learning_rate):
    """Both steps are right. The loss is a mean, and the steps do not belong to it: what does the formula add up, and
    does anybody divide?"""
    h, a, error = forwards(x, y, w1, w2)
    dw1, dw2 = x.T @ ((2 * error @ w2.T) * (h > 0)), a.T @ (2 * error)
    return np.mean(error**2), w1 - learning_rate * dw1, w2 - learning_rate * dw2


@mistake
def forgets_the_two(x, y, w1, w2, learning_rate):
    """Both steps are half as long as they should be. What is the derivative of a square?"""
    h, a, error = forwards(x, y, w1, w2)
    dw1, dw2 = x.T @ ((error @ w2.T) * (h > 0)), a.T @ error
    return np.sum(error**2), w1 - learning_rate * dw1, w2 - learning_rate * dw2


@mistake
def climbs_uphill(x, y, w1, w2, learning_rate):
    """The step goes up the gradient, and the loss will grow with it. Which sign leads downhill?"""
    h, a, error = forwards(x, y, w1, w2)
    dw1, dw2 = x.T @ ((2 * error @ w2.T) * (h > 0)), a.T @ (2 * error)
    return np.sum(error**2), w1 + learning_rate * dw1, w2 + learning_rate * dw2


@mistake
def updates_in_place(x, y, w1, w2, learning_rate):
    """The numbers are right, but -= has changed the caller's matrices. Who wants to compare the weights before and
    after the step no longer can. w - ... makes a new array."""
    h, a, error = forwards(x, y, w1, w2)
    dw1, dw2 = x.T @ ((2 * error @ w2.T) * (h > 0)), a.T @ (2 * error)
    w1 -= learning_rate * dw1
    w2 -= learning_rate * dw2
    return np.sum(error**2), w1, w2
