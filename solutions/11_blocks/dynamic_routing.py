r"""Dynamic routing: who listens to whom?

A mouth, a nose and two eyes each predict how a face would have to lie. If their predictions agree, there is a face; if
they do not, it was a coincidence. Routing by agreement lets every lower capsule send its vote to the higher capsules
that others agree with it about, and max pooling's loudest-takes-all is not needed.

Maths. u_hat has shape (B, I, J, D): for each of B examples, what each of I lower capsules predicts of each of J higher
ones, a vector of D numbers. b has shape (B, I, J) and begins with zeros. One pass:

$$c_{ij} = \frac{e^{b_{ij}}}{\sum_k e^{b_{ik}}} \qquad
s_j = \sum_i c_{ij}\, \hat u_{ij} \qquad
v_j = \frac{\|s_j\|}{1 + \|s_j\|^2}\, s_j \qquad
b_{ij} \leftarrow b_{ij} + \hat u_{ij} \cdot v_j$$

The shares c_ij of a lower capsule i add up to 1 over the higher capsules j: it has one vote and splits it. v_j is s_j
squashed. After the last pass b need not be updated any more: what is returned are the v of the last pass and the c that
this v was made with.

By hand. Two lower capsules, one higher, num_iters = 1: with J = 1 every share is 1. u_hat = [[3, 0]] and [[0, 4]] give
s = [3, 4], and v = [0.5769, 0.7692].

Source: Sabour, Frosst & Hinton, Dynamic routing between capsules (2017), procedure 1.
"""

import numpy as np

from grader.authoring import alternative, case, exercise, given, mistake


@given
def squash(s):
    """Return every vector along the last axis of s, its length n shortened to n**2 / (1 + n**2)."""
    n = np.sqrt(np.sum(s**2, axis=-1, keepdims=True))
    return n / (1 + n**2) * s


@exercise(
    points=8,
    difficulty=4,
    returns=["v", "c"],
    needs=["squash", "softmax"],
    hints=[
        "With b = 0, what are the shares if there are four higher capsules? So what does a single pass do?",
        "Follow the shapes: b and c (B, I, J), u_hat (B, I, J, D), s and v (B, J, D). Which letter is summed over in "
        "s, which in the softmax, and which in the inner product of u_hat and v?",
        "One pass: c is the softmax of b over its last axis, s is np.einsum('bij,bijd->bjd', c, u_hat), v is s "
        "squashed, and, unless it was the last pass, b grows by np.einsum('bijd,bjd->bij', u_hat, v).",
    ],
    why=(
        "From pass to pass a lower capsule's one vote moves towards the higher one that its prediction agrees with "
        "most, away from the others. Only differences of b count, however loud the votes."
    ),
    lesson="What Hinton did not like",
)
def dynamic_routing(u_hat, num_iters=3):
    """Return the higher capsules' vectors after routing by agreement, and the shares that they were made with.

    Args:
        u_hat: float array, shape (B, I, J, D). The predictions of every lower capsule i for every higher capsule j.
        num_iters: int, at least 1. The number of passes.

    Returns:
        (v, c): float arrays of shape (B, J, D) and (B, I, J) and of u_hat's dtype. Every row c[b, i] adds up to 1. The
        argument is left as it was. squash is given above; it is the one of the exercise of that name.
    """
    b = np.zeros(u_hat.shape[:3], u_hat.dtype)
    for iteration in range(num_iters):
        powers = np.exp(b - b.max(axis=2, keepdims=True))
        c = powers / powers.sum(axis=2, keepdims=True)
        v = squash(np.einsum("bij,bijd->bjd", c, u_hat))
        if iteration < num_iters - 1:
            b += np.einsum("bijd,bjd->bij", u_hat, v)
    return v, c


def votes(rng, *shape, scale=1.0):
    """Random predictions with two decimals."""
    return np.round(scale * rng.normal(size=shape), 2)


@case
def by_hand(rng):
    """The example of the statement."""
    return {"u_hat": np.array([[[[3.0, 0.0]], [[0.0, 4.0]]]]), "num_iters": 1}


@case
def one_pass(rng):
    """With one pass, every lower capsule splits its vote evenly."""
    return {"u_hat": votes(rng, 2, 3, 4, 2), "num_iters": 1}


@case
def two_passes(rng):
    """Two examples, four lower and three higher capsules."""
    return {"u_hat": votes(rng, 2, 4, 3, 2), "num_iters": 2}


@case
def a_cluster_that_agrees(rng):
    """Four capsules agree on the first higher capsule and two do not; three passes, as is usual."""
    u_hat = votes(rng, 1, 6, 2, 3, scale=0.3)
    u_hat[0, :4, 0] += np.array([2.0, 1.0, -1.0])
    return {"u_hat": np.round(u_hat, 2)}


@case(hidden=True)
def another_batch(rng):
    return {"u_hat": votes(rng, 3, 3, 2, 4), "num_iters": 4}


@case(edge=True)
def five_passes(rng):
    """Agreement is remembered from pass to pass."""
    return {"u_hat": votes(rng, 1, 4, 3, 3, scale=1.5), "num_iters": 5}


@case(edge=True)
def loud_votes(rng):
    """Predictions of length 2000: the powers of their agreement are too large for a float, the shares are not."""
    return {"u_hat": 1000.0 * np.array([[[[1.0, 2.0], [0.5, -0.5]], [[1.5, 1.0], [-1.0, 0.25]]]]), "num_iters": 2}


@case(edge=True)
def silent_votes(rng):
    """All predictions are 0, and so are all v."""
    return {"u_hat": np.zeros((1, 2, 3, 2)), "num_iters": 3}


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    return {"u_hat": votes(rng, 1, 3, 2, 2).astype(np.float32), "num_iters": 2}


@alternative
def goes_capsule_by_capsule(u_hat, num_iters=3):
    examples, lower, higher, size = u_hat.shape
    all_v = np.zeros((examples, higher, size), u_hat.dtype)
    all_c = np.zeros((examples, lower, higher), u_hat.dtype)
    for n, votes_of_one in enumerate(u_hat):
        b = np.zeros((lower, higher))
        for _ in range(num_iters):
            for i in range(lower):
                powers = np.exp(b[i] - max(b[i]))
                all_c[n, i] = powers / sum(powers)
            for j in range(higher):
                s = sum(all_c[n, i, j] * votes_of_one[i, j] for i in range(lower))
                length = np.sqrt(s @ s)
                all_v[n, j] = s * length / (1 + length * length)
            b = b + np.array([[votes_of_one[i, j] @ all_v[n, j] for j in range(higher)] for i in range(lower)])
    return all_v, all_c


@alternative
def sums_all_that_was_said(u_hat, num_iters=3):
    # b is the inner product of u_hat with the sum of all v so far, so there is no b to keep.
    said = np.zeros((u_hat.shape[0], 1, u_hat.shape[2], u_hat.shape[3]), u_hat.dtype)
    for _ in range(num_iters):
        b = (u_hat * said).sum(-1)
        c = np.exp(b - np.logaddexp.reduce(b, axis=2, keepdims=True))
        v = squash((c[..., None] * u_hat).sum(1))
        said = said + v[:, None]
    return v, c


def _shares(b, axis=2):
    powers = np.exp(b - b.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def _routed(u_hat, num_iters, axis=2, agree=None, keep=True):
    """Routing with the mistakes that can be made: v, c, and b after one update more."""
    b = np.zeros(u_hat.shape[:3], u_hat.dtype)
    for _ in range(num_iters):
        c = _shares(b, axis)
        s = np.einsum("bij,bijd->bjd", c, u_hat)
        v = squash(s)
        new = np.einsum("bijd,bjd->bij", u_hat, v if agree is None else agree(s))
        b = b + new if keep else new
    return v, c, b


@mistake
def splits_over_the_lower_capsules(u_hat, num_iters=3):
    """The shares add up to 1 over the lower capsules: c.sum(axis=1) is 1. Each lower capsule has one vote; among whom
    does it split it?"""
    v, c, _ = _routed(u_hat, num_iters, axis=1)
    return v, c


@mistake
def updates_after_the_last_pass(u_hat, num_iters=3):
    """v is right. The c that you return was computed anew after the last pass, and v was made with the one before.
    Which shares produced this v?"""
    v, _, b = _routed(u_hat, num_iters)
    return v, _shares(b)


@mistake
def agrees_with_what_was_not_said(u_hat, num_iters=3):
    """The predictions were compared with s, before it was squashed. What a higher capsule says aloud is v."""
    v, c, _ = _routed(u_hat, num_iters, agree=lambda s: s)
    return v, c


@mistake
def forgets_earlier_agreement(u_hat, num_iters=3):
    """b is replaced in every pass. The agreement of earlier passes is remembered: b grows."""
    v, c, _ = _routed(u_hat, num_iters, keep=False)
    return v, c


@mistake
def passes_once_too_few(u_hat, num_iters=3):
    """There was one pass less than num_iters asks for. The first pass, in which every vote is split evenly, is one of
    them."""
    v, c, _ = _routed(u_hat, max(num_iters - 1, 1))
    return v, c


@mistake
def forgets_to_squash(u_hat, num_iters=3):
    """s was returned, and compared with the predictions, as it was. A length that says how sure a capsule is has to be
    below 1: squash it."""
    b = np.zeros(u_hat.shape[:3], u_hat.dtype)
    for _ in range(num_iters):
        c = _shares(b)
        s = np.einsum("bij,bijd->bjd", c, u_hat)
        b = b + np.einsum("bijd,bjd->bij", u_hat, s)
    return s, c


@mistake
def exponentiates_raw_agreement(u_hat, num_iters=3):
    """Right for small numbers. Where predictions are long, their agreement is large, and its exponential is more than a
    float can hold. Shares do not change when the same number is taken from all b of a lower capsule: which one
    helps?"""
    b = np.zeros(u_hat.shape[:3], u_hat.dtype)
    for _ in range(num_iters):
        c = np.exp(b) / np.exp(b).sum(axis=2, keepdims=True)
        v = squash(np.einsum("bij,bijd->bjd", c, u_hat))
        b = b + np.einsum("bijd,bjd->bij", u_hat, v)
    return v, c
