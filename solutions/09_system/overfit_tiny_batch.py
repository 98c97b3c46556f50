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

from grader.authoring import Named, alternative, case, drive, exercise, given, mistake, picture


@given
def line(params, X, y):
    """The loss and gradients of a linear model: the mean of (X w + b - y)^2."""
    miss = X @ params["w"] + params["b"] - y
    return np.mean(miss**2), {"w": 2 * X.T @ miss / len(y), "b": 2 * np.mean(miss, keepdims=True)}


@given
def network(params, X, y):
    """The loss and gradients of a network of one hidden layer: the mean of (tanh(X v) w - y)^2."""
    hidden = np.tanh(X @ params["v"])
    miss = hidden @ params["w"] - y
    back = np.outer(miss, params["w"]) * (1 - hidden**2)
    return np.mean(miss**2), {"v": 2 * X.T @ back / len(y), "w": 2 * hidden.T @ miss / len(y)}


@given
def broken_network(params, X, y):
    """The same network, with a bug in its gradient: the output weights never hear of the loss."""
    loss, grads = network(params, X, y)
    return loss, {**grads, "w": 0 * grads["w"]}


@exercise(
    points=5,
    difficulty=3,
    returns=["final_loss", "history", "rows that the model was asked about", "'params are as before'"],
    needs=["two_layer_step", "update_ratio"],
    hints=[
        "Cut the tiny batch out once, before the loop. How often is the model asked, if steps is 3 and the history has "
        "4 numbers?",
        "Work on a copy of params: a dict is handed over by name, and so are the arrays in it. A new dict of new "
        "arrays in every step is the safest.",
        "In every step ask for loss and gradients on the first n rows, and note the loss. Then make a new dict in "
        "which every array is the old one less lr times its gradient. After the loop ask for the loss once more and "
        "note it.",
    ],
    why=(
        "The walk leaves nothing to chance: the same params give the same history, so what it shows is the model's "
        "own doing. For that the caller's params must still be there, unchanged, to begin again."
    ),
    lesson="Can it learn anything at all?",
)
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
    X, y = X[:n], y[:n]
    history = []
    for _ in range(steps):
        loss, grads = loss_and_grads(params, X, y)
        history.append(loss)
        params = {name: w - lr * grads[name] for name, w in params.items()}
    history.append(loss_and_grads(params, X, y)[0])
    return history[-1], np.array(history)


@drive
def watched(overfit_tiny_batch, loss_and_grads, params, X, y, *rest):
    """Call the function, and note which rows the model is asked about and whether the caller's params have changed.

    The first column of X is the number of the row in the cases, times 1 for the rest: rows are told apart by it.
    """
    asked = set()
    own = {name: w.copy() for name, w in params.items()}
    X, y = X.copy(), y.copy()
    places = {tuple(row): number for number, row in enumerate(X.tolist())}

    def noted(params, some_X, some_y):
        asked.update(places.get(tuple(row), -1) for row in np.asarray(some_X).tolist())
        return loss_and_grads(params, some_X, some_y)

    final_loss, history = overfit_tiny_batch(noted, own, X, y, *rest)
    same = all(np.array_equal(own[name], w) for name, w in params.items()) and set(own) == set(params)
    return final_loss, np.asarray(history, float), sorted(asked), same


def examples(rng, rows, columns):
    """Random examples and answers with two decimals."""
    return np.round(rng.normal(size=(rows, columns)), 2), np.round(rng.normal(size=rows), 2)


@case
def by_hand(rng):
    """The example of the statement, with a bias that has nothing to do: the two examples 1 -> 2 and -1 -> -2."""
    params = {"w": np.zeros(1), "b": np.zeros(1)}
    X, y = np.array([[1.0], [-1.0]]), np.array([2.0, -2.0])
    return {"loss_and_grads": Named("line"), "params": params, "X": X, "y": y, "n": 2, "lr": 0.25, "steps": 2}


@case
def a_line_through_three_points(rng):
    """Of ten examples the first three are learned."""
    X, y = examples(rng, 10, 3)
    params = {"w": np.round(rng.normal(size=3), 2), "b": np.zeros(1)}
    return {"loss_and_grads": Named("line"), "params": params, "X": X, "y": y, "n": 3, "lr": 0.05, "steps": 20}


@case
def a_network_learns_by_heart(rng):
    """A healthy network: the loss goes far down."""
    X, y = np.array([[1.0, 0.5], [0.5, -1.0], [-1.0, 0.25], [-0.5, -0.75]]), np.array([1.0, -0.5, 0.25, -1.0])
    params = {"v": np.array([[0.5, -0.6, 0.9], [0.8, 0.7, -0.4]]), "w": np.array([0.6, -0.5, 0.7])}
    return {"loss_and_grads": Named("network"), "params": params, "X": X, "y": y, "n": 4, "lr": 0.2, "steps": 60}


@case
def a_broken_network(rng):
    """The same network with a bug: its loss stays high, and the history shows it."""
    made = a_network_learns_by_heart(rng)
    return {**made, "loss_and_grads": Named("broken_network"), "steps": 30}


@case(hidden=True)
def another_line(rng):
    X, y = examples(rng, 6, 2)
    params = {"w": np.round(rng.normal(size=2), 2), "b": np.array([0.5])}
    return {"loss_and_grads": Named("line"), "params": params, "X": X, "y": y, "n": 4, "lr": 0.1, "steps": 10}


@case(edge=True)
def fewer_examples_than_asked_for(rng):
    """Three examples, and n is 8."""
    X, y = examples(rng, 3, 2)
    params = {"w": np.zeros(2), "b": np.zeros(1)}
    return {"loss_and_grads": Named("line"), "params": params, "X": X, "y": y, "n": 8, "lr": 0.1, "steps": 5}


@case(edge=True)
def it_is_learned_by_heart(rng):
    """The example of the statement goes on until hardly any loss is left: all steps are taken, and all are noted."""
    return {**by_hand(rng), "steps": 25}


@case(edge=True)
def too_large_a_rate(rng):
    """The loss grows from step to step. The final loss is the last one, be it small or large."""
    return {**by_hand(rng), "lr": 1.25, "steps": 4}


@case(edge=True)
def no_steps(rng):
    """Nothing is trained: the history is the loss at the beginning."""
    X, y = examples(rng, 4, 2)
    params = {"w": np.ones(2), "b": np.zeros(1)}
    return {"loss_and_grads": Named("line"), "params": params, "X": X, "y": y, "n": 2, "lr": 0.1, "steps": 0}


@picture(case="a_network_learns_by_heart")
def how_the_loss_went(axes, arguments, answer):
    """The loss of every step, on a logarithmic axis: for a healthy network it goes down and down."""
    axes.semilogy(answer[1])
    axes.set(xlabel="step", ylabel="loss", title=f"final loss {float(answer[0]):.3g}")


@alternative
def copies_and_changes_in_place(loss_and_grads, params, X, y, n=8, lr=0.1, steps=500):
    weights = {name: np.array(w, dtype=float) for name, w in params.items()}
    few_X, few_y = X[:n].copy(), y[:n].copy()
    history = np.empty(steps + 1)
    for t in range(steps + 1):
        history[t], grads = loss_and_grads(weights, few_X, few_y)
        if t < steps:
            for name in weights:
                weights[name] -= lr * grads[name]
    return float(history[-1]), history


@alternative
def calls_itself(loss_and_grads, params, X, y, n=8, lr=0.1, steps=500):
    loss, grads = loss_and_grads(params, X[:n], y[:n])
    if steps == 0:
        return loss, [loss]
    moved = {name: params[name] + (-lr) * grads[name] for name in params}
    final, rest = calls_itself(loss_and_grads, moved, X, y, n, lr, steps - 1)
    return final, [loss, *rest]


def _trained(loss_and_grads, params, X, y, lr, steps, sign=1.0):
    history = []
    for _ in range(steps):
        loss, grads = loss_and_grads(params, X, y)
        history.append(loss)
        params = {name: w - sign * lr * grads[name] for name, w in params.items()}
    return [*history, loss_and_grads(params, X, y)[0]]


@mistake
def trains_on_everything(loss_and_grads, params, X, y, n=8, lr=0.1, steps=500):
    """The model was asked about all rows. Tiny means tiny: only the first n are to be learned by heart."""
    history = _trained(loss_and_grads, params, X, y, lr, steps)
    return history[-1], history


@mistake
def changes_the_patient(loss_and_grads, params, X, y, n=8, lr=0.1, steps=500):
    """Right, but the caller's params were trained as well: -= writes into the arrays that were handed over. A diagnosis
    should not change the patient."""
    history = []
    for _ in range(steps):
        loss, grads = loss_and_grads(params, X[:n], y[:n])
        history.append(loss)
        for name in params:
            params[name] -= lr * grads[name]
    history.append(loss_and_grads(params, X[:n], y[:n])[0])
    return history[-1], history


@mistake
def climbs(loss_and_grads, params, X, y, n=8, lr=0.1, steps=500):
    """The loss grows: every step goes up the gradient. Which sign leads down?"""
    history = _trained(loss_and_grads, params, X[:n], y[:n], lr, steps, sign=-1.0)
    return history[-1], history


@mistake
def forgets_the_loss_after_the_last_step(loss_and_grads, params, X, y, n=8, lr=0.1, steps=500):
    """The history ends before the last step has been looked at, one number too early, and so does the final loss. Ask
    the model once more after the loop."""
    history = _trained(loss_and_grads, params, X[:n], y[:n], lr, steps)[: max(steps, 1)]
    return history[-1], history


@mistake
def moves_one_array_after_the_other(loss_and_grads, params, X, y, n=8, lr=0.1, steps=500):
    """Each array moved before the gradient of the next one was computed. All gradients of a step belong to the same
    weights."""
    history = []
    for _ in range(steps):
        history.append(loss_and_grads(params, X[:n], y[:n])[0])
        for name in params:
            grads = loss_and_grads(params, X[:n], y[:n])[1]
            params = {**params, name: params[name] - lr * grads[name]}
    history.append(loss_and_grads(params, X[:n], y[:n])[0])
    return history[-1], history


@mistake
def takes_other_rows_every_time(loss_and_grads, params, X, y, n=8, lr=0.1, steps=500):
    """Every step looked at the next n rows, as training usually does. To learn by heart, the model needs the same few
    again and again."""
    history, size = [], len(X)
    for t in range(steps + 1):
        rows = np.arange(t * n, t * n + min(n, size)) % size
        loss, grads = loss_and_grads(params, X[rows], y[rows])
        history.append(loss)
        if t < steps:
            params = {name: w - lr * grads[name] for name, w in params.items()}
    return history[-1], history


@mistake
def takes_the_last_rows(loss_and_grads, params, X, y, n=8, lr=0.1, steps=500):
    """The last n rows were learned. The docstring asks for the first n, so that two people who look at the same data
    see the same."""
    history = _trained(loss_and_grads, params, X[-n:], y[-n:], lr, steps)
    return history[-1], history
