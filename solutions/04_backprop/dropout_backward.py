r"""Dropout, backwards: who was at home does not learn.

In the forward pass some neurons were sent home. They had no part in the answer, so they get no part of the blame, and
those that were there get theirs with the same factor with which they spoke.

Maths. The forward pass was y = x * m, entry by entry, with a mask m that holds 0 or 1/p and does not depend on x. The
chain rule multiplies the slope by what comes from upstream, entry by entry:

$$\frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \cdot m$$

In test mode y = x, and the gradient goes through as it came.

By hand. With p = 0.5 and the mask [0, 2, 0, 2], dout = [1, 2, -3, -4] gives dx = [0, 4, 0, -8].

Source: Srivastava et al., Dropout (2014), section 5; CS231n, assignment 2.
"""

import numpy as np

from grader.authoring import Backward, alternative, case, exercise, mistake, reference

forwards = reference("dropout_forward")


def dropout_forward(x, dropout_param):
    """The forward pass with coins that cannot be tossed again: they fell from another seed than the one in the dict."""
    out, (_, mask) = forwards(x, {**dropout_param, "seed": 1000 + dropout_param.get("seed", 0)})
    return out, (dropout_param, mask)


@exercise(
    points=2,
    difficulty=1,
    returns="dx",
    needs=["dropout_forward", "relu_backward"],
    checks=[Backward(of=dropout_forward, wrt=["x"])],
    hints=[
        "Write the forward pass for one single entry: y = x * m. How steep is y in x?",
        "The slope of each entry is in the cache already. What does the chain rule do with it and dout?",
        "In test mode there is no mask, and None cannot be multiplied. Ask for the mode first.",
    ],
    why=(
        "Once the coins have fallen the mask is as fixed as any weight, and the slope of x · m is m, its 1/p "
        "included. A new toss would give the slope of a function that nobody has run."
    ),
    lesson="Dropout: why 1/p",
)
def dropout_backward(dout, cache):
    """Return dloss/dx, given dloss/ddropout(x).

    Args:
        dout: float array, any shape. The upstream gradient.
        cache: (dropout_param, mask), as dropout_forward returns it. dropout_param is the dict with p, mode and maybe a
            seed. In train mode mask is a float array, the shape of dout, with entries 0 or 1/p: the numbers by which x
            was multiplied. In test mode it is None.

    Returns:
        dx: float array, the shape and dtype of dout. The arguments are left as they were.
    """
    dropout_param, mask = cache
    if dropout_param["mode"] == "test":
        return dout
    return dout * mask


def drawn(rng, shape):
    """Numbers with two decimals."""
    return np.round(rng.normal(size=shape), 2)


@case
def by_hand(rng):
    """The example of the statement: four entries, of which two were kept."""
    x, dropout_param = np.full(4, 10.0), {"p": 0.5, "mode": "train", "seed": 13}
    return {"x": x, "dropout_param": dropout_param, "dout": np.array([1.0, 2.0, -3.0, -4.0])}


@case
def a_quarter_was_kept(rng):
    """Five examples with four features; p is 0.25."""
    return {"x": drawn(rng, (5, 4)), "dropout_param": {"p": 0.25, "mode": "train", "seed": 3}}


@case
def zeros_in_x(rng):
    """Some inputs are exactly 0. A unit that was kept can be 0 for reasons of its own."""
    x = drawn(rng, (4, 5))
    x[1] = x[:, 2] = 0.0
    return {"x": x, "dropout_param": {"p": 0.8, "mode": "train", "seed": 5}}


@case
def test_mode(rng):
    """Nothing was dropped, and the mask is None."""
    return {"x": drawn(rng, (3, 4)), "dropout_param": {"p": 0.4, "mode": "test"}}


@case(hidden=True)
def four_axes(rng):
    return {"x": drawn(rng, (2, 3, 2, 2)), "dropout_param": {"p": 0.6, "mode": "train", "seed": 8}}


@case(edge=True)
def everything_was_kept(rng):
    """p is 1, so the mask is full of ones."""
    return {"x": drawn(rng, (2, 3)), "dropout_param": {"p": 1.0, "mode": "train", "seed": 4}}


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    return {"x": drawn(rng, (3, 4)).astype(np.float32), "dropout_param": {"p": 0.5, "mode": "train", "seed": 9}}


@case(edge=True)
def no_examples(rng):
    """An empty batch."""
    return {"x": np.zeros((0, 3)), "dropout_param": {"p": 0.5, "mode": "train", "seed": 1}}


@alternative
def divides_what_was_kept(dout, cache):
    dropout_param, mask = cache
    if mask is None:
        return dout.copy()
    return np.where(mask > 0, dout / dout.dtype.type(dropout_param["p"]), dout.dtype.type(0))


@alternative
def goes_entry_by_entry(dout, cache):
    dx = dout.copy()
    if cache[0]["mode"] == "train":
        for index in np.ndindex(dout.shape):
            dx[index] = dx[index] * cache[1][index]
    return dx


@mistake
def draws_a_new_mask(dout, cache):
    """A new mask was drawn, and even the same seed gives another one where another generator drew. The gradient belongs
    to the forward pass that has happened: where is its mask?"""
    dropout_param, mask = cache
    if mask is None:
        return dout
    np.random.seed(dropout_param.get("seed"))
    p = dropout_param["p"]
    return dout * ((np.random.rand(*dout.shape) < p) / p).astype(dout.dtype)


@mistake
def draws_the_mask_from_the_seed(dout, cache):
    """The mask was drawn anew from the seed, and not taken from the cache. Whoever ran the forward pass may have used
    another generator: the gradient belongs to the mask by which x was multiplied."""
    dropout_param, mask = cache
    if mask is None:
        return dout
    p = dropout_param["p"]
    return dout * ((np.random.default_rng(dropout_param.get("seed")).random(dout.shape) < p) / p).astype(dout.dtype)


@mistake
def divides_by_p_again(dout, cache):
    """The right entries get through, but 1/p was applied two times. Look at the numbers in the mask: was the scaling
    part of what was cached?"""
    dropout_param, mask = cache
    return dout if mask is None else (dout * mask / dropout_param["p"]).astype(dout.dtype)


@mistake
def lets_through_without_the_factor(dout, cache):
    """The right entries get through, as they came. In the forward pass they were made larger: what is the slope of
    x * m, where m is not 0?"""
    mask = cache[1]
    return dout if mask is None else dout * (mask != 0)


@mistake
def forgets_test_mode(dout, cache):
    """In test mode the mask is None, and nothing can be multiplied by it. What did the forward pass do to x in that
    mode?"""
    return dout * cache[1]


@mistake
def scales_in_test_mode(dout, cache):
    """Test mode multiplies by p. The inverted form has done all its scaling in training: what is the slope of y = x?"""
    dropout_param, mask = cache
    return dout * dout.dtype.type(dropout_param["p"]) if mask is None else dout * mask


@mistake
def writes_into_dout(dout, cache):
    """The numbers are right, but dx is another name for dout, so the caller's dout was changed as well. Print dout
    before and after the call."""
    dx = dout
    if cache[1] is not None:
        dx *= cache[1]
    return dx


@mistake
def opens_what_was_closed(dout, cache):
    """The gradient goes through the entries that were dropped, the wrong way round."""
    dropout_param, mask = cache
    return dout if mask is None else ((mask == 0) * dout / dropout_param["p"]).astype(dout.dtype)
