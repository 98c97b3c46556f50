r"""The affine layer, forwards: every output is a weighted sum.

A bank scores a payment by giving each of its features a weight, adding up, and adding a base score. An affine (or
fully connected) layer does this for a whole batch of examples and for several scores at once; an example may be a row
of a table or a picture.

Maths. Example n is laid out as one row x_n of D numbers, D = d_1 * ... * d_k. With w of shape (D, M) and b of shape
(M,), the outputs have shape (N, M):

$$y_{nm} = \sum_{d=1}^{D} x_{nd}\, w_{dm} + b_m$$

or, for the whole batch at once, Y = X W + b, where X has shape (N, D).

By hand. x = [[1, 2]], w = [[1], [10]], b = [5] gives out = [[1*1 + 2*10 + 5]] = [[26]].

The backward pass will need x, w and b again, so the forward pass hands them on as they came in, in what is called a
cache.

Source: Stanford CS231n, assignment 1, `affine_forward`; Goodfellow, Bengio & Courville, Deep Learning (2016), chapter
6.
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake


@exercise(
    points=2,
    difficulty=1,
    returns=["out", "cache"],
    needs=["batch_bilinear"],
    hints=[
        "One example is one row. How many numbers describe one example, and which argument tells you without counting?",
        "reshape lays the numbers of each example in a row and leaves the examples apart. The rows are the N examples; "
        "w has as many rows as an example has numbers.",
        "With x laid out as an (N, D) array, @ forms all the weighted sums, and + b adds b to every row. "
        "The cache gets x as it came in, not the flat one.",
    ],
    why=(
        "One w serves all rows, so one matrix product does the whole batch, and an example's outputs do not depend on "
        "who else is in it, as long as laying them out in rows mixes no two examples."
    ),
    lesson="The affine layer: read the letters",
)
def affine_forward(x, w, b):
    """Return the outputs of an affine layer, and the cache for the backward pass.

    Args:
        x: float array, shape (N, d_1, ..., d_k). N examples of D = d_1 * ... * d_k numbers each, for instance
            pictures. N may be 0.
        w: float array, shape (D, M). The weights; row d belongs to number d of an example, counted as x.reshape counts.
        b: float array, shape (M,). The biases.

    Returns:
        (out, cache): out is a float array of shape (N, M) and of the dtype of x; cache is the tuple (x, w, b), each as
        it came in, x in its original shape. The arguments are left as they were.
    """
    rows = x.reshape(x.shape[0], w.shape[0])
    return rows @ w + b, (x, w, b)


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
    return {"x": np.array([[1.0, 2.0]]), "w": np.array([[1.0], [10.0]]), "b": np.array([5.0])}


@case
def a_table(rng):
    """Four examples with three features each, two outputs."""
    return layer(rng, (4, 3), 2)


@case
def pictures(rng):
    """Three pictures of 2 x 2 pixels; each is one example of four numbers."""
    return layer(rng, (3, 2, 2), 3)


@case(hidden=True)
def colour_pictures(rng):
    return layer(rng, (2, 3, 2, 2), 4)


@case(edge=True)
def one_picture(rng):
    """A batch of a single picture."""
    return layer(rng, (1, 2, 3), 2)


@case(edge=True)
def no_examples(rng):
    """An empty batch gives no rows, but still as many columns as there are outputs."""
    return layer(rng, (0, 3), 2)


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    return {name: value.astype(np.float32) for name, value in layer(rng, (2, 3), 2).items()}


@alternative
def adds_up_number_by_number(x, w, b):
    out = np.empty((x.shape[0], w.shape[1]), dtype=x.dtype)
    for n, example in enumerate(x):
        for m in range(w.shape[1]):
            out[n, m] = sum((value * weight for value, weight in zip(example.flat, w[:, m], strict=True)), b[m])
    return out, (x, w, b)


@alternative
def gives_w_the_shape_of_a_picture(x, w, b):
    axes = list(range(1, x.ndim))
    return np.tensordot(x, w.reshape(*x.shape[1:], w.shape[1]), axes=(axes, list(range(x.ndim - 1)))) + b, (x, w, b)


@alternative
def makes_the_bias_a_weight_of_one(x, w, b):
    rows = x.reshape(x.shape[0], int(np.prod(x.shape[1:])))
    ones = np.ones((x.shape[0], 1), dtype=x.dtype)
    return np.hstack([rows, ones]) @ np.vstack([w, b]), (x, w, b)


@mistake
def forgets_to_flatten(x, w, b):
    """The product was formed with x as it came in, which works only where an example is a row already. How many numbers
    describe one picture, and are they in one row?"""
    return x @ w + b, (x, w, b)


@mistake
def mixes_the_examples(x, w, b):
    """The rows hold numbers of different examples. reshape reads the numbers in order and fills row after row, so an
    example stays together only where each of the new rows is one example. Print row 0 of your matrix: it should
    contain example 0 and nothing else."""
    return x.reshape(-1, x.shape[0]).T @ w + b, (x, w, b)


@mistake
def caches_the_flat_x(x, w, b):
    """The output is right, but the cache holds the flattened x. The backward pass has to hand back a gradient in the
    shape in which x arrived: will it know that shape?"""
    x = x.reshape(x.shape[0], -1)
    return x @ w + b, (x, w, b)


@mistake
def forgets_the_bias(x, w, b):
    """These are the weighted sums alone. What does an example score whose features are all 0?"""
    return x.reshape(x.shape[0], -1) @ w, (x, w, b)


@mistake
def widens_to_double(x, w, b):
    """The numbers are right, but float32 came in and float64 goes out. np.zeros makes float64 unless it is told a
    dtype."""
    out = np.zeros((x.shape[0], w.shape[1]))
    out += x.reshape(x.shape[0], w.shape[0]) @ w + b
    return out, (x, w, b)


@mistake
def cannot_lay_out_an_empty_batch(x, w, b):
    """Right, except where there are no examples. With -1, reshape works out the length of a row by dividing, and here
    it would have to divide by 0. The length of a row need not be worked out: which argument knows it?"""
    return x.reshape(x.shape[0], -1) @ w + b, (x, w, b)
