r"""Max pooling, forwards: was it here, more or less?

A filter has answered to a cat's ear at one of a hundred positions. For what comes next it is enough to know that it did
and roughly where. Max pooling keeps the loudest answer of each neighbourhood and forgets the rest, which makes the
pictures smaller and the network less particular about a pixel to the left or right.

Maths. x has shape (N, C, H, W). A window of PH rows and PW columns stands with its corner at row i s and column j s,
where s is the stride; every channel is a matter of its own:

$$y_{ncij} = \max_{0 \le p < PH,\; 0 \le q < PW} x_{n,\,c,\,i s + p,\,j s + q}$$

There are H' = 1 + (H - PH) // s rows and W' = 1 + (W - PW) // s columns of windows, in whole numbers: only windows that
lie inside the picture count, and no border is put around it. With a stride smaller than the window, windows overlap.

By hand. x = [[1, 5, 2], [4, 3, 6]] with windows of 2 x 2 and stride 1: the maxima of [1, 5, 4, 3] and [5, 2, 3, 6] give
out = [[5, 6]].

Source: Goodfellow, Bengio & Courville, Deep Learning (2016), section 9.3; Stanford CS231n, assignment 2,
`max_pool_forward_naive`.
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake


@exercise(
    points=3,
    difficulty=2,
    returns=["out", "cache"],
    needs=["conv_forward_naive"],
    hints=[
        "How many windows of three rows fit into seven rows, when each begins two rows below the one before?",
        "Two loops over the positions, as in a convolution. At each, cut the window out of all pictures and channels "
        "at once, and take the maximum over its last two axes.",
    ],
    why=(
        "Every answer is one of the window's own numbers, also where all are negative: a maximum compares and invents "
        "nothing. The others may change as they like, as long as none overtakes it."
    ),
    lesson="Max pooling: was it here, more or less?",
)
def max_pool_forward_naive(x, pool_param):
    """Return the maximum of every window, and what the backward pass will need.

    Args:
        x: float array, shape (N, C, H, W). Its numbers may all be negative.
        pool_param: dict with three ints, all at least 1: "pool_height" (at most H) and "pool_width" (at most W), the
            size of a window, and "stride", by which windows move in both directions.

    Returns:
        (out, cache): out is a float array of shape (N, C, H', W') and of x's dtype, with H' = 1 + (H - pool_height) //
        stride and W' likewise; cache is the tuple (x, pool_param). The arguments are left as they were.
    """
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    rows = 1 + (x.shape[2] - height) // stride
    columns = 1 + (x.shape[3] - width) // stride
    out = np.zeros((*x.shape[:2], rows, columns), x.dtype)
    for i in range(rows):
        for j in range(columns):
            window = x[:, :, i * stride : i * stride + height, j * stride : j * stride + width]
            out[:, :, i, j] = window.max(axis=(2, 3))
    return out, (x, pool_param)


def pool(x, height, width, stride):
    """A case: pictures, and how they are pooled."""
    return {"x": x, "pool_param": {"pool_height": height, "pool_width": width, "stride": stride}}


@case
def by_hand(rng):
    """The example of the statement: two windows that overlap."""
    return pool(np.array([[[[1.0, 5.0, 2.0], [4.0, 3.0, 6.0]]]]), 2, 2, 1)


@case
def windows_side_by_side(rng):
    """The usual windows of 2 x 2 with stride 2, on pictures that are not square."""
    return pool(np.round(rng.normal(size=(2, 3, 4, 6)), 2), 2, 2, 2)


@case
def windows_that_are_not_square(rng):
    """Windows of 2 rows and 3 columns, stride 2, on pictures of 4 x 7."""
    return pool(np.round(rng.normal(size=(2, 2, 4, 7)), 2), 2, 3, 2)


@case(hidden=True)
def another_batch(rng):
    return pool(np.round(rng.normal(size=(3, 2, 6, 4)), 2), 2, 2, 2)


@case(edge=True)
def windows_that_overlap(rng):
    """Windows of 3 x 3 with stride 2."""
    return pool(np.round(rng.normal(size=(2, 2, 5, 7)), 2), 3, 3, 2)


@case(edge=True)
def all_negative(rng):
    """No number is positive, so no maximum is."""
    return pool(np.round(-rng.uniform(0.1, 2.0, (2, 2, 4, 4)), 2), 2, 2, 2)


@case(edge=True)
def far_below_zero(rng):
    """All numbers are below minus a million million: a maximum can be as small as they are."""
    return pool(np.round(-rng.uniform(1.0, 2.0, (1, 2, 4, 4)), 2) * 1e12, 2, 2, 2)


@case(edge=True)
def pixels_left_over(rng):
    """Odd sizes: the last row and column are in no window."""
    return pool(np.round(rng.normal(size=(1, 2, 5, 5)), 2), 2, 2, 2)


@case(edge=True)
def one_window(rng):
    """A window as large as the picture."""
    return pool(np.round(rng.normal(size=(2, 3, 3, 4)), 2), 3, 4, 5)


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    return pool(np.round(rng.normal(size=(1, 2, 4, 4)), 2).astype(np.float32), 2, 2, 2)


@alternative
def slides_with_views(x, pool_param):
    size, s = (pool_param["pool_height"], pool_param["pool_width"]), pool_param["stride"]
    windows = np.lib.stride_tricks.sliding_window_view(x, size, axis=(2, 3))[:, :, ::s, ::s]
    return windows.max(axis=(4, 5)), (x, pool_param)


@alternative
def compares_shifted_pictures(x, pool_param):
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    rows, columns = 1 + (x.shape[2] - ph) // s, 1 + (x.shape[3] - pw) // s
    out = np.full((x.shape[0], x.shape[1], rows, columns), -np.inf, dtype=x.dtype)
    for p, q in np.ndindex(ph, pw):
        out = np.maximum(out, x[:, :, p : p + s * (rows - 1) + 1 : s, q : q + s * (columns - 1) + 1 : s])
    return out, (x, pool_param)


def _pooled(x, ph, pw, down, across, reduce=np.max):
    windows = np.lib.stride_tricks.sliding_window_view(x, (ph, pw), axis=(2, 3))[:, :, ::down, ::across]
    return reduce(windows, axis=(4, 5))


@mistake
def starts_from_zero(x, pool_param):
    """Right, where a window holds a positive number. The answer was begun with zeros, and 0 wins against every negative
    pixel: begin with something that loses against everything."""
    s = pool_param["stride"]
    return np.maximum(_pooled(x, pool_param["pool_height"], pool_param["pool_width"], s, s), 0), (x, pool_param)


@mistake
def moves_by_the_size_of_the_window(x, pool_param):
    """The windows move by their own height and width. How far they move is a number of its own in pool_param; where it
    is smaller, windows overlap."""
    ph, pw = pool_param["pool_height"], pool_param["pool_width"]
    return _pooled(x, ph, pw, ph, pw), (x, pool_param)


@mistake
def averages(x, pool_param):
    """This is the mean of every window. Max pooling keeps the loudest answer and forgets the rest."""
    s = pool_param["stride"]
    return _pooled(x, pool_param["pool_height"], pool_param["pool_width"], s, s, np.mean), (x, pool_param)


@mistake
def mixes_the_channels(x, pool_param):
    """The maximum was taken over the channels as well. Each channel is a matter of its own: an ear and a wheel are not
    the same news."""
    s = pool_param["stride"]
    out = _pooled(x, pool_param["pool_height"], pool_param["pool_width"], s, s)
    return np.broadcast_to(out.max(axis=1, keepdims=True), out.shape), (x, pool_param)


@mistake
def exchanges_height_and_width(x, pool_param):
    """The height of the windows was used for the columns and the width for the rows. Rows come first in an array: axis
    2 counts them."""
    s = pool_param["stride"]
    return _pooled(x, pool_param["pool_width"], pool_param["pool_height"], s, s), (x, pool_param)


@mistake
def counts_windows_that_stick_out(x, pool_param):
    """Windows that hang over the lower or right border were counted, too. The statement counts those that lie inside
    the picture: the division in H' and W' rounds down."""
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    more = [max(0, -(-(n - size) // s) * s + size - n) for n, size in ((x.shape[2], ph), (x.shape[3], pw))]
    padded = np.pad(x, ((0, 0), (0, 0), (0, more[0]), (0, more[1])), constant_values=-np.inf)
    return _pooled(padded, ph, pw, s, s), (x, pool_param)
