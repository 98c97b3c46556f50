r"""Update ratio: are your weights reasonable?

The loss does not move. Are the steps too small, or so large that every one destroys what the one before has learned?
Put the length of a layer's update beside the length of its weights, and you see it at once: about a thousandth is
healthy, a millionth means that nothing happens, a tenth that everything is thrown over at every step.

Maths. params and updates hold an array for each name, of the same shapes. For each name

$$r = \frac{\|\Delta w\|}{\max(\|w\|,\ 10^{-12})} \qquad \|w\| = \sqrt{\sum_i w_i^2}$$

The sum runs over all entries, whatever the shape. The 1e-12 keeps a bias that is still 0 from dividing by 0.

By hand. params = {"w": [3, 4]}, updates = {"w": [0.003, -0.004]}: lengths 5 and 0.005, so the ratio is 0.001.

Source: Stanford CS231n, course notes, Neural Networks Part 3, "Ratio of weights:updates".
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake


@exercise(
    points=2,
    difficulty=1,
    returns="ratios",
    hints=[
        "How long is the vector [3, 4]? And a table of numbers, written as one long row?",
        "np.linalg.norm(w.ravel()) is the root of the sum of all squares, for an array of any shape. Build a new dict "
        "with the same keys.",
    ],
    why=(
        "Update and weights have the same unit, so their ratio has none: layers of any shape and scale can be "
        "compared, and scaling both alike changes nothing, unless the weights are all but 0."
    ),
    lesson="Are the weights reasonable?",
)
def update_ratio(params, updates):
    """Return, for every parameter, the length of its update relative to its own.

    Args:
        params: dict of float arrays of any shapes, by name. The weights before the step.
        updates: dict with the same names and shapes. What the step adds to them.

    Returns:
        ratios: dict with the same names, of floats, 0 or more. The arguments are left as they were.
    """
    return {
        name: float(np.linalg.norm(updates[name].ravel()) / max(np.linalg.norm(params[name].ravel()), 1e-12))
        for name in params
    }


@case
def by_hand(rng):
    """The example of the statement."""
    return {"params": {"w": np.array([3.0, 4.0])}, "updates": {"w": np.array([0.003, -0.004])}}


@case
def a_small_network(rng):
    """Two matrices and two vectors, with entries of both signs."""
    shapes = {"W1": (3, 4), "b1": (4,), "W2": (4, 2), "b2": (2,)}
    params = {name: np.round(rng.normal(size=shape), 2) for name, shape in shapes.items()}
    return {"params": params, "updates": {n: np.round(0.01 * rng.normal(size=s), 4) for n, s in shapes.items()}}


@case(hidden=True)
def another_network(rng):
    shapes = {"u": (2, 5), "v": (5,)}
    params = {name: np.round(2 * rng.normal(size=shape), 2) for name, shape in shapes.items()}
    return {"params": params, "updates": {n: np.round(0.02 * rng.normal(size=s), 4) for n, s in shapes.items()}}


@case(edge=True)
def filters(rng):
    """An array with four axes."""
    w = np.round(rng.normal(size=(2, 3, 2, 2)), 2)
    return {"params": {"w": w}, "updates": {"w": np.round(0.1 * rng.normal(size=w.shape), 3)}}


@case(edge=True)
def a_new_bias(rng):
    """A bias that is still 0: the ratio is a large number, and finite."""
    return {"params": {"b": np.zeros(3)}, "updates": {"b": np.array([0.01, 0.02, -0.02])}}


@case(edge=True)
def all_but_zero(rng):
    """The weights are shorter than 1e-12, and not 0: the larger of the two lengths counts, not their sum."""
    return {"params": {"b": np.array([3e-13, -4e-13])}, "updates": {"b": np.array([0.03, 0.04])}}


@case(edge=True)
def nothing_moves(rng):
    """The update is 0, and so is the ratio."""
    return {"params": {"w": np.array([[1.0, -2.0]])}, "updates": {"w": np.zeros((1, 2))}}


@alternative
def takes_roots_of_sums(params, updates):
    ratios = {}
    for name, w in params.items():
        size = np.sqrt((w * w).sum())
        step = np.sqrt((updates[name] * updates[name]).sum())
        ratios[name] = step / (size if size > 1e-12 else 1e-12)
    return ratios


@alternative
def goes_number_by_number(params, updates):
    def length(a):
        return sum(v * v for v in a.ravel().tolist()) ** 0.5

    return {name: length(updates[name]) / max(length(params[name]), 1e-12) for name in updates}


@mistake
def divides_means(params, updates):
    """The means of all entries were divided. Entries of both signs cancel in a mean; in a length they do not."""
    return {n: float(abs(updates[n].mean()) / max(abs(w.mean()), 1e-12)) for n, w in params.items()}


@mistake
def turns_the_ratio_round(params, updates):
    """The length of the weights was divided by that of the update. Healthy is about a thousandth; which of the two is
    the larger?"""
    return {
        n: float(np.linalg.norm(w.ravel()) / max(np.linalg.norm(updates[n].ravel()), 1e-12)) for n, w in params.items()
    }


@mistake
def divides_by_zero(params, updates):
    """Right, until a parameter is 0 everywhere, as biases are at the beginning: then it divides by 0. Look at the max
    in the formula."""
    with np.errstate(all="ignore"):
        return {n: float(np.linalg.norm(updates[n].ravel()) / np.linalg.norm(w.ravel())) for n, w in params.items()}


@mistake
def adds_absolute_values(params, updates):
    """The absolute values were added up. The length of a vector is the root of the sum of its squares: [3, 4] is 5 long
    and not 7."""
    return {n: float(np.abs(updates[n]).sum() / max(np.abs(w).sum(), 1e-12)) for n, w in params.items()}


@mistake
def forgets_the_root(params, updates):
    """These are ratios of squared lengths: a thousandth has become a millionth."""
    return {n: float((updates[n] ** 2).sum() / max((w**2).sum(), 1e-12)) for n, w in params.items()}


@mistake
def takes_the_largest_singular_value(params, updates):
    """Right for vectors. Of a matrix np.linalg.norm(w, 2) is the largest stretch, and not the length of all its entries
    in one row."""

    def length(a):
        return np.linalg.norm(a.reshape(len(a), -1), 2) if a.ndim > 1 else np.linalg.norm(a)

    return {n: float(length(updates[n]) / max(length(w), 1e-12)) for n, w in params.items()}
