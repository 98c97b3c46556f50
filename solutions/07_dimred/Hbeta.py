r"""Hbeta: who are my neighbours, and how many are they?

t-SNE draws a map of customers so that neighbours stay neighbours. But who is a neighbour? Not everybody within a fixed
distance: in a crowd that would be hundreds, and at the edge nobody. So each point gives every other one a share of its
attention, which falls with the distance, and a knob says how fast. This function computes the shares, and their
entropy: how many neighbours that is, in the end.

Maths. D has shape (n-1,): the squared distances from one point to the n-1 others. beta >= 0 is the knob. The shares P
have the shape of D and sum to 1; H is their entropy, in nats, that is, with the natural logarithm:

$$P_j = \frac{e^{-\beta D_j}}{\sum_k e^{-\beta D_k}} \qquad
H = -\sum_j P_j \log P_j = \log \sum_k e^{-\beta D_k} + \beta \sum_j D_j P_j$$

The second form of H comes from putting log P_j = -beta D_j - log(sum) into the first. e^H is called the perplexity: if
m neighbours have equal shares, it is m. A larger beta means fewer neighbours.

A point may be far away from everybody. If D is near 100,000, every e^-D is 0 as a float, and 0 / 0 is no number. But
only the differences between the distances matter: the shares stay the same when any number is subtracted from all D.

By hand. D = [1, 2, 4] and beta = 0.5: the powers are 0.6065, 0.3679, 0.1353, their sum is 1.1097, so P = [0.547, 0.331,
0.122]. H = log 1.1097 + 0.5 * (0.547 + 0.663 + 0.488) = 0.104 + 0.849 = 0.953, and e^0.953 = 2.59 neighbours.

Source: van der Maaten & Hinton, Visualizing data using t-SNE (2008), section 2; the name is that of the function in
van der Maaten's published code.
"""

# ruff: noqa: N802 (the name is the one of the published code)
import numpy as np

from grader.authoring import alternative, case, exercise, mistake, picture


@exercise(
    points=5,
    difficulty=3,
    returns=["H", "P"],
    needs=["logsumexp", "kl_divergence"],
    banned=["scipy.special.softmax", "scipy.special.log_softmax", "scipy.special.logsumexp"],
    hints=[
        "Compute P for D = [1, 2, 4] and for D = [0, 1, 3], with beta = 0.5. What do you notice, and of what use is it "
        "for D = [100000, 100001, 100003]?",
        "Subtract the smallest distance from all of D: then one power is e^0 = 1 and none is larger. The second form "
        "of H holds for the shifted distances as well, if both of its terms use them; and it asks for no logarithm of "
        "a share, which may be 0.",
        "Let S be D less its smallest entry, and W the powers exp(-beta * S). P is W over its sum, and H is the log of "
        "that sum plus beta times the sum of S * P.",
    ],
    why=(
        "A share that vanishes adds nothing to H, for P log P goes to 0 with P. And log P is known without P, from "
        "the distance and one sum, so nobody has to take the logarithm of a 0."
    ),
    lesson="t-SNE: neighbours, and nothing else",
)
def Hbeta(D, beta):
    """Return the entropy of the shares that one point gives to the others, and the shares.

    Args:
        D: float array, shape (n-1,), n at least 3. Squared distances, 0 or more, from one point to each of the others:
            the point itself has been left out already. A 0 is another point at the same place, a neighbour like the
            rest. The distances may be around 100,000, or the nearest near and the others thousands away.
        beta: float, 0 or more. At 0 the distance does not count, and all shares are equal.

    Returns:
        (H, P): H is a float, the entropy in nats, between 0 and log(n-1). P is a float array, shape (n-1,), in the
        order of D; it sums to 1. Shares that are too small for a float are 0, and add nothing to H. The arguments are
        left as they were.

    softmax, log_softmax and logsumexp of scipy.special do half of what you write here; a file that uses them is
    refused.
    """
    shifted = D - D.min()
    weights = np.exp(-beta * shifted)
    P = weights / weights.sum()
    return np.log(weights.sum()) + beta * np.sum(shifted * P), P


@case
def by_hand(rng):
    """The example of the statement."""
    return {"D": np.array([1.0, 2.0, 4.0]), "beta": 0.5}


@case
def eight_neighbours(rng):
    """Eight distances in no order, beta = 0.4."""
    return {"D": np.round(rng.uniform(0.3, 9, 8), 2), "beta": 0.4}


@case
def a_narrow_neighbourhood(rng):
    """Six distances, beta = 3."""
    return {"D": np.round(rng.uniform(0.5, 3, 6), 2), "beta": 3.0}


@case(hidden=True)
def twelve_neighbours(rng):
    return {"D": np.round(rng.uniform(0.2, 12, 12), 2), "beta": 0.25}


@case(edge=True)
def distance_does_not_count(rng):
    """beta = 0: five equal shares, and H is log 5."""
    return {"D": np.array([0.5, 7.25, 1.0, 3.0, 40.0]), "beta": 0.0}


@case(edge=True)
def far_from_everybody(rng):
    """All distances are around 2,000: each power of e is 0 as a float."""
    # Not larger: the second form of H with distances that are not shifted loses digits like the square of them.
    return {"D": np.array([2001.0, 2000.0, 2003.0, 2001.5]), "beta": 1.0}


@case(edge=True)
def two_near_and_two_far(rng):
    """Two neighbours, and two points thousands away, whose shares are too small for a float."""
    return {"D": np.array([0.5, 5000.0, 1.25, 8000.0]), "beta": 1.5}


@case(edge=True)
def a_twin(rng):
    """Another point lies at the same place, at distance 0."""
    return {"D": np.array([2.0, 0.0, 1.0, 3.5]), "beta": 0.5}


@case(edge=True)
def two_equal_neighbours(rng):
    """Three points in all, and the two others are equally far: half of the share each, and H is log 2."""
    return {"D": np.array([3.0, 3.0]), "beta": 0.75}


@picture(case="eight_neighbours")
def share_against_distance(axes, arguments, answer):
    """Every neighbour's share against its squared distance: the shares fall along one curve, from the nearest to the
    farthest, and their heights add up to 1."""
    H, P = answer
    D, P = arguments["D"], np.asarray(P, float)
    axes.vlines(D, 0, P, colors="#0072B2")
    axes.plot(D, P, "o", color="#0072B2", linestyle="none")
    title = f"H = {float(H):.4f}, perplexity {np.exp(float(H)):.3f}"
    axes.set(title=title, xlabel="squared distance D", ylabel="share P", ylim=(0, None))


@alternative
def goes_neighbour_by_neighbour(D, beta):
    nearest = min(D)
    powers = [np.exp(beta * (nearest - d)) for d in D]
    P = [p / sum(powers) for p in powers]
    return float(-sum(p * np.log(p) for p in P if p > 0)), np.array(P)


@alternative
def takes_the_log_of_the_sum_of_all(D, beta):
    # The logarithm of every share first, by adding up pairs of logarithms; 0 log 0 is left out by xlogy.
    from scipy.special import xlogy

    P = np.exp(-beta * D - np.logaddexp.reduce(-beta * D))
    return -xlogy(P, P).sum(), P


@alternative
def keeps_the_distances_as_they_are(D, beta):
    scores = -beta * np.array(D)
    top = np.max(scores)
    total = np.sum(np.exp(scores - top))
    P = np.exp(scores - top - np.log(total))
    return np.array(top + np.log(total) + beta * np.dot(D, P)), P


def _hbeta(D, beta):
    shifted = D - D.min()
    W = np.exp(-beta * shifted)
    P = W / W.sum()
    return float(np.log(W.sum()) + beta * np.sum(shifted * P)), P


@alternative
def shifts_in_the_logarithm_alone(D, beta):
    log_sum = np.logaddexp.reduce(-beta * D)
    P = np.exp(-beta * D - log_sum)
    return log_sum + beta * np.sum(D * P), P


@mistake
def exponentiates_too_early(D, beta):
    """Right, as long as a power of e is not 0 as a float. Where all of them are, their sum is 0, and 0 / 0 is no
    number. Subtract the same number from all distances: which one keeps the largest power at 1?"""
    W = np.exp(-D * beta)
    P = W / W.sum()
    return np.log(W.sum()) + beta * np.sum(D * W) / W.sum(), P


@mistake
def holds_on_to_the_farthest(D, beta):
    """The largest distance was subtracted from all, so the powers are those of positive numbers, and they overflow
    where somebody is near and somebody far. Which neighbour's power has to be 1 so that no other is larger?"""
    shifted = D - D.max()
    W = np.exp(-beta * shifted)
    P = W / W.sum()
    return np.log(W.sum()) + beta * np.sum(shifted * P), P


@mistake
def shifts_one_of_two_terms(D, beta):
    """P is right. H is too large by beta times the smallest distance: the logarithm is that of the shifted powers, and
    the other term uses the distances as they came. Either both terms are shifted, or none."""
    shifted = D - D.min()
    W = np.exp(-beta * shifted)
    P = W / W.sum()
    return np.log(W.sum()) + beta * np.sum(D * P), P


@mistake
def counts_in_bits(D, beta):
    """P is right. H was measured with logarithms to base 2, in bits. The statement asks for nats."""
    H, P = _hbeta(D, beta)
    return H / np.log(2), P


@mistake
def returns_the_perplexity(D, beta):
    """P is right. This is e^H, the perplexity; H itself is asked for."""
    H, P = _hbeta(D, beta)
    return np.exp(H), P


@mistake
def multiplies_a_zero_by_its_logarithm(D, beta):
    """P is right. Where a share is 0, P log P was computed as 0 times minus infinity, which is no number. A share of 0
    adds nothing to the entropy; the second form of H never takes its logarithm."""
    _, P = _hbeta(D, beta)
    return -np.sum(P * np.log(P)), P


@mistake
def leaves_out_the_nearest(D, beta):
    """The smallest distance was taken for the point itself and left out. Read what D contains: n points, and how many
    distances?"""
    return _hbeta(np.delete(D, np.argmin(D)), beta)


@mistake
def takes_a_twin_for_the_point_itself(D, beta):
    """Right, except where a distance is 0: that point got no share. The point itself is not in D, so a 0 is somebody
    else at the same place."""
    W = np.exp(-beta * (D - D.min())) * (D > 0)
    P = W / W.sum()
    return np.log(W.sum()) + beta * np.sum((D - D.min()) * P), P


@mistake
def squares_again(D, beta):
    """The distances were squared, but D holds squared distances already."""
    return _hbeta(D**2, beta)


@mistake
def takes_beta_for_a_width(D, beta):
    """beta stands in the denominator here, as the width of the neighbourhood. It is a factor: the larger beta is, the
    narrower the neighbourhood."""
    if beta == 0:
        return np.nan, np.full(D.shape, np.nan)
    return _hbeta(D, 1 / (2 * beta**2))


@mistake
def forgets_beta_in_the_entropy(D, beta):
    """P is right. In the second form of H, the sum of D times P has a factor in front of it."""
    shifted = D - D.min()
    W = np.exp(-beta * shifted)
    P = W / W.sum()
    return np.log(W.sum()) + np.sum(shifted * P), P


@mistake
def forgets_the_minus_of_the_entropy(D, beta):
    """P is right. H has the wrong sign: the logarithm of a share is negative, and an entropy is not."""
    H, P = _hbeta(D, beta)
    return -H, P


@mistake
def forgets_to_share(D, beta):
    """H is right. P holds the powers of e themselves; shares sum to 1."""
    H, _ = _hbeta(D, beta)
    return H, np.exp(-beta * D)
