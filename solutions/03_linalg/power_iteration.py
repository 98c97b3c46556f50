r"""Power iteration: multiply until one direction is left.

A web page is important if important pages link to it; a portfolio swings most along one mixture of its shares. Such
questions ask for one special vector of a matrix, its dominant eigenvector. The matrix may have millions of rows: then
multiplying by it again and again is all that one can afford, and it is enough.

Maths. A has shape (n, n) and is symmetric. An eigenvector v is a direction that A only stretches: A v = lambda v, where
the number lambda is its eigenvalue, negative where A flips v to the opposite side. ||v|| is the Euclidean length of v,
the root of the sum of its squared entries. Begin with the start vector v0, shape (n,), brought to length 1 by dividing
it by its length, and repeat num_iters times:

$$v \leftarrow \frac{A v}{\|A v\|}, \qquad \text{and in the end} \quad \lambda = v^T A v = \sum_{ij} v_i A_{ij} v_j$$

A symmetric A has n eigenvectors at right angles, and any v is a sum of parts along them. Each multiplication stretches
every part by its own eigenvalue, so the part with the largest |lambda| outgrows all others, if v0 has any of it. And
where A v = lambda v, the number v^T A v is lambda v^T v, which is lambda, since v has length 1.

If v is an eigenvector, so is -v: either sign of v is right.

By hand. A = [[2, 0], [0, -5]] and v0 = [3, 4]. Of length 1, v is [0.6, 0.8]. One step: A v = [1.2, -4], its length is
4.176, so v = [0.287, -0.958] and lambda = 2 * 0.287^2 - 5 * 0.958^2 = -4.422. After 40 steps v is [0, 1] or [0, -1],
give or take 1e-16, and lambda = -5.

Source: Trefethen & Bau, Numerical Linear Algebra (1997), lecture 27.
"""

import numpy as np

from grader.authoring import UpTo, alternative, case, exercise, mistake


@exercise(
    points=3,
    difficulty=2,
    returns=["lam", "v"],
    checks=[UpTo("v", "sign")],
    hints=[
        "One line multiplies, one line brings the length back to 1, and a loop repeats them. What is v before the "
        "first step, and how long is it?",
        "np.linalg.norm(w) is the length of w. If v is divided by it after every step, v stays of length 1 however "
        "often A is applied. lambda is asked for once, of the v that you return, and a length is never negative.",
        "Begin with v0 divided by its length. Then, num_iters times, let w be A @ v, and v be w divided by the length "
        "of w, where that is not 0. In the end lam is v @ A @ v.",
    ],
    why=(
        "Every step multiplies v's part along each eigenvector by its eigenvalue, so the parts with the largest "
        "|lambda| outgrow the rest. Only the direction counts, so bringing v back to length 1 loses nothing."
    ),
    lesson="Multiply until one direction is left",
)
def power_iteration(A, num_iters, v0):
    """Return the eigenvalue of largest magnitude and its eigenvector, as far as num_iters multiplications find them.

    Args:
        A: array of floats or integers, shape (n, n), symmetric. Its entries are 0 or of magnitudes between 1e-100 and
            1e100, so that no square is too large or too small for a float.
        num_iters: int, 0 or more. How many times v is multiplied by A: exactly, also where v hardly changes any more.
        v0: array of floats or integers, shape (n,), not all zero. The vector to start from; it need not have length 1.
            Its entries are 0 or of magnitudes between 1e-20 and 1e20.

    Returns:
        (lam, v): v is a float array, shape (n,), of length 1, of either sign. lam is a float, v^T A v of this same v.
        For num_iters = 0, v is v0 brought to length 1. Where all entries of A v are exactly 0, v stays as it is and lam
        is 0.0: v is an eigenvector then, with eigenvalue 0. The arguments are left as they were.
    """
    v = v0 / np.linalg.norm(v0)
    for _ in range(num_iters):
        w = A @ v
        length = np.linalg.norm(w)
        if length == 0:
            break
        v = w / length
    return v @ A @ v, v


def symmetric(rng, n):
    """Two decimals, mixed signs."""
    A = np.round(rng.normal(size=(n, n)), 2)
    return np.triu(A) + np.triu(A, 1).T


def start(rng, n):
    """Two decimals, none near 0."""
    return rng.choice([-1.0, 1.0], n) * np.round(rng.uniform(0.5, 2.0, n), 2)


@case
def by_hand(rng):
    """The example of the statement: one step."""
    return {"A": np.array([[2.0, 0.0], [0.0, -5.0]]), "num_iters": 1, "v0": np.array([3.0, 4.0])}


@case
def the_same_for_longer(rng):
    """The example again, 40 steps."""
    return {"A": np.array([[2.0, 0.0], [0.0, -5.0]]), "num_iters": 40, "v0": np.array([3.0, 4.0])}


@case
def three_steps(rng):
    """A matrix of three rows, and three steps: not yet at the goal."""
    A = np.array([[3.0, 1.0, 0.0], [1.0, 2.0, -1.0], [0.0, -1.0, 1.0]])
    return {"A": A, "num_iters": 3, "v0": np.array([1.0, 2.0, 3.0])}


@case
def five_rows(rng):
    """A random symmetric matrix, 3 steps."""
    return {"A": symmetric(rng, 5), "num_iters": 3, "v0": start(rng, 5)}


@case(hidden=True)
def four_rows(rng):
    return {"A": symmetric(rng, 4), "num_iters": 2, "v0": start(rng, 4)}


@case(edge=True)
def no_step(rng):
    """num_iters is 0, and v0 is not of length 1."""
    return {"A": np.array([[2.0, 1.0], [1.0, 3.0]]), "num_iters": 0, "v0": np.array([3.0, -4.0])}


@case(edge=True)
def grows_beyond_all_floats(rng):
    """The dominant eigenvalue is 3000, and 3000 to the power of 300 is too large for a float."""
    return {"A": np.array([[2000.0, 1000.0], [1000.0, 2000.0]]), "num_iters": 300, "v0": np.array([1.0, 0.5])}


@case(edge=True)
def shrinks_below_all_floats(rng):
    """The dominant eigenvalue is -0.003, and its 300th power is too small for a float."""
    return {"A": np.array([[-0.002, 0.001], [0.001, -0.002]]), "num_iters": 300, "v0": np.array([1.0, 0.5])}


@case(edge=True)
def a_matrix_of_zeros(rng):
    """A v is the zero vector at the first step."""
    return {"A": np.zeros((2, 2)), "num_iters": 3, "v0": np.array([3.0, 4.0])}


@case(edge=True)
def a_start_that_is_not_seen(rng):
    """A is not zero, but A v is, from the first step on."""
    return {"A": np.array([[4.0, 0.0], [0.0, 0.0]]), "num_iters": 3, "v0": np.array([0.0, -2.5])}


@case(edge=True)
def tiny_entries(rng):
    """Entries near 1e-30 are small, and not 0."""
    return {"A": np.array([[2e-30, 1e-30], [1e-30, -3e-30]]), "num_iters": 4, "v0": np.array([1.0, 0.5])}


@case(edge=True)
def whole_numbers(rng):
    """A and v0 hold integers; the answer does not."""
    return {"A": np.array([[1, 2], [2, -3]]), "num_iters": 2, "v0": np.array([1, 1])}


@alternative
def goes_number_by_number(A, num_iters, v0):
    def times(v):
        return [sum(float(a) * x for a, x in zip(row, v, strict=True)) for row in A]

    def unit(v):
        length = sum(x * x for x in v) ** 0.5
        return [x / length for x in v]

    v = unit([float(x) for x in v0])
    for _ in range(num_iters):
        if any(w := times(v)):
            v = unit(w)
    return sum(x * y for x, y in zip(v, times(v), strict=True)), np.array(v)


@alternative
def takes_powers_of_the_eigenvalues(A, num_iters, v0):
    values, vectors = np.linalg.eigh(A)
    shares = vectors.T @ v0
    top = np.abs(values).max()
    if np.any(A @ v0):
        shares = shares * (values / top) ** num_iters
    v = vectors @ shares
    v /= np.linalg.norm(v)
    return float(v @ (A @ v)), v


@alternative
def divides_by_the_largest_entry_on_the_way(A, num_iters, v0):
    v = v0.astype(float)
    for _ in range(num_iters):
        w = A @ v
        if not np.any(w):
            break
        v = w / np.abs(w).max()
    square = np.dot(v, v)
    return np.dot(v, np.dot(A, v)) / square, v / np.sqrt(square)


@mistake
def returns_the_last_length(A, num_iters, v0):
    """lam is the length by which v was divided last. A length cannot be negative, and an eigenvalue can: how do you
    notice that A flips v?"""
    v = v0 / np.linalg.norm(v0)
    lam = 0.0
    for _ in range(num_iters):
        w = A @ v
        lam = np.linalg.norm(w)
        if lam > 0:
            v = w / lam
    return lam, v


@mistake
def returns_the_length_of_the_product(A, num_iters, v0):
    """lam is the length of A v. A length cannot be negative, and an eigenvalue can: how do you notice that A flips
    v?"""
    v = v0 / np.linalg.norm(v0)
    for _ in range(num_iters):
        if np.any(w := A @ v):
            v = w / np.linalg.norm(w)
    return np.linalg.norm(A @ v), v


@mistake
def brings_the_length_back_only_at_the_end(A, num_iters, v0):
    """Right as long as v stays within what a float can hold. Print the length of v after each of 300 steps, once with
    an eigenvalue of 3000 and once with 0.003."""
    v = v0.astype(float)
    for _ in range(num_iters):
        if not np.any(w := A @ v):
            break
        v = w
    v = v / np.linalg.norm(v)
    return v @ A @ v, v


@mistake
def changes_the_callers_v0(A, num_iters, v0):
    """v was another name for v0, and /= wrote into it (into integers it cannot write at all). Print v0 before and after
    the call."""
    v = v0
    v /= np.linalg.norm(v)
    for _ in range(num_iters):
        if np.any(w := A @ v):
            v = w / np.linalg.norm(w)
    return v @ A @ v, v


@mistake
def takes_the_length_of_v0_for_granted(A, num_iters, v0):
    """Right after the first step. With no step at all v is v0 as it came, which need not be of length 1."""
    v = v0.astype(float)
    for _ in range(num_iters):
        if np.any(w := A @ v):
            v = w / np.linalg.norm(w)
        elif v is not w:
            v = v / np.linalg.norm(v)
    return v @ A @ v, v


@mistake
def forgets_both_ends(A, num_iters, v0):
    """Right in between. At one end there is no step at all, and v is v0, which need not be of length 1. At the other
    A v is the zero vector, whose length is 0, and 0 divided by 0 is NaN. Read what is asked for in these two."""
    v = v0.astype(float)
    for _ in range(num_iters):
        v = A @ v
        v = v / np.linalg.norm(v)
    return v @ A @ v, v


@mistake
def divides_by_a_length_of_zero(A, num_iters, v0):
    """Where A v is the zero vector its length is 0, and 0 divided by 0 is NaN. Of which eigenvalue is v an eigenvector
    there, without another step?"""
    v = v0 / np.linalg.norm(v0)
    for _ in range(num_iters):
        v = A @ v
        v = v / np.linalg.norm(v)
    return v @ A @ v, v


@mistake
def takes_small_for_zero(A, num_iters, v0):
    """A v was taken for the zero vector because its length lies below some small number. If the entries of A are small,
    so is A v, and it has a direction all the same: only where all its entries are exactly 0 is there none."""
    v = v0 / np.linalg.norm(v0)
    for _ in range(num_iters):
        w = A @ v
        if np.linalg.norm(w) < 1e-12:
            return 0.0, v
        v = w / np.linalg.norm(w)
    return v @ A @ v, v


@mistake
def looks_for_zeros_in_the_matrix(A, num_iters, v0):
    """Right where A is all zeros. A v can be the zero vector for another A as well: here v0 has parts only where A has
    zeros. Then its length is 0, and 0 divided by 0 is NaN."""
    v = v0 / np.linalg.norm(v0)
    for _ in range(num_iters):
        if np.any(A):
            v = A @ v
            v = v / np.linalg.norm(v)
    return v @ A @ v, v


@mistake
def takes_lam_from_the_step_before(A, num_iters, v0):
    """v is right. lam was computed from v before its last step, and belongs to the one that you return."""
    v = v0 / np.linalg.norm(v0)
    lam = v @ A @ v
    for _ in range(num_iters):
        w = A @ v
        lam = v @ w
        if np.any(w):
            v = w / np.linalg.norm(w)
    return lam, v


@mistake
def makes_one_step_less(A, num_iters, v0):
    """v has been multiplied num_iters - 1 times. Count the steps of your loop for num_iters = 1."""
    v = v0 / np.linalg.norm(v0)
    for _ in range(1, num_iters):
        if np.any(w := A @ v):
            v = w / np.linalg.norm(w)
    return v @ A @ v, v


@mistake
def scales_by_the_largest_entry(A, num_iters, v0):
    """The direction of v is right and its length is not 1: the largest entry was made 1 instead. And v^T A v is the
    eigenvalue for a v of length 1 only."""
    v = v0 / np.abs(v0).max()
    for _ in range(num_iters):
        if np.any(w := A @ v):
            v = w / np.abs(w).max()
    return v @ A @ v, v


@mistake
def divides_the_first_entries(A, num_iters, v0):
    """v is right. lam is the first entry of A v divided by that of v: for an eigenvector all entries have the same
    ratio, but before the goal is reached each has its own. The formula uses them all."""
    v = v0 / np.linalg.norm(v0)
    for _ in range(num_iters):
        if np.any(w := A @ v):
            v = w / np.linalg.norm(w)
    return (A @ v)[0] / v[0], v


@mistake
def goes_to_the_end_of_the_way(A, num_iters, v0):
    """This is the dominant eigenvector itself, to which infinitely many steps would lead. What is asked for is where
    num_iters steps lead from v0."""
    values, vectors = np.linalg.eigh(A)
    top = np.argmax(np.abs(values))
    return values[top], vectors[:, top]
