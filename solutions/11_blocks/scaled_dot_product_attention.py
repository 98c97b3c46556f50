r"""Attention: look things up, softly.

In "the animal did not cross the street because it was too tired", the word "it" has to find out what it stands for.
Each word asks a question (its query), every word holds up a label (its key) and has something to say (its value).
Attention hands every question the values of the words whose labels fit, mixed by how well they fit.

Maths. q has shape (..., Lq, d), k (..., Lk, d) and v (..., Lk, dv); the axes in front, such as examples and heads, are
the same for all three and every entry of them is a matter of its own. Query n pays key m the share

$$w_{nm} = \frac{e^{q_n \cdot k_m / \sqrt d}}{\sum_j e^{q_n \cdot k_j / \sqrt d}} \qquad\qquad
\text{out}_n = \sum_m w_{nm}\, v_m$$

The inner product of two vectors of d random numbers has a spread of sqrt(d); dividing by it keeps the softmax from
being certain of something just because d is large. A mask says which keys a query may attend to: the sums over j and m
run over these alone, all other shares are exactly 0, and what stands in their keys and values, even NaN, plays no part.
A query that may attend to nothing gets shares of 0 and the answer 0.

By hand. q = [[1, 0, 0, 0]], k = [[2, 0, 0, 0], [0, 2, 0, 0]], v = [[10], [20]]: d = 4, the scores are 2 / 2 = 1 and 0,
the shares e / (e + 1) = 0.7311 and 0.2689, and out = 7.311 + 5.379 = 12.69.

Source: Vaswani et al., Attention is all you need (2017), section 3.2.1.
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake, picture


@exercise(
    points=5,
    difficulty=3,
    returns=["out", "weights"],
    needs=["softmax"],
    banned=["scipy.special.softmax"],
    hints=[
        "Write down the shapes. Which product of q and k has shape (..., Lq, Lk), one number for each query and key? "
        "Over which axis do the shares of one query add up to 1?",
        "np.swapaxes(k, -1, -2) exchanges the last two axes, whatever stands in front. Masked scores can be replaced "
        "by -inf with np.where: their exponential is exactly 0. Then take care of rows in which all are -inf.",
        "A value that nobody attends to can be NaN, and 0 * NaN is NaN: put zeros in place of values that no query may "
        "see; where a query may see some and not others, clean the values for the masked product. One way: "
        "np.where(mask, scores, -inf) for the shares, and np.nan_to_num where v is not finite but never allowed.",
    ],
    why=(
        "Shares of 0 or more that add up to 1 make a weighted mean of the values that are seen, never beyond them. "
        "What may not be seen has to be left out altogether, for 0 times NaN is NaN."
    ),
    lesson="Attention: look things up, softly",
)
def scaled_dot_product_attention(q, k, v, mask=None):
    """Return what every query hears, and the shares that it paid.

    Args:
        q: float array, shape (..., Lq, d). The queries; d is at least 1, and Lq and Lk too.
        k: float array, shape (..., Lk, d). The keys.
        v: float array, shape (..., Lk, dv). The values.
        mask: None, or a bool array that broadcasts to shape (..., Lq, Lk). True where a query may attend to a key. Keys
            and values to which no query may attend can hold anything, NaN and infinity included; where some query may,
            they are finite.

    Returns:
        (out, weights): float arrays of shape (..., Lq, dv) and (..., Lq, Lk) and of q's dtype. A row of weights adds up
        to 1, or is 0 where the query may attend to nothing; then its out is 0 as well. Scores may be as large as 1e4.
        The arguments are left as they were.

    softmax of scipy.special does in one call what this is about; a file that uses it is refused.
    """
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1]).astype(q.dtype)
    allowed = np.ones(scores.shape, bool) if mask is None else np.broadcast_to(mask, scores.shape)
    scores = np.where(allowed, scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    powers = np.exp(scores - np.where(np.isfinite(top), top, 0))
    total = powers.sum(axis=-1, keepdims=True)
    weights = powers / np.where(total > 0, total, 1)
    seen = np.swapaxes(allowed, -1, -2).any(axis=-1, keepdims=True)
    return weights @ np.where(seen, v, 0), weights


def three(rng, front, queries, keys, d, dv, scale=1.0):
    """Random queries, keys and values with two decimals."""
    shapes = ((*front, queries, d), (*front, keys, d), (*front, keys, dv))
    return dict(zip("qkv", (np.round(scale * rng.normal(size=shape), 2) for shape in shapes), strict=True))


@case
def by_hand(rng):
    """The example of the statement."""
    k = np.array([[2.0, 0.0, 0.0, 0.0], [0.0, 2.0, 0.0, 0.0]])
    return {"q": np.array([[1.0, 0.0, 0.0, 0.0]]), "k": k, "v": np.array([[10.0], [20.0]])}


@case
def more_keys_than_queries(rng):
    """Three queries, five keys of four numbers, values of two."""
    return three(rng, (), 3, 5, 4, 2)


@case
def many_numbers_in_a_key(rng):
    """Keys of 64 numbers: here the root of d matters."""
    return three(rng, (), 4, 4, 64, 3)


@case
def nobody_sees_the_future(rng):
    """A causal mask: query n may attend to the keys up to n."""
    return {**three(rng, (2,), 4, 4, 3, 2), "mask": np.tril(np.ones((4, 4), bool))}


@case(hidden=True)
def a_mask_of_its_own_for_each(rng):
    mask = rng.random((2, 3, 4)) < 0.6
    mask[..., 0] = True
    return {**three(rng, (2,), 3, 4, 2, 2), "mask": mask}


@case(edge=True)
def examples_and_heads(rng):
    """Two examples of three heads, and a mask of padding that broadcasts over heads and queries."""
    mask = np.array([True, True, True, False]).reshape(1, 1, 1, 4)
    return {**three(rng, (2, 3), 2, 4, 3, 2), "mask": mask}


@case(edge=True)
def nothing_to_attend_to(rng):
    """One query may attend to no key: it hears nothing, which is 0."""
    mask = np.array([[True, False, True], [False, False, False]])
    return {**three(rng, (), 2, 3, 2, 2), "mask": mask}


@case(edge=True)
def rubbish_behind_the_mask(rng):
    """The last key and value are NaN and infinite, and nobody may attend to them."""
    made = three(rng, (), 3, 4, 2, 2)
    made["k"][3], made["v"][3] = np.nan, np.inf
    return {**made, "mask": np.array([[True, True, True, False]] * 3)}


@case(edge=True)
def sentences_of_different_length(rng):
    """Of the first example all three keys count, of the second only two: what is left over there is NaN."""
    made = three(rng, (2,), 2, 3, 2, 2)
    made["k"][1, 2], made["v"][1, 2] = np.nan, np.nan
    return {**made, "mask": np.array([[[True, True, True]], [[True, True, False]]])}


@case(edge=True)
def a_loud_key_behind_the_mask(rng):
    """The first query has a score of about 1e4 with the last key, and may not attend to it; the second may."""
    made = three(rng, (), 2, 3, 2, 2)
    made["q"][0], made["k"][2] = [1.0, -0.5], [10000.0, -10000.0]
    return {**made, "mask": np.array([[True, True, False], [True, True, True]])}


@case(edge=True)
def large_scores(rng):
    """Scores of about 1e4, in rows of which one lies far below the other."""
    made = three(rng, (), 2, 3, 4, 2)
    return {**made, "q": 1e4 * made["q"]}


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    return {name: a.astype(np.float32) for name, a in three(rng, (), 2, 3, 4, 2).items()}


@picture(case="nobody_sees_the_future")
def who_attends_to_whom(axes, arguments, answer):
    """The shares of the first example: a row for each query, a column for each key. Every row adds up to 1, and nothing
    stands to the right of the diagonal."""
    weights = answer[1][0]
    axes.imshow(weights, cmap="cividis", vmin=0, vmax=1)
    for (n, m), share in np.ndenumerate(weights):
        axes.text(m, n, f"{share:.2f}", ha="center", va="center", color="white" if share < 0.6 else "black")
    axes.set(xlabel="key", ylabel="query", xticks=range(4), yticks=range(4))


@alternative
def goes_query_by_query(q, k, v, mask=None):
    front, lq, lk = q.shape[:-2], q.shape[-2], k.shape[-2]
    weights = np.zeros((*front, lq, lk), q.dtype)
    out = np.zeros((*front, lq, v.shape[-1]), q.dtype)
    allowed = np.broadcast_to(True if mask is None else mask, weights.shape)
    for index in np.ndindex(*front, lq):
        keys = np.flatnonzero(allowed[index])
        if keys.size:
            scores = k[index[:-1]][keys] @ q[index] / q.shape[-1] ** 0.5
            shares = np.exp(scores - scores.max())
            weights[index][keys] = shares / shares.sum()
            out[index] = weights[index][keys] @ v[index[:-1]][keys]
    return out, weights


@alternative
def takes_logarithms(q, k, v, mask=None):
    allowed = np.ones((q.shape[-2], k.shape[-2]), bool) if mask is None else np.asarray(mask, bool)
    visible = np.broadcast_to(allowed, (*q.shape[:-1], k.shape[-2])).any(axis=-2)[..., None]
    clean_k, clean_v = np.where(visible, k, 0).astype(k.dtype), np.where(visible, v, 0).astype(v.dtype)
    scores = np.einsum("...nd,...md->...nm", q / np.sqrt(np.array(q.shape[-1], q.dtype)), clean_k)
    scores = np.where(allowed, scores, np.array(-np.inf, q.dtype))
    with np.errstate(invalid="ignore"):
        log_weights = scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True)
    weights = np.exp(np.where(np.isnan(log_weights), -np.inf, log_weights)).astype(q.dtype)
    return np.einsum("...nm,...me->...ne", weights, clean_v), weights


def _attend(q, k, v, mask, scale=None, axis=-1, shift=True):
    """Attention with the mistakes that can be made; NaN behind the mask does no harm here."""
    allowed = np.ones((q.shape[-2], k.shape[-2]), bool) if mask is None else np.asarray(mask, bool)
    seen = np.broadcast_to(allowed, (*q.shape[:-1], k.shape[-2])).any(axis=-2)[..., None]
    k, v = np.where(seen, k, 0).astype(k.dtype), np.where(seen, v, 0).astype(v.dtype)
    scores = q @ np.swapaxes(k, -1, -2) / np.array(np.sqrt(q.shape[-1]) if scale is None else scale, q.dtype)
    scores = np.where(allowed, scores, np.array(-np.inf, q.dtype))
    top = scores.max(axis=axis, keepdims=True) if shift else np.zeros((), q.dtype)
    powers = np.exp(scores - np.where(np.isfinite(top), top, np.zeros((), q.dtype)))
    total = powers.sum(axis=axis, keepdims=True)
    weights = powers / np.where(total > 0, total, np.ones((), q.dtype))
    return weights @ v, weights


@mistake
def forgets_the_root_of_d(q, k, v, mask=None):
    """The scores are not divided by the root of d. Inner products of long vectors are large, and the softmax then
    listens to one key alone."""
    return _attend(q, k, v, mask, scale=1.0)


@mistake
def divides_by_d(q, k, v, mask=None):
    """The scores are divided by d, and the statement asks for its root: that is how the spread of an inner product
    grows with d."""
    return _attend(q, k, v, mask, scale=float(q.shape[-1]))


@mistake
def shares_among_the_queries(q, k, v, mask=None):
    """The shares add up to 1 over the queries: a key hands out its attention. It is the query that has one unit of
    attention and splits it among the keys."""
    return _attend(q, k, v, mask, axis=-2)


@mistake
def turns_the_mask_around(q, k, v, mask=None):
    """The mask was read the other way round. True means that a query may attend to a key."""
    return _attend(q, k, v, None if mask is None else ~mask)


@mistake
def forgets_the_mask(q, k, v, mask=None):
    """The mask was not looked at. Query n may attend to the keys that it is True for, and to no others."""
    return _attend(q, k, v, None)


@mistake
def hears_nothing_as_nan(q, k, v, mask=None):
    """Right, until a query may attend to no key: then its shares are 0 / 0. If nobody may be listened to, nothing is
    heard, which is 0."""
    out, weights = _attend(q, k, v, mask)
    silent = weights.sum(axis=-1, keepdims=True) == 0
    return np.where(silent, np.nan, out).astype(q.dtype), np.where(silent, np.nan, weights).astype(q.dtype)


@mistake
def lets_rubbish_through(q, k, v, mask=None):
    """Right, as long as everything behind the mask is finite. A masked value has the share 0, but 0 * NaN is NaN, and 0
    times infinity too: what nobody may attend to must not take part in the product at all."""
    _, weights = _attend(q, k, v, mask)
    return weights @ v, weights


@mistake
def exponentiates_raw_scores(q, k, v, mask=None):
    """Right for small scores. exp(1e4) is more than a float can hold. Shares do not change when the same number is
    taken from all scores of a query: which one helps?"""
    return _attend(q, k, v, mask, shift=False)
