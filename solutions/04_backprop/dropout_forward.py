r"""Dropout, forwards: train with half of the team at home.

A large network learns its training photos by heart: one neuron comes to rely on the mistake of one other neuron.
Dropout sends a random part of the neurons home at every training step, so that nobody can be relied on too much, and
the network does better on photos that it has never seen.

Maths. Every entry of x tosses its own coin and is kept with probability p. What is kept is divided by p, so that the
average over many tosses is what it was:

$$m = \begin{cases} 1/p & \text{with probability } p \\ 0 & \text{with probability } 1 - p \end{cases}, \qquad
y = x \cdot m, \qquad E[y] = p \cdot \frac{x}{p} + (1 - p) \cdot 0 = x$$

Since the average is right already in training, test mode has nothing to do: y = x. This form is called inverted
dropout.

By hand. With p = 0.25 and x full of 10s, about three entries in four become 0 and the others 40: the mean stays about
10.

Beware: here p is the probability of KEEPING an entry, as in CS231n since 2018. PyTorch's p and that of earlier CS231n
years is the probability of dropping it.

Source: Srivastava et al., Dropout (2014), sections 4 and 10; CS231n, assignment 2.
"""

import numpy as np

from grader.authoring import Holds, Random, Repeatable, alternative, case, exercise, mistake

COINS = [
    Random(parts=["out", "cache[1]"], seed="dropout_param['seed']"),
    Holds("out == x * cache[1]"),
    Repeatable(),
]


@exercise(
    points=3,
    difficulty=2,
    returns=["out", "cache"],
    hints=[
        "A random number that is uniform between 0 and 1 lies below p with probability p. How many such numbers are "
        "needed for one x?",
        "A comparison of random numbers with p is an array of True and False. One division turns it into the mask of "
        "the formula, in which the coins and the factor are together.",
        "np.random.default_rng(seed).random(shape) draws; a seed of None draws anew each time, and .get('seed') is "
        "None where there is no seed. The mask can be brought to the dtype of x by .astype(x.dtype).",
    ],
    why=(
        "In training every entry of the mask is 1 on average, so y is x on average, entry by entry, however small p "
        "is; p decides only how widely y scatters around it."
    ),
    lesson="Dropout: why 1/p",
)
def dropout_forward(x, dropout_param):
    """Drop entries of x at random and scale up the others; in test mode, do nothing.

    Args:
        x: float array, any shape.
        dropout_param: dict with
            p: float, above 0 and at most 1, the probability of KEEPING an entry;
            mode: 'train' or 'test';
            seed: int, 0 or above, may be absent. With a seed, the same call gives the same answer every time, whatever
                else was drawn in between. Any random generator will do that is given this seed.

    Returns:
        (out, cache): out is a float array, the shape and dtype of x. cache is (dropout_param, mask): the dict as it
        came in, and in train mode the mask by which x was multiplied, a float array of the shape and dtype of x whose
        entries are 0 or 1/p. In test mode out equals x and mask is None. The arguments are left as they were.
    """
    p, seed = dropout_param["p"], dropout_param.get("seed")
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    keep = np.random.default_rng(seed).random(x.shape) < p
    mask = (keep / p).astype(x.dtype)
    return x * mask, (dropout_param, mask)


@case
def by_hand(rng):
    """Test mode: nothing is dropped and nothing is scaled."""
    return {"x": np.array([[10.0, -20.0, 30.0]]), "dropout_param": {"p": 0.25, "mode": "test"}}


@case(checks=COINS)
def a_quarter_stays(rng):
    """1200 times the number 10, of which about a quarter is kept."""
    return {"x": np.full((40, 30), 10.0), "dropout_param": {"p": 0.25, "mode": "train", "seed": 231}}


@case(checks=COINS)
def most_stay(rng):
    """1200 numbers between 1 and 2; about 7 of 10 are kept."""
    x = np.round(rng.uniform(1.0, 2.0, (30, 40)), 2)
    return {"x": x, "dropout_param": {"p": 0.7, "mode": "train", "seed": 229}}


@case(hidden=True, checks=COINS)
def three_axes(rng):
    x = np.round(rng.uniform(0.5, 1.5, (8, 13, 13)), 2)
    return {"x": x, "dropout_param": {"p": 0.4, "mode": "train", "seed": 12}}


@case(edge=True, checks=COINS)
def seed_zero(rng):
    """The seed is 0, an int like any other."""
    return {"x": np.full((20, 30), 2.0), "dropout_param": {"p": 0.6, "mode": "train", "seed": 0}}


@case(edge=True)
def everything_stays(rng):
    """p = 1 in train mode, and no seed in the dict: nothing is left to chance."""
    return {"x": np.round(rng.normal(size=(3, 4)), 2), "dropout_param": {"p": 1.0, "mode": "train"}}


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out, in the mask as well. With p = 1 nothing is left to chance."""
    x = np.round(rng.normal(size=(2, 3)), 2).astype(np.float32)
    return {"x": x, "dropout_param": {"p": 1.0, "mode": "train", "seed": 7}}


@case(edge=True)
def no_examples(rng):
    """An empty batch, in train mode."""
    return {"x": np.zeros((0, 3)), "dropout_param": {"p": 1.0, "mode": "train", "seed": 1}}


@alternative
def seeds_the_global_generator(x, dropout_param):
    p, mask = dropout_param["p"], None
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    out = x
    if dropout_param["mode"] == "train":
        mask = ((np.random.rand(*x.shape) < p) / p).astype(x.dtype)
        out = x * mask
    return out, (dropout_param, mask)


@alternative
def drops_from_a_copy(x, dropout_param):
    if dropout_param["mode"] != "train":
        return x.copy(), (dropout_param, None)
    p = dropout_param["p"]
    draws = np.random.RandomState(dropout_param.get("seed")).uniform(size=x.shape)
    mask = np.full_like(x, 1 / p)
    mask[draws > p] = 0
    return x * mask, (dict(dropout_param), mask)


@alternative
def tosses_coin_by_coin(x, dropout_param):
    if dropout_param["mode"] == "test":
        return +x, (dropout_param, None)
    rng, p = np.random.default_rng(dropout_param.get("seed")), dropout_param["p"]
    mask, out = np.zeros_like(x), np.zeros_like(x)
    for index in np.ndindex(x.shape):
        if rng.binomial(1, p):
            mask[index] = 1 / p
            out[index] = x[index] / x.dtype.type(p)
    return out, (dropout_param, mask)


def coins(shape, dropout_param):
    """True with probability p, rightly."""
    return np.random.default_rng(dropout_param.get("seed")).random(shape) < dropout_param["p"]


@mistake
def forgets_to_scale_up(x, dropout_param):
    """What is kept is kept as it is. Compare the average of your output with the average of x, and then look at test
    mode, where everything is kept."""
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    mask = coins(x.shape, dropout_param).astype(x.dtype)
    return x * mask, (dropout_param, mask)


@mistake
def takes_p_for_the_chance_to_drop(x, dropout_param):
    """Entries are dropped with probability p and the others divided by 1 - p. That is dropout, in another convention:
    read which event p describes here."""
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    q = 1 - dropout_param["p"]
    keep = coins(x.shape, {**dropout_param, "p": q})
    mask = (keep / q if q > 0 else np.zeros(x.shape)).astype(x.dtype)
    return x * mask, (dropout_param, mask)


@mistake
def keeps_what_should_go(x, dropout_param):
    """The division by p is there, but entries are kept with probability 1 - p. How often is a uniform random number
    above p, and how often below?"""
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    mask = (~coins(x.shape, dropout_param) / dropout_param["p"]).astype(x.dtype)
    return x * mask, (dropout_param, mask)


@mistake
def tosses_one_coin_for_each_column(x, dropout_param):
    """Whole columns are dropped together. Every unit of every example tosses its own coin: how many coins is that?"""
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    mask = (coins(x.shape[-1:], dropout_param) / dropout_param["p"]).astype(x.dtype)
    return x * mask, (dropout_param, mask)


@mistake
def scales_at_test_time(x, dropout_param):
    """Train mode keeps the numbers as they are, and test mode multiplies by p to make up for it. It balances, but it is
    the older form. In the inverted one, what does test mode have to do?"""
    if dropout_param["mode"] == "test":
        return x * dropout_param["p"], (dropout_param, None)
    mask = coins(x.shape, dropout_param).astype(x.dtype)
    return x * mask, (dropout_param, mask)


@mistake
def caches_another_mask(x, dropout_param):
    """The coins were tossed twice: out was made with one mask and the cache holds another. The backward pass can only
    be right with the mask that was used."""
    p = dropout_param["p"]
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    rng = np.random.default_rng(dropout_param.get("seed"))
    out = x * (rng.random(x.shape) < p).astype(x.dtype) / p
    return out, (dropout_param, ((rng.random(x.shape) < p) / p).astype(x.dtype))


@mistake
def caches_truth_values(x, dropout_param):
    """out is right. The cached mask says only which entries were kept, and the factor 1/p was multiplied on elsewhere:
    is x times the mask what you returned?"""
    p = dropout_param["p"]
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    keep = coins(x.shape, dropout_param)
    return (x * keep / p).astype(x.dtype), (dropout_param, keep)


@mistake
def ignores_the_seed(x, dropout_param):
    """The mask is another one at every call, though the seed is the same. Without a seed that means something, nobody
    can repeat your training run, and no numerical gradient can be measured."""
    p = dropout_param["p"]
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    mask = ((np.random.rand(*x.shape) < p) / p).astype(x.dtype)
    return x * mask, (dropout_param, mask)


@mistake
def takes_seed_zero_for_none(x, dropout_param):
    """Right, except with seed 0, where the mask is another one at every call. `if seed` and `seed or ...` take 0 for
    false, like None. Ask whether there is a seed, not whether it is true."""
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    keep = coins(x.shape, {**dropout_param, "seed": dropout_param.get("seed") or None})
    mask = (keep / dropout_param["p"]).astype(x.dtype)
    return x * mask, (dropout_param, mask)
