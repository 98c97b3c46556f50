r"""Squash, backwards: turning and stretching are different matters.

Nudge a vector in its own direction, and it becomes longer or shorter: how much of that survives depends on how flat the
curve of lengths is there. Nudge it sideways, and it turns; squash scales that by the same factor as the vector itself.

Maths. Forwards v = f(n) s, with n = ||s|| and

$$f(n) = \frac{n}{1 + n^2} \qquad f'(n) = \frac{1 - n^2}{(1 + n^2)^2}$$

s is an array of vectors along one of its axes. Write g for dv, the upstream gradient, and s.g for the inner product of
a vector of s with its own g. s_k reaches the loss by two ways: directly, through v_k = f s_k, and through n, whose
slope in s_k is s_k / n and which all entries of v depend on:

$$\frac{\partial L}{\partial s_k} = f(n)\, g_k + f'(n)\,(s \cdot g)\,\frac{s_k}{n}$$

At s = 0 both terms tend to 0, and so the gradient there is 0.

By hand. s = [3, 4] and g = [1, 0]: n = 5, f = 5 / 26 = 0.1923, f' = -24 / 676 = -0.03550, s.g = 3. So ds = [0.1923, 0]
- 0.1065 * [0.6, 0.8] = [0.1284, -0.0852].

Source: Sabour, Frosst & Hinton, Dynamic routing between capsules (2017), equation 1, differentiated.
"""

import numpy as np

from grader.authoring import Backward, alternative, case, exercise, mistake, reference

squash = reference("squash")


def forward(s, axis=-1):
    """Squash, with the cache that its backward pass is given."""
    return squash(s, axis), (s, axis)


@exercise(
    points=5,
    difficulty=3,
    returns="ds",
    needs=["squash", "relu_backward"],
    checks=[Backward(of=forward, wrt=["s"])],
    hints=[
        "Write v_k = f(n) s_k and use the product rule. The second factor is s_k; what is the slope of the first one?",
        "s.g is one number for each vector: multiply s and dv entry by entry and sum along the axis, with "
        "keepdims=True. Then all letters of the formula are arrays that fit together.",
        "Only s_k / n divides by something that can be 0. Where n is 0, put any other number in its place: the whole "
        "term is multiplied by s, which is 0 there. For very long vectors divide by 1 + n**2 twice, and not by its "
        "square, which overflows.",
    ],
    why=(
        "Any nudge is a part along s and a part across it. Across, n rests to first order, and v follows by the "
        "factor f; along, v follows by the slope of its new length, n² / (1 + n²)."
    ),
    lesson="What Hinton did not like",
)
def squash_backward(dv, cache):
    """Return dloss/ds, given dloss/dv for v = squash(s, axis).

    Args:
        dv: float array, the shape of s. The upstream gradient dloss/dv.
        cache: the tuple (s, axis) that squash was given: s a float array of any shape with at least one axis, axis an
            int. The lengths of the vectors along this axis are 0, or from 1e-100 to 1e100.

    Returns:
        ds: float array, the shape and dtype of s. It is 0 for a vector of zeros. The arguments are left as they were.
    """
    s, axis = cache
    n = np.sqrt(np.sum(s**2, axis=axis, keepdims=True))
    f = n / (1 + n**2)
    slope = (1 - n**2) / (1 + n**2) / (1 + n**2)
    inner = np.sum(s * dv, axis=axis, keepdims=True)
    return f * dv + slope * inner * (s / np.where(n > 0, n, 1))


@case
def by_hand(rng):
    """The example of the statement."""
    return {"s": np.array([3.0, 4.0]), "axis": -1, "dout": np.array([1.0, 0.0])}


@case
def several_vectors(rng):
    """Five vectors of three numbers, short ones and long ones."""
    lengths = np.array([[0.2], [0.5], [1.0], [2.0], [5.0]])
    return {"s": np.round(lengths * rng.normal(size=(5, 3)), 2), "axis": -1}


@case
def along_another_axis(rng):
    """The vectors stand in the columns."""
    return {"s": np.round(rng.normal(size=(3, 4)), 2), "axis": 0}


@case(hidden=True)
def in_the_middle(rng):
    return {"s": np.round(rng.normal(size=(2, 3, 2)), 2), "axis": 1}


@case(edge=True)
def a_silent_capsule(rng):
    """One vector is 0: nudging it changes nothing to first order."""
    return {"s": np.array([[0.0, 0.0, 0.0], [0.3, -0.4, 0.5]]), "axis": -1}


@case(edge=True)
def very_long(rng):
    """Vectors of length 1e100: (1 + n**2) can still be computed, its square cannot."""
    return {"s": 1e100 * np.array([[0.6, -0.8], [0.8, 0.6]]), "axis": -1}


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    return {"s": np.round(rng.normal(size=(2, 3)), 2).astype(np.float32), "axis": -1}


@alternative
def turns_and_stretches(dv, cache):
    s, axis = cache
    n = np.linalg.norm(s, axis=axis, keepdims=True)
    unit = np.divide(s, n, out=np.zeros_like(s), where=n > 0)
    along = np.sum(unit * dv, axis=axis, keepdims=True)
    sideways = dv - along * unit
    turning = n / (1 + n * n)
    stretching = 2 * turning / (1 + n * n)  # the slope of n^2 / (1 + n^2)
    return turning * sideways + stretching * along * unit


@alternative
def goes_by_the_matrix_of_slopes(dv, cache):
    s, axis = cache
    vectors, upstream = np.moveaxis(s, axis, -1), np.moveaxis(dv, axis, -1)
    ds = np.zeros_like(vectors)
    for index in np.ndindex(vectors.shape[:-1]):
        one = vectors[index]
        n = np.sqrt(one @ one)
        if n > 0:
            unit = one / n
            slopes = n / (1 + n**2) * (np.eye(one.size) + (1 - n**2) / (1 + n**2) * np.outer(unit, unit))
            ds[index] = slopes.T @ upstream[index]
    return np.moveaxis(ds, -1, axis)


@mistake
def forgets_that_the_factor_moves(dv, cache):
    """dv was scaled by f(n) alone. Stretching s also changes n, and with it how much everything is squashed: that is
    the second way from s to the loss."""
    s, axis = cache
    n = np.sqrt(np.sum(s**2, axis=axis, keepdims=True))
    return n / (1 + n**2) * dv


@mistake
def takes_the_slope_of_the_length_alone(dv, cache):
    """Every entry was multiplied by the slope of the new length, 2n / (1 + n**2)**2, as if s were a number. That is
    right along s only; sideways a vector turns, and the factor is f(n)."""
    s, axis = cache
    n = np.sqrt(np.sum(s**2, axis=axis, keepdims=True))
    return 2 * n / (1 + n**2) / (1 + n**2) * dv


@mistake
def divides_by_a_length_of_zero(dv, cache):
    """Right, until a capsule is silent: s / n is 0 / 0 for a vector of zeros. The whole term is 0 there; see to it that
    the division does not spoil that."""
    s, axis = cache
    n = np.sqrt(np.sum(s**2, axis=axis, keepdims=True))
    inner = np.sum(s * dv, axis=axis, keepdims=True)
    return n / (1 + n**2) * dv + (1 - n**2) / (1 + n**2) / (1 + n**2) * inner * (s / n)


@mistake
def squares_what_is_large_already(dv, cache):
    """Right for usual lengths. For very long vectors 1 + n**2 is a large number and its square is infinite, so a term
    that should count vanishes. Divide twice instead of once by the square."""
    s, axis = cache
    n = np.sqrt(np.sum(s**2, axis=axis, keepdims=True))
    inner = np.sum(s * dv, axis=axis, keepdims=True)
    return n / (1 + n**2) * dv + (1 - n**2) / (1 + n**2) ** 2 * inner * (s / np.where(n > 0, n, 1))


@mistake
def multiplies_entry_by_entry(dv, cache):
    """In the second term each entry heard of its own dv only. n depends on all entries and all of v depends on n, so it
    takes the inner product s.g, a sum along the axis."""
    s, axis = cache
    n = np.sqrt(np.sum(s**2, axis=axis, keepdims=True))
    slope = (1 - n**2) / (1 + n**2) / (1 + n**2)
    return n / (1 + n**2) * dv + slope * s * dv * (s / np.where(n > 0, n, 1))


@mistake
def forgets_the_axis(dv, cache):
    """The vectors were taken along the last axis. The cache says along which axis they lie."""
    s, _ = cache
    n = np.sqrt(np.sum(s**2, axis=-1, keepdims=True))
    slope = (1 - n**2) / (1 + n**2) / (1 + n**2)
    inner = np.sum(s * dv, axis=-1, keepdims=True)
    return n / (1 + n**2) * dv + slope * inner * (s / np.where(n > 0, n, 1))
