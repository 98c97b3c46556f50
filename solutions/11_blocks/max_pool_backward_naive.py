r"""Max pooling, backwards: only the winner could have changed anything.

On the way forwards each window kept its largest number. Nudge any other number of the window a little, and the maximum
stays what it is. So the whole gradient of a window goes to the pixel that won it.

Maths. Forwards, y_{ncij} is the maximum of the window at row i s and column j s. Write g for dout and (u, v) for the
place of the winner of window (i, j):

$$\frac{\partial L}{\partial x_{ncuv}} = \sum_{(i,j)\ \text{won by}\ (u,v)} g_{ncij}$$

The sum runs over all windows that this pixel has won: where windows overlap, one pixel may win several contests. Where
the largest number stands in a window more than once, the maximum has a kink. Whoever of the winners is chosen is right,
and so is sharing among them, as long as the shares are not negative and add up to 1.

By hand. x = [[1, 5, 2], [4, 3, 6]], windows of 2 x 2, stride 1, dout = [[10, 20]]: 5 has won the first window and 6 the
second, so dx = [[0, 10, 0], [0, 0, 20]].

Source: Goodfellow, Bengio & Courville, Deep Learning (2016), section 9.3; Stanford CS231n, assignment 2,
`max_pool_backward_naive`.
"""

import numpy as np

from grader.authoring import Backward, Holds, alternative, case, exercise, mistake, reference

max_pool_forward_naive = reference("max_pool_forward_naive")


@exercise(
    points=5,
    difficulty=3,
    returns="dx",
    needs=["max_pool_forward_naive", "relu_backward"],
    checks=[Backward(of=max_pool_forward_naive, wrt=["x"]), Holds("sum(dx) == sum(dout)")],
    hints=[
        "Take one window. Which of its numbers could change the maximum, if it were a little larger?",
        "Walk over pictures, channels and positions. In each window find the place of the maximum (np.argmax gives it "
        "in the flattened window, np.unravel_index turns that into row and column), and add dout there.",
        "Begin dx with zeros. For every n, c, i, j let (r, k) be the winner's place in its window; then add dout[n, c, "
        "i, j] to dx at (n, c, i * stride + r, j * stride + k). Mind the word add.",
    ],
    why=(
        "Until another overtakes it, the winner moves the maximum with slope 1 and the others with slope 0. So a "
        "window hands on all of its gradient, tie or not, and dx has the same sum as dout."
    ),
    lesson="Max pooling: was it here, more or less?",
)
def max_pool_backward_naive(dout, cache):
    """Return dloss/dx, given dloss/dout.

    Args:
        dout: float array, shape (N, C, H', W'). The upstream gradient dloss/dout.
        cache: the tuple (x, pool_param) that max_pool_forward_naive was given: x of shape (N, C, H, W), pool_param a
            dict with the ints "pool_height", "pool_width" and "stride".

    Returns:
        dx: float array, the shape and dtype of x. Where several numbers of a window are its largest, its gradient goes
        to one of them or is shared among them; in either case dx adds up to the sum of dout. Pixels that are in no
        window have slope 0. The arguments are left as they were.
    """
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, i * stride : i * stride + height, j * stride : j * stride + width]
        row, column = np.unravel_index(window.argmax(), window.shape)
        dx[n, c, i * stride + row, j * stride + column] += dout[n, c, i, j]
    return dx


def pool(x, height, width, stride):
    """A case: pictures, and how they are pooled."""
    return {"x": x, "pool_param": {"pool_height": height, "pool_width": width, "stride": stride}}


def apart(rng, shape):
    """Different numbers with two decimals, none nearer to another than 0.05, so that every window has one winner."""
    size = int(np.prod(shape))
    return np.round(0.05 * (rng.permutation(size) - size // 2), 2).reshape(shape)


@case
def by_hand(rng):
    """The example of the statement."""
    made = pool(np.array([[[[1.0, 5.0, 2.0], [4.0, 3.0, 6.0]]]]), 2, 2, 1)
    return {**made, "dout": np.array([[[[10.0, 20.0]]]])}


@case
def windows_side_by_side(rng):
    """The usual windows of 2 x 2 with stride 2, on pictures that are not square."""
    return pool(apart(rng, (2, 2, 4, 6)), 2, 2, 2)


@case
def windows_that_are_not_square(rng):
    """Windows of 2 rows and 3 columns, stride 2, with a column left over."""
    return pool(apart(rng, (2, 1, 4, 6)), 2, 3, 3)


@case(hidden=True)
def another_batch(rng):
    return pool(apart(rng, (3, 2, 4, 4)), 2, 2, 2)


@case(edge=True)
def one_pixel_wins_often(rng):
    """Windows of 3 x 3 with stride 2 overlap in the middle, where the largest number stands."""
    x = apart(rng, (1, 2, 5, 5))
    x[:, :, 2, 2] = 9.0
    return pool(x, 3, 3, 2)


@case(edge=True)
def windows_that_overlap(rng):
    """Windows of 2 x 2 that move by one."""
    return pool(apart(rng, (2, 2, 3, 4)), 2, 2, 1)


@case(edge=True)
def ties(rng):
    """The largest number stands twice in one window and four times in another."""
    x = np.array([[[[3.0, 3.0, 1.0, 2.0], [0.0, 1.0, 2.5, 0.0], [7.0, 7.0, -1.0, -2.0], [7.0, 7.0, -3.0, -0.5]]]])
    return pool(x, 2, 2, 2)


@case(edge=True)
def nearly_ties(rng):
    """The largest number of a window is ahead by a millionth. It has won all the same, and alone."""
    return pool(np.array([[[[1000.0, 999.999, 3.0, 2.0], [0.0, 1.0, 3.00001, 0.0]]]]), 2, 2, 2)


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    return pool(apart(rng, (1, 2, 4, 4)).astype(np.float32), 2, 2, 2)


@alternative
def shares_among_the_winners(dout, cache):
    x, pool_param = cache
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros_like(x)
    for i, j in np.ndindex(*dout.shape[2:]):
        at = (slice(None), slice(None), slice(i * s, i * s + ph), slice(j * s, j * s + pw))
        won = x[at] == x[at].max(axis=(2, 3), keepdims=True)
        dx[at] += (won / won.sum(axis=(2, 3), keepdims=True) * dout[:, :, i : i + 1, j : j + 1]).astype(x.dtype)
    return dx


@alternative
def takes_the_last_winner_and_adds_at(dout, cache):
    x, pool_param = cache
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    windows = np.lib.stride_tricks.sliding_window_view(x, (ph, pw), axis=(2, 3))[:, :, ::s, ::s]
    flat = windows.reshape(*dout.shape, ph * pw)
    last = ph * pw - 1 - flat[..., ::-1].argmax(axis=-1)
    n, c, i, j = np.indices(dout.shape)
    dx = np.zeros_like(x)
    np.add.at(dx, (n, c, i * s + last // pw, j * s + last % pw), dout)
    return dx


def _walk(dout, cache, place, assign=False):
    """dx where `place(window)` says for each entry of a window which share of its gradient it gets."""
    x, pool_param = cache
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        at = (n, c, slice(i * s, i * s + ph), slice(j * s, j * s + pw))
        share = place(x[at]) * dout[n, c, i, j]
        dx[at] = np.where(share != 0, share, dx[at]) if assign else dx[at] + share
    return dx


def _first(window):
    return (np.arange(window.size) == window.argmax()).reshape(window.shape)


@mistake
def overwrites(dout, cache):
    """A pixel that has won several windows keeps the gradient of the last one only. It could have changed all of them,
    so their gradients add up."""
    return _walk(dout, cache, _first, assign=True)


@mistake
def pays_every_winner_in_full(dout, cache):
    """Right, where a window has one winner. Where the largest number stands there more than once, each of them got the
    whole gradient of the window, so that dx adds up to more than dout."""
    return _walk(dout, cache, lambda window: window == window.max())


@mistake
def spreads_evenly(dout, cache):
    """Each pixel of a window got an equal share of its gradient. That is the way back from a mean. A pixel that has not
    won can be nudged without any change of the maximum."""
    return _walk(dout, cache, lambda window: np.ones(window.shape) / window.size)


@mistake
def looks_for_the_largest_of_the_whole_picture(dout, cache):
    """The gradients of all windows went to the largest number of the whole picture. Each window has a winner of its
    own."""
    x, _ = cache
    dx = np.zeros_like(x)
    for n, c in np.ndindex(*x.shape[:2]):
        dx[n, c][np.unravel_index(x[n, c].argmax(), x.shape[2:])] = dout[n, c].sum()
    return dx


@mistake
def pays_the_smallest(dout, cache):
    """The gradient of each window went to its smallest number. The maximum looks at the largest."""
    return _walk(dout, cache, lambda window: _first(-window))


@mistake
def forgets_the_upstream_gradient(dout, cache):
    """This counts the windows that each pixel has won. The chain rule multiplies by what comes from upstream, dout of
    each window."""
    return _walk(np.ones_like(dout), cache, _first)
