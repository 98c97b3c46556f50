r"""Convolution, backwards: every window reports to all that it saw.

A pixel in the middle of a picture is seen by many windows; the loss hears of it through each of them. A filter is used
at every position of every picture. The backward pass adds up what all these meetings have to say.

Maths. Forwards, with a border of `pad` zeros around x, and s the stride:

$$y_{nfij} = b_f + \sum_{c,p,q} x^{pad}_{n,\,c,\,i s + p,\,j s + q}\; w_{f,c,p,q}$$

Write g for dout, shape (N, F, H', W'). Nudge one weight, one bias, one pixel, and ask which outputs move:

$$\frac{\partial L}{\partial w_{fcpq}} = \sum_{n,i,j} g_{nfij}\; x^{pad}_{n,\,c,\,i s + p,\,j s + q} \qquad
\frac{\partial L}{\partial b_f} = \sum_{n,i,j} g_{nfij}$$

$$\frac{\partial L}{\partial x^{pad}_{n,c,u,v}} = \sum_{f,i,j} g_{nfij}\; w_{f,\,c,\,u - i s,\,v - j s}$$

where the last sum runs over the windows (i, j) that contain the pixel (u, v). The gradient of x is the part of it that
lies inside the border. A pixel that no window has looked at has slope 0.

By hand. x = [[1, 2, 3]], w = [[1, 10]], b = [0], stride 1, pad 0 and dout = [[5, 7]]: the windows are [1, 2] and [2,
3]. dw = 5 [1, 2] + 7 [2, 3] = [19, 31], db = 12, and the pixels hear [5, 50, 0] + [0, 7, 70]: dx = [[5, 57, 70]].

Source: Stanford CS231n, assignment 2, `conv_backward_naive`; Goodfellow, Bengio & Courville, Deep Learning (2016),
section 9.5.
"""

import numpy as np

from grader.authoring import Backward, alternative, case, exercise, mistake, reference

conv_forward_naive = reference("conv_forward_naive")


@exercise(
    points=8,
    difficulty=4,
    returns=["dx", "dw", "db"],
    needs=["conv_forward_naive", "affine_backward"],
    checks=[Backward(of=conv_forward_naive, wrt=["x", "w", "b"])],
    banned=["scipy.signal.correlate", "scipy.signal.convolve", "scipy.signal.correlate2d", "scipy.signal.convolve2d"],
    hints=[
        "Take a single window at position (i, j). Forwards it was multiplied by the filter and became one number. As "
        "in an affine layer: what does that number's gradient say to the filter, and what to the pixels of the window?",
        "Walk over the positions as on the way forwards. At each, dw gets gradient times window, and the window's "
        "place in dx_pad (zeros in the shape of the padded picture) gets gradient times filter. Windows overlap: = or "
        "+= ?",
        "At position (i, j) let g be dout there, shape (N, F). Add np.tensordot(g, window, (0, 0)) to dw, and "
        "np.tensordot(g, w, (1, 0)) to the window in dx_pad. db sums dout over axes 0, 2 and 3. Cut the border off "
        "from pad to pad + H, which also works when pad is 0.",
    ],
    why=(
        "On every window a convolution is an affine layer; and what windows share, all of the weights and the pixels "
        "in which they overlap, adds up what it hears from each of them."
    ),
    lesson="Convolution: ask the same question everywhere",
)
def conv_backward_naive(dout, cache):
    """Return dloss/dx, dloss/dw and dloss/db, given dloss/dout.

    Args:
        dout: float array, shape (N, F, H', W'). The upstream gradient dloss/dout.
        cache: the tuple (x, w, b, conv_param) that conv_forward_naive was given: x of shape (N, C, H, W), w of shape
            (F, C, HH, WW), b of shape (F,), conv_param a dict with the ints "stride" and "pad" (which may be 0).

    Returns:
        (dx, dw, db): float arrays in the shapes of x, w and b and of their dtype. Pixels that no window has looked at
        have slope 0. The arguments are left as they were.

    Loops are welcome. A file that uses correlate, convolve, correlate2d or convolve2d of scipy.signal is refused.
    """
    x, w, _, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    height, width = w.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx_pad, dw = np.zeros_like(padded), np.zeros_like(w)
    for i, j in np.ndindex(*dout.shape[2:]):
        rows = slice(i * stride, i * stride + height)
        columns = slice(j * stride, j * stride + width)
        g = dout[:, :, i, j]
        dw += np.tensordot(g, padded[:, :, rows, columns], axes=(0, 0))
        dx_pad[:, :, rows, columns] += np.tensordot(g, w, axes=(1, 0))
    dx = dx_pad[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]]
    return dx, dw, dout.sum(axis=(0, 2, 3))


def layer(rng, pictures, filters, stride, pad):
    """Random pictures and filters of these shapes, with two decimals."""
    return {
        "x": np.round(rng.normal(size=pictures), 2),
        "w": np.round(rng.normal(size=(filters[0], pictures[1], *filters[1:])), 2),
        "b": np.round(rng.normal(size=filters[0]), 2),
        "conv_param": {"stride": stride, "pad": pad},
    }


@case
def by_hand(rng):
    """The example of the statement: two windows that share a pixel."""
    x, w = np.array([[[[1.0, 2.0, 3.0]]]]), np.array([[[[1.0, 10.0]]]])
    one = {"x": x, "w": w, "b": np.zeros(1), "conv_param": {"stride": 1, "pad": 0}}
    return {**one, "dout": np.array([[[[5.0, 7.0]]]])}


@case
def a_border_of_zeros(rng):
    """Two pictures of two channels, three filters that are not square, pad 1."""
    return layer(rng, (2, 2, 3, 4), (3, 2, 3), stride=1, pad=1)


@case
def windows_side_by_side(rng):
    """Stride 2 and filters of 2 x 2, with a border: no pixel is in two windows."""
    return layer(rng, (2, 3, 4, 6), (2, 2, 2), stride=2, pad=1)


@case(hidden=True)
def another_batch(rng):
    return layer(rng, (3, 2, 5, 4), (2, 3, 3), stride=2, pad=1)


@case(edge=True)
def no_border(rng):
    """pad is 0: there is nothing to cut off."""
    return layer(rng, (2, 2, 4, 3), (2, 2, 2), stride=1, pad=0)


@case(edge=True)
def pixels_left_over(rng):
    """Stride 2 on odd sizes: the last row and column are never looked at."""
    return layer(rng, (1, 2, 5, 5), (2, 2, 2), stride=2, pad=0)


@case(edge=True)
def one_pixel_filters(rng):
    """A filter of one pixel is an affine layer for every pixel."""
    return layer(rng, (2, 2, 2, 3), (3, 1, 1), stride=1, pad=0)


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    made = layer(rng, (1, 2, 3, 3), (2, 2, 2), stride=1, pad=1)
    return {name: v.astype(np.float32) if isinstance(v, np.ndarray) else v for name, v in made.items()}


@alternative
def walks_over_the_filters_pixels(dout, cache):
    x, w, _, conv_param = cache
    s, p = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    wide, dw = np.zeros_like(padded), np.empty_like(w)
    down, across = (s * (n - 1) + 1 for n in dout.shape[2:])
    for i, j in np.ndindex(*w.shape[2:]):
        seen = (slice(None), slice(None), slice(i, i + down, s), slice(j, j + across, s))
        dw[:, :, i, j] = np.einsum("nfab,ncab->fc", dout, padded[seen])
        wide[seen] += np.einsum("nfab,fc->ncab", dout, w[:, :, i, j])
    return wide[:, :, p : padded.shape[2] - p, p : padded.shape[3] - p], dw, np.einsum("nfab->f", dout)


@alternative
def loops_over_everything(dout, cache):
    x, w, _, conv_param = cache
    s, p = conv_param["stride"], conv_param["pad"]
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros(len(w), dout.dtype)
    for n, f, i, j in np.ndindex(dout.shape):
        db[f] += dout[n, f, i, j]
        for c, a, e in np.ndindex(w.shape[1:]):
            u, v = i * s + a - p, j * s + e - p
            if 0 <= u < x.shape[2] and 0 <= v < x.shape[3]:
                dw[f, c, a, e] += dout[n, f, i, j] * x[n, c, u, v]
                dx[n, c, u, v] += dout[n, f, i, j] * w[f, c, a, e]
    return dx, dw, db


def _backwards(dout, cache, turned=False, assign=False):
    """dx with its border, dw and db; with the mistakes that can be made on the way."""
    x, w, _, conv_param = cache
    s, p = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    wide, dw = np.zeros_like(padded), np.zeros_like(w)
    for i, j in np.ndindex(*dout.shape[2:]):
        at = (slice(None), slice(None), slice(i * s, i * s + w.shape[2]), slice(j * s, j * s + w.shape[3]))
        dw += np.tensordot(dout[:, :, i, j], padded[at], axes=(0, 0))
        said = np.tensordot(dout[:, :, i, j], w[:, :, ::-1, ::-1] if turned else w, axes=(1, 0))
        wide[at] = said if assign else wide[at] + said
    return wide, dw, dout.sum(axis=(0, 2, 3))


def _cut(wide, cache):
    x, p = cache[0], cache[3]["pad"]
    return wide[:, :, p : p + x.shape[2], p : p + x.shape[3]]


@mistake
def cuts_off_minus_pad(dout, cache):
    """Right, as long as there is a border. Without one dx is empty: a slice from pad to -pad ends before it begins when
    pad is 0, since -0 is 0, the first index. Count from the front where the picture ends."""
    wide, dw, db = _backwards(dout, cache)
    p = cache[3]["pad"]
    return wide[:, :, p:-p, p:-p], dw, db


@mistake
def overwrites_where_windows_overlap(dout, cache):
    """In dx each window replaces what an earlier one has said. A pixel that several windows have seen hears from all of
    them, and the slopes add up."""
    wide, dw, db = _backwards(dout, cache, assign=True)
    return _cut(wide, cache), dw, db


@mistake
def turns_the_filter_around(dout, cache):
    """The filter was turned around on the way back. Written as one convolution of dout that is what happens, but window
    by window every weight goes back to the pixel that it has met on the way forwards."""
    wide, dw, db = _backwards(dout, cache, turned=True)
    return _cut(wide, cache), dw, db


@mistake
def averages_the_bias(dout, cache):
    """db is a mean over the positions. b was added at each of them, so what they say adds up, as it does in an affine
    layer over the examples."""
    wide, dw, db = _backwards(dout, cache)
    return _cut(wide, cache), dw, db / (dout.shape[2] * dout.shape[3])


@mistake
def forgets_the_examples_in_the_filter(dout, cache):
    """dw hears of the first picture alone. All pictures were seen through the same filter, so its gradient adds up over
    all of them."""
    wide, _, db = _backwards(dout, cache)
    x, w, b, conv_param = cache
    _, dw, _ = _backwards(dout[:1], (x[:1], w, b, conv_param))
    return _cut(wide, cache), dw, db


@mistake
def keeps_the_border(dout, cache):
    """dx still has the border of zeros around it. A gradient has the shape of the thing that it belongs to, and the
    border is not part of x."""
    return _backwards(dout, cache)


@mistake
def reads_the_pictures_without_their_border(dout, cache):
    """dx and db are right. For dw the windows were cut out of x without its border of zeros, so each weight met other
    pixels than on the way forwards."""
    wide, _, db = _backwards(dout, cache)
    x, w, b, conv_param = cache
    p = conv_param["pad"]
    moved = np.pad(x, ((0, 0), (0, 0), (0, 2 * p), (0, 2 * p)))
    _, dw, _ = _backwards(dout, (moved, w, b, {**conv_param, "pad": 0}))
    return _cut(wide, cache), dw, db
