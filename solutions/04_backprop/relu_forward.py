r"""ReLU, forwards: let the positive pass.

A neuron of a network that looks for cats answers "how much of an ear is here?", and less than nothing makes no sense
as an answer. ReLU, the rectified linear unit, turns every negative number into 0 and leaves the others as they are.
Without such a bend between them, two layers of a network would be no more than one.

Maths. For every entry of x, whatever its shape,

$$y = \max(0, x)$$

By hand. x = [-1, 0, 2] gives y = [0, 0, 2].

The backward pass will have to know where x was positive, and the output no longer tells by how much x was negative.
So the forward pass hands its input on, in what is called a cache.

Source: Nair & Hinton, Rectified linear units improve restricted Boltzmann machines (2010), section 3.
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake, picture


@exercise(
    points=2,
    difficulty=1,
    returns=["out", "cache"],
    needs=["relu_and_gate"],
    hints=[
        "Compare every entry with 0 and keep the larger of the two. What does NumPy call that?",
        "np.maximum compares two arrays entry by entry; a single number stands for an array full of it.",
        "The second thing to return is x itself, as it came in.",
    ],
    why=(
        "ReLU chooses between x and 0 and changes no number that it keeps; so even minus infinity becomes a plain 0, "
        "where infinity times 0 would be no number at all."
    ),
    lesson="ReLU: two curves",
)
def relu_forward(x):
    """Return max(0, x) entry by entry, and the cache for the backward pass.

    Args:
        x: float array, any shape. An entry may be infinite: inf stays inf, -inf becomes 0.

    Returns:
        (out, cache): out is a float array, the shape and dtype of x; cache is x, unchanged.
        The argument is left as it was.
    """
    return np.maximum(x, 0), x


@case
def by_hand(rng):
    """A negative number, zero and a positive one."""
    return {"x": np.array([-1.0, 0.0, 2.0])}


@case
def a_batch(rng):
    """Four examples with three features each."""
    return {"x": rng.choice([-1.0, 1.0], (4, 3)) * np.round(rng.uniform(0.2, 2.0, (4, 3)), 2)}


@case(hidden=True)
def four_axes(rng):
    return {"x": np.round(rng.normal(size=(2, 3, 2, 2)), 2)}


@case(edge=True)
def minus_infinity(rng):
    """Infinity is a number like any other here."""
    return {"x": np.array([[-np.inf, 1.5], [np.inf, -2.0]])}


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    return {"x": np.array([[-1.5, 0.25], [2.0, -0.125]], dtype=np.float32)}


@case(edge=True)
def no_examples(rng):
    """An empty batch."""
    return {"x": np.zeros((0, 3))}


@picture(case="a_batch")
def the_bend(axes, arguments, answer):
    """Each entry of out above its entry of x: on the floor left of 0, and right of 0 on the thin line, where out is
    x."""
    axes.plot([-2, 0, 2], [0, 0, 2], color="0.6", linestyle="-", linewidth=1)
    axes.plot(arguments["x"].ravel(), answer[0].ravel(), "o", markersize=5)
    axes.set(xlabel="x", ylabel="out", ylim=(-0.3, 2.2))


@alternative
def chooses_entry_by_entry(x):
    return np.where(x > 0, x, np.zeros_like(x)), x


@alternative
def cleans_a_copy(x):
    out = x.copy()
    out[out < 0] = 0
    return out, x


@mistake
def works_in_place(x):
    """The negatives were zeroed in x itself. So the cache holds the answer instead of the input, and the caller's x
    is gone too."""
    x[x < 0] = 0
    return x, x


@mistake
def caches_the_output(x):
    """The cache holds the output. The backward pass expects the number before the bend: after it, a negative input
    and a zero look the same."""
    out = np.maximum(x, 0)
    return out, out


@mistake
def multiplies_by_the_gate(x):
    """Right, unless an entry is minus infinity: 0 times infinity, like infinity less infinity, has no value, so that
    NaN comes out. Choose between x and 0 instead of computing with both."""
    with np.errstate(invalid="ignore"):
        return x * (x > 0), x


@mistake
def widens_to_double(x):
    """The numbers are right, but float32 came in and float64 goes out. Where did the extra precision come from?"""
    return np.where(x > 0, x, 0.0).astype(np.float64), x


@mistake
def forgets_the_sign(x):
    """This is the absolute value: a negative number becomes positive instead of 0."""
    return np.abs(x), x


@mistake
def gates_with_ones(x):
    """The output is 1 where x is positive. That is ReLU's slope; its value there is x itself."""
    return (x > 0).astype(x.dtype), x
