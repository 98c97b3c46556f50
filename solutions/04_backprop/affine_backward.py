r"""The affine layer, backwards: who gets how much of the blame?

The loss tells the layer, through dout, how it would react to each output. Before anything can learn, the layer has to
say what this means for each weight, for each bias, and for the inputs, which are the outputs of the layer before.

Maths. Forwards, with x laid out in rows, X of shape (N, D), w of shape (D, M) and b of shape (M,):

$$y_{nm} = \sum_d x_{nd} w_{dm} + b_m$$

Write g for dout, shape (N, M). A number that takes part in several outputs adds up what it hears from each:

$$\frac{\partial L}{\partial x_{nd}} = \sum_m g_{nm} w_{dm} \qquad
\frac{\partial L}{\partial w_{dm}} = \sum_n x_{nd} g_{nm} \qquad
\frac{\partial L}{\partial b_m} = \sum_n g_{nm}$$

The letters that are summed over say which product this is. A gradient has the shape of the thing that it belongs to.

By hand. x = [[1, 2]], w = [[1], [10]] and dout = [[3]] give dx = [[3, 30]], dw = [[3], [6]], db = [3].

Source: Stanford CS231n, assignment 1, `affine_backward`; Goodfellow, Bengio & Courville, Deep Learning (2016), section
6.5.
"""

import numpy as np

from grader.authoring import Backward, alternative, case, exercise, mistake, reference

affine_forward = reference("affine_forward")


@exercise(
    points=3,
    difficulty=2,
    returns=["dx", "dw", "db"],
    needs=["affine_forward", "eval_numerical_gradient_array"],
    checks=[Backward(of=affine_forward, wrt=["x", "w", "b"])],
    hints=[
        "Write down the shapes of dout, w, X and of the three answers. There are not many ways to make them fit.",
        "Each of the three sums in the statement runs over one letter. Where that letter stands in the middle, between "
        "two arrays, the sum is a matrix product; one of the two may have to be transposed first.",
        "dx is dout times w transposed, in the shape of x. dw is X transposed times dout. db adds up the rows of dout.",
    ],
    why=(
        "One rule gives all three: a number hears from every output that it moves, weighted by how much it moves it, "
        "and adds that up. If the loss is an average, its 1/N is in dout already."
    ),
    lesson="The affine layer: read the letters",
)
def affine_backward(dout, cache):
    """Return dloss/dx, dloss/dw and dloss/db, given dloss/dout.

    Args:
        dout: float array, shape (N, M). The upstream gradient dloss/dout.
        cache: the tuple (x, w, b) that affine_forward was given: x of shape (N, d_1, ..., d_k), w of shape (D, M) with
            D = d_1 * ... * d_k, b of shape (M,).

    Returns:
        (dx, dw, db): float arrays in the shapes of x, w and b and of their dtype. The loss may be a mean over the
        examples or not: that is contained in dout already. The arguments are left as they were.
    """
    x, w, _ = cache
    rows = x.reshape(x.shape[0], w.shape[0])
    dx = (dout @ w.T).reshape(x.shape)
    dw = rows.T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db


def layer(rng, shape, outputs):
    """Random x of the shape, and w and b that fit, with two decimals."""
    numbers = int(np.prod(shape[1:]))
    return {
        "x": np.round(rng.normal(size=shape), 2),
        "w": np.round(rng.normal(size=(numbers, outputs)), 2),
        "b": np.round(rng.normal(size=outputs), 2),
    }


@case
def by_hand(rng):
    """The example of the statement."""
    one = {"x": np.array([[1.0, 2.0]]), "w": np.array([[1.0], [10.0]]), "b": np.array([5.0])}
    return {**one, "dout": np.array([[3.0]])}


@case
def a_table(rng):
    """Four examples with three features each, two outputs."""
    return layer(rng, (4, 3), 2)


@case
def a_square_of_weights(rng):
    """As many outputs as inputs, so that shapes alone do not show what is what."""
    return layer(rng, (2, 3), 3)


@case
def pictures(rng):
    """Three pictures of 2 x 2 pixels; dx is made of pictures, too."""
    return layer(rng, (3, 2, 2), 3)


@case(hidden=True)
def colour_pictures(rng):
    return layer(rng, (2, 3, 1, 2), 4)


@case(edge=True)
def one_picture(rng):
    """A batch of a single picture."""
    return layer(rng, (1, 2, 3), 2)


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    return {name: value.astype(np.float32) for name, value in layer(rng, (2, 3), 2).items()}


@alternative
def adds_up_example_by_example(dout, cache):
    x, w, b = cache
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)
    for n in range(len(x)):
        dx[n] = w.dot(dout[n]).reshape(x.shape[1:])
        dw += np.outer(x[n], dout[n])
        db += dout[n]
    return dx, dw, db


@alternative
def writes_the_letters_of_the_sums(dout, cache):
    x, w, _ = cache
    rows = x.reshape(len(x), len(w))
    dx = np.einsum("nm,dm->nd", dout, w).reshape(x.shape)
    return dx, np.einsum("nd,nm->dm", rows, dout), np.einsum("nm->m", dout)


@alternative
def takes_the_bias_for_a_weight_of_one(dout, cache):
    x, w, _ = cache
    rows = np.hstack([x.reshape(len(x), len(w)), np.ones((len(x), 1), dtype=x.dtype)])
    both = (dout.T @ rows).T
    return (w @ dout.T).T.reshape(x.shape), both[:-1], both[-1]


@mistake
def hands_dout_on_as_db(dout, cache):
    """db is dout, one row for each example. But there is one bias for all examples: what happens to contributions that
    share a parameter?"""
    x, w, _ = cache
    return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout


@mistake
def averages_db(dout, cache):
    """db is the mean over the examples. Nudge the bias, and every example moves in full, not by its N-th part; an
    average, if there is one, belongs to the loss and is contained in dout already."""
    x, w, _ = cache
    return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.mean(axis=0)


@mistake
def divides_dw_by_the_number_of_examples(dout, cache):
    """dw is divided by N. Averaging, if any, is the job of the loss, and dout has been through it."""
    x, w, _ = cache
    return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout / len(x), dout.sum(axis=0)


@mistake
def averages_dw_and_db(dout, cache):
    """dw and db are both divided by N. In books that put the mean over the examples into these formulas, dout is the
    gradient of one example's loss; here dout is the gradient of the loss itself, and any 1/N is in it already."""
    x, w, _ = cache
    return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout / len(x), dout.mean(axis=0)


@mistake
def leaves_dx_flat(dout, cache):
    """The numbers are right, but dx is still in rows. The layer before sent a picture and expects a picture: hand the
    gradient back in the shape in which x arrived."""
    x, w, _ = cache
    return dout @ w.T, x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)


@mistake
def transposes_dw(dout, cache):
    """dw lies on its side. A gradient has the shape of the thing it belongs to: which letter of dw counts the rows of
    w?"""
    x, w, _ = cache
    return (dout @ w.T).reshape(x.shape), dout.T @ x.reshape(len(x), -1), dout.sum(axis=0)


@mistake
def forgets_the_upstream_gradient(dout, cache):
    """These are the slopes of the sum of all outputs. dout, which says how the loss reacts to each of them, takes no
    part; the chain rule multiplies by it."""
    x, w, _ = cache
    ones = np.ones_like(dout)
    return (ones @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ ones, ones.sum(axis=0)


@mistake
def multiplies_by_w_as_it_stands(dout, cache):
    """dout was multiplied by w as in the forward pass. Going back, the sum runs over the M outputs, so the outputs have
    to meet in the middle of the product. Where w is square the shapes let this pass."""
    x, w, _ = cache
    return (dout @ w).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)
