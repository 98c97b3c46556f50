r"""Squash: a length that says how sure.

A capsule answers with a vector instead of a number. Its direction says how the thing was seen: tilted, large, to the
left. Its length says how sure the capsule is that the thing is there at all, and so has to lie between 0 and 1. Squash
shortens any vector to such a length and leaves its direction alone.

Maths. s is an array of vectors along one of its axes, and every vector is a matter of its own. With n = ||s||, its
Euclidean length:

$$v = \frac{n^2}{1 + n^2}\,\frac{s}{n} = \frac{n}{1 + n^2}\, s \qquad \|v\| = \frac{n^2}{1 + n^2} < 1$$

Short vectors become very short (length 0.1 becomes 0.0099), long ones nearly 1. A vector of length 0 has no direction;
its v is 0, which is also what v tends to.

By hand. s = [3, 4] has length 5, and 25 / 26 = 0.9615 is the new one: v = 5 / 26 * [3, 4] = [0.5769, 0.7692].

Source: Sabour, Frosst & Hinton, Dynamic routing between capsules (2017), equation 1.
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake, picture


@exercise(
    points=3,
    difficulty=2,
    returns="v",
    needs=["relu_forward"],
    hints=[
        "Which length should a vector of length 1 get? And one of length 1000? Put both into the formula for ||v||.",
        "np.sqrt(np.sum(s**2, axis=axis, keepdims=True)) has one length for each vector, and keepdims lets it meet s "
        "again. Which of the two forms of v in the statement divides by something that can be 0?",
    ],
    why=(
        "The factor n / (1 + n²) is one number for a whole vector, so its direction stays; and it goes to 0 with n by "
        "itself, so a silent capsule is no special case."
    ),
    lesson="What Hinton did not like",
)
def squash(s, axis=-1):
    """Return every vector of s with its length n shortened to n**2 / (1 + n**2).

    Args:
        s: float array, any shape with at least one axis. The vectors; their lengths are 0, or from 1e-100 to 1e100.
        axis: int. Along which axis of s a vector lies; the last one by default.

    Returns:
        v: float array, the shape and dtype of s. A vector of zeros stays as it is. The argument is left as it was.
    """
    n = np.sqrt(np.sum(s**2, axis=axis, keepdims=True))
    return n / (1 + n**2) * s


@case
def by_hand(rng):
    """The example of the statement."""
    return {"s": np.array([3.0, 4.0])}


@case
def several_vectors(rng):
    """Five vectors of three numbers, short ones and long ones."""
    lengths = np.array([[0.05], [0.3], [1.0], [2.0], [20.0]])
    return {"s": np.round(lengths * rng.normal(size=(5, 3)), 3)}


@case
def along_another_axis(rng):
    """The vectors stand in the columns."""
    return {"s": np.round(rng.normal(size=(3, 4)), 2), "axis": 0}


@case
def from_short_to_long(rng):
    """Forty vectors in one direction, from length 0.1 to 4."""
    return {"s": np.round(np.linspace(0.1, 4.0, 40), 2)[:, None] * np.array([0.6, 0.8])}


@case(hidden=True)
def in_the_middle(rng):
    return {"s": np.round(rng.normal(size=(2, 3, 2)), 2), "axis": 1}


@case(edge=True)
def a_silent_capsule(rng):
    """One vector is 0: it has no direction, and stays 0."""
    return {"s": np.array([[0.0, 0.0, 0.0], [0.3, -0.4, 0.0]])}


@case(edge=True)
def nearly_silent(rng):
    """Vectors of length 1e-6: a small number that protects from a division by 0 must not shrink them further."""
    return {"s": 1e-6 * np.array([[0.6, 0.8], [-0.28, 0.96]])}


@case(edge=True)
def very_long(rng):
    """A vector of length 1e100 gets length 1."""
    return {"s": 1e100 * np.array([[0.6, -0.8]])}


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    return {"s": np.round(rng.normal(size=(2, 3)), 2).astype(np.float32)}


@case(edge=True)
def no_capsules(rng):
    """There are no vectors at all."""
    return {"s": np.zeros((0, 4))}


@picture(case="from_short_to_long")
def length_before_and_after(axes, arguments, answer):
    """The new length against the old one: it begins flat, is a half at length 1, and approaches 1 without reaching
    it."""
    before, after = (np.sqrt((a**2).sum(axis=1)) for a in (arguments["s"], answer))
    axes.plot(before, after)
    axes.axhline(1.0, color="black", linewidth=0.8)
    axes.set(xlabel="length of s", ylabel="length of v", ylim=(0, 1.1))


@alternative
def scales_the_unit_vector(s, axis=-1):
    n = np.linalg.norm(s, axis=axis, keepdims=True)
    unit = np.divide(s, n, out=np.zeros_like(s), where=n > 0)
    return unit * (1 - 1 / (1 + n**2)) if n.size and n.min() > 0.1 else unit * (n**2 / (1 + n**2))


@alternative
def goes_vector_by_vector(s, axis=-1):
    def one(vector):
        n = np.sqrt(vector @ vector)
        return vector * (n / (n * n + 1))

    return np.apply_along_axis(one, axis, s) if s.size else s.copy()


@mistake
def divides_by_a_length_of_zero(s, axis=-1):
    """Right, until a capsule is silent. A vector of zeros has the length 0, and dividing by it gives NaN, which then
    spreads through the whole network. Is there a form of the formula that does not divide by n?"""
    n = np.sqrt(np.sum(s**2, axis=axis, keepdims=True))
    return n**2 / (1 + n**2) * (s / n)


@mistake
def forgets_a_square(s, axis=-1):
    """The new length is n / (1 + n). Compare with the formula at a small length such as 0.1, where it matters most:
    what is nearly silent should become much more so."""
    n = np.sqrt(np.sum(s**2, axis=axis, keepdims=True))
    return s / (1 + n)


@mistake
def squashes_numbers_instead_of_vectors(s, axis=-1):
    """Every number was squashed by itself. The length is that of a whole vector, so all its entries are scaled by the
    same factor and its direction stays."""
    return np.abs(s) / (1 + s**2) * s


@mistake
def forgets_the_axis(s, axis=-1):
    """The vectors were taken along the last axis, whatever axis says. Look at the second argument."""
    n = np.sqrt(np.sum(s**2, axis=-1, keepdims=True))
    return n / (1 + n**2) * s


@mistake
def makes_all_lengths_one(s, axis=-1):
    """Every vector got the length 1. That keeps the direction, but the length was to say how sure the capsule is."""
    n = np.sqrt(np.sum(s**2, axis=axis, keepdims=True))
    return s / np.where(n > 0, n, 1)


@mistake
def protects_with_too_large_a_number(s, axis=-1):
    """Right for vectors of usual lengths. A small number was added to protect from a division by 0, and for very short
    vectors it is not small. Protection should not change what is healthy."""
    squared = np.sum(s**2, axis=axis, keepdims=True)
    return (squared / (1 + squared) / np.sqrt(squared + 1e-12) * s).astype(s.dtype)
