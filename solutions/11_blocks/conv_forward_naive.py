r"""Convolution, forwards: one small pattern, looked for everywhere.

A photograph of a cat is a cat wherever the cat sits. A fully connected layer would have to learn that again for every
place; a convolution slides one small filter over the picture and asks the same question at each position, with the
same few weights.

Maths. x has shape (N, C, H, W): N pictures of C channels, H rows and W columns. w has shape (F, C, HH, WW): F filters.
b has shape (F,). First `pad` rows and columns of zeros are put around every picture, on all four sides. The filter's
corner then stands at row i s and column j s, where s is the stride:

$$y_{nfij} = b_f + \sum_{c,p,q} x^{pad}_{n,\,c,\,i s + p,\,j s + q}\; w_{f,c,p,q}$$

There are as many positions as fit: H' = 1 + (H + 2 pad - HH) // s rows and W' = 1 + (W + 2 pad - WW) // s columns, in
whole numbers. What is left over at the lower and right border is not looked at. The filter is not turned around: what
is called convolution in deep learning is a cross-correlation.

By hand. One picture [[1, 2], [3, 4]], one filter [[1, 10]], b = [100], stride 1, pad 0: each of the two rows has one
position, 1 + 20 + 100 = 121 and 3 + 40 + 100 = 143. So out is [[121], [143]].

Source: LeCun et al., Gradient-based learning applied to document recognition (1998), section II; Goodfellow, Bengio &
Courville, Deep Learning (2016), section 9.1; Stanford CS231n, assignment 2, `conv_forward_naive`.
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake, picture


@exercise(
    points=5,
    difficulty=3,
    returns=["out", "cache"],
    needs=["affine_forward"],
    banned=["scipy.signal.correlate", "scipy.signal.convolve", "scipy.signal.correlate2d", "scipy.signal.convolve2d"],
    hints=[
        "Draw a picture of 4 x 5 squares and a filter of 2 x 3 on squared paper. Where can the filter's corner stand, "
        "with stride 1 and with stride 2? That gives the shape of the answer.",
        "np.pad makes the border; two loops, over the rows and the columns of the answer, are enough. At one position, "
        "cut the window out of all pictures at once: it has shape (N, C, HH, WW).",
        "Each entry of the answer is the sum over c, p and q of window times filter. np.tensordot(window, w, "
        "axes=([1, 2, 3], [1, 2, 3])) does that for all pictures and filters and has shape (N, F); then add b.",
    ],
    why=(
        "The same weights ask at every place, so what is learned in one corner is known in all: move the picture by a "
        "stride, and away from the border the answer moves by one place."
    ),
    lesson="Convolution: ask the same question everywhere",
)
def conv_forward_naive(x, w, b, conv_param):
    """Return the layer's output, and what the backward pass will need.

    Args:
        x: float array, shape (N, C, H, W). The pictures.
        w: float array, shape (F, C, HH, WW). The filters; HH is at most H + 2 pad, and WW at most W + 2 pad.
        b: float array, shape (F,). The biases.
        conv_param: dict with two ints, "stride" (at least 1, the same for rows and columns) and "pad" (at least 0).

    Returns:
        (out, cache): out is a float array of shape (N, F, H', W') and of x's dtype, with H' = 1 + (H + 2 pad - HH) //
        stride and W' likewise; cache is the tuple (x, w, b, conv_param). The arguments are left as they were.

    Loops are welcome. A file that uses correlate, convolve, correlate2d or convolve2d of scipy.signal is refused.
    """
    stride, pad = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    height, width = w.shape[2:]
    rows = 1 + (padded.shape[2] - height) // stride
    columns = 1 + (padded.shape[3] - width) // stride
    out = np.zeros((len(x), len(w), rows, columns), x.dtype)
    for i in range(rows):
        for j in range(columns):
            window = padded[:, :, i * stride : i * stride + height, j * stride : j * stride + width]
            out[:, :, i, j] = np.tensordot(window, w, axes=([1, 2, 3], [1, 2, 3])) + b
    return out, (x, w, b, conv_param)


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
    """The example of the statement."""
    x, w = np.array([[[[1.0, 2.0], [3.0, 4.0]]]]), np.array([[[[1.0, 10.0]]]])
    return {"x": x, "w": w, "b": np.array([100.0]), "conv_param": {"stride": 1, "pad": 0}}


@case
def an_edge_in_a_picture(rng):
    """A dark and a bright half, and a filter that answers to the step between them."""
    x = np.zeros((1, 1, 8, 12))
    x[..., 6:] = 1.0
    x[..., 2:4, 2:5] = 0.5
    w = np.array([[[[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]]])
    return {"x": x, "w": w, "b": np.zeros(1), "conv_param": {"stride": 1, "pad": 1}}


@case
def more_channels_and_filters(rng):
    """Two pictures of three channels, four filters that are not square, a border of zeros."""
    return layer(rng, (2, 3, 4, 6), (4, 2, 3), stride=1, pad=1)


@case
def every_second_position(rng):
    """Stride 2 in both directions, on pictures that are not square."""
    return layer(rng, (2, 2, 5, 7), (2, 3, 3), stride=2, pad=0)


@case(hidden=True)
def another_batch(rng):
    return layer(rng, (3, 2, 6, 5), (3, 3, 2), stride=2, pad=1)


@case(edge=True)
def pixels_left_over(rng):
    """Stride 3: at the lower and right border some pixels are never looked at."""
    return layer(rng, (1, 2, 7, 6), (2, 2, 2), stride=3, pad=0)


@case(edge=True)
def a_wide_border(rng):
    """Two rows and columns of zeros on every side."""
    return layer(rng, (1, 1, 2, 3), (2, 3, 3), stride=2, pad=2)


@case(edge=True)
def one_pixel_filters(rng):
    """A filter of one pixel is an affine layer for every pixel."""
    return layer(rng, (2, 3, 2, 4), (2, 1, 1), stride=1, pad=0)


@case(edge=True)
def as_large_as_the_picture(rng):
    """A filter that fits once."""
    return layer(rng, (2, 2, 3, 4), (3, 3, 4), stride=1, pad=0)


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    made = layer(rng, (1, 2, 3, 4), (2, 2, 2), stride=1, pad=1)
    return {name: v.astype(np.float32) if isinstance(v, np.ndarray) else v for name, v in made.items()}


@picture(case="an_edge_in_a_picture")
def what_the_filter_sees(axes, arguments, answer):
    """The filter's answer to a picture that is dark on the left and bright on the right: large only at the step (and
    around a small grey patch), with opposite signs at the patch's two sides."""
    axes.imshow(answer[0][0, 0], cmap="cividis", vmin=-4, vmax=4)
    for (i, j), value in np.ndenumerate(answer[0][0, 0]):
        axes.text(j, i, f"{value:g}", ha="center", va="center", fontsize=7, color="white" if value < 1 else "black")
    axes.set(xlabel="column", ylabel="row")


@alternative
def four_loops_and_a_sum(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    n, c, h, width = x.shape
    f, _, hh, ww = w.shape
    padded = np.zeros((n, c, h + 2 * p, width + 2 * p), dtype=x.dtype)
    padded[:, :, p : p + h, p : p + width] = x
    out = np.zeros((n, f, 1 + (h + 2 * p - hh) // s, 1 + (width + 2 * p - ww) // s), dtype=x.dtype)
    for index in np.ndindex(out.shape):
        image, which, i, j = index
        window = padded[image, :, i * s : i * s + hh, j * s : j * s + ww]
        out[index] = np.sum(window * w[which]) + b[which]
    return out, (x, w, b, conv_param)


@alternative
def slides_with_views_and_einsum(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[2:], axis=(2, 3))[:, :, ::s, ::s]
    return np.einsum("ncijpq,fcpq->nfij", windows, w) + b[:, None, None], (x, w, b, conv_param)


@alternative
def adds_up_shifted_pictures(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    rows = 1 + (padded.shape[2] - w.shape[2]) // s
    columns = 1 + (padded.shape[3] - w.shape[3]) // s
    out = np.zeros((x.shape[0], w.shape[0], rows, columns), x.dtype) + b.reshape(1, -1, 1, 1)
    for i, j in np.ndindex(*w.shape[2:]):
        shifted = padded[:, :, i : i + s * rows : s, j : j + s * columns : s][:, :, :rows, :columns]
        out += np.moveaxis(np.tensordot(w[:, :, i, j], shifted, (1, 1)), 0, 1)
    return out, (x, w, b, conv_param)


def _convolved(x, w, b, stride, pad, down=None):
    """The layer by views, `down` the stride along the rows where it is another one."""
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[2:], axis=(2, 3))
    windows = windows[:, :, :: stride if down is None else down, ::stride]
    return np.einsum("ncijpq,fcpq->nfij", windows, w) + b[:, None, None]


@mistake
def turns_the_filter_around(x, w, b, conv_param):
    """The filter was turned upside down and left to right before it was laid on. That is the convolution of mathematics
    books; in deep learning the filter's upper left corner meets the window's upper left corner."""
    return _convolved(x, w[:, :, ::-1, ::-1], b, conv_param["stride"], conv_param["pad"]), (x, w, b, conv_param)


@mistake
def jumps_in_one_direction_only(x, w, b, conv_param):
    """The filter jumps from column to column by the stride, but from row to row by one. Both directions jump: compare
    the number of rows of your answer with the formula for H'."""
    return _convolved(x, w, b, conv_param["stride"], conv_param["pad"], down=1), (x, w, b, conv_param)


@mistake
def forgets_the_bias(x, w, b, conv_param):
    """This is the answer of a layer without b. Every filter adds its own bias to everything that it sees."""
    return _convolved(x, w, 0 * b, conv_param["stride"], conv_param["pad"]), (x, w, b, conv_param)


@mistake
def forgets_the_border(x, w, b, conv_param):
    """No zeros were put around the pictures, so there are fewer positions than the formula for H' and W' counts. Look
    at what conv_param asks for."""
    return _convolved(x, w, b, conv_param["stride"], 0), (x, w, b, conv_param)


@mistake
def repeats_the_border(x, w, b, conv_param):
    """The border repeats the outermost pixels. The statement asks for zeros there: np.pad has more than one way to
    fill, and the one it takes by itself is another."""
    p = conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode="edge")
    return _convolved(padded, w, b, conv_param["stride"], 0), (x, w, b, conv_param)


@mistake
def asks_the_first_channel_only(x, w, b, conv_param):
    """Only the first channel of the pictures was looked at. The sum runs over c as well: a filter has a layer for each
    channel, and all of them are added up."""
    return _convolved(x[:, :1], w[:, :1], b, conv_param["stride"], conv_param["pad"]), (x, w, b, conv_param)


@mistake
def hands_on_the_padded_pictures(x, w, b, conv_param):
    """out is right. The cache holds the pictures with their border of zeros, and the statement asks for x as it was
    given: the backward pass has to know where the pictures end."""
    p = conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    return _convolved(x, w, b, conv_param["stride"], p), (padded, w, b, conv_param)
